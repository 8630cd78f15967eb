"""The officer's lists: 待办 inbox, 候办池 queue, 已办 archive, 我发起的 started by me; counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from engine import permissions
from engine.actors import Actor
from engine.queries.due_days import ends
from engine.queries.notices import unread_count
from engine.queries.raised import flags_of
from engine.queries.task_rows import TaskRow, task_rows, tasks, urgent_first
from engine.store.models import ProcessDefinition, ProcessInstance, UserTask

if TYPE_CHECKING:
    from engine.engine import Engine

PAGE = 50

_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Page(Generic[_Item]):
    """A stretch of a list. `page` counts from 1; `more` says whether another follows."""

    rows: Sequence[_Item]
    page: int
    more: bool
    flags: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By request: what it shows of what is raised about it, e.g. 有审查建议."""


@dataclass(frozen=True)
class Counts:
    """What the navigation and the tiles above the inbox say."""

    inbox: int
    overdue: int
    today: int
    soon: int
    queue: int
    queue_overdue: int
    notices: int


@dataclass(frozen=True)
class InstanceRow:
    """An instance as a list shows it."""

    id: str
    business_key: str
    case_no: str | None
    process_name: str
    state: str
    outcome: str | None
    incident_count: int
    started_at: datetime
    ended_at: datetime | None


def inbox(engine: Engine, actor: Actor, *, due: str | None = None, page: int = 1) -> Page[TaskRow]:
    """Open tasks assigned to the actor; `due` = overdue | today | soon keeps only those."""
    return _open_tasks(engine, actor, UserTask.assignee == actor.id, due, page)


def queue(engine: Engine, actor: Actor, *, due: str | None = None, page: int = 1) -> Page[TaskRow]:
    """Open tasks that nobody has claimed and that the actor's posts may claim."""
    return _open_tasks(engine, actor, _unclaimed(actor), due, page)


def archive(engine: Engine, actor: Actor, *, page: int = 1) -> Page[TaskRow]:
    """Tasks that the actor completed, the latest first."""
    mine = tasks(UserTask.completed_by == actor.id, UserTask.state == "completed")
    newest_first = mine.order_by(UserTask.completed_at.desc(), UserTask.id)
    with engine.database.read() as session:
        found, more = _stretch(session, newest_first, page)
    return Page(task_rows(found), page, more)


def started_by_me(engine: Engine, actor: Actor, *, page: int = 1) -> Page[InstanceRow]:
    """Instances that the actor started, the latest first."""
    statement = (
        select(
            ProcessInstance.id,
            ProcessInstance.business_key,
            ProcessInstance.case_no,
            ProcessDefinition.name,
            ProcessInstance.state,
            ProcessInstance.outcome,
            ProcessInstance.incident_count,
            ProcessInstance.started_at,
            ProcessInstance.ended_at,
        )
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .where(ProcessInstance.started_by == actor.id)
        .order_by(ProcessInstance.started_at.desc(), ProcessInstance.id)
    )
    with engine.database.read() as session:
        found, more = _stretch(session, statement, page)
    return Page([InstanceRow(*row) for row in found], page, more)


def counts(engine: Engine, actor: Actor) -> Counts:
    """Two statements, whatever the number of tasks."""
    now = engine.clock.now()
    mine = UserTask.assignee == actor.id
    free = _unclaimed(actor)
    statement = select(
        _number(mine),
        *(
            _number(and_(mine, ends(UserTask.due_at, name, now)))
            for name in ("overdue", "today", "soon")
        ),
        _number(free),
        _number(and_(free, ends(UserTask.due_at, "overdue", now))),
    ).where(UserTask.state == "open", mine | free)
    with engine.database.read() as session:
        numbers = session.execute(statement).one()
        return Counts(*[number or 0 for number in numbers] + [unread_count(session, actor)])


def _open_tasks(
    engine: Engine, actor: Actor, whose: ColumnElement[bool], due: str | None, page: int
) -> Page[TaskRow]:
    conditions = [UserTask.state == "open", whose]
    if due:
        conditions.append(ends(UserTask.due_at, due, engine.clock.now()))
    with engine.database.read() as session:
        found, more = _stretch(session, urgent_first(tasks(*conditions)), page)
        rows = task_rows(found)
        raised = {row.business_key for row in rows if row.raised}
        # Nearly always there is none: then the list costs no further statement.
        flags = flags_of(engine, session, actor.agency_id, raised) if raised else {}
    return Page(rows, page, more, flags)


def _unclaimed(actor: Actor) -> ColumnElement[bool]:
    return and_(UserTask.assignee.is_(None), permissions.candidate_of(actor))


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _stretch(
    session: Session, statement: Select[*tuple[Any, ...]], page: int
) -> tuple[Sequence[Any], bool]:
    found = session.execute(statement.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return found[:PAGE], len(found) > PAGE
