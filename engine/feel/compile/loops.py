"""`for`, `some`, `every`: the Cartesian product of their iteration contexts (10.3.2.14)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from engine.feel import ast, limits
from engine.feel.compile.base import Builder, Code
from engine.feel.numbers import whole
from engine.feel.scope import Scope
from engine.feel.temporal import Date
from engine.feel.types import kind
from engine.feel.values import Range

Source = Callable[[Scope], Iterable[Any] | None]


class NoItems(Exception):
    """An iteration context that is no collection: the whole expression is null."""


def for_expression(build: Builder, node: ast.For) -> Code:
    keeps = ast.mentions(node.result, "partial")
    names = [*(iterator.name for iterator in node.iterators), *(("partial",) if keeps else ())]
    sources, body, weight = _prepare(build, node.iterators, names, node.result)
    variables = [iterator.name for iterator in node.iterators]

    def run(s: Scope) -> Any:
        results: list[Any] = []
        try:
            for bound in product(s, sources, variables):
                s.run.spend(weight + 1)
                if keeps:
                    # A snapshot: the list that earlier results saw must not grow under them.
                    s.run.spend(len(results) // 8)
                    bound["partial"] = results.copy()
                results.append(body(Scope(bound, s, s.globals, s.run)))
        except NoItems:
            return None
        limits.check_list(len(results))
        return results

    return run


def quantified(build: Builder, node: ast.Quantified) -> Code:
    names = [iterator.name for iterator in node.iterators]
    sources, body, weight = _prepare(build, node.iterators, names, node.condition)
    decisive = not node.every

    def run(s: Scope) -> Any:
        result: bool | None = not decisive
        try:
            for bound in product(s, sources, names):
                s.run.spend(weight + 1)
                value = body(Scope(bound, s, s.globals, s.run))
                if value is decisive:
                    return decisive
                if value is not (not decisive):
                    result = None
        except NoItems:
            return None
        return result

    return run


def _prepare(
    build: Builder, iterators: list[ast.Iterator], names: list[str], body: ast.Node
) -> tuple[list[Source], Code, int]:
    """Each source sees the iterators before it; the body sees all."""
    sources = [
        _source(build, iterator, [earlier.name for earlier in iterators[:index]])
        for index, iterator in enumerate(iterators)
    ]
    code, weight = build.weighed(names, body)
    return sources, code, weight


def _source(build: Builder, iterator: ast.Iterator, earlier: list[str]) -> Source:
    start = build.inside(earlier, iterator.source)
    at = iterator.source.at
    if iterator.end is None:
        return lambda s: items(s, start(s), at)
    end = build.inside(earlier, iterator.end)
    return lambda s: steps(s, start(s), end(s), at)


def product(
    s: Scope, sources: list[Source], names: list[str], bound: dict[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """Every combination of bindings, the last iterator fastest. Raises NoItems."""
    bound = bound or {}
    index = len(bound)
    found = sources[index](Scope(bound, s, s.globals, s.run))
    if found is None:
        raise NoItems
    last = index == len(sources) - 1
    for item in found:
        inner = {**bound, names[index]: item}
        if last:
            yield inner
        else:
            s.run.spend(1)
            yield from product(s, sources, names, inner)


def items(s: Scope, value: Any, at: int) -> Iterable[Any] | None:
    """The items of a list or of a range of integers or dates."""
    if isinstance(value, list):
        return value
    if isinstance(value, Range) and not value.operator:
        return _of_range(s, value, at)
    s.run.null("feel.null.iteration", at, kind=kind(value))
    return None


def _of_range(s: Scope, range_: Range, at: int) -> Iterable[Any] | None:
    found = steps(s, range_.start, range_.end, at)
    if found is None:
        return None
    return (
        item
        for item in found
        if (range_.start_included or item != range_.start)
        and (range_.end_included or item != range_.end)
    )


def steps(s: Scope, start: Any, end: Any, at: int) -> Iterable[Any] | None:
    """From `start` to `end`, up or down, by one or by a day."""
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        first, last = whole(start), whole(end)
        if first is not None and last is not None:
            return (Decimal(n) for n in _count(first, last))
    if isinstance(start, Date) and isinstance(end, Date):
        return _days(s, start.number, end.number)
    s.run.null("feel.null.steps", at, left=kind(start), right=kind(end))
    return None


def _days(s: Scope, first: int, last: int) -> Iterator[Date | None]:
    for number in _count(first, last):
        s.run.spend(2)  # a date costs more to make than a number
        yield Date.numbered(number)


def _count(first: int, last: int) -> range:
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


BUILDERS: dict[type[ast.Node], Callable[[Any, Any], Code]] = {
    ast.For: for_expression,
    ast.Quantified: quantified,
}
