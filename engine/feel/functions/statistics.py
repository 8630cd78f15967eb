"""What is made of many values: minimum to mode (table 75). One list, or the items one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import reduce
from typing import Any

from engine.feel.functions.registry import F, NoResult, built_in
from engine.feel.limits import Run
from engine.feel.numbers import CONTEXT, ONE, ZERO
from engine.feel.values import less

# The deviation is rounded once, at its end.
_PRECISE = Context(prec=80, rounding=ROUND_HALF_EVEN, Emin=-20_000, Emax=20_000)


def aggregate(name: str, item: str) -> Callable[[F], F]:
    """Registers both forms: `name(list)` and `name(c1, …, cN)`."""

    def register(call: F) -> F:
        built_in(name, "list: list")(call)

        def spread(run: Run, *items: Any) -> Any:
            return call(run, list(items))

        built_in(name, f"{item}1: any, {item}2...: any")(spread)
        return call

    return register


def _numbers(run: Run, items: list[Any]) -> list[Decimal]:
    run.spend(len(items))
    if not all(item.__class__ is Decimal for item in items):
        raise NoResult("feel.null.items")
    return items


def _some(run: Run, items: list[Any]) -> list[Decimal]:
    if not items:
        raise NoResult("feel.null.empty")
    return _numbers(run, items)


def _total(numbers: Iterable[Decimal]) -> Decimal:
    return reduce(CONTEXT.add, numbers, ZERO)


def _extreme(run: Run, items: list[Any], lower: bool) -> Any:
    run.spend(len(items))
    if not items:
        raise NoResult("feel.null.empty")
    best = items[0]
    for item in items:
        below = less(item, best)
        above = less(best, item)
        if below is None or above is None:
            raise NoResult("feel.null.items")
        if below if lower else above:
            best = item
    return best


@aggregate("min", "c")
def minimum(run: Run, items: list[Any]) -> Any:
    return _extreme(run, items, lower=True)


@aggregate("max", "c")
def maximum(run: Run, items: list[Any]) -> Any:
    return _extreme(run, items, lower=False)


@aggregate("sum", "n")
def total(run: Run, items: list[Any]) -> Decimal:
    return _total(_some(run, items))


@aggregate("mean", "n")
def mean(run: Run, items: list[Any]) -> Decimal:
    return CONTEXT.divide(_total(_some(run, items)), Decimal(len(items)))


@aggregate("product", "n")
def product(run: Run, items: list[Any]) -> Decimal:
    return reduce(CONTEXT.multiply, _some(run, items), ONE)


@aggregate("median", "n")
def median(run: Run, items: list[Any]) -> Decimal:
    ordered = sorted(_some(run, items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return CONTEXT.divide(CONTEXT.add(ordered[middle - 1], ordered[middle]), Decimal(2))


@aggregate("stddev", "n")
def stddev(run: Run, items: list[Any]) -> Decimal:
    """The deviation of a sample."""
    numbers = _some(run, items)
    if len(numbers) < 2:
        raise NoResult("feel.null.empty")
    run.spend(50 + 4 * len(numbers))
    count = Decimal(len(numbers))
    middle = _PRECISE.divide(reduce(_PRECISE.add, numbers), count)
    squares = (_PRECISE.power(_PRECISE.subtract(n, middle), 2) for n in numbers)
    variance = _PRECISE.divide(reduce(_PRECISE.add, squares), count - 1)
    return CONTEXT.plus(_PRECISE.sqrt(variance))


@aggregate("mode", "n")
def mode(run: Run, items: list[Any]) -> list[Decimal]:
    counts = Counter(_numbers(run, items))
    highest = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == highest)


@aggregate("all", "b")
def all_(run: Run, items: list[Any]) -> bool | None:
    return _decided(run, items, decisive=False)


@aggregate("any", "b")
def any_(run: Run, items: list[Any]) -> bool | None:
    return _decided(run, items, decisive=True)


def _decided(run: Run, items: list[Any], decisive: bool) -> bool | None:
    run.spend(len(items))
    if any(item is decisive for item in items):
        return decisive
    return not decisive if all(item is (not decisive) for item in items) else None
