"""Files travel with the fields that name them: each agency holds its own copies (A5).

An officer at a station reads the ruling that the court attached; what he receives stays as it
came, whatever becomes of the sender's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import undefer

from engine.attachments import CONTENT, NAME
from engine.store.models import Attachment
from engine.store.types import new_id
from engine.store.unit_of_work import Unit

ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Holder:
    """An agency and a request, in whose file attachments lie."""

    agency_id: str
    business_key: str


def handed_over(
    unit: Unit, values: Mapping[str, Any], came_from: Sequence[Holder], to: Holder
) -> dict[str, Any]:
    """Values that travelled, with the receiver's own copies of the files that they name.

    Only files of `came_from` are handed over: an id that somebody typed opens nothing else. Items
    of a request (`…/01`) share its files.
    """
    named = sorted({id for value in values.values() for id in _ids(value)})
    if not named:
        return dict(values)
    copies = {row.id: _copy(unit, row, to) for row in _files_of(unit, named, came_from)}
    return {key: _renamed(value, copies) for key, value in values.items()}


def _ids(value: Any) -> Iterator[str]:
    """Whatever may be the id of a file, however deep."""
    if isinstance(value, str):
        if ID.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        yield from (id for one in value.values() for id in _ids(one))
    elif isinstance(value, list):
        yield from (id for one in value for id in _ids(one))


def _files_of(unit: Unit, ids: Sequence[str], holders: Sequence[Holder]) -> Sequence[Attachment]:
    theirs = or_(*map(_held_by, holders))
    query = select(Attachment).where(Attachment.id.in_(ids), theirs)
    return unit.session.scalars(query.options(undefer(Attachment.sealed))).all()


def _held_by(holder: Holder) -> ColumnElement[bool]:
    request = _request(holder.business_key)
    items = Attachment.business_key.startswith(request + "/", autoescape=True)
    of_request = or_(Attachment.business_key == request, items)
    return and_(Attachment.agency_id == holder.agency_id, of_request)


def _request(business_key: str) -> str:
    return business_key.split("/")[0]


def _copy(unit: Unit, row: Attachment, to: Holder) -> str:
    """The id of the receiver's copy; the same file is copied once."""
    if (row.agency_id, row.business_key) == (to.agency_id, to.business_key):
        return row.id
    same = select(Attachment.id).where(
        Attachment.agency_id == to.agency_id,
        Attachment.business_key == to.business_key,
        Attachment.sm3 == row.sm3,
    )
    kept = unit.session.scalars(same.limit(1)).first()
    if kept is not None:
        return kept
    id, crypto = new_id(), unit.engine.crypto
    unit.session.add(
        Attachment(
            id=id,
            agency_id=to.agency_id,
            business_key=to.business_key,
            filename=crypto.seal_text(crypto.open_text(row.filename, NAME, row.id), NAME, id),
            media_type=row.media_type,
            size=row.size,
            sm3=row.sm3,
            sealed=crypto.seal(crypto.open(row.sealed, CONTENT, row.id), CONTENT, id),
            uploaded_by=row.uploaded_by,
            uploaded_at=row.uploaded_at,
        )
    )
    unit.session.flush()
    unit.audit("file.handed_over", "attachment", id, detail={"copy_of": row.id})
    return id


def _renamed(value: Any, copies: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return copies.get(value, value)
    if isinstance(value, Mapping):
        return {key: _renamed(one, copies) for key, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one, copies) for one in value]
    return value
