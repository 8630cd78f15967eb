"""The statutory days off of any year, for the years that no State Council notice covers yet.

Source: 全国年节及纪念日放假办法 (revised 2013-12-11 and 2024-11-10), arts 2 and 6. The dates of
the four festivals of the traditional calendar (GB/T 33661-2017) are data: `festivals.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)
_THIRTEEN_DAYS_SINCE = 2025
"""Since the revision of 2024-11-10 除夕 and 5月2日 are statutory too: 13 days instead of 11."""

FESTIVALS = ("春节", "清明节", "端午节", "中秋节")

Festivals = Mapping[str, date]


class StatutoryDays:
    """Statutory days by year. Covers the years of the table it is given, without gaps."""

    def __init__(self, festivals: Mapping[int, Festivals]) -> None:
        self._festivals = festivals
        self.first_year = min(festivals)
        self.last_year = max(festivals)

    def of(self, year: int) -> dict[date, str]:
        """The statutory days themselves with the holiday's name, in order of date."""
        festivals = self._festivals[year]
        days = {day: name for name, day in festivals.items()}
        days |= dict.fromkeys(_spring(year, festivals["春节"]), "春节")
        days |= {date(year, 1, 1): "元旦"}
        days |= dict.fromkeys(_labour(year), "劳动节") | dict.fromkeys(_national(year), "国庆节")
        return dict(sorted(days.items()))

    def days_off(self, year: int) -> dict[date, str]:
        """Statutory days and the substitute days of art. 6: a statutory day that falls on a
        weekend is made good on the next working day.
        """
        off = self.of(year)
        for day, name in list(off.items()):
            if day.weekday() >= 5:
                off[_next_free_weekday(day, off)] = name
        return dict(sorted(off.items()))


def _labour(year: int) -> list[date]:
    days = 2 if year >= _THIRTEEN_DAYS_SINCE else 1
    return [date(year, 5, 1 + offset) for offset in range(days)]


def _national(year: int) -> list[date]:
    return [date(year, 10, 1 + offset) for offset in range(3)]


def _spring(year: int, first: date) -> list[date]:
    from_eve = -1 if year >= _THIRTEEN_DAYS_SINCE else 0
    return [first + timedelta(days=offset) for offset in range(from_eve, 3)]


def _next_free_weekday(day: date, taken: Mapping[date, str]) -> date:
    while day.weekday() >= 5 or day in taken:
        day += _ONE_DAY
    return day
