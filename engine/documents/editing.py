"""What people do with a document: read its words, edit a draft, preview one, make it once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import undefer

from engine import case_files, permissions
from engine.bpmn.state import load_variables
from engine.documents import rendering
from engine.documents.facts import facts
from engine.documents.sources import Source, find_source, layouts_of
from engine.errors import Conflict, Forbidden, NotFound, Refusal
from engine.letters import Filled, Marks, fill, typesetter, word_file
from engine.letters.letter import TEXTS
from engine.store.crypto import sm3
from engine.store.models import Document, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.verbs import verb

UNNUMBERED = "（预览）"


@dataclass(frozen=True, slots=True)
class Words:
    """A document's text blocks that may be edited: number of the block → its text."""

    title: str
    number: str
    version: int
    state: str
    texts: dict[int, str]


@dataclass(frozen=True, slots=True)
class Reproduced:
    """Whether the stored words gave the stored bytes again, and with what they were made."""

    pdf_same: bool
    word_same: bool
    made_with: dict[str, str]
    now_with: dict[str, str]


@verb
def document_words(unit: Unit, document_id: str) -> Words:
    """The words of a document, to be shown for editing; recorded. Raises `NotFound`."""
    document, instance = _seen(unit, document_id)
    filled = Filled.from_data(_kept(unit, document)["filled"])
    unit.audit("document.read", "document", document.id, instance=instance)
    texts = {n: block.text for n, block in enumerate(filled.blocks) if block.kind in TEXTS}
    return Words(document.title, document.number, document.version, document.state, texts)


@verb
def edit_document(unit: Unit, document_id: str, texts: Mapping[int, str], reason: str) -> str:
    """Change words of a draft: a new version under the same number; its id. The old one is kept.

    `texts`: block number → new text. Raises `NotFound`, `Forbidden`, `Conflict`
    (document.not_draft), `Refusal` (document.block_unknown, reason.missing).
    """
    document, instance = _seen(unit, document_id)
    _require_editor(unit, document, instance)
    if document.state != "draft":
        raise Conflict("document.not_draft", number=document.number, state=document.state)
    if len(reason.strip()) < 2:
        raise Refusal("reason.missing")
    kept = _kept(unit, document)
    filled = Filled.from_data(kept["filled"])
    _require_texts(filled, texts)
    source = _source(unit, instance, document, kept)
    edited = filled.edited(texts)
    made = rendering.make(unit, instance, source, edited, document.number, document.version + 1)
    document.state = "replaced"
    detail = {"number": document.number, "version": made.version, "reason": reason}
    unit.audit("document.edited", "document", made.id, instance=instance, detail=detail)
    return made.id


@verb
def preview_document(unit: Unit, instance_id: str, template: str, variant: str = "") -> bytes:
    """The document as PDF with what is known so far, without a number; nothing is kept.

    Raises `NotFound` for an instance that the actor may not see, and as `find_source`.
    """
    seen = permissions.sees_instance(unit.actor)
    query = select(ProcessInstance).where(ProcessInstance.id == instance_id, seen)
    instance = unit.session.scalars(query).one_or_none()
    if instance is None:
        raise NotFound("instance.unknown", instance=instance_id)
    source = find_source(unit, instance, template, variant)
    known = case_files.read(unit, instance.agency_id, instance.business_key)
    names = facts(unit, instance, load_variables(instance.variables), known)
    filled = fill(source.letter, {**names, "number": UNNUMBERED})
    marks = Marks.of(filled, instance.business_key, UNNUMBERED, 0)
    detail = {"template": source.letter.key}
    unit.audit("document.previewed", "instance", instance.id, instance=instance, detail=detail)
    return typesetter().pdf(source.typst, filled, marks, unit.now)


@verb
def reproduce_document(unit: Unit, document_id: str) -> Reproduced:
    """Make the bytes once more from the sealed words and compare their digests. Raises `NotFound`.

    The same fonts and typst version give the same bytes; where they differ, `made_with` and
    `now_with` say what has changed.
    """
    document, _ = _seen(unit, document_id)
    kept = _kept(unit, document)
    filled = Filled.from_data(kept["filled"])
    typst, word = layouts_of(unit, kept["deployment"], filled.layout)
    marks = Marks.of(filled, document.business_key, document.number, document.version)
    at = datetime.fromisoformat(kept["made_at"])
    return Reproduced(
        pdf_same=sm3(typesetter().pdf(typst, filled, marks, at)) == document.pdf_sm3,
        word_same=document.docx_sm3 in (None, sm3(word_file(word, filled, marks))),
        made_with=kept["made_with"],
        now_with=typesetter().made_with,
    )


def _seen(unit: Unit, document_id: str) -> tuple[Document, ProcessInstance]:
    seen = exists().where(
        ProcessInstance.id == Document.instance_id, permissions.sees_instance(unit.actor)
    )
    query = select(Document).where(Document.id == document_id)
    if unit.actor.kind != "system":
        query = query.where(seen)
    document = unit.session.scalars(query.options(undefer(Document.sealed))).one_or_none()
    if document is None:
        raise NotFound("document.unknown", id=document_id)
    return document, unit.session.get_one(ProcessInstance, document.instance_id)


def _require_editor(unit: Unit, document: Document, instance: ProcessInstance) -> None:
    """Whoever started the instance or had the document made, and the supervisors."""
    own = unit.actor.id in (document.made_by, instance.started_by)
    if not own and not permissions.supervises(unit.actor, instance):
        raise Forbidden("document.may_not_edit", number=document.number)


def _require_texts(filled: Filled, texts: Mapping[int, str]) -> None:
    for number in texts:
        if not 0 <= number < len(filled.blocks) or filled.blocks[number].kind not in TEXTS:
            raise Refusal("document.block_unknown", found=number, expected=len(filled.blocks) - 1)


def _kept(unit: Unit, document: Document) -> dict[str, Any]:
    found: dict[str, Any] = unit.engine.crypto.open_json(
        document.sealed, rendering.PURPOSE, document.id
    )
    return found


def _source(
    unit: Unit, instance: ProcessInstance, document: Document, kept: Mapping[str, Any]
) -> Source:
    """The document's own layouts, that its versions differ in their words alone."""
    variant = kept["variant"]
    letter = find_source(unit, instance, document.template, variant).letter
    typst, word = layouts_of(unit, kept["deployment"], kept["filled"]["layout"])
    return Source(kept["deployment"], letter, typst, word)
