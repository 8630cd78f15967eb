"""How a period was counted, step by step: the part of the answer that an officer can check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from engine.timing.calendar import DayKind, WorkingCalendar, end_month_of_quarter, end_of_month
from engine.timing.rules import next_full_hour, nominal_last_day
from engine.timing.zone import local

if TYPE_CHECKING:
    from engine.timing.periods import Period

_ONE_DAY = timedelta(days=1)


class Effect(StrEnum):
    """What a step does to the count."""

    STARTS = "starts"
    COUNTED = "counted"
    SKIPPED = "skipped"
    ROLLED = "rolled"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `why` is a code (a DayKind or a word of its own), `number` the day's ordinal or an
    amount, `holiday` the name where a holiday decided, `at` an instant where it matters.
    """

    effect: Effect
    why: str
    day: date
    at: datetime | None = None
    number: int | None = None
    holiday: str | None = None
    provisional: bool = False

    def as_data(self) -> dict[str, Any]:
        return {
            "date": self.day.isoformat(),
            "at": local(self.at).isoformat() if self.at else None,
            "effect": self.effect.value,
            "why": self.why,
            "number": self.number,
            "holiday": self.holiday,
            "provisional": self.provisional,
        }


def derive(period: Period) -> tuple[Step, ...]:
    """Every step of `period`, from the start to the end."""
    return tuple((_stated if period.until else _STEPS[period.rule])(period))


def _stated(period: Period) -> Iterator[Step]:
    yield Step(Effect.STARTS, "term_begins", _start_date(period))
    yield Step(Effect.COUNTED, "stated_end", period.until or _start_date(period))
    yield _end(period)


def _working_days(period: Period) -> Iterator[Step]:
    yield _start_day(period)
    number = 0
    for day in _days_after_start(period):
        kind = period.calendar.kind(day)
        number += kind.works
        if kind.works:
            yield _day(period.calendar, Effect.COUNTED, day, number)
        else:
            yield _day(period.calendar, Effect.SKIPPED, day)
    yield _end(period)


def _calendar_days(period: Period) -> Iterator[Step]:
    yield _start_day(period)
    for number in range(1, (period.n or 0) + 1):
        day = _start_date(period) + timedelta(days=number)
        yield Step(Effect.COUNTED, "calendar_day", day, number=number)
    yield from _roll(period)
    yield _end(period)


def _calendar_days_fixed(period: Period) -> Iterator[Step]:
    yield _start_day(period)
    for number in range(1, (period.n or 0) + 1):
        day = _start_date(period) + timedelta(days=number)
        yield Step(Effect.COUNTED, "calendar_day", day, number=number)
    yield _end(period)


def _months(period: Period) -> Iterator[Step]:
    yield _start_day(period)
    yield _corresponding(period)
    yield from _roll(period)
    yield _end(period)


def _months_fixed(period: Period) -> Iterator[Step]:
    yield _start_day(period)
    yield _corresponding(period)
    yield _end(period)


def _detention(period: Period) -> Iterator[Step]:
    yield _start_instant(period, "from_admission")
    full = period.start + timedelta(days=period.n or 0)
    yield Step(Effect.COUNTED, "detention_days", local(full).date(), at=full, number=period.n)
    if period.leave:
        hours = round(period.leave / timedelta(hours=1))
        yield Step(Effect.ROLLED, "leave", local(full).date(), number=hours)
    yield _end(period)


def _hours(period: Period) -> Iterator[Step]:
    yield _start_instant(period, "from_the_moment")
    yield Step(Effect.COUNTED, "hours", _start_date(period), number=period.n)
    yield _end(period)


def _hours_from_next(period: Period) -> Iterator[Step]:
    yield _start_instant(period, "start_hour")
    first = next_full_hour(period.start)
    yield Step(Effect.STARTS, "next_hour", local(first).date(), at=first)
    yield Step(Effect.COUNTED, "hours", local(first).date(), number=period.n)
    yield _end(period)


def _cycle(period: Period) -> Iterator[Step]:
    start = _start_date(period)
    quarterly = period.rule == "PR-REC-Q"
    month = end_month_of_quarter(start.month) if quarterly else start.month
    day = end_of_month(start.year, month)
    yield Step(Effect.STARTS, "cycle_quarter" if quarterly else "cycle_month", day)
    while period.last_day and day > period.last_day:
        yield _day(period.calendar, Effect.SKIPPED, day)
        day -= _ONE_DAY
    yield _day(period.calendar, Effect.COUNTED, day)
    yield _end(period)


def _measured(period: Period) -> Iterator[Step]:
    yield _start_instant(period, "measured_only")


def _roll(period: Period) -> Iterator[Step]:
    """From the nominal last day, if it is off, to the first working day after it."""
    day = nominal_last_day(period.rule, period.n or 0, _start_date(period))
    if day == period.last_day:
        return
    while period.last_day and day < period.last_day:
        yield _day(period.calendar, Effect.ROLLED, day)
        day += _ONE_DAY
    yield _day(period.calendar, Effect.COUNTED, day)


def _corresponding(period: Period) -> Step:
    start = _start_date(period)
    day = nominal_last_day(period.rule, period.n or 0, start)
    return Step(Effect.COUNTED, _why_this_day(period.rule, start, day), day, number=period.n)


def _why_this_day(rule: str, start: date, day: date) -> str:
    from_month_end = start == end_of_month(start.year, start.month)
    if rule in ("PR-MC", "PR-MCX") and from_month_end:
        return "last_day_to_last_day"
    return "corresponding_day" if day.day == start.day else "month_end"


def _day(calendar: WorkingCalendar, effect: Effect, day: date, number: int | None = None) -> Step:
    kind = calendar.kind(day)
    named = kind in (DayKind.HOLIDAY, DayKind.MAKEUP)
    return Step(
        effect,
        kind.value,
        day,
        number=number,
        holiday=calendar.holiday_name(day) if named else None,
        provisional=calendar.is_provisional(day),
    )


def _start_day(period: Period) -> Step:
    return Step(Effect.SKIPPED, "start_day", _start_date(period), at=period.start)


def _start_instant(period: Period, why: str) -> Step:
    effect = Effect.SKIPPED if why == "start_hour" else Effect.STARTS
    return Step(effect, why, _start_date(period), at=period.start)


def _end(period: Period) -> Step:
    due = period.due or period.start
    return Step(
        Effect.ENDS,
        "end",
        period.last_day or local(due).date(),
        at=due,
        provisional=period.provisional,
    )


def _start_date(period: Period) -> date:
    return local(period.start).date()


def _days_after_start(period: Period) -> Iterator[date]:
    day, last = _start_date(period), period.last_day
    while last and day < last:
        day += _ONE_DAY
        yield day


_STEPS: dict[str, Callable[[Period], Iterator[Step]]] = {
    "PR-WD": _working_days,
    "PR-CD": _calendar_days,
    "PR-CDX": _calendar_days_fixed,
    "PR-DET": _detention,
    "PR-H": _hours,
    "PR-HN": _hours_from_next,
    "PR-M": _months,
    "PR-MC": _months,
    "PR-MCX": _months_fixed,
    "PR-MX": _months_fixed,
    "PR-YX": _months_fixed,
    "PR-REC-M": _cycle,
    "PR-REC-Q": _cycle,
    "PR-IMM": _measured,
}
