"""`deadline.overdue`: behind a deadline's timer; writes down that the period has passed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine import ledger
from engine.bpmn.model import Node
from engine.store.models import Deadline, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.topics import inputs as given


def overdue(
    unit: Unit,
    instance: ProcessInstance,
    node: Node,
    task_id: str,
    inputs: Mapping[str, Any],
    variables: Mapping[str, Any],
) -> dict[str, Any] | None:
    """Mark the open deadlines of the input `period` that have passed; alarms are the ladder's.

    `period`: one id or several with commas; empty: every period of the instance.
    """
    periods = given.names(inputs, "period")
    query = select(Deadline).where(
        Deadline.instance_id == instance.id,
        Deadline.state == "running",
        Deadline.due_at <= unit.now,
    )
    if periods:
        query = query.where(Deadline.period_id.in_(periods))
    for deadline in unit.session.scalars(query):
        ledger.pass_due(unit, deadline, deadline.due_at)
    return None
