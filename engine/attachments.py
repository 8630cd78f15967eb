"""Uploaded files: encrypted rows from the moment they arrive, at most 20 MB each (D5)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import undefer

from engine import permissions
from engine.actors import Actor
from engine.errors import NotFound, Refusal
from engine.store.crypto import sm3
from engine.store.models import Attachment, ProcessInstance
from engine.store.types import new_id
from engine.store.unit_of_work import Unit
from engine.verbs import verb

LARGEST = 20 * 1024 * 1024
CONTENT = "attachment"
NAME = "attachment.name"
"""Purposes that content and file name are sealed for, bound to the row's id."""


@dataclass(frozen=True)
class KeptFile:
    """A file as it was uploaded."""

    filename: str
    media_type: str
    content: bytes


@verb
def store_file(
    unit: Unit, filename: str, media_type: str, content: bytes, business_key: str | None = None
) -> str:
    """Keep a file; its id. Completing the form claims it for the request.

    Raises `Refusal` file.too_large, file.empty.
    """
    if not content:
        raise Refusal("file.empty")
    if len(content) > LARGEST:
        raise Refusal("file.too_large", found=len(content), limit=LARGEST)
    id, crypto = new_id(), unit.engine.crypto
    unit.session.add(
        Attachment(
            id=id,
            agency_id=unit.actor.agency_id or "",
            business_key=business_key,
            filename=crypto.seal_text(filename, NAME, id),
            media_type=media_type,
            size=len(content),
            sm3=sm3(content),
            sealed=crypto.seal(content, CONTENT, id),
            uploaded_by=unit.actor.id,
            uploaded_at=unit.now,
        )
    )
    unit.audit("file.stored", "attachment", id, detail={"size": len(content)})
    return id


@verb
def read_file(unit: Unit, attachment_id: str) -> KeptFile:
    """A file to its uploader or to whoever sees the request it belongs to; recorded.

    Raises `NotFound` file.unknown, `Refusal` file.altered where its digest no longer fits.
    """
    found = unit.session.scalar(
        select(Attachment)
        .where(Attachment.id == attachment_id, open_to(unit.actor))
        .options(undefer(Attachment.sealed))
    )
    if found is None:
        raise NotFound("file.unknown", id=attachment_id)
    content = _content(unit, found)
    unit.audit("file.read", "attachment", found.id)
    name = unit.engine.crypto.open_text(found.filename, NAME, found.id)
    return KeptFile(name, found.media_type, content)


def content_of(unit: Unit, agency_id: str, business_key: str, attachment_id: str) -> bytes:
    """The bytes of a file of the request, for a topic that reads it.

    Raises `NotFound` file.unknown, `Refusal` file.altered.
    """
    of_request = {"agency_id": agency_id, "business_key": business_key, "id": attachment_id}
    query = select(Attachment).filter_by(**of_request).options(undefer(Attachment.sealed))
    found = unit.session.scalar(query)
    if found is None:
        raise NotFound("file.unknown", id=attachment_id)
    return _content(unit, found)


def _content(unit: Unit, attachment: Attachment) -> bytes:
    content = unit.engine.crypto.open(attachment.sealed, CONTENT, attachment.id)
    if sm3(content) != attachment.sm3:
        raise Refusal("file.altered", id=attachment.id)
    return content


def open_to(actor: Actor) -> ColumnElement[bool]:
    """Files that the actor may read, as a condition on `Attachment`."""
    seen = exists().where(
        ProcessInstance.business_key == Attachment.business_key,
        ProcessInstance.agency_id == Attachment.agency_id,
        permissions.sees_instance(actor),
    )
    return or_(Attachment.uploaded_by == actor.id, seen)
