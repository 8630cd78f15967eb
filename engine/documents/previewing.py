"""Looking at a document: pages as pictures, a reading copy that says who reads it and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine import directory
from engine.documents.access import seen
from engine.documents.kept import Kept
from engine.documents.sources import layouts_of
from engine.letters import Filled, Marks, typesetter
from engine.letters.words import written
from engine.store.models import Document
from engine.store.unit_of_work import Unit
from engine.verbs import verb


@dataclass(frozen=True, slots=True)
class Pages:
    """A document to be read on a screen: its pages as PNG, its words, what is still missing."""

    pictures: Sequence[bytes]
    filled: Filled


@verb
def document_pages(unit: Unit, document_id: str) -> Pages:
    """The pages with the reader's watermark; recorded. Raises `NotFound`."""
    document, instance = seen(unit, document_id)
    kept, marks, layout = _printed(unit, document)
    pictures = typesetter().pictures(layout, kept.filled, marks, kept.made_at, watermark(unit))
    unit.audit("document.read", "document", document.id, instance=instance)
    return Pages(pictures, kept.filled)


@verb
def reading_copy(unit: Unit, document_id: str) -> tuple[str, bytes]:
    """File name and PDF with the reader's watermark: to be printed and read, not the original.

    Raises `NotFound`.
    """
    document, instance = seen(unit, document_id)
    kept, marks, layout = _printed(unit, document)
    pdf = typesetter().pdf(layout, kept.filled, marks, kept.made_at, watermark(unit))
    detail = {"number": document.number, "format": "reading copy"}
    unit.audit("document.read", "document", document.id, instance=instance, detail=detail)
    return f"{document.number}（阅览）.pdf", pdf


def watermark(unit: Unit) -> str:
    """Who looks at it and when: 阅览件 承办人甲 2026年3月2日9时00分."""
    people = directory.names(unit.session, unit.engine.crypto, [unit.actor.id])
    reader = people.get(unit.actor.id, unit.actor.id)
    return f"阅览件　{reader}　{written(unit.now)}"


def _printed(unit: Unit, document: Document) -> tuple[Kept, Marks, bytes]:
    kept = Kept.of(unit, document)
    layout, _ = layouts_of(unit, kept.deployment, kept.filled.layout)
    marks = Marks.of(kept.filled, document.business_key, document.number, document.version)
    return kept, marks, layout
