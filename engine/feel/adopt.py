"""Python values that are no FEEL values, at the border: int, float, datetime and their like."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.errors import Refusal
from engine.feel.limits import Run
from engine.feel.numbers import CONTEXT
from engine.feel.temporal import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.temporal.durations import DAY, SECOND
from engine.feel.temporal.instants import from_datetime
from engine.feel.temporal.zones import LOCAL, zone
from engine.feel.values import BuiltIn, Function, Range

NATIVE = frozenset(
    (Decimal, str, bool, type(None), Date, Time, DateTime, DaysTime, YearsMonths, Range,
     Function, BuiltIn)
)  # fmt: skip


def from_python(value: Any) -> Any:
    """The FEEL value of a Python value, deep.

    A float becomes the decimal that it prints as. Raises engine.errors.Refusal
    (`feel.value.python`, with the type's name) for anything that FEEL has no value for.
    """
    return _adopt(value, None)


def adopt(value: Any, run: Run) -> Any:
    """The same for a variable that is being read: paid for, and untouched where it is FEEL."""
    return _adopt(value, run)


def _adopt(value: Any, run: Run | None) -> Any:
    kind = value.__class__
    if kind in NATIVE:
        return value
    if kind is list:
        return _list(value, run)
    if isinstance(value, Mapping):
        return _context(value, run)
    if isinstance(value, list | tuple | set | frozenset):
        return _list(list(value), run)
    return _scalar(value)


def _list(value: list[Any], run: Run | None) -> list[Any]:
    if run is not None:
        run.spend(len(value))
    if all(item.__class__ in NATIVE for item in value):
        return value
    adopted = [_adopt(item, run) for item in value]
    same = all(a is b for a, b in zip(adopted, value, strict=True))
    return value if same else adopted


def _context(value: Mapping[Any, Any], run: Run | None) -> dict[str, Any]:
    if run is not None:
        run.spend(len(value))
    if any(not isinstance(key, str) for key in value):
        raise Refusal("feel.value.key")
    adopted = {key: _adopt(item, run) for key, item in value.items()}
    if value.__class__ is dict and all(adopted[k] is v for k, v in value.items()):
        return value
    return adopted


def _scalar(value: Any) -> Any:
    if isinstance(value, str):
        return str.__str__(value)  # members of an enumeration and their like become plain text
    if isinstance(value, int):
        return CONTEXT.create_decimal(int(value))
    if isinstance(value, float | Decimal) and Decimal(value).is_finite():
        return CONTEXT.create_decimal(repr(value) if isinstance(value, float) else value)
    if isinstance(value, datetime.datetime):
        return from_datetime(value)
    if isinstance(value, datetime.date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, datetime.time):
        return _time(value)
    if isinstance(value, datetime.timedelta):
        return DaysTime(value // datetime.timedelta(microseconds=1) * 1000)
    raise Refusal("feel.value.python", kind=type(value).__name__)


def _time(value: datetime.time) -> Time:
    offset = value.utcoffset()
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return Time(
        seconds * SECOND + value.microsecond * 1000,
        None if offset is None else int(offset.total_seconds()),
    )


def to_python(value: Any) -> Any:
    """A FEEL value as the nearest Python value, deep.

    Numbers stay Decimal, a days and time duration becomes timedelta, date and time an aware
    datetime (a local one is meant in Asia/Shanghai). A years and months duration, a range and a
    function stay as they are. Raises Refusal (`feel.value.range`) outside the years 1 to 9999.
    """
    if isinstance(value, list):
        return [to_python(item) for item in value]
    if isinstance(value, dict):
        return {key: to_python(item) for key, item in value.items()}
    try:
        return _to_python(value)
    except (ValueError, OverflowError):
        raise Refusal("feel.value.range", value=str(value)) from None


def _to_python(value: Any) -> Any:
    if isinstance(value, DateTime):
        date = datetime.date(value.date.year, value.date.month, value.date.day)
        return datetime.datetime.combine(date, _clock(value, LOCAL))
    if isinstance(value, Date):
        return datetime.date(value.year, value.month, value.day)
    if isinstance(value, Time):
        return _clock(value, None)
    if isinstance(value, DaysTime):
        days, rest = divmod(value.nanoseconds, DAY)
        return datetime.timedelta(days=days, microseconds=rest // 1000)
    return value


def _clock(value: Time | DateTime, local: str | None) -> datetime.time:
    tz: datetime.tzinfo | None = zone(local) if local else None
    if value.zone is not None:
        tz = zone(value.zone)
    elif value.offset is not None:
        tz = datetime.timezone(datetime.timedelta(seconds=value.offset))
    seconds, rest = divmod(value.nanoseconds, SECOND)
    return datetime.time(seconds // 3600, seconds // 60 % 60, seconds % 60, rest // 1000, tzinfo=tz)
