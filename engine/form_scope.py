"""The names that a form's prefill and conditions may use: what the page and the check share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import case_files, directory
from engine.directory import CERTIFICATE, PHONE
from engine.store.models import Agency, Person
from engine.store.models import Unit as OrganisationUnit
from engine.store.unit_of_work import Unit

Options = list[dict[str, str]]


def form_scope(
    unit: Unit,
    form: Mapping[str, Any] | None,
    agency_id: str,
    known: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Lists the form asks for, case-file values by field key, variables; `agency`, `actor`,
    `case_file` (docs/forms.md). `known`: the case file of agency and request.
    """
    wanted = unit.engine.forms.lists(form) if form else ()
    return {
        **_lists(unit, wanted),
        **case_files.flat(known),
        **variables,
        "agency": _agency(unit.session, agency_id),
        "actor": _actor(unit),
        "case_file": dict(known),
    }


def _agency(session: Session, agency_id: str) -> dict[str, Any]:
    agency = session.get_one(Agency, agency_id)
    court_code = agency.id if agency.kind == "court" else None
    return {"id": agency.id, "name": agency.name, "kind": agency.kind, "court_code": court_code}


def _actor(unit: Unit) -> dict[str, Any]:
    person = unit.session.get(Person, unit.actor.id)
    if person is None:
        return dict.fromkeys(("name", "phone", "certificate_no", "unit"), None) | {
            "id": unit.actor.id
        }
    crypto = unit.engine.crypto

    def opened(sealed: bytes | None, purpose: str) -> str | None:
        return crypto.open_text(sealed, purpose, person.id) if sealed else None

    return {
        "id": person.id,
        "name": opened(person.name, directory.NAME),
        "phone": opened(person.phone, PHONE),
        "certificate_no": opened(person.certificate_no, CERTIFICATE),
        "unit": next((post.unit_id for post in unit.actor.posts), None),
    }


def _lists(unit: Unit, wanted: Iterable[str]) -> dict[str, Options]:
    return {name: _LISTS[name](unit) for name in wanted if name in _LISTS}


def _units(unit: Unit) -> Options:
    mine = select(OrganisationUnit.id, OrganisationUnit.name).where(
        OrganisationUnit.agency_id == unit.actor.agency_id, OrganisationUnit.closed_at.is_(None)
    )
    return [_option(*row) for row in unit.session.execute(mine.order_by(OrganisationUnit.id))]


def _agencies(unit: Unit) -> Options:
    every = select(Agency.id, Agency.name).order_by(Agency.kind, Agency.id)
    return [_option(*row) for row in unit.session.execute(every)]


def _courts(unit: Unit) -> Options:
    courts = select(Agency.id, Agency.name).where(Agency.kind.in_(("court", "local_court")))
    return [_option(*row) for row in unit.session.execute(courts.order_by(Agency.id))]


def _officers(unit: Unit) -> Options:
    mine = select(Person.id).where(
        Person.agency_id == unit.actor.agency_id, Person.active.is_(True)
    )
    ids = unit.session.scalars(mine.order_by(Person.login)).all()
    names = directory.names(unit.session, unit.engine.crypto, ids)
    return [_option(one, names[one]) for one in ids]


def _option(value: str, label: str) -> dict[str, str]:
    return {"value": value, "label": label}


_LISTS: Mapping[str, Callable[[Unit], Options]] = {
    "units": _units,
    "agencies": _agencies,
    "courts": _courts,
    "officers": _officers,
}
