"""Date and time functions (tables 77 and 79), `now()` and `today()`."""

from __future__ import annotations

import datetime
from decimal import Decimal

from engine.feel.functions.registry import NoResult, built_in
from engine.feel.limits import Run
from engine.feel.temporal import Date, DateTime
from engine.feel.temporal.instants import from_datetime
from engine.feel.temporal.zones import LOCAL, zone

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def _local_now(run: Run) -> datetime.datetime:
    """The instant that the caller handed in, as read in Asia/Shanghai; no clock is read here."""
    if run.now is None:
        raise NoResult("feel.null.clock")
    now: datetime.datetime = run.now
    return now.astimezone(zone(LOCAL))


@built_in("now", "")
def now(run: Run) -> DateTime:
    return from_datetime(_local_now(run))


@built_in("today", "")
def today(run: Run) -> Date:
    local = _local_now(run)
    return Date(local.year, local.month, local.day)


def _date(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@built_in("day of year", "date: date|date and time")
def day_of_year(run: Run, date: Date | DateTime) -> Decimal:
    return Decimal(_date(date).day_of_year)


@built_in("day of week", "date: date|date and time")
def day_of_week(run: Run, date: Date | DateTime) -> str:
    return _DAYS[_date(date).weekday - 1]


@built_in("month of year", "date: date|date and time")
def month_of_year(run: Run, date: Date | DateTime) -> str:
    return _MONTHS[_date(date).month - 1]


@built_in("week of year", "date: date|date and time")
def week_of_year(run: Run, date: Date | DateTime) -> Decimal:
    return Decimal(_date(date).week)
