"""联络名录 (procedures B27): liaison officers and responsible units of both agencies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine import liaisons
from engine.permissions import on_duty
from engine.store.models import Agency
from engine.store.models import Unit as OrganisationUnit
from engine.store.unit_of_work import Unit
from engine.verbs import verb


@dataclass(frozen=True)
class Place:
    """A place and who fills it; name and phone are None for whoever is not on duty."""

    place: str
    unit_name: str
    name: str | None
    phone: str | None
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True)
class AgencyDirectory:
    """What counts now, what will, what counted; each by place, the latest first."""

    agency_name: str
    current: Sequence[Place]
    coming: Sequence[Place]
    former: Sequence[Place]


@verb
def read_liaisons(unit: Unit) -> list[AgencyDirectory]:
    """The directories of the actor's agency and of its counterpart.

    A verb because it is a reading of names and phones: recorded before they are opened (SEC-02,
    SEC-28). Whoever is not on duty reads the units alone, and nothing is opened for him.
    """
    agencies = _agencies(unit)
    opened = on_duty(unit.actor)
    if opened:
        for agency in agencies:
            detail = {"fields": ["name", "phone"], "purpose": ""}
            unit.audit("data.read", "directory", agency.id, detail=detail)
    return [_directory(unit, agency, opened) for agency in agencies]


def _agencies(unit: Unit) -> list[Agency]:
    own = unit.session.get(Agency, unit.actor.agency_id) if unit.actor.agency_id else None
    other = unit.session.get(Agency, own.counterpart_id) if own and own.counterpart_id else None
    return [agency for agency in (own, other) if agency is not None]


def _directory(unit: Unit, agency: Agency, opened: bool) -> AgencyDirectory:
    crypto = unit.engine.crypto if opened else None
    homes = select(OrganisationUnit.id, OrganisationUnit.name).where(
        OrganisationUnit.agency_id == agency.id
    )
    named = {row.id: row.name for row in unit.session.execute(homes)}
    places = [
        _place(entry, named.get(entry.unit_id, entry.unit_id))
        for entry in liaisons.entries(unit.session, crypto, [agency.id])
        if entry.valid_to is None or entry.valid_to > entry.valid_from
    ]
    return AgencyDirectory(
        agency_name=agency.name,
        current=[one for one in places if one.valid_from <= unit.now and not _over(one, unit.now)],
        coming=[one for one in places if one.valid_from > unit.now],
        former=[one for one in places if _over(one, unit.now)],
    )


def _place(entry: liaisons.Shown, unit_name: str) -> Place:
    return Place(entry.place, unit_name, entry.name, entry.phone, entry.valid_from, entry.valid_to)


def _over(place: Place, now: datetime) -> bool:
    return place.valid_to is not None and place.valid_to <= now
