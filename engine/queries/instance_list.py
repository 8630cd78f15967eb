"""Every instance of an agency for its supervisors: narrowed, sorted, page by page, counted.

Pages are found by key, not by number: the thousandth costs what the first costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, tuple_
from sqlalchemy.orm import Session

from engine import directory
from engine.actors import Actor
from engine.ledger import binding
from engine.queries import instance_filters
from engine.queries.due_days import ends
from engine.queries.instance_filters import Wanted, running, with_incident
from engine.queries.raised import flags_of, open_about
from engine.queries.supervision import overseen
from engine.store.models import (
    Deadline,
    ProcessDefinition,
    ProcessInstance,
    Unit,
    UserTask,
)

if TYPE_CHECKING:
    from engine.engine import Engine

PAGE = 50
COUNTED = 10_000
"""Beyond so many the list says "more than": nobody reads the exact figure."""
SORTS = ("newest", "oldest", "due")
_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Where an instance without a running limit stands when sorted by limit."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows: beside the row with this sorting instant and id."""

    at: datetime
    id: str
    back: bool = False
    """The page before the place, not the one after it."""


@dataclass(frozen=True, slots=True)
class RunningLimit:
    """The earliest limit of an instance whose duty is not done."""

    period_id: str
    started_at: datetime
    due_at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class Step:
    """An open task; `holder` is None while it waits in the queue."""

    name: str
    holder: str | None


@dataclass(frozen=True, slots=True)
class OverseenInstance:
    """A row of the list."""

    id: str
    business_key: str
    case_no: str | None
    process_name: str
    unit_name: str | None
    state: str
    outcome: str | None
    incident_count: int
    started_at: datetime
    ended_at: datetime | None
    sorted_at: datetime
    raised: bool
    limit: RunningLimit | None = None
    steps: Sequence[Step] = ()
    flags: Sequence[str] = ()
    """What its request shows of what is raised about it, e.g. 有审查建议."""

    def place(self, *, back: bool = False) -> Cursor:
        """Beside this row."""
        return Cursor(self.sorted_at, self.id, back)


@dataclass(frozen=True, slots=True)
class Stretch:
    """One page. `total` stops at COUNTED + 1."""

    rows: Sequence[OverseenInstance]
    before: Cursor | None
    after: Cursor | None
    total: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Instances of the agency that have not ended, and those that need a look."""

    open: int
    overdue: int
    today: int
    incidents: int
    suspended: int


@dataclass(frozen=True, slots=True)
class _Order:
    """By what the list is sorted, and which way; `limits` is joined where that is the limit."""

    key: Any
    falling: bool
    limits: Any = None


def overseen_instances(
    engine: Engine, actor: Actor, wanted: Wanted, cursor: Cursor | None = None
) -> Stretch:
    """One page of the actor's agency; four statements. Raises Forbidden."""
    agency_id = overseen(actor)
    narrowed = instance_filters.conditions(agency_id, wanted, engine.clock.now())
    order = _order(agency_id, wanted.sort)
    with engine.database.read() as session:
        rows, more = _page(session, _rows(order, narrowed), order, cursor)
        total = _total(session, narrowed)
        filled = _filled(engine, session, agency_id, rows)
    return _stretch(filled, cursor, more, total)


def tally(engine: Engine, actor: Actor) -> Tally:
    """One statement over indexes, whatever the number of instances. Raises Forbidden."""
    agency_id, now = overseen(actor), engine.clock.now()
    alive = and_(ProcessInstance.agency_id == agency_id, ProcessInstance.ended_at.is_(None))
    suspended = and_(alive, ProcessInstance.state == "suspended")
    numbers = select(
        _counted(alive),
        _late(agency_id, "overdue", now),
        _late(agency_id, "today", now),
        _counted(ProcessInstance.id.in_(with_incident(agency_id))),
        _counted(suspended),
    )
    with engine.database.read() as session:
        return Tally(*session.execute(numbers).one())


