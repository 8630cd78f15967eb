"""Offsets of IANA zones, for years that the standard library does not reach too."""

from __future__ import annotations

import datetime
import re
import zoneinfo
from functools import lru_cache

from engine.feel.temporal.dates import Date
from engine.feel.temporal.durations import SECOND

LOCAL = "Asia/Shanghai"  # where local times of this project are
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")


@lru_cache(maxsize=512)
def zone(name: str) -> zoneinfo.ZoneInfo | None:
    """The zone of that exact name, None where there is none."""
    if not _NAME.fullmatch(name):
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        return None


def offset_at(name: str, date: Date, nanoseconds: int) -> int:
    """Seconds east of UTC at a local reading."""
    return _seconds(_reading(date, nanoseconds, zone(name)).utcoffset())


def offset_after(name: str, date: Date, nanoseconds: int) -> int:
    """Seconds east of UTC at an instant, which is read in UTC."""
    instant = _reading(date, nanoseconds, datetime.UTC)
    return _seconds(instant.astimezone(zone(name)).utcoffset())


def _reading(date: Date, nanoseconds: int, tz: datetime.tzinfo | None) -> datetime.datetime:
    """As a datetime; years that it cannot hold give way to a year of the same shape."""
    year = date.year
    if not 1 < year < 9999:
        # 400 years repeat weekdays and leap days, which is all that the rules of a zone look at.
        year = 2 + (year - 2) % 400 if year <= 1 else 9599 + (year - 9599) % 400
    hours, rest = divmod(nanoseconds // SECOND, 3600)
    return datetime.datetime(year, date.month, date.day, hours, *divmod(rest, 60), tzinfo=tz)


def _seconds(offset: datetime.timedelta | None) -> int:
    return 0 if offset is None else int(offset.total_seconds())


@lru_cache(maxsize=512)
def standard_offset(name: str) -> int:
    """The offset without daylight saving: a time of day has no date to tell."""
    local = datetime.datetime(2000, 1, 1, tzinfo=zone(name))
    offset, saving = local.utcoffset(), local.dst()
    total = (offset or datetime.timedelta()) - (saving or datetime.timedelta())
    return int(total.total_seconds())
