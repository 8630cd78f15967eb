"""Reminders and escalation of a period, as data (A6 C-2, P4): which alarm goes to whom and when.

Nothing here ends a duty: the ladder runs until the period is met.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from engine.timing.fields import Fields
from engine.timing.periods import Period, compute
from engine.timing.zone import at, local

_ONE_DAY = timedelta(days=1)
_MORNING = time(9)
RECIPIENTS = ("bearer", "counterpart", "bearer_head")
"""Beside role codes: the handler of the duty, the handler on the other side, the head of the
bearer's unit.
"""


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time relative to a period, in the words of `periods.yaml`."""

    word: str
    value: Any

    def instant(self, period: Period, due: datetime) -> datetime:
        return _MOMENTS[self.word](self.value, period, due)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder; `level` 0 is a reminder before the due instant."""

    moment: Moment
    to: tuple[str, ...]
    level: int = 0


@dataclass(frozen=True, slots=True)
class Repeat:
    """From the due instant on, again and again."""

    every: timedelta
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The reminders and levels of a kind of period."""

    id: str
    zh: str
    reminders: tuple[Rung, ...]
    levels: tuple[Rung, ...]
    repeat: Repeat | None
    pin: Moment | None


@dataclass(frozen=True, slots=True)
class Unacknowledged:
    """An urgent message that nobody acknowledges climbs one rung every `minutes` (A6 C-11)."""

    minutes: int
    rungs: tuple[tuple[str, ...], ...]


class AlarmKind(StrEnum):
    REMINDER = "reminder"
    LEVEL = "level"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm of one period. `every` is set for the repeated one: `at`, `at + every`, …"""

    kind: AlarmKind
    at: datetime
    to: tuple[str, ...]
    level: int = 0
    every: timedelta | None = None


def alarms(ladder: Ladder, period: Period) -> tuple[Alarm, ...]:
    """Every alarm of `period` in order of time; a period without due instant has none.

    A reminder that would fall before the start or after the end is left out.
    """
    due = period.due
    if due is None:
        return ()
    found = [
        Alarm(AlarmKind.REMINDER, instant, rung.to)
        for rung in ladder.reminders
        if period.start < (instant := rung.moment.instant(period, due)) < due
    ]
    found += [
        Alarm(AlarmKind.LEVEL, rung.moment.instant(period, due), rung.to, rung.level)
        for rung in ladder.levels
    ]
    if ladder.repeat:
        first = due + ladder.repeat.every
        found.append(Alarm(AlarmKind.REPEAT, first, ladder.repeat.to, every=ladder.repeat.every))
    return tuple(sorted(found, key=lambda alarm: alarm.at))


def pinned_from(ladder: Ladder, period: Period) -> datetime | None:
    """From when the task stands above every list; None: it is never pinned."""
    if ladder.pin is None or period.due is None:
        return None
    return max(period.start, ladder.pin.instant(period, period.due))


def _percent(value: int, period: Period, due: datetime) -> datetime:
    return period.start + (due - period.start) * value / 100


def _after_percent(value: int, period: Period, due: datetime) -> datetime:
    return due + (due - period.start) * value / 100


def _hours_after(value: int, period: Period, _due: datetime) -> datetime:
    return period.start + timedelta(hours=value)


def _hours_before(value: int, _period: Period, due: datetime) -> datetime:
    return due - timedelta(hours=value)


def _minutes_before(value: int, _period: Period, due: datetime) -> datetime:
    return due - timedelta(minutes=value)


def _on_day(value: int, period: Period, _due: datetime) -> datetime:
    return at(local(period.start).date() + timedelta(days=value), _MORNING)


def _days_before(value: int, period: Period, due: datetime) -> datetime:
    last = period.last_day or local(due).date()
    return at(last - timedelta(days=value), _MORNING)


def _last_working_day(value: time, period: Period, due: datetime) -> datetime:
    last = period.last_day or local(due).date()
    return at(period.calendar.last_working_day_until(last), value)


def _day_of_end(value: time, _period: Period, due: datetime) -> datetime:
    # The last such moment before the end: a term that ends at 04:20 is prepared the day before.
    last = at(local(due).date(), value)
    return last if last < due else last - _ONE_DAY


def _working_days_after(value: int, period: Period, due: datetime) -> datetime:
    after = compute("PR-WD", value, due - timedelta(seconds=1), calendar=period.calendar).due
    return after or due


_MOMENTS: dict[str, Callable[[Any, Period, datetime], datetime]] = {
    "percent": _percent,
    "after_percent": _after_percent,
    "hours_after": _hours_after,
    "hours_before": _hours_before,
    "minutes_before": _minutes_before,
    "on_day": _on_day,
    "days_before": _days_before,
    "last_working_day": _last_working_day,
    "day_of_end": _day_of_end,
    "working_days_after": _working_days_after,
}
_TIMES_OF_DAY = ("last_working_day", "day_of_end")


def read_ladder(fields: Fields, roles: Collection[str]) -> Ladder:
    """A ladder from its row of `periods.yaml`. Raises Refusal `norm.field`."""
    fields.only("zh", "reminders", "levels", "repeat", "pin")
    repeat, pin = fields.part_or_none("repeat"), fields.part_or_none("pin")
    return Ladder(
        fields.row,
        fields.text("zh"),
        tuple(_rung(part, roles, 0) for part in fields.parts("reminders")),
        tuple(_rung(part, roles, part.whole("level", 9)) for part in fields.parts("levels")),
        Repeat(timedelta(minutes=repeat.whole("minutes", 1440)), _to(repeat, roles))
        if repeat
        else None,
        _moment(pin) if pin else None,
    )


def read_unacknowledged(fields: Fields, roles: Collection[str]) -> Unacknowledged:
    """The climb of an unacknowledged message. Raises Refusal `norm.field`."""
    row = fields.part("unacknowledged").only("minutes", "rungs")
    rungs = row.data.get("rungs")
    if not isinstance(rungs, list) or not rungs:
        raise row.refuse("rungs", "[[role, …], …]", rungs)
    to = [Fields(row.file, row.row, {"rungs": rung}).names("rungs", roles) for rung in rungs]
    return Unacknowledged(row.whole("minutes", 1440), tuple(to))


def _rung(fields: Fields, roles: Collection[str], level: int) -> Rung:
    return Rung(_moment(fields), _to(fields, roles), level)


def _to(fields: Fields, roles: Collection[str]) -> tuple[str, ...]:
    return fields.names("to", {*roles, *RECIPIENTS})


def _moment(fields: Fields) -> Moment:
    words = [word for word in fields.data if word in _MOMENTS]
    if len(words) != 1:
        raise fields.refuse("moment", " | ".join(_MOMENTS), ", ".join(words) or "–")
    word = words[0]
    if word in _TIMES_OF_DAY:
        return Moment(word, fields.time_of_day(word))
    return Moment(word, fields.whole(word, 1000))
