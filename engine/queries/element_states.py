"""The state of each element of a diagram, of what the viewer may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.ledger import binding
from engine.store.models import (
    Activity,
    Deadline,
    Incident,
    ProcessDefinition,
    UserTask,
)


@dataclass
class ElementState:
    """What happened at one element: entries by state, who holds it, the earliest limit on it."""

    active: int = 0
    completed: int = 0
    incident: bool = False
    overdue: bool = False
    holders: list[str | None] = field(default_factory=list)
    """Assignees of its open tasks; None for a task nobody has claimed."""
    due_at: datetime | None = None
    clock_from: datetime | None = None


def of_diagram(
    session: Session, definition_id: str, instance_ids: Sequence[str], now: datetime
) -> dict[str, ElementState]:
    """Element id → state, over these instances, on the diagram that the definition stands in.

    A collaboration is one diagram with one definition for each agency: the instances of one
    agency fill in its own pool only, because only those are handed in.
    """
    drawn = _definitions_drawn_with(session, definition_id)
    states: dict[str, ElementState] = {}
    for element_id, state in _activities(session, drawn, instance_ids):
        _enter(states.setdefault(element_id, ElementState()), state)
    for task in _open_tasks(session, drawn, instance_ids):
        _hold(states.setdefault(task.element_id, ElementState()), task, now)
    _mark_overdue(session, states, instance_ids, now)
    for element_id in _incidents(session, instance_ids):
        states.setdefault(element_id, ElementState()).incident = True
    return states


def _definitions_drawn_with(session: Session, definition_id: str) -> list[str]:
    me = session.get_one(ProcessDefinition, definition_id)
    return list(
        session.scalars(
            select(ProcessDefinition.id).where(
                ProcessDefinition.deployment_id == me.deployment_id,
                ProcessDefinition.resource_name == me.resource_name,
            )
        )
    )


def _activities(
    session: Session, drawn: Sequence[str], instance_ids: Sequence[str]
) -> Sequence[Any]:
    return session.execute(
        select(Activity.element_id, Activity.state).where(
            Activity.instance_id.in_(instance_ids), Activity.definition_id.in_(drawn)
        )
    ).all()


def _enter(element: ElementState, state: str) -> None:
    element.active += state == "active"
    element.completed += state == "completed"


def _open_tasks(
    session: Session, drawn: Sequence[str], instance_ids: Sequence[str]
) -> Sequence[UserTask]:
    return session.scalars(
        select(UserTask).where(
            UserTask.instance_id.in_(instance_ids),
            UserTask.definition_id.in_(drawn),
            UserTask.state == "open",
        )
    ).all()


def _hold(element: ElementState, task: UserTask, now: datetime) -> None:
    element.holders.append(task.assignee)
    if task.due_at is None:
        return
    element.overdue |= task.due_at <= now
    if element.due_at is None or task.due_at < element.due_at:
        element.due_at, element.clock_from = task.due_at, task.created_at


def _mark_overdue(
    session: Session,
    states: Mapping[str, ElementState],
    instance_ids: Sequence[str],
    now: datetime,
) -> None:
    """The limit's own start counts for the warning tier, and its activity may hold no task."""
    running = session.execute(
        select(Deadline.duty_element_id, Deadline.started_at, Deadline.due_at).where(
            Deadline.instance_id.in_(instance_ids), binding()
        )
    )
    for element_id, started_at, due_at in running:
        element = states.get(element_id)
        if element is None or not element.active:
            continue
        element.overdue |= due_at <= now
        if element.due_at is None or due_at <= element.due_at:
            element.due_at, element.clock_from = due_at, started_at


def _incidents(session: Session, instance_ids: Sequence[str]) -> Sequence[str]:
    return session.scalars(
        select(Incident.element_id).where(
            Incident.instance_id.in_(instance_ids),
            Incident.state == "open",
            Incident.element_id.isnot(None),
        )
    ).all()  # type: ignore[return-value]  # the condition leaves no None
