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
from zoneinfo import ZoneInfo

from engine.bpmn.faults import Fault

LOCAL = ZoneInfo("Asia/Shanghai")
DURATION = re.compile(
    r"^P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?$"
)
CYCLE = re.compile(
    r"^R(?P<count>\d*)/(?:(?P<start>[^P/][^/]*)/)?(?P<every>P[^/]+)(?:/(?P<end>.+))?$"
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

    def next(self) -> Schedule | None:
        """The schedule after one firing; None when it was the last."""
        if self.every is None or self.left == 0 or self.due is None:
            return None
        left = self.left if self.left == UNBOUNDED else self.left - 1
        return replace(self, due=parse_span(self.every).after(self.due), left=left)


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
    try:
        found = datetime.fromisoformat(text.strip().split("@")[0])
    except ValueError as problem:
        raise Fault("bpmn.bad_instant", found=text) from problem
    return aware(found)


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
    except OverflowError as problem:
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
    match = CYCLE.match(str(value).strip())
    if match is None:
        raise Fault("bpmn.bad_cycle", found=str(value))
    count = int(match["count"]) - 1 if match["count"] else UNBOUNDED
    if match["count"] and count < 0:
        return Schedule(None)
    span = parse_span(match["every"])
    due = parse_instant(match["start"]) if match["start"] else span.after(now)
    return Schedule(due, match["every"], count)


_BY_KIND = {"timeDate": _date, "timeDuration": _duration, "timeCycle": _cycle}
