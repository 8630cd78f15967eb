"""Timer expressions: what `timeDate`, `timeDuration`, `timeCycle` mean from a given instant.

ISO 8601 as every modeler writes it (`PT5M`, `R3/PT10M`, `2026-11-20T09:00:00+08:00`) or a FEEL
value. An instant without zone is Chinese time. The result is absolute: nothing here reads a clock.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.bpmn.faults import Fault

LOCAL = ZoneInfo("Asia/Shanghai")
DURATION = re.compile(
    r"^P(?=.)(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?(?:(?P<weeks>\d{1,9})W)?"
    r"(?:(?P<days>\d{1,9})D)?(?:T(?=.)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,9}(?:\.\d{1,9})?)S)?)?$",
    re.ASCII,
)
CYCLE = re.compile(
    r"^R(?P<count>\d{0,9})/(?:(?P<start>[^P/][^/]*)/)?(?P<every>P[^/]+)(?:/(?P<end>[^/]+))?$",
    re.ASCII,
)
UNBOUNDED = -1


@dataclass(frozen=True, slots=True)
class Span:
    """A duration: whole months, then exact time."""

    months: int
    rest: timedelta

    def after(self, start: datetime) -> datetime:
        """`start` plus the span; a day that the month lacks becomes its last (GB/T 7408.1)."""
        if self.months:
            local = start.astimezone(LOCAL)
            index = local.year * 12 + local.month - 1 + self.months
            year, month = divmod(index, 12)
            day = min(local.day, calendar.monthrange(year, month + 1)[1])
            start = local.replace(year=year, month=month + 1, day=day)
        return (start + self.rest).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a timer fires next, and what remains after that."""

    due: datetime | None
    every: str | None = None
    left: int = 0
    """Firings after this one; UNBOUNDED for ever."""
    until: datetime | None = None
    """No firing after this instant (`R/PT10M/2026-12-31`)."""

    def next(self) -> Schedule | None:
        """The schedule after one firing; None when it was the last."""
        if self.every is None or self.left == 0 or self.due is None:
            return None
        left = self.left if self.left == UNBOUNDED else self.left - 1
        due = parse_span(self.every).after(self.due)
        if self.until is not None and due > self.until:
            return None
        return replace(self, due=due, left=left)


def parse_span(text: str) -> Span:
    """An ISO 8601 duration. Raises `Fault` bpmn.bad_duration."""
    match = DURATION.match(text.strip())
    if match is None:
        raise Fault("bpmn.bad_duration", found=text)
    part = {name: float(value) for name, value in match.groupdict(default="0").items()}
    months = int(part.pop("years")) * 12 + int(part.pop("months"))
    try:
        return Span(months, timedelta(**part))
    except OverflowError as problem:
        raise Fault("bpmn.bad_duration", found=text) from problem


def parse_instant(text: str) -> datetime:
    """An ISO 8601 date-time or date. Raises `Fault` bpmn.bad_instant."""
    written, _, zone = text.strip().partition("@")
    try:
        found = datetime.fromisoformat(written)
        return aware(found.replace(tzinfo=ZoneInfo(zone)) if zone else found)
    except (ValueError, OverflowError, ZoneInfoNotFoundError, OSError) as problem:
        raise Fault("bpmn.bad_instant", found=text) from problem


def aware(value: datetime) -> datetime:
    """In UTC; without zone it was Chinese time."""
    return (value if value.tzinfo else value.replace(tzinfo=LOCAL)).astimezone(UTC)


def schedule(kind: str, value: Any, now: datetime) -> Schedule:
    """What a timer of `kind` with the evaluated `value` means at `now`.

    None never fires (a profile without such a limit). Raises `Fault` for anything else that is
    neither ISO 8601 nor a date, date-time or duration.
    """
    if value is None:
        return Schedule(None)
    try:
        return _BY_KIND[kind](value, now)
    except (OverflowError, ValueError) as problem:
        raise Fault("bpmn.bad_instant", found=str(value)) from problem


def _date(value: Any, now: datetime) -> Schedule:
    if isinstance(value, datetime):
        return Schedule(aware(value))
    if isinstance(value, date):
        return Schedule(aware(datetime.combine(value, time())))
    return Schedule(parse_instant(str(value)))


def _duration(value: Any, now: datetime) -> Schedule:
    if isinstance(value, timedelta):
        return Schedule(now + value)
    return Schedule(parse_span(str(value)).after(now))


def _cycle(value: Any, now: datetime) -> Schedule:
    first, until, count, every = parse_cycle(str(value))
    if count == 0:
        return Schedule(None)
    left = UNBOUNDED if count is None else count - 1
    due = first if first is not None else parse_span(every).after(now)
    plan: Schedule | None = Schedule(due, every, left, until)
    if first is not None and first < now:
        plan = _first_after(Schedule(first, every, left, until), now)
    return plan if plan is not None and not _is_over(plan) else Schedule(None)


def parse_cycle(text: str) -> tuple[datetime | None, datetime | None, int | None, str]:
    """First firing, end, number of firings (None: without end) and the time between two.

    Raises `Fault` bpmn.bad_cycle, also where no time passes between two firings.
    """
    match = CYCLE.match(text.strip())
    if match is None or parse_span(match["every"]) == Span(0, timedelta()):
        raise Fault("bpmn.bad_cycle", found=text)
    first, until = (parse_instant(t) if t else None for t in (match["start"], match["end"]))
    return first, until, int(match["count"]) if match["count"] else None, match["every"]


def parse_retry(text: str) -> tuple[int, str]:
    """Attempts and pause of a camunda:failedJobRetryTimeCycle. Raises `Fault` bpmn.bad_cycle."""
    match = CYCLE.match(text.strip())
    if match is None or match["start"] or match["end"] or int(match["count"] or 0) < 1:
        raise Fault("bpmn.bad_cycle", found=text)
    parse_span(match["every"])
    return int(match["count"]), match["every"]


def _first_after(plan: Schedule, now: datetime) -> Schedule | None:
    """What is over when the timer begins does not come late, one after the other (as Camunda)."""
    span = parse_span(plan.every or "")
    assert plan.due is not None
    if not span.months:
        missed = -((plan.due - now) // span.rest)
        if plan.left != UNBOUNDED and missed > plan.left:
            return None
        left = plan.left if plan.left == UNBOUNDED else plan.left - missed
        return replace(plan, due=plan.due + missed * span.rest, left=left)
    following: Schedule | None = plan
    while following is not None and following.due is not None and following.due < now:
        following = following.next()
    return following


def _is_over(plan: Schedule) -> bool:
    return plan.until is not None and plan.due is not None and plan.due > plan.until


_BY_KIND = {"timeDate": _date, "timeDuration": _duration, "timeCycle": _cycle}
