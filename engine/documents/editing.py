"""Changing the words of a draft: paragraph by paragraph, with a reason, each time a new version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from engine import permissions
from engine.documents import rendering
from engine.documents.access import seen
from engine.documents.kept import Kept
from engine.documents.sources import Source, find_source, layouts_of
from engine.errors import Conflict, Forbidden, Refusal
from engine.letters import Edit, Filled, amended
from engine.letters.letter import TEXTS
from engine.store.models import Document, ProcessInstance, UserTask
from engine.store.unit_of_work import Unit
from engine.verbs import verb

LEAST_REASON = 2
"""Characters."""
LONGEST_PARAGRAPH = 5000


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that may be edited. `was`: the words of the template with the facts put in."""

    number: int
    kind: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Words:
    """A document's words, to be edited."""

    id: str
    instance_id: str
    title: str
    number: str
    version: int
    state: str
    paragraphs: tuple[Paragraph, ...]


@verb
def document_words(unit: Unit, document_id: str) -> Words:
    """The words of a draft, for whoever may edit it; recorded. Raises as `edit_document`."""
    document, instance = _editable(unit, document_id)
    kept = Kept.of(unit, document)
    unit.audit("document.read", "document", document.id, instance=instance)
    return Words(
        id=document.id,
        instance_id=instance.id,
        title=document.title,
        number=document.number,
        version=document.version,
        state=document.state,
        paragraphs=_paragraphs(kept),
    )


@verb
def edit_document(unit: Unit, document_id: str, texts: Mapping[int, str], reason: str) -> str:
    """Change words of a draft: a new version under the same number; its id. The old one is kept.

    `texts`: number of the paragraph → new words; the words of the template take an edit back,
    empty words leave the paragraph out. Raises `NotFound`, `Forbidden` (document.may_not_edit),
    `Conflict` (document.not_draft), `Refusal` (document.block_unknown, document.too_long,
    document.nothing_changed, reason.missing).
    """
    document, instance = _editable(unit, document_id)
    if len(reason.strip()) < LEAST_REASON:
        raise Refusal("reason.missing")
    kept = Kept.of(unit, document)
    _require_texts(kept.base, texts)
    words = amended(kept.base, _edits(kept, texts))
    if words.filled == kept.filled:
        raise Refusal("document.nothing_changed", number=document.number)
    source = _source(unit, instance, document, kept)
    made = rendering.make(unit, instance, source, words, document.number, document.version + 1)
    document.state = "replaced"
    detail = {"number": document.number, "version": made.version, "reason": reason.strip()}
    unit.audit("document.edited", "document", made.id, instance=instance, detail=detail)
    return made.id


def may_edit(unit: Unit, document: Document, instance: ProcessInstance) -> bool:
    """A draft: whoever has the next step of its procedure to do, and the supervisors.

    So the drafter edits while he drafts and the reviewer while he reviews; nobody changes words
    behind the back of whoever is reading them.
    """
    if document.state != "draft":
        return False
    return permissions.supervises(unit.actor, instance) or _has_a_task(unit, instance)


def _editable(unit: Unit, document_id: str) -> tuple[Document, ProcessInstance]:
    document, instance = seen(unit, document_id)
    if document.state != "draft":
        raise Conflict("document.not_draft", number=document.number, state=document.state)
    if not may_edit(unit, document, instance):
        raise Forbidden("document.may_not_edit", number=document.number)
    return document, instance


def _has_a_task(unit: Unit, instance: ProcessInstance) -> bool:
    query = select(UserTask).where(UserTask.instance_id == instance.id, UserTask.state == "open")
    return any(permissions.may_complete(unit.actor, task) for task in unit.session.scalars(query))


def _paragraphs(kept: Kept) -> tuple[Paragraph, ...]:
    now = {edit.was: edit.now for edit in kept.edits}
    return tuple(
        Paragraph(number, block.kind, block.text, now.get(block.text, block.text))
        for number, block in enumerate(kept.base.blocks)
        if block.kind in TEXTS
    )


def _edits(kept: Kept, texts: Mapping[int, str]) -> tuple[Edit, ...]:
    """Earlier edits and these; a paragraph that says what the template says has none."""
    now = {edit.was: edit.now for edit in kept.edits}
    now |= {kept.base.blocks[number].text: _tidy(text) for number, text in texts.items()}
    return tuple(Edit(was, text) for was, text in now.items() if was != text)


def _tidy(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _require_texts(base: Filled, texts: Mapping[int, str]) -> None:
    for number, text in texts.items():
        if not 0 <= number < len(base.blocks) or base.blocks[number].kind not in TEXTS:
            raise Refusal("document.block_unknown", found=number, expected=len(base.blocks) - 1)
        if len(text) > LONGEST_PARAGRAPH:
            raise Refusal("document.too_long", number=number + 1, most=LONGEST_PARAGRAPH)


def _source(unit: Unit, instance: ProcessInstance, document: Document, kept: Kept) -> Source:
    """The document's own layouts, that its versions differ in their words alone."""
    letter = find_source(unit, instance, document.template, kept.variant).letter
    typst, word = layouts_of(unit, kept.deployment, kept.filled.layout)
    return Source(kept.deployment, letter, typst, word)
