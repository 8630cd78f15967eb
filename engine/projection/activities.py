"""History: one row per entry of an element."""

from __future__ import annotations

from typing import Any

from engine.bpmn.journal import Journal, Visit
from engine.store.models import Activity, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.store.upsert import insert_or_update_all

ENDED = ("state", "ended_at")
"""What changes in a row that is there already."""


def write(unit: Unit, instance: ProcessInstance, journal: Journal) -> None:
    """What was entered, and what was entered earlier and has ended: one statement for both."""
    rows = [_row(unit, instance, visit) for visit in journal.visits.values() if not visit.watched]
    insert_or_update_all(unit.session, Activity, rows, ENDED)


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
