"""User tasks: opened for a role in a unit, cancelled when their scope ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, update

from engine.bpmn.journal import Journal, OpenedUserTask
from engine.store.models import Deadline, ProcessInstance, UserTask
from engine.store.unit_of_work import Unit

URGENT = 100
"""Priority from which a new task is announced at once (C-11), not only listed."""


def write(
    unit: Unit, instance: ProcessInstance, journal: Journal, running: Sequence[Deadline]
) -> list[str]:
    """Insert what still waits after the run, cancel what no longer does; ids of the inserted."""
    opened = [task for task in journal.user_tasks if not journal.closed(task.task_id)]
    rows = [_row(unit, instance, task, running) for task in opened]
    if rows:
        unit.session.execute(insert(UserTask), rows)
    _cancel(unit, journal)
    for row in rows:
        if row["priority"] >= URGENT:
            _announce(unit, instance, row)
    return [row["id"] for row in rows]


def _row(
    unit: Unit, instance: ProcessInstance, task: OpenedUserTask, running: Sequence[Deadline]
) -> dict[str, Any]:
    deadline = _earliest(task, running)
    due_at = min((d for d in (task.due_at, deadline and deadline.due_at) if d), default=None)
    return {
        "id": task.task_id,
        "instance_id": instance.id,
        "definition_id": task.definition_id,
        "element_id": task.element_id,
        "name": task.name,
        "business_key": instance.business_key,
        "agency_id": task.agency or instance.agency_id,
        "role": task.role,
        "unit_id": task.unit,
        "assignee": task.assignee,
        "state": "open",
        "form_key": task.form_key,
        "row_id": task.row_id,
        "priority": task.priority,
        "created_at": unit.now,
        "claimed_at": unit.now if task.assignee else None,
        "due_at": due_at,
        "deadline_id": deadline.id if deadline and deadline.due_at == due_at else None,
    }


def _earliest(task: OpenedUserTask, running: Sequence[Deadline]) -> Deadline | None:
    """The running deadline that ends first of those whose duty the task is part of."""
    scopes = {task.task_id, *task.scopes}
    covering = [deadline for deadline in running if deadline.scope_id in scopes]
    return min(covering, key=lambda deadline: deadline.due_at, default=None)


def _cancel(unit: Unit, journal: Journal) -> None:
    gone = [
        visit.task_id
        for visit in journal.visits.values()
        if visit.kind == "userTask" and visit.ended == "cancelled" and not visit.opened_now
    ]
    if gone:
        unit.session.execute(
            update(UserTask)
            .where(UserTask.id.in_(gone), UserTask.state == "open")
            .values(state="cancelled", completed_at=unit.now),
            execution_options={"synchronize_session": False},
        )


def _announce(unit: Unit, instance: ProcessInstance, row: dict[str, Any]) -> None:
    unit.notify(
        "task",
        agency_id=row["agency_id"],
        person_id=row["assignee"],
        role=None if row["assignee"] else row["role"],
        unit_id=None if row["assignee"] else row["unit_id"],
        instance=instance,
        params={"task": row["name"], "task_id": row["id"]},
    )
