"""Strings to temporal values: XML Schema's lexical space and `@Region/City` (10.3.4.1)."""

from __future__ import annotations

import re
from functools import lru_cache

from engine.feel.temporal.dates import Date
from engine.feel.temporal.durations import DAY, HOUR, MINUTE, SECOND, DaysTime, YearsMonths
from engine.feel.temporal.instants import DateTime, Time
from engine.feel.temporal.zones import zone

_DATE = re.compile(r"(-?)([1-9][0-9]{4,8}|[0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:([zZ])|([-+])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@(.+))?"
)
_DAYS = re.compile(
    r"(-?)P(?=.)(?:([0-9]{1,18})D)?"
    r"(?:T(?=.)(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18})(?:\.([0-9]*))?S)?)?"
)
_MONTHS = re.compile(r"(-?)P(?=.)(?:([0-9]{1,12})Y)?(?:([0-9]{1,12})M)?")
_OFFSET = 14 * 3600  # bound of XML Schema

Temporal = Date | Time | DateTime | DaysTime | YearsMonths


@lru_cache(maxsize=2048)
def date(text: str) -> Date | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    sign, year, month, day = match.groups()
    return Date.of(int(sign + year), int(month), int(day))


@lru_cache(maxsize=2048)
def time(text: str) -> Time | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = (int(part) for part in match.groups()[:3])
    if hour > 23 or minute > 59 or second > 59:
        return None
    fraction = int((match[4] or "")[:9].ljust(9, "0"))
    nanoseconds = hour * HOUR + minute * MINUTE + second * SECOND + fraction
    if match[10] is not None:
        return Time(nanoseconds, None, match[10]) if zone(match[10]) else None
    if match[5]:
        return Time(nanoseconds, 0)
    return _with_offset(nanoseconds, match) if match[6] else Time(nanoseconds)


def _with_offset(nanoseconds: int, match: re.Match[str]) -> Time | None:
    if int(match[8]) > 59 or int(match[9] or 0) > 59:
        return None
    offset = int(match[7]) * 3600 + int(match[8]) * 60 + int(match[9] or 0)
    if offset > _OFFSET:
        return None
    return Time(nanoseconds, -offset if match[6] == "-" else offset)


@lru_cache(maxsize=2048)
def date_time(text: str) -> DateTime | None:
    """A date alone is its midnight."""
    head, separator, tail = text.partition("T")
    day = date(head)
    clock = time(tail) if separator else Time(0)
    if day is None or clock is None:
        return None
    return DateTime(day, clock.nanoseconds, clock.offset, clock.zone)


@lru_cache(maxsize=2048)
def duration(text: str) -> DaysTime | YearsMonths | None:
    if match := _MONTHS.fullmatch(text):
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonths.of(-months if match[1] else months)
    match = _DAYS.fullmatch(text)
    if match is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:5])
    total = days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND
    total += int((match[6] or "")[:9].ljust(9, "0"))
    return DaysTime.of(-total if match[1] else total)


def literal(text: str) -> Temporal | None:
    """The value of an `@` literal, whichever of the four kinds it is."""
    if text.lstrip("-").startswith("P"):
        return duration(text)
    if "T" in text.partition("@")[0]:
        return date_time(text)
    return date(text) or time(text)