def _counted(condition: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(ProcessInstance).where(condition).scalar_subquery()


def _late(agency_id: str, due: str, now: datetime) -> Any:
    number = func.count(Deadline.instance_id.distinct())
    late = (*running(agency_id), ends(Deadline.due_at, due, now))
    return select(number).where(*late).scalar_subquery()


# sorting and turning pages ------------------------------------------------------------


def _order(agency_id: str, sort: str) -> _Order:
    if sort != "due":
        return _Order(ProcessInstance.started_at, falling=sort != "oldest")
    earliest = func.min(Deadline.due_at).label("due_at")
    limits = (
        select(Deadline.instance_id, earliest)
        .where(*running(agency_id))
        .group_by(Deadline.instance_id)
        .subquery()
    )
    never = literal(_NEVER, Deadline.due_at.type)
    return _Order(func.coalesce(limits.c.due_at, never), falling=False, limits=limits)


_RAISED = open_about(ProcessInstance.business_key, ProcessInstance.agency_id)


def _rows(order: _Order, conditions: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = (
        select(
            ProcessInstance.id,
            ProcessInstance.business_key,
            ProcessInstance.case_no,
            ProcessDefinition.name,
            Unit.name,
            ProcessInstance.state,
            ProcessInstance.outcome,
            ProcessInstance.incident_count,
            ProcessInstance.started_at,
            ProcessInstance.ended_at,
            order.key,
            _RAISED,
        )
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .outerjoin(Unit, Unit.id == ProcessInstance.unit_id)
        .where(*conditions)
    )
    if order.limits is not None:
        of_instance = order.limits.c.instance_id == ProcessInstance.id
        statement = statement.outerjoin(order.limits, of_instance)
    return statement


def _page(
    session: Session, statement: Select[*tuple[Any, ...]], order: _Order, cursor: Cursor | None
) -> tuple[list[OverseenInstance], bool]:
    """The rows of one page in the order of the list, and whether more lie beyond."""
    back = cursor is not None and cursor.back
    falling = order.falling != back
    if cursor is not None:
        statement = statement.where(_beyond(order, cursor, falling))
    keys = (order.key, ProcessInstance.id)
    statement = statement.order_by(*(key.desc() if falling else key.asc() for key in keys))
    found = [OverseenInstance(*row) for row in session.execute(statement.limit(PAGE + 1))]
    rows = found[:PAGE]
    return rows[::-1] if back else rows, len(found) > PAGE


def _beyond(order: _Order, cursor: Cursor, falling: bool) -> ColumnElement[bool]:
    place = tuple_(literal(cursor.at, ProcessInstance.started_at.type), literal(cursor.id))
    here = tuple_(order.key, ProcessInstance.id)
    beyond: ColumnElement[bool] = here < place if falling else here > place
    return beyond


def _total(session: Session, conditions: Sequence[ColumnElement[bool]]) -> int:
    few = select(ProcessInstance.id).where(*conditions).limit(COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(few)) or 0


def _stretch(
    rows: Sequence[OverseenInstance], cursor: Cursor | None, more: bool, total: int
) -> Stretch:
    if not rows:
        return Stretch(rows, None, None, total)
    back = cursor is not None and cursor.back
    earlier = more if back else cursor is not None
    later = True if back else more
    before = rows[0].place(back=True) if earlier else None
    return Stretch(rows, before, rows[-1].place() if later else None, total)


# what stands beside each row ----------------------------------------------------------


def _filled(
    engine: Engine, session: Session, agency_id: str, rows: Sequence[OverseenInstance]
) -> list[OverseenInstance]:
    ids = [row.id for row in rows if row.ended_at is None]
    limits, steps = _limits(session, ids), _steps(engine, session, ids)
    raised = {row.business_key for row in rows if row.raised}
    # Nearly always there is none: then the list costs no further statement.
    flags = flags_of(engine, session, agency_id, raised) if raised else {}
    return [
        replace(
            one,
            limit=limits.get(one.id),
            steps=steps.get(one.id, ()),
            flags=flags.get(one.business_key, ()),
        )
        for one in rows
    ]


def _limits(session: Session, ids: Sequence[str]) -> dict[str, RunningLimit]:
    """The earliest running limit of each."""
    statement = (
        select(
            Deadline.instance_id,
            Deadline.period_id,
            Deadline.started_at,
            Deadline.due_at,
            Deadline.provisional,
        )
        .where(Deadline.instance_id.in_(ids), binding())
        .order_by(Deadline.due_at.desc(), Deadline.id)
    )
    return {row[0]: RunningLimit(*row[1:]) for row in session.execute(statement)}


def _steps(engine: Engine, session: Session, ids: Sequence[str]) -> Mapping[str, list[Step]]:
    """The open tasks of each, the oldest first."""
    statement = (
        select(UserTask.instance_id, UserTask.name, UserTask.assignee)
        .where(UserTask.instance_id.in_(ids), UserTask.state == "open")
        .order_by(UserTask.created_at, UserTask.id)
    )
    found = session.execute(statement).all()
    people = directory.names(session, engine.crypto, {row.assignee for row in found})
    steps: dict[str, list[Step]] = {}
    for id, name, holder in found:
        steps.setdefault(id, []).append(Step(name, people.get(holder or "")))
    return steps
