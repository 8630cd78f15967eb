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
    crypto = unit.engine.crypto
    content = crypto.open(found.sealed, CONTENT, found.id)
    if sm3(content) != found.sm3:
        raise Refusal("file.altered", id=found.id)
    unit.audit("file.read", "attachment", found.id)
    return KeptFile(crypto.open_text(found.filename, NAME, found.id), found.media_type, content)


def open_to(actor: Actor) -> ColumnElement[bool]:
    """Files that the actor may read, as a condition on `Attachment`."""
    seen = exists().where(
        ProcessInstance.business_key == Attachment.business_key,
        ProcessInstance.agency_id == Attachment.agency_id,
        permissions.sees_instance(actor),
    )
    return or_(Attachment.uploaded_by == actor.id, seen)
