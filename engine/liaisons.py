"""名录 (procedures B27): liaison officers, and the unit that answers for each matter.

Every place (联络员, 第二联络员 …; a matter of the annex) is filled by one entry at a time: a new
one ends its predecessor on the day it begins, so that there is neither gap nor overlap. A place of
every unit (成员; what each station does in its area) is filled so in each of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from engine.errors import Refusal
from engine.store.crypto import CryptoProvider
from engine.store.models import DirectoryEntry
from engine.store.models import Unit as OrganisationUnit
from engine.store.types import new_id
from engine.store.unit_of_work import Unit

NAME, PHONE = "directory.name", "directory.phone"
OF_EVERY_UNIT = frozenset({"成员", "值班", "协助查控被执行人", "暴力抗法"})
"""Heads of departments (ZK-3.2.1-4), duty, and what "各派出所" carry out (NZ-A1.1-2, -5)."""


@dataclass(frozen=True, slots=True)
class Filling:
    """Who or what fills a place from a day on; `name`, `phone` of a liaison officer."""

    agency_id: str
    place: str
    unit_id: str
    name: str
    phone: str
    valid_from: datetime
    valid_to: datetime | None
    business_key: str


def fill(unit: Unit, filling: Filling) -> DirectoryEntry:
    """Write it down; the one before ends where it begins. A part of the procedure's verb.

    Raises `Refusal` directory.unit_unknown, directory.never_valid.
    """
    home = unit.session.get(OrganisationUnit, filling.unit_id)
    if home is None or home.agency_id != filling.agency_id or home.closed_at is not None:
        raise Refusal("directory.unit_unknown", found=filling.unit_id)
    if filling.valid_to is not None and filling.valid_to <= filling.valid_from:
        raise Refusal("directory.never_valid", start=filling.valid_from, end=filling.valid_to)
    for earlier in unit.session.scalars(_overlapping(filling)):
        earlier.valid_to = max(filling.valid_from, earlier.valid_from)
    entry = _entry(unit, filling)
    unit.session.add(entry)
    detail = {"place": filling.place, "unit": filling.unit_id}
    unit.audit("directory.filled", "directory_entry", entry.id, detail=detail)
    return entry


def _overlapping(filling: Filling) -> Select[Any]:
    query = select(DirectoryEntry).where(
        DirectoryEntry.agency_id == filling.agency_id,
        DirectoryEntry.place == filling.place,
        or_(DirectoryEntry.valid_to.is_(None), DirectoryEntry.valid_to > filling.valid_from),
    )
    if filling.place in OF_EVERY_UNIT:
        query = query.where(DirectoryEntry.unit_id == filling.unit_id)
    return query


def _entry(unit: Unit, filling: Filling) -> DirectoryEntry:
    id, crypto = new_id(), unit.engine.crypto
    return DirectoryEntry(
        id=id,
        agency_id=filling.agency_id,
        place=filling.place,
        unit_id=filling.unit_id,
        name=crypto.seal_text(filling.name, NAME, id) if filling.name else None,
        phone=crypto.seal_text(filling.phone, PHONE, id) if filling.phone else None,
        valid_from=filling.valid_from,
        valid_to=filling.valid_to,
        business_key=filling.business_key,
        recorded_at=unit.now,
    )


def in_force(at: datetime) -> ColumnElement[bool]:
    """Entries that count at an instant."""
    return and_(
        DirectoryEntry.valid_from <= at,
        or_(DirectoryEntry.valid_to.is_(None), DirectoryEntry.valid_to > at),
    )


def responsible_units(session: Session, agency_id: str, place: str, at: datetime) -> list[str]:
    """The units that answer for a matter, or to which its liaison officers belong."""
    query = select(DirectoryEntry.unit_id).where(
        DirectoryEntry.agency_id == agency_id, DirectoryEntry.place == place, in_force(at)
    )
    return list(session.scalars(query.distinct().order_by(DirectoryEntry.unit_id)))


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as the duty roles read it."""

    agency_id: str
    place: str
    unit_id: str
    name: str | None
    phone: str | None
    valid_from: datetime
    valid_to: datetime | None
    business_key: str


def entries(
    session: Session,
    crypto: CryptoProvider | None,
    agencies: Iterable[str],
    at: datetime | None = None,
) -> list[Shown]:
    """The directory of some agencies: what is in force `at`, or with None its whole history.

    Without `crypto` names and phones stay closed.
    """
    query = select(DirectoryEntry).where(DirectoryEntry.agency_id.in_(list(agencies)))
    if at is not None:
        query = query.where(in_force(at))
    order = (DirectoryEntry.agency_id, DirectoryEntry.place, DirectoryEntry.valid_from.desc())
    return [_shown(crypto, row) for row in session.scalars(query.order_by(*order))]


def _shown(crypto: CryptoProvider | None, row: DirectoryEntry) -> Shown:
    return Shown(
        agency_id=row.agency_id,
        place=row.place,
        unit_id=row.unit_id,
        name=crypto.open_text(row.name, NAME, row.id) if crypto and row.name else None,
        phone=crypto.open_text(row.phone, PHONE, row.id) if crypto and row.phone else None,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        business_key=row.business_key,
    )
