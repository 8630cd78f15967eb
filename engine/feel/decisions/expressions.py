"""The door from decisions to FEEL: texts in, closures out, reasons given their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.errors import LiandongError, Refusal
from engine.feel import Dialect, Expression, prepare
from engine.feel.compile.loops import items
from engine.feel.decisions.conversions import Check, Conversion, check_of
from engine.feel.decisions.hit_policies import Fold
from engine.feel.decisions.items import ANYTHING, Item, ItemTypes
from engine.feel.decisions.model import (
    Aggregation,
    DecisionTable,
    Language,
    Literal,
    OutputClause,
    Place,
    Typed,
    TypeRef,
    UnaryTests,
)
from engine.feel.decisions.tables import Evaluate, Scope, Test
from engine.feel.decisions.trail import Trail
from engine.feel.errors import FeelLimitExceeded, FeelSyntaxError, Source
from engine.feel.scope import Scope as FeelScope
from engine.feel.types import ANY
from engine.feel.values import Function

Names = frozenset[str]
_FOLDS = {
    Aggregation.SUM: "sum(values)",
    Aggregation.MIN: "min(values)",
    Aggregation.MAX: "max(values)",
}


class Expressions:
    """Prepares the FEEL texts of one model; what is not FEEL joins the model's `problems`."""

    def __init__(
        self, items: ItemTypes, functions: Mapping[str, Function], problems: list[Refusal]
    ) -> None:
        self.items = items
        self.functions = functions
        self.problems = problems
        self._words = items.words
        self.reads: set[str] = set()
        """Variables that the texts of the present node read though nothing declares them."""
        self._checks: dict[int, Check | None] = {}
        self.folds: dict[Aggregation, Fold] = {
            aggregation: _fold(text) for aggregation, text in _FOLDS.items()
        }

    # -- expressions ------------------------------------------------------------------------

    def literal(self, literal: Literal, names: Names) -> Evaluate:
        """An empty text, and the `-` of an output entry, is null."""
        if literal.text in ("", "-"):
            return _null
        dialect: Dialect = "juel" if literal.language is Language.JUEL else "feel"
        expression = self._prepare(literal.text, literal.place, names, dialect)
        if isinstance(expression, Refusal):
            return _refused(expression)
        run, place, text = expression.run, literal.place, literal.text

        def evaluate(scope: Scope, trail: Trail) -> Any:
            value = run(scope, trail.run)
            if trail.run.reasons:
                trail.adopt(place, text)
            return value

        return evaluate

    def unary(self, tests: UnaryTests, names: Names) -> Test:
        expression = self._prepare(tests.text, tests.place, names, "unary")
        if isinstance(expression, Refusal):
            return _refused_test(expression)
        return _judging(expression, tests)

    def cell(self, tests: UnaryTests, names: Names, variable: str | None) -> Test:
        """A cell of a column whose input value is also called `variable`, as Camunda has it.

        A cell that speaks of its input by that name is a condition: it is satisfied when it
        is true, and not when it equals the input.
        """
        if variable is None:
            return self.unary(tests, names)
        names = names | {variable}
        judge = self.unary(tests, names)
        condition = self._condition(tests, names, variable)
        if condition is None:
            return judge
        run = condition.run

        def satisfied(value: Any, scope: Scope, trail: Trail) -> bool:
            answer = run(scope, trail.run)
            if trail.run.reasons:
                trail.adopt(tests.place, tests.text)
            return answer if isinstance(answer, bool) else judge(value, scope, trail)

        return satisfied

    def _condition(self, tests: UnaryTests, names: Names, variable: str) -> Expression | None:
        try:
            expression = prepare(tests.text, names=names | self._words, functions=self.functions)
        except (FeelSyntaxError, FeelLimitExceeded):
            return None
        return expression if variable in expression.names else None

    def _prepare(
        self, text: str, place: Place, names: Names, dialect: Dialect
    ) -> Expression | Refusal:
        try:
            expression = prepare(
                text,
                names=names | self._words,
                dialect=dialect,
                functions=self.functions,
                types=self.items.shapes,
                source=Source(place.file, place.id or place.name, place.line),
            )
            self.reads |= expression.names - names
            return expression
        except (FeelSyntaxError, FeelLimitExceeded) as problem:
            refusal = _refusal(problem, place)
            self.problems.append(refusal)
            return refusal

    def complain(self, code: str, place: Place, **params: Any) -> None:
        self.problems.append(Refusal(code, **place.params(), **params))

    # -- lists of values --------------------------------------------------------------------

    def allowed_values(self, declared: TypeRef | None) -> UnaryTests | None:
        """The values that a type lists for itself, its base types included."""
        item = self.items.find(declared)
        return item.constraints[-1] if item and item.constraints else None

    def listed_by_type(self, clause: OutputClause, table: DecisionTable) -> UnaryTests | None:
        """The values of an output's own type, else of its part of the table's type."""
        if clause.type is not None:
            return self.allowed_values(clause.type)
        item = self.items.find(table.type) or ANYTHING
        item = item.element or item
        if len(table.outputs) > 1:
            item = item.parts.get(clause.name or "", ANYTHING)
        return item.constraints[-1] if item.constraints else None

    def listed_values(self, tests: UnaryTests, names: Names) -> tuple[Any, ...]:
        """Allowed values in their order; empty where the list is made of tests, not of values."""
        try:
            listed = prepare(f"[{tests.text}]", names=names).evaluate({})
        except (FeelSyntaxError, FeelLimitExceeded):
            return ()
        return tuple(listed) if isinstance(listed, list) else ()

    @staticmethod
    def iterable(value: Any, trail: Trail) -> Iterable[Any] | None:
        """What FEEL's `for` would go through; None where there is nothing to go through."""
        return items(FeelScope({}, None, {}, trail.run), value, 0)

    # -- types ------------------------------------------------------------------------------

    def conversion(self, declared: Typed, place: Place) -> Conversion:
        return self._conversion(declared, place, self._item(declared, place))

    def result_conversion(self, declared: Typed, place: Place) -> Conversion:
        """For what a function returns: its variable may name the result's or its own type."""
        item = self._item(declared, place)
        if item.shape.name == "function":
            item = Item(item.shape.result or ANY)
        return self._conversion(declared, place, item)

    def _conversion(self, declared: Typed, place: Place, item: Item) -> Conversion:
        return Conversion(declared.name, item, place, check_of(item, self._judge, self._checks))

    def _item(self, declared: Typed, place: Place) -> Item:
        item = self.items.find(declared.type)
        if item is None:
            found = declared.type.name if declared.type else None
            self.complain("dmn.type_unknown", place, found=found)
        return item or ANYTHING

    def _judge(self, tests: UnaryTests) -> Test:
        return self.unary(tests, frozenset())


