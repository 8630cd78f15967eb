"""Boxed expressions → closures (DMN 1.5 chapters 7.3 and 10.2.2).

Every closure takes the scope (names to values) and the trail of the evaluation. FEEL texts
are prepared here, once; a text that is not FEEL is kept as a problem of the model and
refused when, and only when, something needs its value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel.decisions.expressions import Expressions, Names
from engine.feel.decisions.functions import Signature, call_by_name
from engine.feel.decisions.model import (
    Boxed,
    BoxedContext,
    BoxedList,
    Conditional,
    ContextEntry,
    DecisionTable,
    Filter,
    FunctionDefinition,
    Invocation,
    Iteration,
    Literal,
    Place,
    Quantifier,
    Relation,
    Typed,
)
from engine.feel.decisions.table_compiler import compile_table
from engine.feel.decisions.tables import Evaluate, Scope
from engine.feel.decisions.trail import Trail
from engine.feel.values import Function

DefineFunction = Callable[[Scope, Trail], Function]


STEPS_PER_ITEM = 10
"""What one turn of a boxed loop costs of FEEL's budget, beside what its body spends."""


def null(_scope: Scope, _trail: Trail) -> None:
    """The value of a box that holds nothing."""


class BoxedCompiler:
    """Compiles the boxed expressions of one model."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self._compilers: dict[type, Callable[[Any, Names], Evaluate]] = {
            Literal: expressions.literal,
            DecisionTable: lambda table, names: compile_table(table, names, expressions),
            BoxedContext: self._context,
            FunctionDefinition: self._function,
            Invocation: self._invocation,
            BoxedList: self._list,
            Relation: self._relation,
            Conditional: self._conditional,
            Filter: self._filter,
            Iteration: self._iteration,
        }

    def compile(self, boxed: Boxed | None, names: Names) -> Evaluate:
        """`names`: what the scope will hold, so that FEEL knows where a name ends."""
        if boxed is None:
            return null
        return self._compilers[type(boxed)](boxed, names)

    def typed(self, declared: Typed | None, place: Place, evaluate: Evaluate) -> Evaluate:
        """`evaluate`, its value brought to the declared type (DMN 1.5, 10.3.2.9.4)."""
        if declared is None or declared.type is None:
            return evaluate
        conform = self.expressions.conversion(declared, place)

        def conforming(scope: Scope, trail: Trail) -> Any:
            return conform(evaluate(scope, trail), trail)

        return conforming

    def _context(self, boxed: BoxedContext, names: Names) -> Evaluate:
        entries: list[tuple[str, Evaluate]] = []
        result: Evaluate | None = None
        for entry in boxed.entries:
            evaluate = self._entry(entry, boxed.place, names)
            if entry.variable is None:
                result = evaluate
            else:
                entries.append((entry.variable.name, evaluate))
                names = names | {entry.variable.name}
        return _context_evaluator(entries, result)

    def _entry(self, entry: ContextEntry, place: Place, names: Names) -> Evaluate:
        """A function may call itself by its entry's name; any other value may not."""
        own = entry.variable.name if entry.variable else None
        if own is not None and isinstance(entry.value, FunctionDefinition):
            names = names | {own}
        return self.typed(entry.variable, place, self.compile(entry.value, names))

    def _function(self, boxed: FunctionDefinition, names: Names) -> Evaluate:
        return self.function(boxed, names, Typed(boxed.place.name or "", boxed.type))

    def function(self, boxed: FunctionDefinition, names: Names, variable: Typed) -> DefineFunction:
        """A function value over a scope. Java and PMML are never run: they answer null."""
        parameters = tuple(
            self.expressions.conversion(one, boxed.place) for one in boxed.parameters
        )
        result = self.expressions.result_conversion(variable, boxed.place)
        signature = Signature(variable.name, parameters, result, boxed.place)
        body = self._body(boxed, names | {parameter.name for parameter in boxed.parameters})

        def define(scope: Scope, trail: Trail) -> Function:
            def call(arguments: dict[str, Any]) -> Any:
                return body({**scope, **arguments}, trail)

            return signature.function(call, trail)

        return define

    def _body(self, boxed: FunctionDefinition, names: Names) -> Evaluate:
        if boxed.kind.upper() in ("FEEL", "F"):
            return self.compile(boxed.body, names)

        def external(_scope: Scope, trail: Trail) -> None:
            trail.null("dmn.function.external", boxed.place, kind=boxed.kind)

        return external

    def _invocation(self, boxed: Invocation, names: Names) -> Evaluate:
        called = self.compile(boxed.called, names)
        bindings = [
            (
                binding.parameter.name,
                self.typed(binding.parameter, boxed.place, self.compile(binding.value, names)),
            )
            for binding in boxed.bindings
        ]

        def evaluate(scope: Scope, trail: Trail) -> Any:
            function = called(scope, trail)
            arguments = {name: value(scope, trail) for name, value in bindings}
            return call_by_name(function, arguments, boxed.place, trail)

        return evaluate

    def _list(self, boxed: BoxedList, names: Names) -> Evaluate:
        items = [self.compile(item, names) for item in boxed.items]
        return lambda scope, trail: [item(scope, trail) for item in items]

    def _relation(self, boxed: Relation, names: Names) -> Evaluate:
        rows = [
            [
                (column.name, self.typed(column, boxed.place, self.compile(cell, names)))
                for column, cell in zip(boxed.columns, row, strict=True)
            ]
            for row in boxed.rows
        ]
        return lambda scope, trail: [
            {name: cell(scope, trail) for name, cell in row} for row in rows
        ]

    def _conditional(self, boxed: Conditional, names: Names) -> Evaluate:
        condition = self.compile(boxed.condition, names)
        consequence = self.compile(boxed.consequence, names)
        alternative = self.compile(boxed.alternative, names)

        def evaluate(scope: Scope, trail: Trail) -> Any:
            answer = condition(scope, trail)
            if answer is True:
                return consequence(scope, trail)
            if answer is False or answer is None:
                return alternative(scope, trail)
            trail.null("dmn.boxed.not_boolean", boxed.place)
            return None

        return evaluate

    def _filter(self, boxed: Filter, names: Names) -> Evaluate:
        source = self.compile(boxed.source, names)
        match = self.compile(boxed.match, names | {"item"})

        def evaluate(scope: Scope, trail: Trail) -> Any:
            items = source(scope, trail)
            if items is None:
                trail.null("dmn.boxed.not_iterable", boxed.place)
                return None
            kept = []
            # A value that is no list is filtered as a list of one.
            for item in items if isinstance(items, list) else [items]:
                trail.run.spend(STEPS_PER_ITEM)
                members = item if isinstance(item, dict) else {}
                answer = match({**scope, **members, "item": item}, trail)
                if not isinstance(answer, bool):
                    trail.null("dmn.boxed.not_boolean", boxed.place)
                    return None
                if answer:
                    kept.append(item)
            return kept

        return evaluate

    def _iteration(self, boxed: Iteration, names: Names) -> Evaluate:
        name = boxed.variable.name
        source = self.compile(boxed.source, names)
        body = self.compile(boxed.body, names | {name, "partial"})

        def results(scope: Scope, trail: Trail) -> list[Any] | None:
            items = self.expressions.iterable(source(scope, trail), trail)
            if items is None:
                trail.null("dmn.boxed.not_iterable", boxed.place)
                return None
            found: list[Any] = []
            for item in items:
                # A snapshot: the list that earlier results saw must not grow under them.
                trail.run.spend(STEPS_PER_ITEM + len(found) // 8)
                found.append(body({**scope, name: item, "partial": list(found)}, trail))
            return found

        if boxed.quantifier is Quantifier.FOR:
            return results
        return _quantified(boxed, results)


def _quantified(boxed: Iteration, results: Callable[[Scope, Trail], list[Any] | None]) -> Evaluate:
    """`some` and `every` are boolean; anything else among the answers makes them null."""
    combine = any if boxed.quantifier is Quantifier.SOME else all

    def evaluate(scope: Scope, trail: Trail) -> Any:
        answers = results(scope, trail)
        if answers is None:
            return None
        if not all(isinstance(answer, bool) for answer in answers):
            trail.null("dmn.boxed.not_boolean", boxed.place)
            return None
        return combine(answers)

    return evaluate


def _context_evaluator(entries: list[tuple[str, Evaluate]], result: Evaluate | None) -> Evaluate:
    """Entries see those before them; the scope is theirs alone and filled as they go."""

    def evaluate(scope: Scope, trail: Trail) -> Any:
        inner = dict(scope)
        for name, entry in entries:
            inner[name] = entry(inner, trail)
        if result is not None:
            return result(inner, trail)
        return {name: inner[name] for name, _ in entries}

    return evaluate
