"""Relations between points and ranges (table 78)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel.functions.registry import NoResult, built_in
from engine.feel.limits import Run
from engine.feel.values import Range, equal, less

# The missing ends of `< 10` and `> 10`.
_LOWEST, _HIGHEST = object(), object()


def _start(value: Any) -> Any:
    """Where a range begins; a point begins and ends at itself."""
    if not isinstance(value, Range):
        return value
    return _LOWEST if value.start is None else value.start


def _end(value: Any) -> Any:
    if not isinstance(value, Range):
        return value
    return _HIGHEST if value.end is None else value.end


class Ends:
    """Comparisons of table 78; what cannot be compared makes the whole function null."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def lt(self, a: Any, b: Any) -> bool:
        if a is b and (a is _LOWEST or a is _HIGHEST):
            return False
        if a is _LOWEST or b is _HIGHEST:
            return True
        if a is _HIGHEST or b is _LOWEST:
            return False
        return self._known(less(a, b))

    def eq(self, a: Any, b: Any) -> bool:
        if any(end is _LOWEST or end is _HIGHEST for end in (a, b)):
            return a is b
        return self._known(equal(a, b, self.run))

    def _known(self, outcome: bool | None) -> bool:
        if outcome is None:
            raise NoResult("feel.null.items")
        return outcome

    def starts_no_later(self, a: Range, b: Range) -> bool:
        """a begins where b begins, or before."""
        return self.lt(_start(a), _start(b)) or (
            self.eq(_start(a), _start(b)) and (a.start_included or not b.start_included)
        )

    def ends_no_earlier(self, a: Range, b: Range) -> bool:
        return self.lt(_end(b), _end(a)) or (
            self.eq(_end(a), _end(b)) and (a.end_included or not b.end_included)
        )

    def reaches(self, a: Range, b: Range) -> bool:
        """a's end lies in or beyond b's start."""
        return self.lt(_start(b), _end(a)) or (
            self.eq(_end(a), _start(b)) and a.end_included and b.start_included
        )


Relation = Callable[[Ends, Any, Any], bool]


def _relation(name: str, *signatures: str) -> Callable[[Relation], Relation]:
    def register(relation: Relation) -> Relation:
        def call(run: Run, a: Any, b: Any) -> bool:
            return relation(Ends(run), a, b)

        for signature in signatures:
            built_in(name, signature)(call)
        return relation

    return register


_POINTS = "point1: point, point2: point"
_POINT_RANGE = "point: point, range: range"
_RANGE_POINT = "range: range, point: point"
_RANGES = "range1: range, range2: range"


@_relation("before", _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
def before(c: Ends, a: Any, b: Any) -> bool:
    end, start = _end(a), _start(b)
    touching = _excluded(a, "end_included") or _excluded(b, "start_included")
    return c.lt(end, start) or (touching and c.eq(end, start))


def _excluded(value: Any, end: str) -> bool:
    return isinstance(value, Range) and not getattr(value, end)


@_relation("after", _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
def after(c: Ends, a: Any, b: Any) -> bool:
    return before(c, b, a)


@_relation("meets", _RANGES)
def meets(c: Ends, a: Range, b: Range) -> bool:
    return a.end_included and b.start_included and c.eq(_end(a), _start(b))


@_relation("met by", _RANGES)
def met_by(c: Ends, a: Range, b: Range) -> bool:
    return meets(c, b, a)


@_relation("overlaps", _RANGES)
def overlaps(c: Ends, a: Range, b: Range) -> bool:
    return c.reaches(a, b) and c.reaches(b, a)


@_relation("overlaps before", _RANGES)
def overlaps_before(c: Ends, a: Range, b: Range) -> bool:
    earlier = c.lt(_start(a), _start(b)) or (
        c.eq(_start(a), _start(b)) and a.start_included and not b.start_included
    )
    return earlier and c.reaches(a, b) and c.ends_no_earlier(b, a)


@_relation("overlaps after", _RANGES)
def overlaps_after(c: Ends, a: Range, b: Range) -> bool:
    return overlaps_before(c, b, a)


@_relation("finishes", _POINT_RANGE, _RANGES)
def finishes(c: Ends, a: Any, b: Range) -> bool:
    if not isinstance(a, Range):
        return b.end_included and c.eq(_end(b), a)
    same = a.end_included == b.end_included and c.eq(_end(a), _end(b))
    return same and c.starts_no_later(b, a)


@_relation("finished by", _RANGE_POINT, _RANGES)
def finished_by(c: Ends, a: Range, b: Any) -> bool:
    return finishes(c, b, a)


@_relation("includes", _RANGE_POINT, _RANGES)
def includes(c: Ends, a: Range, b: Any) -> bool:
    if isinstance(b, Range):
        return c.starts_no_later(a, b) and c.ends_no_earlier(a, b)
    if c.lt(_start(a), b) and c.lt(b, _end(a)):
        return True
    return (a.start_included and c.eq(_start(a), b)) or (a.end_included and c.eq(_end(a), b))


@_relation("during", _POINT_RANGE, _RANGES)
def during(c: Ends, a: Any, b: Range) -> bool:
    return includes(c, b, a)


@_relation("starts", _POINT_RANGE, _RANGES)
def starts(c: Ends, a: Any, b: Range) -> bool:
    if not isinstance(a, Range):
        return b.start_included and c.eq(_start(b), a)
    same = a.start_included == b.start_included and c.eq(_start(a), _start(b))
    return same and c.ends_no_earlier(b, a)


@_relation("started by", _RANGE_POINT, _RANGES)
def started_by(c: Ends, a: Range, b: Any) -> bool:
    return starts(c, b, a)


@_relation("coincides", _POINTS, _RANGES)
def coincides(c: Ends, a: Any, b: Any) -> bool:
    if not isinstance(a, Range):
        return c.eq(a, b)
    return (
        (a.start_included, a.end_included) == (b.start_included, b.end_included)
        and c.eq(_start(a), _start(b))
        and c.eq(_end(a), _end(b))
    )
