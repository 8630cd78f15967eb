"""考核指标: what two agencies did together in a period, counted from the same rows as everything
else (procedures B26, B23). Numbers and request numbers only; nobody is named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random
from statistics import mean, median
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from engine.definitions import Definitions
from engine.ledger import OPEN
from engine.measured import taken
from engine.store.models import (
    Activity,
    AuditRow,
    Deadline,
    Envelope,
    Incident,
    ProcessDefinition,
    ProcessInstance,
)
from engine.timing.norms import Norms

LIBERTY = ("T-INQ-8H", "T-INQ-12H", "T-INQ-24H")
"""Limits of an inquiry: one that was passed is 超时限制人身自由, and must never be."""
RETURNED = "correction_request"
MOST_OVERDUE = 200


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant to another, the latter not included, among some agencies."""

    start: datetime
    end: datetime
    agencies: Collection[str]

    def holds(self, column: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """The column's instant lies in it."""
        return and_(column >= self.start, column < self.end)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure: group and subject say of what, `measure` says which, in `unit`."""

    group: str
    subject: str
    measure: str
    value: float
    unit: str = "件"


@dataclass(frozen=True, slots=True)
class OverdueLimit:
    """A limit that was passed in the span: of which request, by how many hours."""

    request_no: str
    procedure: str
    period: str
    due_at: datetime
    hours_late: float
    done: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """All indicators of a span, and the limits that were passed, the longest first."""

    indicators: list[Indicator]
    overdue: list[OverdueLimit]


def figures(session: Session, definitions: Definitions, norms: Norms, span: Span) -> Figures:
    """Count. A few indexed queries over the rows of the span."""
    passed = _passed(session, norms, span)
    counted = [
        *_requests(session, span),
        *_limits(session, norms, span),
        *_measured(session, definitions, norms, span),
        *_returns(session, span),
        *_electronic(session, span),
        *_oversight(session, span),
    ]
    return Figures(counted, passed)


def drawn(session: Session, span: Span, size: int, seed: str) -> list[tuple[str, str]]:
    """抽样: `size` requests begun in the span, by chance: (number, procedure), in their order.

    `seed`: the same seed draws the same ones, so that a second look finds what the first did.
    """
    within = (ProcessInstance.agency_id.in_(span.agencies), span.holds(ProcessInstance.started_at))
    query = select(ProcessInstance.business_key, ProcessInstance.process_key).where(*within)
    begun: dict[str, str] = {}
    for number, key in session.execute(query.order_by(ProcessInstance.started_at)):
        begun.setdefault(number, key)
    names = _names(session)
    # Not for secrets: a sample that can be repeated.
    chosen = Random(seed).sample(sorted(begun), min(size, len(begun)))
    return [(number, names.get(begun[number], begun[number])) for number in sorted(chosen)]


def _requests(session: Session, span: Span) -> Iterator[Indicator]:
    """Begun, ended by outcome, still running: of each procedure's first half."""
    names = _names(session)
    begun = (ProcessInstance.agency_id.in_(span.agencies), span.holds(ProcessInstance.started_at))
    yield from _counted(session, names, "发起", *begun)
    ended = (ProcessInstance.agency_id.in_(span.agencies), span.holds(ProcessInstance.ended_at))
    query = (
        select(ProcessInstance.process_key, ProcessInstance.outcome, func.count())
        .where(*ended, ProcessInstance.outcome.is_not(None))
        .group_by(ProcessInstance.process_key, ProcessInstance.outcome)
        .order_by(ProcessInstance.process_key, ProcessInstance.outcome)
    )
    for key, outcome, number in session.execute(query):
        yield Indicator("办理结果", names.get(key, key), str(outcome), number)
    running = (
        ProcessInstance.agency_id.in_(span.agencies),
        ProcessInstance.started_at < span.end,
        or_(ProcessInstance.ended_at.is_(None), ProcessInstance.ended_at >= span.end),
    )
    yield from _counted(session, names, "期末在办", *running)


def _names(session: Session) -> dict[str, str]:
    query = select(ProcessDefinition.key, ProcessDefinition.name).order_by(
        ProcessDefinition.version
    )
    return {row.key: row.name for row in session.execute(query)}


def _counted(
    session: Session, names: dict[str, str], measure: str, *where: ColumnElement[bool]
) -> Iterator[Indicator]:
    key = ProcessInstance.process_key
    query = select(key, func.count()).where(*where).group_by(key).order_by(key)
    for found, number in session.execute(query):
        yield Indicator("协作事项", names.get(found, found), measure, number)


def _limits(session: Session, norms: Norms, span: Span) -> Iterator[Indicator]:
    """How many limits ended in the span, met, met late or not at all; the rate and the lateness."""
    query = select(Deadline.period_id, Deadline.state, Deadline.due_at, Deadline.met_at).where(
        Deadline.agency_id.in_(span.agencies),
        span.holds(Deadline.due_at),
        Deadline.state != "void",
        Deadline.kind == "statutory",
    )
    by_period = defaultdict(list)
    for row in session.execute(query.order_by(Deadline.period_id)):
        by_period[row.period_id].append(row)
    for period_id, rows in by_period.items():
        states = Counter(row.state for row in rows)
        name = _period_name(norms, period_id)
        yield Indicator("法定期限", name, "到期", len(rows))
        yield Indicator("法定期限", name, "按期", states["met"])
        yield Indicator("法定期限", name, "逾期", len(rows) - states["met"] - states["running"])
        yield Indicator("法定期限", name, "按期率", round(100 * states["met"] / len(rows), 1), "%")
        late = [_hours(row.met_at, row.due_at) for row in rows if row.state == "met_late"]
        if late:
            yield Indicator("法定期限", name, "平均逾期", round(mean(late), 1), "小时")


def _period_name(norms: Norms, period_id: str) -> str:
    row = norms.periods.get(period_id)
    return row.zh if row is not None else period_id


def _hours(later: datetime, earlier: datetime) -> float:
    return round((later - earlier).total_seconds() / 3600, 1)


def _passed(session: Session, norms: Norms, span: Span) -> list[OverdueLimit]:
    query = (
        select(Deadline, ProcessInstance.process_key)
        .join(ProcessInstance, ProcessInstance.id == Deadline.instance_id)
        .where(
            Deadline.agency_id.in_(span.agencies),
            span.holds(Deadline.due_at),
            Deadline.kind == "statutory",
            Deadline.state.in_(("met_late", *OPEN)),
        )
        .order_by(Deadline.due_at, Deadline.id)
    )
    names = _names(session)
    found = [
        OverdueLimit(
            request_no=deadline.business_key,
            procedure=names.get(key, key),
            period=_period_name(norms, deadline.period_id),
            due_at=deadline.due_at,
            hours_late=_hours(deadline.met_at or span.end, deadline.due_at),
            done=deadline.met_at is not None,
        )
        for deadline, key in session.execute(query)
    ]
    return sorted(found, key=lambda one: -one.hours_late)[:MOST_OVERDUE]


# 及时、即时、第一时间: measured, without a number ------------------------------------------


def _measured(
    session: Session, definitions: Definitions, norms: Norms, span: Span
) -> Iterator[Indicator]:
    """The median of every period without a number, where anything was done under it."""
    by_period: dict[str, list[float]] = defaultdict(list)
    done = (span.holds(Activity.ended_at), ProcessInstance.agency_id.in_(span.agencies))
    for one in taken(session, definitions, norms, *done):
        by_period[one.period_id].append(one.minutes)
    for period_id, minutes in sorted(by_period.items()):
        name = _period_name(norms, period_id)
        yield Indicator("用时（只计时）", name, "次数", len(minutes), "次")
        yield Indicator("用时（只计时）", name, "中位数", round(median(minutes), 1), "分钟")


# the rest -----------------------------------------------------------------------------


def _returns(session: Session, span: Span) -> Iterator[Indicator]:
    """退回补正, by what was wrong where the message says it."""
    query = select(Envelope.variables).where(
        Envelope.name == RETURNED,
        Envelope.from_agency.in_(span.agencies),
        span.holds(Envelope.sent_at),
    )
    defects = Counter(defect for row in session.scalars(query) for defect in _defects(row))
    for defect, number in sorted(defects.items()):
        yield Indicator("退回补正", defect, "次数", number, "次")


def _defects(variables: dict[str, object]) -> Iterable[str]:
    listed = variables.get("defects")
    return [str(one) for one in listed] if isinstance(listed, list) and listed else ["未分类"]


def _electronic(session: Session, span: Span) -> Iterator[Indicator]:
    sent = (Envelope.from_agency.in_(span.agencies), span.holds(Envelope.sent_at))
    total = session.scalar(select(func.count()).select_from(Envelope).where(*sent)) or 0
    signed = Envelope.acknowledged_at.is_not(None)
    read = session.scalar(select(func.count()).select_from(Envelope).where(*sent, signed)) or 0
    yield Indicator("电子送达", "双方往来消息", "发出", total)
    yield Indicator("电子送达", "双方往来消息", "已签收", read)


def _oversight(session: Session, span: Span) -> Iterator[Indicator]:
    """What must not be: liberty restricted too long, access denied, incidents left open."""
    beyond = (
        Deadline.agency_id.in_(span.agencies),
        Deadline.period_id.in_(LIBERTY),
        Deadline.state.in_(("met_late", "overdue")),
        span.holds(Deadline.due_at),
    )
    number = session.scalar(select(func.count()).select_from(Deadline).where(*beyond)) or 0
    yield Indicator("监督", "询问期限", "超时限制人身自由", number)
    denied = (
        AuditRow.action == "access.denied",
        AuditRow.agency_id.in_(span.agencies),
        span.holds(AuditRow.at),
    )
    number = session.scalar(select(func.count()).select_from(AuditRow).where(*denied)) or 0
    yield Indicator("监督", "越权访问", "拒绝并记录", number, "次")
    yield from _incidents(session, span)


def _incidents(session: Session, span: Span) -> Iterator[Indicator]:
    of = (
        select(func.count())
        .select_from(Incident)
        .join(ProcessInstance, ProcessInstance.id == Incident.instance_id)
    )
    raised = of.where(ProcessInstance.agency_id.in_(span.agencies), span.holds(Incident.raised_at))
    yield Indicator("监督", "系统异常", "发生", session.scalar(raised) or 0, "次")
    left = raised.where(Incident.state == "open")
    yield Indicator("监督", "系统异常", "未处理", session.scalar(left) or 0, "次")
