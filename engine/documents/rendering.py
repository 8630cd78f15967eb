"""Making a document: number, words, PDF and .docx, their digests; a new version each time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from engine import case_files, numbering
from engine.documents.facts import facts
from engine.documents.kept import Kept
from engine.documents.sources import Source, find_source
from engine.letters import (
    MISSING,
    Amended,
    Edit,
    Filled,
    Letter,
    Marks,
    amended,
    fill,
    typesetter,
)
from engine.store.crypto import sm3
from engine.store.models import Document, ProcessInstance
from engine.store.types import new_id
from engine.store.unit_of_work import Unit

UNSEALED = ("draft", "final")
"""Still in the making."""


def render(
    unit: Unit,
    instance: ProcessInstance,
    template: str,
    variant: str,
    variables: Mapping[str, Any],
    stage: str = "draft",
) -> tuple[Document, Filled]:
    """Render a template with what is known of the request.

    `stage`: draft (may be edited), final (approved, waits for its seal), issued (a record that
    those present sign).
    The same template again in one instance is the next version under the same number; where not
    one word has changed, no version is made. What people edited is kept as long as the paragraph
    says the same. Raises as `find_source`, and `Refusal` letter.no_font, `LiandongError` letter.*.
    """
    source = find_source(unit, instance, template, variant)
    known = case_files.read(unit, instance.agency_id, instance.business_key)
    names = facts(unit, instance, variables, known)
    before = _latest(unit, instance, source.letter)
    number = before.number if before else _number(unit, instance, source.letter, names)
    words = amended(fill(source.letter, {**names, "number": number}), _edits(unit, before))
    document = _unchanged(unit, before, words, stage)
    if document is None:
        document = _next(unit, instance, source, words, before, number)
    _reach(unit, instance, document, stage)
    if stage == "issued" and before is not None and before is not document:
        before.state = "replaced"
    return document, words.filled


def make(
    unit: Unit,
    instance: ProcessInstance,
    source: Source,
    words: Amended,
    number: str,
    version: int,
) -> Document:
    """Print the words and keep everything: the very bytes, their digests, what made them."""
    marks = Marks.of(words.filled, instance.business_key, number, version)
    press = unit.engine.press
    pdf = press.pdf(source.typst, words.filled, marks, unit.now)
    word = press.word(source.word, words.filled, marks)
    id = new_id()
    kept = Kept(
        filled=words.filled,
        base=words.base,
        edits=words.edits,
        lost=words.lost,
        variant=source.letter.variant,
        deployment=source.deployment_id,
        made_with=typesetter().made_with,
        made_at=unit.now,
    )
    document = Document(
        id=id,
        instance_id=instance.id,
        agency_id=instance.agency_id,
        business_key=instance.business_key,
        template=source.letter.id,
        title=source.letter.title,
        number=number,
        version=version,
        state="draft",
        sealed=kept.seal(unit, id),
        pdf=pdf,
        docx=word,
        pdf_sm3=sm3(pdf),
        docx_sm3=sm3(word),
        made_by=unit.actor.id,
        made_at=unit.now,
    )
    unit.session.add(document)
    detail = {"number": number, "version": version, "template": source.letter.key}
    unit.audit("document.rendered", "document", id, instance=instance, detail=detail)
    return document


def _next(
    unit: Unit,
    instance: ProcessInstance,
    source: Source,
    words: Amended,
    before: Document | None,
    number: str,
) -> Document:
    version = before.version + 1 if before else 1
    document = make(unit, instance, source, words, number, version)
    if before is not None and before.state in UNSEALED:
        before.state = "replaced"
    return document


def _unchanged(unit: Unit, before: Document | None, words: Amended, stage: str) -> Document | None:
    """The version that says the same already: still in the making, or a record that is signed."""
    if before is None or before.state not in (*UNSEALED, stage):
        return None
    return before if Kept.of(unit, before).filled == words.filled else None


def _edits(unit: Unit, before: Document | None) -> tuple[Edit, ...]:
    """What people wrote into a version that is still in the making."""
    if before is None or before.state not in UNSEALED:
        return ()
    return Kept.of(unit, before).edits


def _reach(unit: Unit, instance: ProcessInstance, document: Document, stage: str) -> None:
    """Lift a document to its stage; a final one may come back to be drafted again."""
    if document.state == stage:
        return
    document.state = stage
    detail = {"number": document.number, "version": document.version}
    unit.audit(f"document.{stage}", "document", document.id, instance=instance, detail=detail)


def _latest(unit: Unit, instance: ProcessInstance, letter: Letter) -> Document | None:
    query = (
        select(Document)
        .where(
            Document.instance_id == instance.id,
            Document.template == letter.id,
            Document.title == letter.title,
            Document.state != "received",
        )
        .order_by(Document.version.desc())
        .limit(1)
    )
    return unit.session.scalars(query.options(undefer(Document.sealed))).first()


def _number(unit: Unit, instance: ProcessInstance, letter: Letter, names: Mapping[str, Any]) -> str:
    """文书编号: counted per agency, series and year.

    The series is what stands around the serial. Two templates of one series share its numbers: no
    number is given twice.
    """
    series, _ = letter.number.filled({**names, "serial": ""}, MISSING)
    serial = str(numbering.next_number(unit, f"{instance.agency_id}-{series}-{names['year']}"))
    number, _ = letter.number.filled({**names, "serial": serial}, MISSING)
    return number
