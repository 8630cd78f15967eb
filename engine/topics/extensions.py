"""`deadline.extend`, `deadline.start`: what a diagram's decision or fact moves (P3, P5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine import deadlines, ledger
from engine.bpmn.faults import Fault
from engine.bpmn.model import Node
from engine.deadlines import Extension
from engine.feel import from_python
from engine.store.models import Deadline, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.topics import inputs as given


def extend(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any]:
    """Extend the open deadline `period` of this request in this agency.

    Inputs: `period`; one of `to_period`, `amount`, `due`; `ground`; `clause` (default: the
    element's legal.clause). Sets `extended_to`. Raises `Fault` deadline.not_running,
    deadline.several, and what `deadlines.extend` refuses.
    """
    deadline = _open(unit, instance, node, given.required(inputs, "period", node))
    amount = given.text(inputs, "amount")
    extension = Extension(
        period=given.text(inputs, "to_period") or None,
        amount=int(amount) if amount else None,
        due=given.end(inputs, "due", node),
    )
    clause = given.text(inputs, "clause") or node.properties.get("legal.clause", "")
    deadlines.extend(unit, deadline, extension, given.required(inputs, "ground", node), clause)
    return {"extended_to": from_python(deadline.due_at)}


def start(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any] | None:
    """Count the instance's open deadlines `period` (ids with commas) from the instant `from`.

    Periods that the profile does not have are passed over. Raises `Fault` topic.input_missing,
    topic.input_not_a_date.
    """
    given.required(inputs, "period", node)
    begins = given.end(inputs, "from", node)
    if begins is None:
        raise Fault("topic.input_missing", element=node.id, name=node.label, input="from")
    query = select(Deadline).where(
        Deadline.instance_id == instance.id,
        Deadline.period_id.in_(given.names(inputs, "period")),
        Deadline.state.in_(ledger.OPEN),
    )
    for deadline in unit.session.scalars(query).all():
        deadlines.start_from(unit, deadline, begins)
    return None


def _open(unit: Unit, instance: ProcessInstance, node: Node, period: str) -> Deadline:
    """Of the own instance, else the one of the request: an extension is a small instance too."""
    query = select(Deadline).where(
        Deadline.business_key == instance.business_key,
        Deadline.agency_id == instance.agency_id,
        Deadline.period_id == period,
        Deadline.state.in_(ledger.OPEN),
    )
    found = unit.session.scalars(query).all()
    own = [deadline for deadline in found if deadline.instance_id == instance.id]
    chosen = own or list(found)
    if len(chosen) != 1:
        code = "deadline.several" if chosen else "deadline.not_running"
        raise Fault(code, element=node.id, name=node.label, period=period)
    return chosen[0]
