"""Reads working-day calendars and refuses what cannot be a year of the State Council's notices.

Two shapes are read, YAML or JSON: one year (`year, status, notices, off_days, makeup_workdays`)
or several (`years: {2027: {status, …}}`, schema `cn-calendar/1`). A day is `{date, name}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine.errors import Refusal
from engine.timing.calendar import CalendarYear, YearStatus
from engine.timing.statutory_days import StatutoryDays
from engine.timing.yaml_text import read_yaml, shown

_ONE_DAY = timedelta(days=1)
_SAME_HOLIDAY = timedelta(days=14)
"""Days off of one name further apart than this are two holidays (元旦 in January and December)."""

Days = dict[date, str]


def read_calendar(file: str, text: str | bytes, statutory: StatutoryDays) -> list[CalendarYear]:
    """The years of a calendar file, in order, each one checked.

    Raises Refusal `calendar.*` with params file, line or date, expected, found.
    """
    reading = _Reading(file, statutory)
    return [reading.year(year, entry) for year, entry in reading.entries(read_yaml(file, text))]


@dataclass(frozen=True)
class _Reading:
    """One file being read: every refusal names it."""

    file: str
    statutory: StatutoryDays

    def refuse(self, code: str, **params: Any) -> Refusal:
        return Refusal(f"calendar.{code}", file=self.file, **params)

    def entries(self, data: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
        if not isinstance(data, Mapping) or not ({"year", "years"} & data.keys()):
            raise self.refuse("shape", expected="year | years", found=shown(data))
        if "year" in data:
            yield self.year_number(data["year"]), data
            return
        if not isinstance(data["years"], Mapping) or not data["years"]:
            raise self.refuse("shape", expected="years: {2027: …}", found=shown(data["years"]))
        for key, entry in sorted(data["years"].items(), key=lambda item: str(item[0])):
            if not isinstance(entry, Mapping):
                raise self.refuse("shape", expected=f"{key}: {{status: …}}", found=shown(entry))
            yield self.year_number(key), entry

    def year_number(self, found: Any) -> int:
        first, last = self.statutory.first_year, self.statutory.last_year
        for year in range(first, last + 1):
            if shown(found) == str(year):
                return year
        raise self.refuse("year_number", expected=f"{first}–{last}", found=shown(found))

    def year(self, year: int, entry: Mapping[str, Any]) -> CalendarYear:
        status = self.status(year, entry.get("status"))
        notices = self.notices(year, status, entry.get("notices"))
        off = self.days(year, "off_days", entry.get("off_days"))
        makeup = self.days(year, "makeup_workdays", entry.get("makeup_workdays") or [])
        self.check_off_days(year, off)
        self.check_makeup(year, off, makeup)
        if status is YearStatus.OFFICIAL:
            self.check_balance(year, off, makeup, len(notices))
        return CalendarYear(year, status, notices, off, makeup)

    def status(self, year: int, found: Any) -> YearStatus:
        if not isinstance(found, str) or found not in {status.value for status in YearStatus}:
            expected = "official | provisional"
            raise self.refuse("status", year=year, expected=expected, found=shown(found))
        return YearStatus(found)

    def notices(self, year: int, status: YearStatus, found: Any) -> tuple[str, ...]:
        listed = found if isinstance(found, list) else []
        if status is YearStatus.OFFICIAL and not any(str(notice).strip() for notice in listed):
            raise self.refuse("no_notice", year=year)
        return tuple(str(notice) for notice in listed)

    def days(self, year: int, part: str, found: Any) -> Days:
        if not isinstance(found, list):
            raise self.refuse("no_days", year=year, part=part, found=shown(found))
        days: Days = {}
        for number, row in enumerate(found, 1):
            day, name = self.day(year, part, number, row)
            if day in days:
                raise self.refuse("duplicate", year=year, part=part, date=day.isoformat())
            days[day] = name
        return dict(sorted(days.items()))

    def day(self, year: int, part: str, number: int, row: Any) -> tuple[date, str]:
        if not isinstance(row, Mapping) or not str(row.get("name") or "").strip():
            raise self.refuse("row", year=year, part=part, number=number, found=shown(row))
        day = _date(row.get("date"))
        if day is None:
            found = shown(row.get("date"))
            raise self.refuse("not_a_date", year=year, part=part, number=number, found=found)
        if not date(year - 1, 12, 25) <= day <= date(year, 12, 31):
            raise self.refuse("outside_year", year=year, part=part, date=day.isoformat())
        return day, str(row["name"]).strip()

    def check_off_days(self, year: int, off: Days) -> None:
        """Every statutory day is off, and no holiday has a hole."""
        statutory = self.statutory.of(year)
        missing = [day for day in statutory if day not in off]
        if missing and missing[-1] == max(statutory) and missing[0] > max(off, default=missing[0]):
            last = max(off).isoformat() if off else ""
            raise self.refuse(
                "ends_early", year=year, date=missing[0].isoformat(), found=last,
                expected=statutory[missing[0]],
            )  # fmt: skip
        for day in missing:
            expected = statutory[day]
            raise self.refuse("day_missing", year=year, date=day.isoformat(), expected=expected)
        for day, name in _holes(off):
            raise self.refuse("day_missing", year=year, date=day.isoformat(), expected=name)

    def check_makeup(self, year: int, off: Days, makeup: Days) -> None:
        for day in makeup:
            if day in off:
                raise self.refuse("off_and_makeup", year=year, date=day.isoformat())
            if day.weekday() < 5:
                raise self.refuse(
                    "makeup_on_weekday", year=year, date=day.isoformat(), found=day.isoweekday()
                )

    def check_balance(self, year: int, off: Days, makeup: Days, notices: int) -> None:
        """A notice only moves days: weekdays off = statutory days + make-up workdays.

        A second notice within a year may grant more (2020-01-27); none ever granted less.
        """
        weekdays_off = sum(day.weekday() < 5 for day in off)
        expected = weekdays_off - len(self.statutory.of(year))
        params = {"year": year, "expected": expected, "found": len(makeup)}
        if len(makeup) > expected:
            raise self.refuse("off_days_too_few", **params)
        if len(makeup) < expected and notices < 2:
            raise self.refuse("makeup_missing", **params)


def _holes(off: Days) -> Iterator[tuple[date, str]]:
    """Days that are missing inside a holiday: two days off of one name with a gap between them."""
    before: dict[str, date] = {}
    for day, name in off.items():
        earlier = before.get(name, day)
        if _ONE_DAY < day - earlier <= _SAME_HOLIDAY:
            yield earlier + _ONE_DAY, name
        before[name] = day


def _date(found: Any) -> date | None:
    try:
        return date.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        return None
