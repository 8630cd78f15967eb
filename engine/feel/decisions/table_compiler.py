"""A decision table's texts → `CompiledTable`."""

from __future__ import annotations

from collections.abc import Sequence

from engine.feel.decisions.expressions import Expressions, Names
from engine.feel.decisions.hit_policies import policy_of, without_hits
from engine.feel.decisions.model import (
    Aggregation,
    DecisionTable,
    InputClause,
    OutputClause,
    TypeRef,
    UnaryTests,
)
from engine.feel.decisions.tables import (
    CompiledRule,
    CompiledTable,
    InputColumn,
    OutputColumn,
    Test,
)

ANYTHING = ("", "-")


def compile_table(table: DecisionTable, names: Names, expressions: Expressions) -> CompiledTable:
    """Faults found here become problems of the model, as those of any expression do."""
    if table.aggregation not in (None, Aggregation.COUNT) and len(table.outputs) > 1:
        expressions.complain("dmn.table.aggregation_outputs", table.place)
    inputs, positions = _inputs(table, names, expressions)
    rules = tuple(
        CompiledRule(
            rule,
            tuple(
                (column, positions[column][cell.text])
                for column, cell in enumerate(rule.inputs)
                if cell.text not in ANYTHING
            ),
            tuple(expressions.literal(output, names) for output in rule.outputs),
        )
        for rule in table.rules
    )
    return CompiledTable(
        table,
        inputs,
        tuple(_output(clause, table, names, expressions) for clause in table.outputs),
        rules,
        policy_of(table, expressions.folds),
        without_hits(table),
    )


def _inputs(
    table: DecisionTable, names: Names, expressions: Expressions
) -> tuple[tuple[InputColumn, ...], list[dict[str, int]]]:
    """The columns, and for each the position of every different cell text."""
    columns: list[InputColumn] = []
    positions: list[dict[str, int]] = []
    for index, clause in enumerate(table.inputs):
        cells: dict[str, UnaryTests] = {}
        for rule in table.rules:
            cell = rule.inputs[index]
            if cell.text not in ANYTHING:
                cells.setdefault(cell.text, cell)
        columns.append(_input(clause, list(cells.values()), names, expressions))
        positions.append({text: position for position, text in enumerate(cells)})
    return tuple(columns), positions


def _input(
    clause: InputClause, cells: Sequence[UnaryTests], names: Names, expressions: Expressions
) -> InputColumn:
    return InputColumn(
        clause.place,
        clause.label or clause.expression.text,
        expressions.literal(clause.expression, names),
        _allowed(clause.allowed, clause.expression.type, names, expressions),
        clause.variable,
        tuple(expressions.cell(cell, names, clause.variable) for cell in cells),
    )


def _allowed(
    listed: UnaryTests | None, declared: TypeRef | None, names: Names, expressions: Expressions
) -> Test | None:
    """The column's own list of values, else that of its type."""
    tests = listed or expressions.allowed_values(declared)
    return expressions.unary(tests, names) if tests else None


def _output(
    clause: OutputClause, table: DecisionTable, names: Names, expressions: Expressions
) -> OutputColumn:
    listed = clause.allowed or expressions.listed_by_type(clause, table)
    return OutputColumn(
        clause.place,
        clause.name,
        expressions.unary(clause.allowed, names) if clause.allowed else None,
        expressions.listed_values(listed, names) if listed else (),
        expressions.literal(clause.default, names) if clause.default else None,
    )
