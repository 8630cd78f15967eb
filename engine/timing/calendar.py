"""Working days of China: weekends, the State Council's yearly notices, provisional years.

A calendar is a value. An import makes a new one (`with_years`) with another version; the old one
still answers for deadlines that were computed with it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from engine.errors import Refusal
from engine.timing.statutory_days import StatutoryDays

_ONE_DAY = timedelta(days=1)
_UNSETTLED_SINCE = (12, 25)
"""A notice for year Y has changed the last week of Y−1 (2018, 2022, 2023), never an earlier day."""


class YearStatus(StrEnum):
    OFFICIAL = "official"
    PROVISIONAL = "provisional"


class DayKind(StrEnum):
    """Why a day counts or does not."""

    WORKING = "working_day"
    MAKEUP = "makeup_workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"

    @property
    def works(self) -> bool:
        return self in (DayKind.WORKING, DayKind.MAKEUP)


@dataclass(frozen=True)
class CalendarYear:
    """What the notices say of one year. `off_days` and `makeup_workdays` map a day to its holiday's
    name; both may reach back to 25 December of the year before.
    """

    year: int
    status: YearStatus
    notices: tuple[str, ...]
    off_days: Mapping[date, str]
    makeup_workdays: Mapping[date, str]

    def as_data(self) -> dict[str, Any]:
        """The shape of `calendar/<year>.yaml`, dates as ISO text: what a database keeps."""
        return {
            "year": self.year,
            "status": self.status.value,
            "notices": list(self.notices),
            "off_days": _named_days(self.off_days),
            "makeup_workdays": _named_days(self.makeup_workdays),
        }


class WorkingCalendar:
    """Which days work. Years without data stand on their statutory days and are provisional.

    Every question about a day outside `first_year` … `last_year` raises Refusal
    `calendar.year_unknown`: the festivals of such a year are not known.
    """

    def __init__(self, years: Iterable[CalendarYear], statutory: StatutoryDays) -> None:
        self._statutory = statutory
        self.years = {entry.year: entry for entry in sorted(years, key=lambda entry: entry.year)}
        self.first_year, self.last_year = statutory.first_year, statutory.last_year
        self._official = frozenset(
            year for year, entry in self.years.items() if entry.status is YearStatus.OFFICIAL
        )
        self._makeup, self._off = self._merged()
        self.sha256 = self._digest()
        self.version = f"{max(self._official, default=0)}-{self.sha256[:12]}"

    def _merged(self) -> tuple[dict[date, str], dict[date, str]]:
        makeup: dict[date, str] = {}
        off: dict[date, str] = {}
        for year in range(self.first_year, self.last_year + 1):
            entry = self.years.get(year)
            # The later notice wins over what an earlier one said of the last week of December.
            for day in entry.makeup_workdays if entry else ():
                off.pop(day, None)
            for day in entry.off_days if entry else ():
                makeup.pop(day, None)
            makeup |= entry.makeup_workdays if entry else {}
            off |= entry.off_days if entry else self._statutory.days_off(year)
        return makeup, off

    def _digest(self) -> str:
        data = [entry.as_data() for entry in self.years.values()]
        canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def with_years(self, years: Iterable[CalendarYear]) -> WorkingCalendar:
        """A new calendar in which `years` replace what was known of them."""
        merged = self.years | {entry.year: entry for entry in years}
        return WorkingCalendar(merged.values(), self._statutory)

    @property
    def statutory(self) -> StatutoryDays:
        return self._statutory

    def kind(self, day: date) -> DayKind:
        """Whether `day` works, and why."""
        self._require_known(day)
        if day in self._off:
            return DayKind.HOLIDAY
        if day in self._makeup:
            return DayKind.MAKEUP
        return DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKING

    def holiday_name(self, day: date) -> str | None:
        """春节 for a day off or for the weekend day worked in exchange; None for any other day."""
        return self._off.get(day) or self._makeup.get(day)

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday without a holiday, and the make-up workdays."""
        if day in self._off:
            return False
        self._require_known(day)
        return day.weekday() < 5 or day in self._makeup

    def is_provisional(self, day: date) -> bool:
        """Whether a notice to come may still change `day`: its year is not announced, or it lies in
        the last week of December and the next year is not announced.
        """
        if day.year not in self._official:
            return True
        return (day.month, day.day) >= _UNSETTLED_SINCE and day.year + 1 not in self._official

    def awaited_year(self, day: date) -> int:
        """The year whose notice would settle a provisional `day`."""
        return day.year if day.year not in self._official else day.year + 1

    def working_day_from(self, day: date) -> date:
        """`day` itself if it works, else the first working day after it."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        return self.working_day_from(day + _ONE_DAY)

    def last_working_day_until(self, day: date) -> date:
        """`day` itself if it works, else the last working day before it."""
        while not self.is_working_day(day):
            day -= _ONE_DAY
        return day

    def last_working_day_of_month(self, day: date) -> date:
        """The last working day of the month in which `day` lies."""
        return self.last_working_day_until(end_of_month(day.year, day.month))

    def last_working_day_of_quarter(self, day: date) -> date:
        """The last working day of the quarter in which `day` lies."""
        return self.last_working_day_until(end_of_month(day.year, end_month_of_quarter(day.month)))

    def _require_known(self, day: date) -> None:
        if not self.first_year <= day.year <= self.last_year:
            raise Refusal(
                "calendar.year_unknown",
                date=day.isoformat(),
                expected=f"{self.first_year}–{self.last_year}",
                found=day.year,
            )


def end_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    following = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return following - _ONE_DAY


def end_month_of_quarter(month: int) -> int:
    """3, 6, 9 or 12."""
    return month + (-month % 3)


def _named_days(days: Mapping[date, str]) -> list[dict[str, str]]:
    return [{"date": day.isoformat(), "name": name} for day, name in sorted(days.items())]
