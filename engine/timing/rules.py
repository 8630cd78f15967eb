"""The arithmetic of every period rule: from a start and a number to the last day and the end.

Source: 民诉法第八十五条, 民法典第二百至二百零四条, 刑诉法第一百零五条, 刑诉法解释第二百零二条,
拘留所条例第三十二条; docs/periods.md. Days are counted in China, whatever zone the start has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from engine.timing.calendar import WorkingCalendar, end_of_month
from engine.timing.zone import at, end_of_day

_ONE_DAY = timedelta(days=1)
_ONE_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Switches:
    """What a deployer may decide about counting.

    `business_close`: the local time at which a day of a duty ends where the agency closes earlier
    (民法典 art. 203); None is 24:00. `hours_from_next_hour`: hour limits between the agencies run
    from the next full hour (民诉法解释 art. 125), limits on liberty never do.
    """

    business_close: time | None = None
    hours_from_next_hour: bool = False


class Count(NamedTuple):
    """A period to be counted. `start` is aware and local to China; `leave` only for detention."""

    n: int
    start: datetime
    calendar: WorkingCalendar
    switches: Switches
    leave: timedelta


class End(NamedTuple):
    """Where a period ends. `due` is exclusive, UTC. `provisional`: a notice to come may move it."""

    due: datetime | None
    last_day: date | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """`most` is the largest number that makes sense of the unit; 0 where the rule takes no number.
    `rolls`: a last day that is off moves to the first working day after it.
    """

    id: str
    unit: str
    most: int
    end: Callable[[Count], End]
    rolls: bool = False


def _working_days(count: Count) -> End:
    day, left, provisional = count.start.date(), count.n, False
    while left:
        day += _ONE_DAY
        left -= count.calendar.is_working_day(day)
        provisional = provisional or count.calendar.is_provisional(day)
    return End(_close(count, day), day, provisional)


def _calendar_days(count: Count) -> End:
    return _rolled(count, nominal_last_day("PR-CD", count.n, count.start.date()))


def _calendar_days_fixed(count: Count) -> End:
    return _fixed(nominal_last_day("PR-CDX", count.n, count.start.date()))


def _detention(count: Count) -> End:
    due = count.start.astimezone(UTC) + timedelta(days=count.n) + count.leave
    return End(due, None, False)


def _hours(count: Count) -> End:
    return End(count.start.astimezone(UTC) + timedelta(hours=count.n), None, False)


def _hours_from_next(count: Count) -> End:
    return End(next_full_hour(count.start) + timedelta(hours=count.n), None, False)


def _civil_months(count: Count) -> End:
    return _rolled(count, nominal_last_day("PR-M", count.n, count.start.date()))


def _criminal_months(count: Count) -> End:
    return _rolled(count, nominal_last_day("PR-MC", count.n, count.start.date()))


def _criminal_months_in_custody(count: Count) -> End:
    return _fixed(nominal_last_day("PR-MCX", count.n, count.start.date()))


def _months_of_validity(count: Count) -> End:
    return _fixed(nominal_last_day("PR-MX", count.n, count.start.date()))


def _years_of_validity(count: Count) -> End:
    return _fixed(nominal_last_day("PR-YX", count.n, count.start.date()))


def _monthly(count: Count) -> End:
    return _last_of_cycle(count, count.calendar.last_working_day_of_month(count.start.date()))


def _quarterly(count: Count) -> End:
    return _last_of_cycle(count, count.calendar.last_working_day_of_quarter(count.start.date()))


def _immediately(_count: Count) -> End:
    return End(None, None, False)


def nominal_last_day(rule: str, n: int, start: date) -> date:
    """The last day before any roll, of the rules that count days, months or years."""
    if rule in ("PR-CD", "PR-CDX"):
        return start + timedelta(days=n)
    if rule in ("PR-MC", "PR-MCX"):
        return _criminal_month(start, n)
    return corresponding_day(start, n * 12 if rule == "PR-YX" else n)


def corresponding_day(start: date, months: int) -> date:
    """The day of the same number, or the month's last day where there is none (民法典 art. 202)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = end_of_month(year, month + 1)
    return last if start.day > last.day else last.replace(day=start.day)


def _criminal_month(start: date, months: int) -> date:
    # 刑诉法解释 art. 202: from the last day of a month to the last day of the other.
    target = corresponding_day(start, months)
    if start == end_of_month(start.year, start.month):
        return end_of_month(target.year, target.month)
    return target


def next_full_hour(start: datetime) -> datetime:
    """The hour of the start is not counted, not even when it starts on the stroke."""
    return start.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + _ONE_HOUR


def _rolled(count: Count, nominal: date) -> End:
    calendar = count.calendar
    last = nominal
    provisional = calendar.is_provisional(last)
    while not calendar.is_working_day(last):
        last += _ONE_DAY
        provisional = provisional or calendar.is_provisional(last)
    return End(_close(count, last), last, provisional)


def _fixed(last: date) -> End:
    return End(end_of_day(last), last, False)


def _last_of_cycle(count: Count, last: date) -> End:
    # The days between the last working day and the month's end were asked too.
    provisional = count.calendar.is_provisional(end_of_month(last.year, last.month))
    return End(_close(count, last), last, provisional)


def _close(count: Count, last: date) -> datetime:
    close = count.switches.business_close
    return end_of_day(last) if close is None else at(last, close)


RULES = {
    rule.id: rule
    for rule in (
        Rule("PR-WD", "working_day", 3660, _working_days),
        Rule("PR-CD", "day", 3660, _calendar_days, rolls=True),
        Rule("PR-CDX", "day", 3660, _calendar_days_fixed),
        Rule("PR-DET", "day", 3660, _detention),
        Rule("PR-H", "hour", 87600, _hours),
        Rule("PR-HN", "hour", 87600, _hours_from_next),
        Rule("PR-M", "month", 600, _civil_months, rolls=True),
        Rule("PR-MC", "month", 600, _criminal_months, rolls=True),
        Rule("PR-MCX", "month", 600, _criminal_months_in_custody),
        Rule("PR-MX", "month", 600, _months_of_validity),
        Rule("PR-YX", "year", 50, _years_of_validity),
        Rule("PR-REC-M", "cycle", 0, _monthly),
        Rule("PR-REC-Q", "cycle", 0, _quarterly),
        Rule("PR-IMM", "none", 0, _immediately),
    )
}
"""Every rule of the law's table by its id."""
