"""Which documents an actor may see: those of the instances that he may see."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import undefer

from engine import permissions
from engine.errors import NotFound
from engine.store.models import Document, ProcessInstance
from engine.store.unit_of_work import Unit


def seen(unit: Unit, document_id: str) -> tuple[Document, ProcessInstance]:
    """The document with its sealed words, and its instance. Raises `NotFound`."""
    visible = exists().where(
        ProcessInstance.id == Document.instance_id, permissions.sees_instance(unit.actor)
    )
    query = select(Document).where(Document.id == document_id)
    if unit.actor.kind != "system":
        query = query.where(visible)
    document = unit.session.scalars(query.options(undefer(Document.sealed))).one_or_none()
    if document is None:
        raise NotFound("document.unknown", id=document_id)
    return document, unit.session.get_one(ProcessInstance, document.instance_id)
