"""今日期限: the limits of an agency that are overdue, end today or tomorrow, or are provisional."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from engine import directory
from engine.actors import Actor
from engine.ledger import binding
from engine.queries.due_days import ends
from engine.queries.supervision import overseen
from engine.store.models import Deadline, ProcessDefinition, ProcessInstance, Unit, UserTask

if TYPE_CHECKING:
    from engine.engine import Engine

SHOWN = 200
"""Limits listed under one heading; the figures above count all of them."""
HEADINGS = ("overdue", "today", "tomorrow", "provisional")
"""`provisional`: later ones whose instant waits for the State Council's calendar."""


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A running limit. `due_at` is the exclusive end.

    `bearers` hold an open task of its duty, or of the instance where none is known to be of the
    duty; `unclaimed`: such a task waits in its queue.
    """

    id: str
    instance_id: str
    business_key: str
    case_no: str | None
    process_name: str
    unit_name: str | None
    period_id: str
    kind: str
    started_at: datetime
    due_at: datetime
    provisional: bool
    suspended: bool
    bearers: Sequence[str] = ()
    unclaimed: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """How many limits of one unit or procedure stand under each heading."""

    key: str
    name: str | None
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Board:
    """Heading → its limits, the earliest first, and → how many there are in all."""

    lines: Mapping[str, Sequence[BoardLine]]
    numbers: Mapping[str, int]
    by_unit: Sequence[Figures]
    by_procedure: Sequence[Figures]


def deadline_board(
    engine: Engine, actor: Actor, *, unit: str | None = None, procedure: str | None = None
) -> Board:
    """The board of the actor's agency, narrowed to a unit or a procedure. Raises Forbidden."""
    agency_id, now = overseen(actor), engine.clock.now()
    with engine.database.read() as session:
        counted = _counted(session, agency_id, now)
        chosen = _narrowed(unit, procedure)
        lines = {
            heading: _lines(engine, session, [*_under(agency_id, heading, now), *chosen])
            for heading in HEADINGS
        }
    shown = [one for one in counted if unit in (None, one.unit_id)]
    shown = [one for one in shown if procedure in (None, one.process_key)]
    return Board(
        lines=lines,
        numbers=_sum(shown),
        by_unit=_figures(counted, "unit_id", "unit_name"),
        by_procedure=_figures(counted, "process_key", "process_name"),
    )


def _under(agency_id: str, heading: str, now: datetime) -> list[ColumnElement[bool]]:
    running = [Deadline.agency_id == agency_id, binding()]
    return [*running, _heading(heading, now)]


def _heading(heading: str, now: datetime) -> ColumnElement[bool]:
    if heading != "provisional":
        return ends(Deadline.due_at, heading, now)
    sooner = [ends(Deadline.due_at, one, now) for one in HEADINGS[:-1]]
    return and_(Deadline.provisional, *(~one for one in sooner))


def _narrowed(unit: str | None, procedure: str | None) -> list[ColumnElement[bool]]:
    chosen = []
    if unit is not None:
        chosen.append(func.coalesce(Deadline.unit_id, "") == unit)
    if procedure is not None:
        chosen.append(ProcessInstance.process_key == procedure)
    return chosen


# figures ------------------------------------------------------------------------------


def _counted(session: Session, agency_id: str, now: datetime) -> Sequence[Any]:
    """One row per unit and procedure: their names, and the number under each heading."""
    numbers = [
        func.sum(case((_heading(heading, now), 1), else_=0)).label(heading) for heading in HEADINGS
    ]
    statement = (
        select(
            func.coalesce(Deadline.unit_id, "").label("unit_id"),
            Unit.name.label("unit_name"),
            ProcessInstance.process_key,
            func.max(ProcessDefinition.name).label("process_name"),
            *numbers,
        )
        .join(ProcessInstance, ProcessInstance.id == Deadline.instance_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .outerjoin(Unit, Unit.id == Deadline.unit_id)
        .where(Deadline.agency_id == agency_id, binding())
        .group_by(Deadline.unit_id, Unit.name, ProcessInstance.process_key)
    )
    return session.execute(statement).all()


def _sum(rows: Sequence[Any]) -> dict[str, int]:
    return {heading: sum(getattr(row, heading) for row in rows) for heading in HEADINGS}


def _figures(rows: Sequence[Any], key: str, name: str) -> list[Figures]:
    """By unit or by procedure; what has nothing under any heading is left out."""
    totals: dict[str, Counter[str]] = {}
    names = {}
    for row in rows:
        names[getattr(row, key)] = getattr(row, name)
        total = totals.setdefault(getattr(row, key), Counter())
        total.update({heading: getattr(row, heading) for heading in HEADINGS})
    figures = [Figures(one, names[one], total) for one, total in totals.items() if total.total()]
    return sorted(figures, key=lambda one: (one.name is None, one.name))


# lines --------------------------------------------------------------------------------


def _lines(
    engine: Engine, session: Session, conditions: Sequence[ColumnElement[bool]]
) -> list[BoardLine]:
    statement = (
        select(
            Deadline.id,
            Deadline.instance_id,
            Deadline.business_key,
            ProcessInstance.case_no,
            ProcessDefinition.name,
            Unit.name,
            Deadline.period_id,
            Deadline.kind,
            Deadline.started_at,
            Deadline.due_at,
            Deadline.provisional,
            ProcessInstance.state == "suspended",
        )
        .join(ProcessInstance, ProcessInstance.id == Deadline.instance_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
        .outerjoin(Unit, Unit.id == Deadline.unit_id)
        .where(*conditions)
        .order_by(Deadline.due_at, Deadline.id)
        .limit(SHOWN)
    )
    found: Sequence[Any] = session.execute(statement).all()
    lines = [BoardLine(*row) for row in found]
    return _borne(engine, session, lines)


def _borne(engine: Engine, session: Session, lines: Sequence[BoardLine]) -> list[BoardLine]:
    """With those who bear each duty; two statements."""
    statement = select(UserTask.instance_id, UserTask.deadline_id, UserTask.assignee).where(
        UserTask.instance_id.in_({one.instance_id for one in lines}), UserTask.state == "open"
    )
    held: dict[str, list[tuple[str | None, str | None]]] = {}
    for instance_id, deadline_id, holder in session.execute(statement):
        held.setdefault(instance_id, []).append((deadline_id, holder))
    everybody = {holder for tasks in held.values() for _, holder in tasks}
    people = directory.names(session, engine.crypto, everybody)
    return [_with_bearers(one, held.get(one.instance_id, []), people) for one in lines]


def _with_bearers(
    line: BoardLine, tasks: Sequence[tuple[str | None, str | None]], people: Mapping[str, str]
) -> BoardLine:
    of_duty = [holder for deadline_id, holder in tasks if deadline_id == line.id]
    holders = of_duty or [holder for _, holder in tasks]
    names = dict.fromkeys(people[holder] for holder in holders if holder)
    return replace(line, bearers=tuple(names), unclaimed=None in holders)
