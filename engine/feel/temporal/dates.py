"""Dates of the proleptic Gregorian calendar, years -999 999 999 to 999 999 999."""

from __future__ import annotations

from decimal import Decimal
from functools import total_ordering

YEARS = 999_999_999
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def day_number(year: int, month: int, day: int) -> int:
    """Days since 0000-03-01, negative before."""
    year -= month <= 2
    era_day = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return 365 * year + year // 4 - year // 100 + year // 400 + era_day


def civil(number: int) -> tuple[int, int, int]:
    """The inverse of day_number."""
    era, day = divmod(number, 146_097)
    year = (day - day // 1460 + day // 36_524 - day // 146_096) // 365
    rest = day - (365 * year + year // 4 - year // 100)
    shifted = (5 * rest + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return era * 400 + year + (month <= 2), month, rest - (153 * shifted + 2) // 5 + 1


@total_ordering
class Date:
    """A day. `Date.of` is None where the day does not exist."""

    __slots__ = ("day", "month", "number", "year")

    def __init__(self, year: int, month: int, day: int) -> None:
        self.year, self.month, self.day = year, month, day
        self.number = day_number(year, month, day)

    @classmethod
    def of(cls, year: int, month: int, day: int) -> Date | None:
        if abs(year) > YEARS or not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
            return None
        return cls(year, month, day)

    @classmethod
    def numbered(cls, number: int) -> Date | None:
        year, month, day = civil(number)
        return cls.of(year, month, day)

    def plus_days(self, days: int) -> Date | None:
        return Date.numbered(self.number + days)

    def plus_months(self, months: int) -> Date | None:
        """The same day so many months on, or the last day of a month that is too short."""
        index = self.year * 12 + self.month - 1 + months
        year, month = divmod(index, 12)
        return Date.of(year, month + 1, min(self.day, month_length(year, month + 1)))

    @property
    def weekday(self) -> int:
        """1 for Monday to 7 for Sunday."""
        return (self.number + 2) % 7 + 1

    @property
    def day_of_year(self) -> int:
        return self.number - day_number(self.year, 1, 1) + 1

    @property
    def week(self) -> int:
        """The week of ISO 8601: that of this week's Thursday."""
        thursday = self.number + 4 - self.weekday
        return (thursday - day_number(civil(thursday)[0], 1, 1)) // 7 + 1

    def property(self, name: str) -> Decimal | None:
        if name in ("year", "month", "day", "weekday"):
            return Decimal(getattr(self, name))
        return None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Date) and self.number == other.number

    def __lt__(self, other: Date) -> bool:
        return self.number < other.number

    def __hash__(self) -> int:
        return hash((Date, self.number))

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"

    def __repr__(self) -> str:
        return f"Date({self})"
