"""History: one row per entry of an element."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, update

from engine.bpmn.journal import Journal, Visit
from engine.store.models import Activity, ProcessInstance
from engine.store.unit_of_work import Unit


def write(unit: Unit, instance: ProcessInstance, journal: Journal) -> None:
    """Insert what was entered, close what was entered earlier and has ended."""
    visits = list(journal.visits.values())
    rows = [_row(unit, instance, visit) for visit in visits if visit.opened_now]
    if rows:
        unit.session.execute(insert(Activity), rows)
    for how in ("completed", "cancelled"):
        ids = [v.task_id for v in visits if not v.opened_now and v.ended == how]
        if ids:
            closing = update(Activity).where(Activity.id.in_(ids))
            unit.session.execute(
                closing.values(state=how, ended_at=unit.now),
                execution_options={"synchronize_session": False},
            )


def _row(unit: Unit, instance: ProcessInstance, visit: Visit) -> dict[str, Any]:
    return {
        "id": visit.task_id,
        "instance_id": instance.id,
        "definition_id": visit.definition_id,
        "element_id": visit.element_id,
        "kind": visit.kind,
        "name": visit.name,
        "state": visit.ended or "active",
        "started_at": unit.now,
        "ended_at": unit.now if visit.ended else None,
        "flow_id": visit.flow,
    }
