"""List functions (table 75) but for the statistics, and `sort` (table 80)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.feel import limits
from engine.feel.functions.registry import NoResult, built_in
from engine.feel.functions.strings import part
from engine.feel.invoke import invoke
from engine.feel.limits import Run
from engine.feel.numbers import whole
from engine.feel.values import BuiltIn, Function, equal

List = list[Any]


def _index(position: Decimal, length: int) -> int:
    """A position from 1 or -1 as a Python index. Raises NoResult outside [-L..L] and at 0."""
    index = whole(position)
    if index is None or index == 0 or abs(index) > length:
        raise NoResult("feel.null.position", position=str(position), length=length)
    return index - 1 if index > 0 else length + index


def _same(run: Run, a: Any, b: Any) -> bool:
    run.spend(1)
    return equal(a, b, run) is True


@built_in("list contains", "list: list, element: any")
def list_contains(run: Run, items: List, element: Any) -> bool:
    return any(_same(run, item, element) for item in items)


@built_in("count", "list: list")
def count(run: Run, items: List) -> Decimal:
    return Decimal(len(items))


@built_in("sublist", "list: list, start position: number, length?: number|null")
def sublist(run: Run, items: List, start: Decimal, length: Decimal | None = None) -> List:
    run.spend(len(items) // 8)
    return list(items[part(len(items), start, length)])


@built_in("append", "list: list, item...: any")
def append(run: Run, items: List, *more: Any) -> List:
    return _grown(run, [*items, *more])


@built_in("concatenate", "list...: list")
def concatenate(run: Run, *lists: List) -> List:
    return _grown(run, [item for items in lists for item in items])


def _grown(run: Run, items: List) -> List:
    limits.check_list(len(items))
    run.spend(len(items) // 8)
    return items


@built_in("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Run, items: List, position: Decimal, new: Any) -> List:
    index = _index(position, len(items))
    return _grown(run, [*items[:index], new, *items[index:]])


@built_in("remove", "list: list, position: number")
def remove(run: Run, items: List, position: Decimal) -> List:
    index = _index(position, len(items))
    return _grown(run, items[:index] + items[index + 1 :])


@built_in("list replace", "list: list, position: number, newItem: any")
def replace_at(run: Run, items: List, position: Decimal, new: Any) -> List:
    index = _index(position, len(items))
    return _grown(run, [*items[:index], new, *items[index + 1 :]])


@built_in("list replace", "list: list, match: function, newItem: any")
def replace_matching(run: Run, items: List, match: Function, new: Any) -> List:
    found: List = []
    for item in items:
        run.spend(1)
        outcome = invoke(run, 0, match, [item, new], None)
        if outcome is not True and outcome is not False:
            raise NoResult("feel.null.predicate")
        found.append(new if outcome else item)
    return found


@built_in("reverse", "list: list")
def reverse(run: Run, items: List) -> List:
    return _grown(run, items[::-1])


@built_in("index of", "list: list, match: any")
def index_of(run: Run, items: List, match: Any) -> List:
    return [Decimal(n) for n, item in enumerate(items, 1) if _same(run, item, match)]


@built_in("union", "list...: list")
def union(run: Run, *lists: List) -> List:
    return distinct_values(run, concatenate(run, *lists))


@built_in("distinct values", "list: list")
def distinct_values(run: Run, items: List) -> List:
    found: List = []
    simple: set[Any] = set()
    for item in items:
        run.spend(1)
        # Numbers and strings are told apart by hashing; the rest one by one.
        if item.__class__ is Decimal or item.__class__ is str:
            if item in simple:
                continue
            simple.add(item)
        elif any(_same(run, item, known) for known in found):
            continue
        found.append(item)
    return found


@built_in("flatten", "list: list")
def flatten(run: Run, items: List) -> List:
    found: List = []
    stack = [iter(items)]
    while stack:
        for item in stack[-1]:
            run.spend(1)
            if isinstance(item, list):
                stack.append(iter(item))
                break
            found.append(item)
        else:
            stack.pop()
    limits.check_list(len(found))
    return found


@built_in("sort", "list: list, precedes: function")
def sort(run: Run, items: List, precedes: Function | BuiltIn) -> List:
    def before(a: Any, b: Any) -> bool:
        run.spend(1)
        outcome = invoke(run, 0, precedes, [a, b], None)
        if outcome is not True and outcome is not False:
            raise NoResult("feel.null.predicate")
        return bool(outcome)

    return sorted(items, key=cmp_to_key(_comparison(before)))


def _comparison(before: Callable[[Any, Any], bool]) -> Callable[[Any, Any], int]:
    def compare(a: Any, b: Any) -> int:
        if before(a, b):
            return -1
        return 1 if before(b, a) else 0

    return compare
