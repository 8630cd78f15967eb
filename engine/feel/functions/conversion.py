"""Conversions between kinds (table 72) and `not` (table 73), `is` (table 77)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from engine.feel.arithmetic import months_between
from engine.feel.functions.registry import NoResult, built_in
from engine.feel.functions.text import to_string
from engine.feel.lexer import unescape
from engine.feel.limits import Run
from engine.feel.numbers import number, whole
from engine.feel.temporal import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.temporal import text as parse
from engine.feel.temporal.durations import HOUR, MINUTE, SECOND
from engine.feel.values import Range, comparison_range, equal, make_range

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_ENDPOINT = r'(?:-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|@?"(?:[^"\\]|\\.)*"'
_ENDPOINT += r'|(?:date and time|date|time|duration)\(\s*"(?:[^"\\]|\\.)*"\s*\))'
_RANGE = re.compile(
    rf"\s*([(\[\]])\s*({_ENDPOINT})?\s*\.\.\s*({_ENDPOINT})?\s*([)\[\]])\s*", re.DOTALL
)


def _parsed(value: Any, text: str) -> Any:
    if value is None:
        raise NoResult("feel.null.text", text=text[:80])
    return value


@built_in("date", "from: string")
def date_from_string(run: Run, text: str) -> Date:
    return _parsed(parse.date(text), text)  # type: ignore[no-any-return]


@built_in("date", "from: date|date and time")
def date_from_date(run: Run, value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@built_in("date", "year: number, month: number, day: number")
def date_from_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Date:
    parts = [whole(part) for part in (year, month, day)]
    found = None if None in parts else Date.of(*(part or 0 for part in parts))
    return _parsed(found, f"{year}-{month}-{day}")  # type: ignore[no-any-return]


@built_in("date and time", "from: string")
def date_time_from_string(run: Run, text: str) -> DateTime:
    return _parsed(parse.date_time(text), text)  # type: ignore[no-any-return]


@built_in("date and time", "date: date|date and time, time: time")
def date_time_from_parts(run: Run, date: Date | DateTime, time: Time) -> DateTime:
    day = date.date if isinstance(date, DateTime) else date
    return DateTime(day, time.nanoseconds, time.offset, time.zone)


@built_in("time", "from: string")
def time_from_string(run: Run, text: str) -> Time:
    return _parsed(parse.time(text), text)  # type: ignore[no-any-return]


@built_in("time", "from: time|date and time")
def time_from_time(run: Run, value: Time | DateTime) -> Time:
    return value.time if isinstance(value, DateTime) else value


@built_in(
    "time",
    "hour: number, minute: number, second: number, offset?: days and time duration|null",
)
def time_from_parts(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTime | None = None
) -> Time:
    h, m = whole(hour), whole(minute)
    if h is None or m is None or not (0 <= h < 24 and 0 <= m < 60 and 0 <= second < 60):
        raise NoResult("feel.null.text", text=f"{hour}:{minute}:{second}")
    nanoseconds = h * HOUR + m * MINUTE + int(second * SECOND)
    if offset is None:
        return Time(nanoseconds)
    if abs(offset.nanoseconds) > 14 * HOUR:
        raise NoResult("feel.null.text", text=str(offset))
    return Time(nanoseconds, offset.nanoseconds // SECOND)


@built_in("duration", "from: string")
def duration_from_string(run: Run, text: str) -> DaysTime | YearsMonths:
    return _parsed(parse.duration(text), text)  # type: ignore[no-any-return]


@built_in("years and months duration", "from: date|date and time, to: date|date and time")
def months_from_dates(run: Run, start: Date | DateTime, end: Date | DateTime) -> YearsMonths:
    if isinstance(start, Date) and isinstance(end, Date):
        return months_between(DateTime(start, 0), DateTime(end, 0))
    a = DateTime(start, 0, 0) if isinstance(start, Date) else start
    b = DateTime(end, 0, 0) if isinstance(end, Date) else end
    return months_between(a, b)


@built_in(
    "number",
    "from: string, grouping separator?: string|null, decimal separator?: string|null",
)
def number_from_string(
    run: Run, text: str, grouping: str | None = None, point: str | None = None
) -> Decimal:
    if grouping not in (None, " ", ",", ".") or point not in (None, ".", ","):
        raise NoResult("feel.null.separator")
    if grouping == point and grouping is not None:
        raise NoResult("feel.null.separator")
    plain = text if grouping is None else text.replace(grouping, "")
    if point == ",":
        plain = plain.replace(".", "?").replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise NoResult("feel.null.text", text=text[:80])
    return number(plain)


@built_in("string", "from: any")
def string_from(run: Run, value: Any) -> str | None:
    return None if value is None else to_string(value, run)


@built_in("range", "from: string")
def range_from_string(run: Run, text: str) -> Range:
    """`range("[18..21)")`; an absent end is allowed on an open side only (rule 66)."""
    match = _RANGE.fullmatch(text)
    if match is None:
        raise NoResult("feel.null.text", text=text[:80])
    opening, low, high, closing = match.groups()
    start, end = _endpoint(low), _endpoint(high)
    included = opening == "[", closing == "]"
    found = None
    if low and high:
        found = None if start is None or end is None else make_range(start, end, *included)
    elif low and not included[1]:
        found = comparison_range(">=" if included[0] else ">", start)
    elif high and not included[0]:
        found = comparison_range("<=" if included[1] else "<", end)
    return _parsed(found, text)  # type: ignore[no-any-return]


def _endpoint(text: str | None) -> Any:
    if not text:
        return None
    if text[0] == '"':
        return unescape(text)
    if text[0] == "@":
        return parse.literal(unescape(text[1:]) or "")
    if "(" not in text:
        return number(text)
    name, _, argument = text.partition("(")
    read = {"date": parse.date, "time": parse.time, "date and time": parse.date_time,
            "duration": parse.duration}[name]  # fmt: skip
    return read(unescape(argument.rstrip(") ").strip()) or "")


@built_in("not", "negand: any")
def not_(run: Run, value: Any) -> bool | None:
    return not value if value is True or value is False else None


@built_in("is", "value1: any, value2: any")
def is_(run: Run, a: Any, b: Any) -> bool:
    """Identity in the semantic domain; never null."""
    if a.__class__ is not b.__class__:
        return False
    return equal(a, b, run) is True
