"""Instants are stored in UTC; the law counts days in China standard time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_ONE_DAY = timedelta(days=1)


def local(instant: datetime) -> datetime:
    """The same instant on the wall of a Chinese office."""
    return instant.astimezone(SHANGHAI)


def end_of_day(day: date) -> datetime:
    """24:00 of `day`, the exclusive end: 00:00 of the day after, in UTC."""
    return at(day + _ONE_DAY, time())


def at(day: date, moment: time) -> datetime:
    """`moment` of `day` in China, in UTC."""
    return datetime.combine(day, moment, SHANGHAI).astimezone(UTC)


def due_text(due: datetime, lang: str = "zh") -> str:
    """A due instant as people write it: 2021-06-21 24时 (`en`: 24:00), or 2021-06-21 16:20.

    Midnight belongs to the day that ends there (民法典 art. 203), never to the day that begins.
    """
    shown = local(due)
    if shown.time() == time():
        return f"{shown.date() - _ONE_DAY:%Y-%m-%d} {'24时' if lang == 'zh' else '24:00'}"
    if shown.second:
        return f"{shown:%Y-%m-%d %H:%M:%S}"
    return f"{shown:%Y-%m-%d %H:%M}"
