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
    """Seconds east of UTC at a local reading. Years out of reach use a year of the same shape."""
    year = date.year
    if not 1 < year < 9999:
        # 400 years repeat weekdays and leap days, which is all that the rules of a zone look at.
        year = 2 + (year - 2) % 400 if year <= 1 else 9599 + (year - 9599) % 400
    whole = nanoseconds // SECOND
    local = datetime.datetime(
        year, date.month, date.day, whole // 3600, whole // 60 % 60, whole % 60,
        tzinfo=zone(name),
    )  # fmt: skip
    offset = local.utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


@lru_cache(maxsize=512)
def standard_offset(name: str) -> int:
    """The offset without daylight saving: a time of day has no date to tell."""
    local = datetime.datetime(2000, 1, 1, tzinfo=zone(name))
    offset, saving = local.utcoffset(), local.dst()
    total = (offset or datetime.timedelta()) - (saving or datetime.timedelta())
    return int(total.total_seconds())
