"""Service tasks for workers outside: one row each, closed with the task."""

from __future__ import annotations

from sqlalchemy import insert, update

from engine.bpmn.journal import Journal
from engine.feel import encode
from engine.store.models import ExternalTask, ProcessInstance
from engine.store.unit_of_work import Unit

WAITING_KINDS = frozenset({"serviceTask", "sendTask", "businessRuleTask"})


def write(unit: Unit, instance: ProcessInstance, journal: Journal) -> None:
    """Insert what waits for a worker, close what has ended otherwise."""
    rows = [
        {
            "id": task.task_id,
            "instance_id": instance.id,
            "definition_id": task.definition_id,
            "element_id": task.element_id,
            "agency_id": instance.agency_id,
            "business_key": instance.business_key,
            "topic": task.topic,
            "priority": 0,
            "state": "open",
            "inputs": {name: encode(value) for name, value in task.variables.items()},
            "created_at": unit.now,
        }
        for task in journal.external
        if not journal.closed(task.task_id)
    ]
    if rows:
        unit.session.execute(insert(ExternalTask), rows)
    _cancel(unit, journal)


def _cancel(unit: Unit, journal: Journal) -> None:
    gone = [
        visit.task_id
        for visit in journal.visits.values()
        if visit.kind in WAITING_KINDS and visit.ended == "cancelled" and not visit.opened_now
    ]
    if gone:
        unit.session.execute(
            update(ExternalTask)
            .where(ExternalTask.id.in_(gone), ExternalTask.state == "open")
            .values(state="cancelled"),
            execution_options={"synchronize_session": False},
        )
