"""Decision tables compiled once and evaluated often (DMN 1.5 chapter 8).

Cells that read the same in one column are one test, judged at most once for each
evaluation: a table of many rules has few different cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.feel.decisions.hit_policies import NoResult, Policy
from engine.feel.decisions.model import DecisionTable, HitPolicy, Place, Rule
from engine.feel.decisions.trail import Step, Trail

Scope = dict[str, Any]
Evaluate = Callable[[Scope, Trail], Any]
Test = Callable[[Any, Scope, Trail], bool]
"""A unary test: the input value, the scope; true only when it is satisfied."""


@dataclass(frozen=True, slots=True)
class InputColumn:
    place: Place
    title: str
    read: Evaluate
    allowed: Test | None
    variable: str | None
    tests: tuple[Test, ...]
    """The different cells of this column."""


@dataclass(frozen=True, slots=True)
class OutputColumn:
    place: Place
    name: str | None
    allowed: Test | None
    order: tuple[Any, ...]
    """The listed output values, the most important first; empty where none are listed."""
    default: Evaluate | None

    def rank(self, value: Any) -> int:
        return self.order.index(value) if value in self.order else len(self.order)


@dataclass(frozen=True, slots=True)
class CompiledRule:
    rule: Rule
    cells: tuple[tuple[int, int], ...]
    """(column, test) for every cell that is not `-`."""
    outputs: tuple[Evaluate, ...]


@dataclass(frozen=True, slots=True)
class CompiledTable:
    table: DecisionTable
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[CompiledRule, ...]
    policy: Policy
    empty: Any
    """The value where nothing matches and nothing has a default."""

    def __call__(self, scope: Scope, trail: Trail) -> Any:
        trail.run.spend(len(self.rules))
        try:
            values = self._read(scope, trail)
            hits = self._hits(values, scope, trail)
            value = self._value(hits, scope, trail)
        except NoResult as problem:
            trail.null(problem.code, self.table.place, **problem.params)
            return None
        if trail.steps is not None:
            titles = (column.title for column in self.inputs)
            numbers = tuple(hit.rule.number for hit in hits)
            inputs = dict(zip(titles, values, strict=True))
            trail.steps.append(Step(self.table.place, inputs, value, numbers))
        return value

    def _read(self, scope: Scope, trail: Trail) -> list[Any]:
        values = []
        for column in self.inputs:
            value = column.read(scope, trail)
            allowed = column.allowed
            if allowed is not None and value is not None and not allowed(value, scope, trail):
                raise NoResult("dmn.table.input_not_allowed", column=column.title)
            values.append(value)
        return values

    def _hits(self, values: Sequence[Any], scope: Scope, trail: Trail) -> list[CompiledRule]:
        hits: list[CompiledRule] = []
        for rule in self._matching(values, scope, trail):
            hits.append(rule)
            trail.match(self.table.place, rule.rule)
            if self.table.hit_policy is HitPolicy.FIRST:
                break
        return hits

    def _matching(
        self, values: Sequence[Any], scope: Scope, trail: Trail
    ) -> Iterator[CompiledRule]:
        scopes = [self._cell_scope(c, v, scope) for c, v in zip(self.inputs, values, strict=True)]
        verdicts: list[list[bool | None]] = [[None] * len(c.tests) for c in self.inputs]
        for rule in self.rules:
            for column, test in rule.cells:
                verdict = verdicts[column][test]
                if verdict is None:
                    judge = self.inputs[column].tests[test]
                    verdict = judge(values[column], scopes[column], trail)
                    verdicts[column][test] = verdict
                if not verdict:
                    break
            else:
                yield rule

    @staticmethod
    def _cell_scope(column: InputColumn, value: Any, scope: Scope) -> Scope:
        return scope if column.variable is None else {**scope, column.variable: value}

    def _value(self, hits: Sequence[CompiledRule], scope: Scope, trail: Trail) -> Any:
        if not hits:
            return self._default(scope, trail)
        return self.policy([_Hit(self, rule, scope, trail) for rule in hits])

    def _default(self, scope: Scope, trail: Trail) -> Any:
        if all(column.default is None for column in self.outputs):
            trail.null("dmn.table.no_rule", self.table.place)
            return self.empty
        evaluates = [column.default for column in self.outputs]
        values = [evaluate(scope, trail) if evaluate else None for evaluate in evaluates]
        return self.assemble(values)

    def assemble(self, values: Sequence[Any]) -> Any:
        if len(self.outputs) == 1:
            return values[0]
        return {c.name: value for c, value in zip(self.outputs, values, strict=True)}


class _Hit:
    """A rule that matched; its outputs are computed once, when they are asked for."""

    __slots__ = ("_computed", "_rule", "_scope", "_table", "_trail")

    def __init__(self, table: CompiledTable, rule: CompiledRule, scope: Scope, trail: Trail):
        self._table, self._rule, self._scope, self._trail = table, rule, scope, trail
        self._computed: list[Any] | None = None

    def _values(self) -> list[Any]:
        if self._computed is None:
            self._computed = [
                self._output(column, evaluate)
                for column, evaluate in zip(self._table.outputs, self._rule.outputs, strict=True)
            ]
        return self._computed

    def _output(self, column: OutputColumn, evaluate: Evaluate) -> Any:
        value = evaluate(self._scope, self._trail)
        allowed = column.allowed
        if allowed is None or value is None or allowed(value, self._scope, self._trail):
            return value
        raise NoResult(
            "dmn.table.output_not_allowed", column=column.name, rule=self._rule.rule.number
        )

    def value(self) -> Any:
        return self._table.assemble(self._values())

    def rank(self) -> tuple[int, ...]:
        columns = self._table.outputs
        return tuple(c.rank(v) for c, v in zip(columns, self._values(), strict=True))
