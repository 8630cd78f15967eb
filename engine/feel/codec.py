"""FEEL values as JSON and back, every kind kept.

Text, booleans, null and lists are themselves. Everything else is an object of one entry whose key
is the kind; a context is wrapped too, so that no key of the user's can be mistaken for a kind:

    number {"n": "1.50"} · context {"c": {…}} · date {"d": "2026-11-20"} · time {"t": "08:00:00"} ·
    date and time {"dt": …} · durations {"dtd": "P1D"}, {"ymd": "P1M"} ·
    range {"r": [operator, start, end, start included, end included]}
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from engine.errors import Refusal
from engine.feel import limits
from engine.feel.adopt import from_python
from engine.feel.errors import FeelLimitExceeded
from engine.feel.numbers import number
from engine.feel.temporal import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.temporal import text as parse
from engine.feel.values import Range

DEPTH = 60
_KINDS = {
    Decimal: "n", Date: "d", Time: "t", DateTime: "dt", DaysTime: "dtd", YearsMonths: "ymd",
}  # fmt: skip
_READERS: dict[str, Callable[[str], Any]] = {
    "n": number,
    "d": parse.date,
    "t": parse.time,
    "dt": parse.date_time,
    "dtd": parse.duration,
    "ymd": parse.duration,
}


class _Count:
    """Values left. Lists may share parts, so that a small value can be a huge text."""

    def __init__(self) -> None:
        self.left = limits.LIST_LENGTH * 2

    def spend(self, depth: int) -> None:
        self.left -= 1
        if self.left < 0 or depth > DEPTH:
            raise FeelLimitExceeded("feel.limit.value", limit=limits.LIST_LENGTH * 2)


def encode(value: Any) -> Any:
    """A structure that json can write. Python values are taken as from_python takes them.

    Raises Refusal (`feel.value.function`) for a function, FeelLimitExceeded for a huge value.
    """
    return _encode(value, _Count(), 0)


def _encode(value: Any, count: _Count, depth: int) -> Any:
    count.spend(depth)
    if value is None or value.__class__ in (bool, str):
        return value
    tag = _KINDS.get(value.__class__)
    if tag is not None:
        return {tag: str(value)}
    if isinstance(value, list):
        return [_encode(item, count, depth + 1) for item in value]
    if value.__class__ is dict:
        if any(not isinstance(key, str) for key in value):
            raise Refusal("feel.value.key")
        return {"c": {k: _encode(v, count, depth + 1) for k, v in value.items()}}
    if isinstance(value, Range):
        ends = [_encode(end, count, depth + 1) for end in (value.start, value.end)]
        return {"r": [value.operator, *ends, value.start_included, value.end_included]}
    adopted = from_python(value)
    if adopted is value:
        raise Refusal("feel.value.function")
    return _encode(adopted, count, depth)


def decode(data: Any) -> Any:
    """The value that `encode` wrote. Raises Refusal (`feel.value.encoding`) for anything else."""
    return _decode(data, _Count(), 0)


def _decode(data: Any, count: _Count, depth: int) -> Any:
    count.spend(depth)
    if data is None or isinstance(data, bool | str):
        return data
    if isinstance(data, list):
        return [_decode(item, count, depth + 1) for item in data]
    if not (isinstance(data, dict) and len(data) == 1):
        raise Refusal("feel.value.encoding", found=type(data).__name__)
    tag, body = next(iter(data.items()))
    if tag == "c" and isinstance(body, dict):
        return {str(key): _decode(item, count, depth + 1) for key, item in body.items()}
    if tag == "r" and isinstance(body, list) and len(body) == 5:
        operator, start, end, *included = body
        ends = (_decode(start, count, depth + 1), _decode(end, count, depth + 1))
        return Range(*ends, bool(included[0]), bool(included[1]), str(operator))
    return _scalar(tag, body)


def _scalar(tag: str, body: Any) -> Any:
    reader = _READERS.get(tag)
    try:
        value = reader(body) if reader and isinstance(body, str) else None
    except DecimalException:
        value = None
    unreal = isinstance(value, Decimal) and not value.is_finite()
    if value is None or unreal or _KINDS.get(value.__class__) != tag:
        raise Refusal("feel.value.encoding", found=tag)
    return value
