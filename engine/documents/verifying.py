"""Making a document once more: whether the stored words still give the stored bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.documents.access import seen
from engine.documents.kept import Kept
from engine.documents.sources import layouts_of
from engine.letters import Marks, typesetter, word_file
from engine.store.crypto import sm3
from engine.store.models import Document
from engine.store.unit_of_work import Unit
from engine.verbs import verb


@dataclass(frozen=True, slots=True)
class Verified:
    """`kept`: the stored file has the digest that was written down when it was made.

    `pdf_same`, `word_same`: made again from its words it is the same byte for byte. Where it is
    not, `made_with` and `now_with` say what has changed since: typst, a font.
    """

    number: str
    version: int
    pdf_sm3: str | None
    kept: bool
    pdf_same: bool
    word_same: bool
    made_with: Mapping[str, str]
    now_with: Mapping[str, str]

    @property
    def sound(self) -> bool:
        return self.kept and self.pdf_same and self.word_same


@verb
def verify_document(unit: Unit, document_id: str) -> Verified:
    """Compare the stored bytes and newly made ones with the stored digests; recorded.

    Raises `NotFound`.
    """
    document, instance = seen(unit, document_id)
    kept = Kept.of(unit, document)
    typst, word = layouts_of(unit, kept.deployment, kept.filled.layout)
    marks = Marks.of(kept.filled, document.business_key, document.number, document.version)
    pdf = typesetter().pdf(typst, kept.filled, marks, kept.made_at)
    found = Verified(
        number=document.number,
        version=document.version,
        pdf_sm3=document.pdf_sm3,
        kept=_stored(unit, document) == document.pdf_sm3,
        pdf_same=sm3(pdf) == document.pdf_sm3,
        word_same=document.docx_sm3 in (None, sm3(word_file(word, kept.filled, marks))),
        made_with=kept.made_with,
        now_with=typesetter().made_with,
    )
    detail = {"number": document.number, "sound": found.sound}
    unit.audit("document.verified", "document", document.id, instance=instance, detail=detail)
    return found


def _stored(unit: Unit, document: Document) -> str | None:
    unit.session.refresh(document, ["pdf"])
    return sm3(document.pdf) if document.pdf is not None else None
