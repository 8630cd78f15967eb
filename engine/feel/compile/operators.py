"""Constants, arithmetic and comparison, with the pairs of numbers and strings kept fast."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from engine.feel import ast
from engine.feel.arithmetic import calculate, negate
from engine.feel.compile.base import Builder, Code
from engine.feel.numbers import CONTEXT
from engine.feel.scope import Scope
from engine.feel.temporal import Date
from engine.feel.types import kind
from engine.feel.values import ORDERED, at_most, equal, includes, less, make_range

_FAST_EQUAL = frozenset((Decimal, str, bool, Date))
_FAST = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
    "/": CONTEXT.divide,
}
_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def constant(build: Builder, node: ast.Constant) -> Code:
    value = node.value
    return lambda s: value


def bad_literal(build: Builder, node: ast.BadLiteral) -> Code:
    return lambda s: s.run.null("feel.null.literal", node.at, text=node.text)


def negation(build: Builder, node: ast.Negation) -> Code:
    operand = build.compile(node.operand)
    if isinstance(node.operand, ast.Constant) and node.operand.value.__class__ is Decimal:
        value = negate(node.operand.value)
        return lambda s: value

    def run(s: Scope) -> Any:
        value = operand(s)
        result = negate(value)
        if result is None:
            s.run.null("feel.null.operator", node.at, operator="-", left=kind(value))
        return result

    return run


def binary(build: Builder, node: ast.Binary) -> Code:
    left, right = build.compile(node.left), build.compile(node.right)
    if node.operator == "=":
        return _equality(left, right, node)
    if node.operator == "!=":
        return _inequality(left, right, node)
    if node.operator in _ORDER:
        return _order(left, right, node)
    return _arithmetic(left, right, node)


def _arithmetic(left: Code, right: Code, node: ast.Binary) -> Code:
    sign = node.operator
    fast = _FAST.get(sign)
    price = 60 if sign == "**" else 4

    def run(s: Scope) -> Any:
        a = left(s)
        b = right(s)
        if fast is not None and a.__class__ is Decimal and b.__class__ is Decimal:
            try:
                return fast(a, b)
            except DecimalException:
                return _no_number(s, node, b)
        s.run.spend(price)
        result = calculate(sign, a, b)
        if result.__class__ is str:
            s.run.written(result)
        if result is None:
            s.run.null("feel.null.operator", node.at, operator=sign, left=kind(a), right=kind(b))
        return result

    return run


def _no_number(s: Scope, node: ast.Binary, b: Decimal) -> None:
    zero = node.operator == "/" and not b
    s.run.null("feel.null.zero" if zero else "feel.null.overflow", node.at)


def _equality(left: Code, right: Code, node: ast.Binary) -> Code:
    def run(s: Scope) -> Any:
        a = left(s)
        b = right(s)
        if a.__class__ is b.__class__ and a.__class__ in _FAST_EQUAL:
            return a == b
        same = equal(a, b, s.run)
        return _incomparable(s, node, a, b) if same is None else same

    return run


def _inequality(left: Code, right: Code, node: ast.Binary) -> Code:
    equality = _equality(left, right, node)

    def run(s: Scope) -> Any:
        same = equality(s)
        return None if same is None else not same

    return run


def _order(left: Code, right: Code, node: ast.Binary) -> Code:
    sign = node.operator
    fast = _ORDER[sign]

    def run(s: Scope) -> Any:
        a = left(s)
        b = right(s)
        if a.__class__ is b.__class__ and a.__class__ in ORDERED:
            return fast(a, b)
        return ordered(s, node, sign, a, b)

    return run


def ordered(s: Scope, node: ast.Node, sign: str, a: Any, b: Any) -> bool | None:
    """`a sign b` for any of the four signs of order; null with a reason where it is undefined."""
    x, y = (a, b) if sign[0] == "<" else (b, a)
    result = at_most(x, y, s.run) if sign.endswith("=") else less(x, y)
    return _incomparable(s, node, a, b) if result is None else result


def _incomparable(s: Scope, node: ast.Node, a: Any, b: Any) -> Any:
    return s.run.null("feel.null.compare", node.at, left=kind(a), right=kind(b))


def between(build: Builder, node: ast.Between) -> Code:
    value, low, high = (build.compile(n) for n in (node.value, node.low, node.high))

    def run(s: Scope) -> Any:
        v = value(s)
        above = ordered(s, node, ">=", v, low(s))
        below = ordered(s, node, "<=", v, high(s))
        if above is False or below is False:
            return False
        return True if above and below else None

    return run


def range_literal(build: Builder, node: ast.RangeLiteral) -> Code:
    start, end = build.compile(node.start), build.compile(node.end)

    def run(s: Scope) -> Any:
        a, b = start(s), end(s)
        found = make_range(a, b, node.start_included, node.end_included)
        if found is None:
            s.run.null("feel.null.range", node.at, left=kind(a), right=kind(b))
        return found

    return run


def interval_test(build: Builder, node: ast.RangeLiteral) -> Callable[[Scope, Any], Any]:
    """The test of a cell `[a..b]`, without building a range value for each row."""
    make = range_literal(build, node)
    if isinstance(node.start, ast.Constant) and isinstance(node.end, ast.Constant):
        fixed = make_range(node.start.value, node.end.value, node.start_included, node.end_included)
        if fixed is not None:
            return lambda s, value: includes(fixed, value, s.run)

    def run(s: Scope, value: Any) -> Any:
        found = make(s)
        return None if found is None else includes(found, value, s.run)

    return run


BUILDERS: dict[type[ast.Node], Callable[[Any, Any], Code]] = {
    ast.Constant: constant,
    ast.BadLiteral: bad_literal,
    ast.Negation: negation,
    ast.Binary: binary,
    ast.Between: between,
    ast.RangeLiteral: range_literal,
}
