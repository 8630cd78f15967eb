"""Names and sizes of uploaded files, for the rows of a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from engine.actors import Actor
from engine.attachments import NAME, open_to
from engine.store.models import Attachment

if TYPE_CHECKING:
    from engine.engine import Engine


@dataclass(frozen=True)
class FileInfo:
    """A stored file without its content; `size` in bytes."""

    id: str
    name: str
    size: int


def files(engine: Engine, actor: Actor, ids: Sequence[str]) -> list[FileInfo]:
    """Of these files those that the actor may read."""
    if not ids:
        return []
    statement = select(Attachment.id, Attachment.filename, Attachment.size).where(
        Attachment.id.in_(ids), open_to(actor)
    )
    with engine.database.read() as session:
        return [
            FileInfo(id, engine.crypto.open_text(sealed, NAME, id), size)
            for id, sealed, size in session.execute(statement)
        ]
