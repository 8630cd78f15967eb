"""`audit.sample`, `person.suspend`: what the access audit (procedures B28) asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine import case_files, directory
from engine.audit_sampling import Event, sample
from engine.bpmn.faults import Fault
from engine.bpmn.model import Node
from engine.feel import from_python
from engine.store.models import Person, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.timing.zone import local
from engine.topics import inputs as given

SIZE = 20


def sample_audit(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Inputs: `from`, `to` (days, both included), `size` (rows by chance, default 20).

    Writes `audit.events` (at, actor, action, object, alarm) of the own agency into the case file;
    sets `audit_alarms` (how many alarm by themselves). Raises `Fault` topic.input_missing.
    """
    start, end = given.days(inputs, "from", "to", node)
    size = int(given.text(inputs, "size") or SIZE)
    seed = instance.business_key
    found = sample(unit.session, instance.agency_id, start, end, size, seed)
    known = case_files.read(unit, instance.agency_id, instance.business_key)
    people = _people(unit, {event.actor for event in found})
    rows = from_python([_row(event, people.get(event.actor, event.actor)) for event in found])
    case_files.write(
        unit, instance.agency_id, instance.business_key, {**known, "audit.events": rows}
    )
    return {"audit_alarms": Decimal(sum(1 for event in found if event.alarm))}


def _people(unit: Unit, ids: set[str]) -> dict[str, str]:
    """Person id → name and login, as the auditor chooses whom he asks; programs are left out."""
    names = directory.names(unit.session, unit.engine.crypto, ids)
    logins = unit.session.execute(select(Person.id, Person.login).where(Person.id.in_(ids)))
    return {id: f"{names[id]}（{login}）" for id, login in logins}


def _row(event: Event, actor: str) -> dict[str, str]:
    return {
        "at": _shown(event.at),
        "actor": actor,
        "action": event.action,
        "object": event.object,
        "alarm": event.alarm,
    }


def _shown(instant: datetime) -> str:
    return f"{local(instant):%Y-%m-%d %H:%M}"


def suspend_person(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> None:
    """Input `person` (id), of the own agency: no post and no session from now on.

    Raises `Fault` topic.input_missing, person.unknown.
    """
    person_id = given.required(inputs, "person", node)
    mine = select(Person.id).where(Person.id == person_id, Person.agency_id == instance.agency_id)
    if unit.session.scalar(mine) is None:
        raise Fault("person.unknown", element=node.id, id=person_id)
    directory.suspend(unit, person_id)
