"""What came of moving a demonstration's clock on, in figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from engine.store.models import DeadlineEntry, Job, UserTask

if TYPE_CHECKING:
    from engine.engine import Engine


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """Of all agencies of the demonstration; it holds no real person's work."""

    timers: int
    """Timers drawn in diagrams that fired."""
    reminders: int
    overdue: int
    escalations: int
    tasks: int
    """User tasks that were opened."""


def rehearsed(engine: Engine, since: datetime, until: datetime) -> Rehearsed:
    """Later than `since`, up to `until`; two statements."""
    by_kind = (
        select(DeadlineEntry.kind, func.count())
        .where(DeadlineEntry.recorded_at > since, DeadlineEntry.recorded_at <= until)
        .group_by(DeadlineEntry.kind)
    )
    timers = (Job.kind == "timer", Job.state == "done", Job.fired_at > since, Job.fired_at <= until)
    opened = (UserTask.created_at > since, UserTask.created_at <= until)
    numbers = select(
        select(func.count()).select_from(Job).where(*timers).scalar_subquery(),
        select(func.count()).select_from(UserTask).where(*opened).scalar_subquery(),
    )
    with engine.database.read() as session:
        entries = dict(session.execute(by_kind).all())
        fired, tasks = session.execute(numbers).one()
    return Rehearsed(
        timers=fired,
        reminders=entries.get("reminder", 0),
        overdue=entries.get("overdue", 0),
        escalations=entries.get("escalation", 0),
        tasks=tasks,
    )
