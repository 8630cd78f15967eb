"""Names, paths, filters and indexes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import ast
from engine.feel.adopt import NATIVE, adopt
from engine.feel.compile.base import Builder, Code
from engine.feel.functions import BUILT_INS
from engine.feel.numbers import whole
from engine.feel.scope import Scope
from engine.feel.temporal import Date, DateTime, DaysTime, Time, YearsMonths
from engine.feel.types import kind
from engine.feel.values import Range

MISSING = object()
_PROPERTIES = {
    Date: ("year", "month", "day", "weekday"),
    DateTime: ("year", "month", "day", "weekday", "hour", "minute", "second",
               "time offset", "timezone"),
    Time: ("hour", "minute", "second", "time offset", "timezone"),
    DaysTime: ("days", "hours", "minutes", "seconds"),
    YearsMonths: ("years", "months"),
    Range: ("start", "end", "start included", "end included"),
}  # fmt: skip


def name(build: Builder, node: ast.Name) -> Code:
    return reader(build, node.name, node.at)


def reader(build: Builder, name: str, at: int) -> Code:
    """Looks a name up in the frames that may hold it, then among variables, then functions."""
    hops = [
        level
        for level, frame in enumerate(reversed(build.frames))
        if frame.dynamic or name in frame.names
    ]
    if not hops:
        return _global(build, name, at)
    # In a filter only the data tells whether a name is an entry of the item or a variable, so
    # the linter hears of it only where the variable is declared.
    bound = any(name in frame.names for frame in build.frames)
    certain = not bound and name in build.compilation.declared
    outermost = (_global if certain else _outermost)(build, name, at)
    return _local(name, hops[0], outermost) if len(hops) == 1 else _locals(name, hops, outermost)


def _local(name: str, level: int, outermost: Code) -> Code:
    def run(s: Scope) -> Any:
        frame = s
        for _ in range(level):
            frame = frame.parent  # type: ignore[assignment]
        value = frame.vars.get(name, MISSING)
        return outermost(s) if value is MISSING else value

    def near(s: Scope) -> Any:
        value = s.vars.get(name, MISSING)
        return outermost(s) if value is MISSING else value

    return run if level else near


def _locals(name: str, hops: list[int], outermost: Code) -> Code:
    wanted = frozenset(hops)

    def run(s: Scope) -> Any:
        frame: Any = s
        for level in range(hops[-1] + 1):
            if level in wanted:
                value = frame.vars.get(name, MISSING)
                if value is not MISSING:
                    return value
            frame = frame.parent
        return outermost(s)

    return run


def _global(build: Builder, name: str, at: int) -> Code:
    """A variable of the process; noted, so that the linter can ask for it."""
    known = name in BUILT_INS or name in build.compilation.functions
    if name != "?" and (not known or name in build.compilation.declared):
        build.compilation.reads.add(name)
    return _outermost(build, name, at)


def _outermost(build: Builder, name: str, at: int) -> Code:
    if name == "?":
        return lambda s: s.run.input
    function = build.compilation.functions.get(name) or BUILT_INS.get(name)

    def run(s: Scope) -> Any:
        try:
            value = s.globals[name]
        except KeyError:
            return function or s.run.null("feel.null.name", at, name=name)
        return value if value.__class__ in NATIVE else adopt(value, s.run)

    return run


def path(build: Builder, node: ast.Path) -> Code:
    value = build.compile(node.value)
    name, at = node.name, node.at

    def run(s: Scope) -> Any:
        base = value(s)
        if base.__class__ is dict and name in base:
            return base[name]
        return member(s, base, name, at)

    return run


def member(s: Scope, base: Any, name: str, at: int) -> Any:
    """`base.name`: an entry, a property, or for a list the list of the items' own."""
    if isinstance(base, dict):
        return base[name] if name in base else s.run.null("feel.null.entry", at, name=name)
    if isinstance(base, list):
        s.run.spend(len(base))
        return [member(s, item, name, at) for item in base]
    if base is None:
        return s.run.null("feel.null.path", at, name=name)
    if name in _PROPERTIES.get(base.__class__, ()):
        return base.property(name)
    return s.run.null("feel.null.property", at, name=name, kind=kind(base))


def filtered(build: Builder, node: ast.Filter) -> Code:
    value = build.compile(node.value)
    position = _constant_position(node.condition)
    if position is not None:
        return lambda s: element(s, value(s), position, node.at)
    condition, weight = build.weighed(("item",), node.condition, dynamic=True)

    def run(s: Scope) -> Any:
        base = value(s)
        if base is None:
            return s.run.null("feel.null.filter", node.at)
        items = base if isinstance(base, list) else [base]
        return _filter(s, items, condition, weight, node.at)

    return run


def _constant_position(node: ast.Node) -> Decimal | None:
    negative = isinstance(node, ast.Negation)
    inner = node.operand if isinstance(node, ast.Negation) else node
    if isinstance(inner, ast.Constant) and isinstance(inner.value, Decimal):
        return -inner.value if negative else inner.value
    return None


def _filter(s: Scope, items: list[Any], condition: Code, weight: int, at: int) -> Any:
    if not items:
        # Nothing to test; but a number in brackets asks for an element, and there is none.
        probe = condition(Scope({}, s, s.globals, s.run))
        return None if isinstance(probe, Decimal) else []
    kept: list[Any] = []
    for item in items:
        s.run.spend(weight)
        outcome = condition(item_scope(s, item))
        if outcome is True:
            kept.append(item)
        elif outcome.__class__ is Decimal:
            return element(s, items, outcome, at)
        elif outcome is not False and outcome is not None:
            return s.run.null("feel.null.condition", at, kind=kind(outcome))
    return kept


def item_scope(s: Scope, item: Any) -> Scope:
    """The special context of a filter: `item`, and the entries of an item that is a context."""
    entries = {"item": item, **item} if item.__class__ is dict else {"item": item}
    return Scope(entries, s, s.globals, s.run)


def element(s: Scope, base: Any, position: Decimal, at: int) -> Any:
    """The element at a position, from 1 or from -1 backwards; null outside the list."""
    if base is None:
        return s.run.null("feel.null.filter", at)
    items = base if isinstance(base, list) else [base]
    index = whole(position)
    if index is None or index == 0 or abs(index) > len(items):
        return s.run.null("feel.null.index", at, index=str(position), length=len(items))
    return items[index - 1 if index > 0 else index]


def indexed(build: Builder, node: ast.Index) -> Code:
    """JUEL: a number counts from 0, a string is a key. Anything else is FEEL's filter of a list:
    JUEL knows no brackets of that kind, and who writes `rows[state = "open"]` means a filter.
    """
    value, key = build.compile(node.value), build.compile(node.key)
    condition, weight = build.weighed(("item",), node.key, dynamic=True)

    def run(s: Scope) -> Any:
        base, at = value(s), key(s)
        if isinstance(at, str):
            return member(s, base, at, node.at)
        if isinstance(base, list) and not isinstance(at, Decimal):
            return _filter(s, base, condition, weight, node.at)
        if not isinstance(at, Decimal) or at < 0:
            return s.run.null("feel.null.index", node.at, index=str(at), length=0)
        return element(s, base, at + 1, node.at)

    return run


BUILDERS: dict[type[ast.Node], Callable[[Any, Any], Code]] = {
    ast.Name: name,
    ast.Path: path,
    ast.Filter: filtered,
    ast.Index: indexed,
}
