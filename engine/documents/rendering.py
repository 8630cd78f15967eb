"""Making a document: number, words, PDF and .docx, their digests; a new version each time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine import case_files, numbering
from engine.documents.facts import facts
from engine.documents.sources import Source, find_source
from engine.letters import MISSING, Filled, Letter, Marks, fill, typesetter, word_file
from engine.store.crypto import sm3
from engine.store.models import Document, ProcessInstance
from engine.store.types import new_id
from engine.store.unit_of_work import Unit

PURPOSE = "document"
"""What a document's words are sealed for, bound to its id."""


def render(
    unit: Unit,
    instance: ProcessInstance,
    template: str,
    variant: str,
    variables: Mapping[str, Any],
) -> tuple[Document, Filled]:
    """Render a template with what is known of the request.

    The same template again in one instance is the next version under the same number. Raises as
    `find_source`, and `Refusal` letter.no_font, `LiandongError` letter.*.
    """
    source = find_source(unit, instance, template, variant)
    known = case_files.read(unit, instance.agency_id, instance.business_key)
    names = facts(unit, instance, variables, known)
    before = _latest(unit, instance, source.letter)
    number = before.number if before else _number(unit, instance, source.letter, names)
    filled = fill(source.letter, {**names, "number": number})
    version = before.version + 1 if before else 1
    document = make(unit, instance, source, filled, number, version)
    if before is not None and before.state != "issued":
        before.state = "replaced"
    return document, filled


def make(
    unit: Unit,
    instance: ProcessInstance,
    source: Source,
    filled: Filled,
    number: str,
    version: int,
) -> Document:
    """Print the words and keep everything: the very bytes, their digests, what made them."""
    marks = Marks.of(filled, instance.business_key, number, version)
    pdf = typesetter().pdf(source.typst, filled, marks, unit.now)
    word = word_file(source.word, filled, marks)
    id = new_id()
    kept = {
        "filled": filled.as_data(),
        "variant": source.letter.variant,
        "deployment": source.deployment_id,
        "made_with": typesetter().made_with,
        "made_at": unit.now.isoformat(),
    }
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
        sealed=unit.engine.crypto.seal_json(kept, PURPOSE, id),
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
    return unit.session.scalars(query).first()


def _number(unit: Unit, instance: ProcessInstance, letter: Letter, names: Mapping[str, Any]) -> str:
    """文书编号: counted per agency, template and year."""
    counter = f"{instance.agency_id}-{letter.key}-{names['year']}"
    serial = str(numbering.next_number(unit, counter))
    number, _ = letter.number.filled({**names, "serial": serial}, MISSING)
    return number
