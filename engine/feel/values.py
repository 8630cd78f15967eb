"""What FEEL values are in Python, and when two are equal or ordered (tables 53 and 54).

null None · boolean bool · number Decimal · string str · list list · context dict · date Date ·
time Time · date and time DateTime · days and time duration DaysTime · years and months duration
YearsMonths · range Range · function Function. Lists and contexts are never changed in place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel.limits import Run
from engine.feel.temporal import Date, DateTime, DaysTime, Time, YearsMonths

if TYPE_CHECKING:
    from engine.feel.types import Type


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """`[1..10]`, or with `operator` the form `< 10`. An absent end is None."""

    start: Any
    end: Any
    start_included: bool
    end_included: bool
    operator: str = ""

    def property(self, name: str) -> Any:
        return getattr(self, name.replace(" ", "_"))


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function value, and how a project registers one of its own.

    `call` receives FEEL values in the order of `parameters`; the last `optional` of them may be
    left out by a caller and are then null. `types` and `result`, where given, are enforced.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[..., Any]
    optional: int = 0
    types: tuple[Type | None, ...] = ()
    result: Type | None = None
    # A function written in FEEL runs on the budget of its caller, so it is handed the Run.
    body: Callable[[Run, list[Any]], Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class BuiltIn:
    """A function of FEEL itself: `call` binds the arguments to one of its signatures."""

    name: str
    call: Callable[[Run, int, list[Any], list[str] | None], Any]


ORDERED = frozenset((Decimal, str, Date, DaysTime, YearsMonths))
ZONED = frozenset((Time, DateTime))
_SIMPLE = frozenset((Decimal, str, bool, Date, DaysTime, YearsMonths, Time, DateTime))


def equal(a: Any, b: Any, run: Run) -> bool | None:
    """True or false for values of one kind or null, None for values of different kinds."""
    kind = a.__class__
    if a is None or b is None:
        return a is b
    if kind is not b.__class__:
        return None
    if kind in _SIMPLE:
        return bool(a == b)
    if kind is list:
        return len(a) == len(b) and _all_equal(zip(a, b, strict=True), run)
    if kind is dict:
        return a.keys() == b.keys() and _all_equal(((a[k], b[k]) for k in a), run)
    if kind is Range:
        return _equal_ranges(a, b, run)
    return a is b


def _all_equal(pairs: Any, run: Run) -> bool | None:
    result: bool | None = True
    for a, b in pairs:
        run.spend(1)
        same = equal(a, b, run)
        if same is False:
            return False
        if same is None:
            result = None
    return result


def _equal_ranges(a: Range, b: Range, run: Run) -> bool | None:
    if (a.operator, a.start_included, a.end_included) != (
        b.operator, b.start_included, b.end_included,
    ):  # fmt: skip
        return False
    return _all_equal(((a.start, b.start), (a.end, b.end)), run)


def less(a: Any, b: Any) -> bool | None:
    """Whether a < b; None where the two cannot be ordered."""
    kind = a.__class__
    if kind is not b.__class__:
        return None
    if kind in ORDERED:
        return bool(a < b)
    if kind in ZONED:
        return bool(a.value(b.offset) < b.value(a.offset))
    return None


def at_most(a: Any, b: Any, run: Run) -> bool | None:
    """a <= b, which is `a < b or a = b`."""
    below = less(a, b)
    if below is None or below:
        return below
    return equal(a, b, run)


def includes(range_: Range, value: Any, run: Run) -> bool | None:
    """Whether a point lies in a range; None where it cannot be compared with its ends."""
    if range_.operator in ("=", "!="):
        same = equal(value, range_.start, run)
        return same if range_.operator == "=" or same is None else not same
    low: bool | None = True
    high: bool | None = True
    if range_.start is not None:
        low = (at_most(range_.start, value, run) if range_.start_included
               else less(range_.start, value))  # fmt: skip
    if range_.end is not None:
        high = (at_most(value, range_.end, run) if range_.end_included
                else less(value, range_.end))  # fmt: skip
    if low is False or high is False:
        return False
    return True if low and high else None


def make_range(start: Any, end: Any, start_included: bool, end_included: bool) -> Range | None:
    """A range; None where its ends are of different kinds or the wrong way round.

    One end may be null where that side is open.
    """
    if start is None or end is None:
        lone = start if end is None else end
        closed = start_included if start is None else end_included
        if lone is None or closed or not _orderable(lone):
            return None
        return Range(start, end, start_included, end_included)
    if not _orderable(start) or start.__class__ is not end.__class__ or less(end, start):
        return None
    return Range(start, end, start_included, end_included)


def _orderable(value: Any) -> bool:
    return value.__class__ in ORDERED or value.__class__ in ZONED


def comparison_range(operator: str, end: Any) -> Range | None:
    """The range that `< 10` and its like denote (table 42)."""
    if operator in ("=", "!="):
        return Range(end, end, True, True, operator)
    if not _orderable(end):
        return None
    if operator[0] == "<":
        return Range(None, end, False, operator == "<=", operator)
    return Range(end, None, operator == ">=", False, operator)
