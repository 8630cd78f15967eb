"""User tasks: opened for a role in a unit, cancelled when their scope ends."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, update

from engine.actors import SYSTEM, Actor, load_actor
from engine.bpmn.journal import Journal, OpenedUserTask
from engine.errors import Forbidden
from engine.feel import encode
from engine.store.models import Deadline, Draft, ProcessInstance, UserTask
from engine.store.unit_of_work import Unit
from engine.store.upsert import save_all

COMPLETED = ("state", "assignee", "completed_at", "completed_by")
"""What changes in a task that is done."""
URGENT = 100
"""Priority of an urgent task: above every other in the list."""


def write(
    unit: Unit, instance: ProcessInstance, journal: Journal, running: Sequence[Deadline]
) -> list[UserTask]:
    """Insert what still waits after the run, cancel what no longer does; what was inserted."""
    opened = [task for task in journal.user_tasks if not journal.closed(task.task_id)]
    handler = _handler(unit, instance) if opened else None
    rows = [_row(unit, instance, task, running, handler) for task in opened]
    done = [row for row in unit.session.dirty if isinstance(row, UserTask)]
    save_all(unit.session, [*done, *rows], COMPLETED)
    _cancel(unit, journal)
    for task, row in zip(opened, rows, strict=True):
        if task.urgent:
            _announce(unit, instance, row)
    return rows


def _handler(unit: Unit, instance: ProcessInstance) -> Actor | None:
    """Who started the instance, while he holds a post: the first assignee of his role's tasks."""
    if instance.started_by == unit.actor.id:
        return unit.actor if unit.actor.kind == "person" else None
    if instance.started_by == SYSTEM.id:
        return None
    try:
        starter = load_actor(unit.session, instance.started_by, unit.now)
    except Forbidden:
        return None
    return starter if starter.kind == "person" else None


def _row(
    unit: Unit,
    instance: ProcessInstance,
    task: OpenedUserTask,
    running: Sequence[Deadline],
    handler: Actor | None,
) -> UserTask:
    deadline = _earliest(task, running)
    agency_id = task.agency or instance.agency_id
    assignee = task.assignee or _first_assignee(task, agency_id, handler)
    if assignee is None and not task.role and handler is not None:
        assignee = handler.id  # addressed to nobody: whoever started it
    due_at = min((d for d in (task.due_at, deadline and deadline.due_at) if d), default=None)
    return UserTask(
        id=task.task_id,
        instance_id=instance.id,
        definition_id=task.definition_id,
        element_id=task.element_id,
        name=task.name,
        business_key=instance.business_key,
        agency_id=agency_id,
        role=task.role,
        unit_id=task.unit,
        assignee=assignee,
        state="open",
        form_key=task.form_key,
        row_id=task.row_id,
        variables={name: encode(value) for name, value in task.variables.items()},
        priority=URGENT if task.urgent else task.priority,
        created_at=unit.now,
        claimed_at=unit.now if assignee else None,
        due_at=due_at,
        deadline_id=deadline.id if deadline and deadline.due_at == due_at else None,
    )


def _first_assignee(task: OpenedUserTask, agency_id: str, handler: Actor | None) -> str | None:
    """The handler, where the task is for his role and, if it names one, his unit."""
    if handler is None:
        return None
    held = (
        post.agency_id == agency_id and post.role == task.role and task.unit in (None, post.unit_id)
        for post in handler.posts
    )
    return handler.id if any(held) else None


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
        _forget_typing(unit, gone)


def _forget_typing(unit: Unit, tasks: list[str]) -> None:
    """Drafts of tasks that nobody will send: what a withdrawn query had typed is not kept."""
    unit.session.execute(
        delete(Draft).where(Draft.key.in_(tasks)),
        execution_options={"synchronize_session": False},
    )


def _announce(unit: Unit, instance: ProcessInstance, row: UserTask) -> None:
    unit.notify(
        "task",
        agency_id=row.agency_id,
        person_id=row.assignee,
        role=None if row.assignee else row.role,
        unit_id=None if row.assignee else row.unit_id,
        instance=instance,
        params={"task": row.name, "task_id": row.id},
    )
