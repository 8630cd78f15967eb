"""`directory.fill`: a change of the directory that both sides know takes effect (B27)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from engine import case_files
from engine.bpmn.faults import Fault
from engine.bpmn.model import Node
from engine.errors import Refusal
from engine.feel import to_python
from engine.liaisons import Filling, fill
from engine.store.models import ProcessInstance
from engine.store.unit_of_work import Unit
from engine.timing.zone import at
from engine.topics import inputs as given


def fill_place(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Inputs: `form` (whose fields `role` or `matter`, `unit`, `person_name`, `phone`,
    `valid_from`, `valid_to` are taken from the case file). Sets `directory_entry` (id).

    Raises `Fault` topic.input_missing (a field that is empty), directory.unit_unknown,
    directory.never_valid.
    """
    form = given.required(inputs, "form", node)
    known = case_files.read(unit, instance.agency_id, instance.business_key)
    told = {name: to_python(known.get(f"{form}.{name}")) for name in _FIELDS}
    begins = _midnight(told["valid_from"])
    place = told["matter"] or told["role"]
    if begins is None or not place or not told["unit"]:
        raise Fault("topic.input_missing", element=node.id, name=node.label, input=form)
    filling = Filling(
        agency_id=instance.agency_id,
        place=str(place),
        unit_id=str(told["unit"]),
        name=str(told["person_name"] or ""),
        phone=str(told["phone"] or ""),
        valid_from=begins,
        valid_to=_midnight(told["valid_to"], 1),
        business_key=instance.business_key,
    )
    try:
        return {"directory_entry": fill(unit, filling).id}
    except Refusal as problem:
        raise Fault(problem.code, element=node.id, **problem.params) from problem


_FIELDS = ("role", "matter", "unit", "person_name", "phone", "valid_from", "valid_to")


def _midnight(day: Any, later: int = 0) -> datetime | None:
    """The beginning of a day in China; with `later` of the one after, which is not included."""
    if isinstance(day, str) and day:
        day = date.fromisoformat(day)
    return at(day + timedelta(days=later), time()) if isinstance(day, date) else None