def _null(_scope: Scope, _trail: Trail) -> None:
    """The value of an empty text."""


def _refused(refusal: Refusal) -> Evaluate:
    def refuse(_scope: Scope, _trail: Trail) -> Any:
        raise refusal

    return refuse


def _judging(expression: Expression, tests: UnaryTests) -> Test:
    run, place, text = expression.run, tests.place, tests.text

    def judge(value: Any, scope: Scope, trail: Trail) -> bool:
        # A test may call a table whose own tests look at another input.
        outer, trail.run.input = trail.run.input, value
        satisfied = run(scope, trail.run) is True
        trail.run.input = outer
        if trail.run.reasons:
            trail.adopt(place, text)
        return satisfied

    return judge


def _refused_test(refusal: Refusal) -> Test:
    def refuse(_value: Any, _scope: Scope, _trail: Trail) -> bool:
        raise refusal

    return refuse


def _refusal(problem: LiandongError, place: Place) -> Refusal:
    """Line and column within the text, beside the line of the file where the text stands."""
    inside = {name: problem.params.get(name) for name in ("line", "column", "expected", "found")}
    params = {**place.params(), **inside, "file_line": place.line, "cause": problem.code}
    refusal = Refusal("dmn.expression", **params)
    refusal.__cause__ = problem
    return refusal


def _fold(text: str) -> Fold:
    expression = prepare(text, names=("values",))
    return lambda values: expression.evaluate({"values": list(values)})
