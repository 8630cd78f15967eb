"""Issued documents: the very bytes, to whoever may see the instance."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import undefer

from engine import permissions
from engine.errors import NotFound
from engine.store.models import Document, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.verbs import verb

_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class DocumentFile:
    """A document ready to be sent."""

    filename: str
    media_type: str
    content: bytes


@verb
def read_document(unit: Unit, document_id: str, kind: str) -> DocumentFile:
    """The document as `pdf` or `docx`; a verb because the reading is recorded.

    Raises NotFound("document.unknown") where it does not exist or the actor may not see it.
    """
    if kind not in _MEDIA_TYPES:
        raise NotFound("document.unknown", id=document_id)
    seen = exists().where(
        ProcessInstance.id == Document.instance_id, permissions.sees_instance(unit.actor)
    )
    column = Document.pdf if kind == "pdf" else Document.docx
    found = unit.session.scalar(
        select(Document).where(Document.id == document_id, seen).options(undefer(column))
    )
    content = getattr(found, kind, None)
    if found is None or content is None:
        raise NotFound("document.unknown", id=document_id)
    instance = unit.session.get_one(ProcessInstance, found.instance_id)
    detail = {"number": found.number, "format": kind}
    unit.audit("document.read", "document", found.id, instance=instance, detail=detail)
    return DocumentFile(f"{found.number}.{kind}", _MEDIA_TYPES[kind], content)
