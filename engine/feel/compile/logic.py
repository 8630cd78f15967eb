"""Three-valued logic, conditionals, membership and unary tests, `instance of`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel import ast
from engine.feel.compile.base import Builder, Code
from engine.feel.compile.operators import interval_test, ordered
from engine.feel.scope import Scope
from engine.feel.types import is_instance, kind, resolve
from engine.feel.values import Range, comparison_range, equal, includes

Test = Callable[[Scope, Any], Any]  # a scope and the value that is tested: true, false or null


def junction(build: Builder, node: ast.Junction) -> Code:
    operands = tuple(build.compile(operand) for operand in node.operands)
    decisive = node.operator == "or"
    if len(operands) == 2:
        return _pair(*operands, decisive, node)

    def run(s: Scope) -> Any:
        result: bool | None = not decisive
        for operand in operands:
            value = operand(s)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                result = None
                _tell(s, node, value)
        return result

    return run


def _tell(s: Scope, node: ast.Junction, value: Any) -> None:
    """Null has its reason already; a value that is no boolean at all is told here."""
    if value is not None and value.__class__ is not bool:
        s.run.null("feel.null.logic", node.at, operator=node.operator, kind=kind(value))


def _pair(left: Code, right: Code, decisive: bool, node: ast.Junction) -> Code:
    neutral = not decisive

    def run(s: Scope) -> Any:
        a = left(s)
        if a is decisive:
            return decisive
        b = right(s)
        if b is decisive:
            return decisive
        if a is neutral and b is neutral:
            return neutral
        _tell(s, node, a)
        _tell(s, node, b)
        return None

    return run


def conditional(build: Builder, node: ast.If) -> Code:
    condition = build.compile(node.condition)
    then, otherwise = build.compile(node.then), build.compile(node.otherwise)
    return lambda s: then(s) if condition(s) is True else otherwise(s)


def membership(build: Builder, node: ast.In) -> Code:
    tests = tuple(unary_test(build, test) for test in node.tests)
    value = build.compile(node.value) if node.value is not None else (lambda s: s.run.input)
    negated = node.negated

    def run(s: Scope) -> Any:
        result = any_test(tests, s, value(s))
        return not result if negated and result is not None else result

    return run


def any_test(tests: tuple[Test, ...], s: Scope, value: Any) -> bool | None:
    """The disjunction of tests: one that holds decides, else one that is null makes it null."""
    result: bool | None = False
    for test in tests:
        outcome = test(s, value)
        if outcome is True:
            return True
        if outcome is not False:
            result = None
    return result


def unary_test(build: Builder, node: ast.Node) -> Test:
    """One positive unary test, rule 13 and table 55."""
    if isinstance(node, ast.RangeLiteral):
        return interval_test(build, node)
    if isinstance(node, ast.Comparator):
        return _comparison_test(build, node)
    if isinstance(node, ast.Constant):
        return _constant_test(node)
    code = build.inside(("?",), node)
    # A test that reads `?` itself says whether it holds; any other value is compared.
    if ast.mentions(node, "?"):
        return lambda s, value: _as_boolean(code(_with_input(s, value)))
    return lambda s, value: matches(s, node, value, code(_with_input(s, value)))


def _with_input(s: Scope, value: Any) -> Scope:
    return Scope({"?": value}, s, s.globals, s.run)


def _as_boolean(value: Any) -> bool | None:
    return value if value is True or value is False else None


def _constant_test(node: ast.Constant) -> Test:
    wanted = node.value
    if wanted.__class__ is str or wanted is True or wanted is False:
        kind_of_wanted = wanted.__class__

        def run(s: Scope, value: Any) -> Any:
            if value.__class__ is kind_of_wanted:
                return value == wanted
            return matches(s, node, value, wanted)

        return run
    return lambda s, value: matches(s, node, value, wanted)


def _comparison_test(build: Builder, node: ast.Comparator) -> Test:
    operand = build.inside(("?",), node.operand)
    sign = node.operator
    if sign in ("=", "!="):

        def same(s: Scope, value: Any) -> Any:
            found = equal(value, operand(_with_input(s, value)), s.run)
            return found if found is None or sign == "=" else not found

        return same

    def run(s: Scope, value: Any) -> Any:
        return ordered(s, node, sign, value, operand(_with_input(s, value)))

    return run


def matches(s: Scope, node: ast.Node, value: Any, wanted: Any) -> bool | None:
    """Whether `value in wanted` for a wanted value that is known by now."""
    if isinstance(wanted, Range):
        return (
            equal(value, wanted, s.run)
            if isinstance(value, Range)
            else includes(wanted, value, s.run)
        )
    if isinstance(wanted, list):
        return _in_list(s, value, wanted)
    same = equal(value, wanted, s.run)
    if same is None:
        s.run.null("feel.null.compare", node.at, left=kind(value), right=kind(wanted))
    return same


def _in_list(s: Scope, value: Any, wanted: list[Any]) -> bool | None:
    if isinstance(value, list) and equal(value, wanted, s.run):
        return True
    result: bool | None = False
    for item in wanted:
        s.run.spend(1)
        if isinstance(item, Range) and not isinstance(value, Range):
            same = includes(item, value, s.run)
        else:
            same = equal(value, item, s.run) or False
        if same:
            return True
        if same is None:
            result = None
    return result


def comparator(build: Builder, node: ast.Comparator) -> Code:
    """`< 10` as a value of its own is a range."""
    operand = build.compile(node.operand)

    def run(s: Scope) -> Any:
        end = operand(s)
        found = comparison_range(node.operator, end)
        if found is None:
            s.run.null("feel.null.range", node.at, left=kind(end), right=kind(end))
        return found

    return run


def instance_of(build: Builder, node: ast.InstanceOf) -> Code:
    value = build.compile(node.value)
    wanted = resolve(node.type, build.compilation.types)
    if wanted is None:
        return lambda s: s.run.null("feel.null.type", node.at, type=node.type.name)
    return lambda s: is_instance(value(s), wanted)


def any_input(build: Builder, node: ast.AnyInput) -> Code:
    return lambda s: True


def empty(build: Builder, node: ast.Empty) -> Code:
    operand = build.compile(node.operand)

    def run(s: Scope) -> bool:
        value = operand(s)
        return value is None or (isinstance(value, str | list | dict) and not value)

    return run


BUILDERS: dict[type[ast.Node], Callable[[Any, Any], Code]] = {
    ast.Junction: junction,
    ast.If: conditional,
    ast.In: membership,
    ast.AnyInput: any_input,
    ast.Comparator: comparator,
    ast.InstanceOf: instance_of,
    ast.Empty: empty,
}
