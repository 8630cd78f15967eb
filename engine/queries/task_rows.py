"""One row of a task list, with all that the list shows of it, from one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select

from engine.queries.raised import open_about
from engine.store.models import Deadline, ProcessDefinition, ProcessInstance, Unit, UserTask

URGENT = 80
"""From this priority on a task stands before all others and is shown as 紧急."""


@dataclass(frozen=True)
class TaskRow:
    """A user task as lists show it. Holds no personal data."""

    id: str
    name: str
    element_id: str
    business_key: str
    case_no: str | None
    instance_id: str
    instance_state: str
    process_name: str
    role: str
    unit_name: str | None
    state: str
    assignee: str | None
    priority: int
    created_at: datetime
    due_at: datetime | None
    """Exclusive end of the earliest running limit."""
    limit_started_at: datetime | None
    limit_provisional: bool | None
    completed_at: datetime | None
    raised: bool
    """Whether something raised about its request is open (`engine.queries.raised`)."""

    @property
    def urgent(self) -> bool:
        """Stands before all others."""
        return self.priority >= URGENT

    @property
    def clock_from(self) -> datetime:
        """When its limit began to run; its creation where no limit is known."""
        return self.limit_started_at or self.created_at

    @property
    def provisional(self) -> bool:
        """Computed with a calendar that is not final."""
        return bool(self.limit_provisional)


_COLUMNS: tuple[Any, ...] = (
    UserTask.id,
    UserTask.name,
    UserTask.element_id,
    UserTask.business_key,
    ProcessInstance.case_no,
    UserTask.instance_id,
    ProcessInstance.state,
    ProcessDefinition.name,
    UserTask.role,
    Unit.name,
    UserTask.state,
    UserTask.assignee,
    UserTask.priority,
    UserTask.created_at,
    UserTask.due_at,
    Deadline.started_at,
    Deadline.provisional,
    UserTask.completed_at,
    open_about(UserTask.business_key, UserTask.agency_id),
)


def tasks(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The statement behind every task list; a task's instance, unit and limit are joined."""
    return (
        select(*_COLUMNS)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .outerjoin(Unit, Unit.id == UserTask.unit_id)
        .outerjoin(Deadline, Deadline.id == UserTask.deadline_id)
        .where(*conditions)
    )


def urgent_first(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """What is urgent, then what is due first; what has no limit last, oldest first."""
    return statement.order_by(
        (UserTask.priority >= URGENT).desc(),
        UserTask.due_at.is_(None),
        UserTask.due_at,
        UserTask.created_at,
        UserTask.id,
    )


def task_rows(found: Iterable[Row[*tuple[Any, ...]]]) -> list[TaskRow]:
    """The rows of a statement made by `tasks`."""
    return [TaskRow(*row) for row in found]
