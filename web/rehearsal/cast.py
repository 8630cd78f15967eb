"""Who plays in a scenario: three agencies that know each other and one person for every role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.directory import NAME
from engine.store.crypto import CryptoProvider
from engine.store.models import Agency, Person, Post, Unit


@dataclass(frozen=True, slots=True)
class Bureau:
    """An agency of the cast, with its usual counterpart by alias."""

    id: str
    kind: str
    name: str
    counterpart: str


@dataclass(frozen=True, slots=True)
class Part:
    """A role in a unit: what a person of a scenario holds."""

    role: str
    unit: str


AGENCIES = {
    "court": Bureau("豫1321", "court", "南召县人民法院", "police"),
    "police": Bureau("公411321", "police", "南召县公安局", "court"),
    "local_court": Bureau("豫1302", "local_court", "受托人民法院", "court"),
    "procuratorate": Bureau("检411321", "procuratorate", "南召县人民检察院", "police"),
}
"""Alias → agency. docs/scenarios.md shows this table and the next."""

UNITS = {
    "court-enforcement": ("court", "执行局"),
    "court-center": ("court", "执行指挥中心"),
    "police-legal": ("police", "法制室"),
    "police-station-1": ("police", "城关派出所"),
    "police-station-2": ("police", "云阳派出所"),
    "police-traffic": ("police", "交警大队"),
    "police-center": ("police", "研判中心"),
    "local-court": ("local_court", "执行局"),
    "procuratorate": ("procuratorate", "侦查监督部门"),
}
"""Unit id → alias of its agency, name."""

_POSTED = {
    "court_command_center": "court-center",
    "police_station": "police-station-1",
    "police_traffic": "police-traffic",
    "police_analysis_center": "police-center",
    "vehicle_management_office": "police-traffic",
    "detention_center": "police-legal",
    "city_psb": "police-legal",
    "city_psb_ict": "police-legal",
    "local_court": "local-court",
    "procuratorate": "procuratorate",
}


def usual(roles: Iterable[str]) -> dict[str, Part]:
    """Alias → part: the role code is the alias."""
    return {role: Part(role, _unit(role)) for role in roles}


def _unit(role: str) -> str:
    if role in _POSTED:
        return _POSTED[role]
    return "police-legal" if role.startswith("police") else "court-enforcement"


def agency_id(alias: str) -> str:
    """The id behind an alias; an id stands for itself."""
    return AGENCIES[alias].id if alias in AGENCIES else alias


def alias_of(agency: str | None) -> str:
    """The alias of an agency id, else the id."""
    return next((alias for alias, one in AGENCIES.items() if one.id == agency), agency or "")


def assemble(
    session: Session,
    crypto: CryptoProvider,
    profile: str,
    people: Mapping[str, Part],
    since: datetime,
) -> None:
    """Write the cast as rows. A person's id is his alias; nobody in it can sign in."""
    for one in AGENCIES.values():
        counterpart = AGENCIES[one.counterpart].id
        session.add(
            Agency(
                id=one.id, kind=one.kind, name=one.name, profile=profile, counterpart_id=counterpart
            )
        )
    session.flush()
    session.add_all(
        Unit(id=id, agency_id=AGENCIES[alias].id, name=name) for id, (alias, name) in UNITS.items()
    )
    session.flush()
    session.add_all(_person(crypto, alias, part) for alias, part in people.items())
    session.flush()
    session.add_all(
        Post(person_id=alias, unit_id=part.unit, role=part.role, since=since)
        for alias, part in people.items()
    )


def _person(crypto: CryptoProvider, alias: str, part: Part) -> Person:
    return Person(
        id=alias,
        login=alias,
        name=crypto.seal_text(alias, NAME, alias),
        agency_id=AGENCIES[UNITS[part.unit][0]].id,
        password_hash="",
    )
