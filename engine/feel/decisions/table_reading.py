"""Decision tables out of XML (DMN 1.5 chapter 8); Camunda's attributes are understood."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TypeVar

from engine.feel.decisions.markup import CAMUNDA, Markup
from engine.feel.decisions.model import (
    Aggregation,
    DecisionTable,
    HitPolicy,
    InputClause,
    Literal,
    Orientation,
    OutputClause,
    Rule,
    UnaryTests,
)

ReadLiteral = Callable[[Markup], Literal]
Choice = TypeVar("Choice", bound=Enum)

MAX_RULES = 5_000


def read_table(markup: Markup, read_literal: ReadLiteral) -> DecisionTable:
    """Raises `Refusal` when a rule is not as wide as the table or a policy is unknown."""
    inputs = tuple(_read_input(clause, read_literal) for clause in markup.children("input"))
    outputs = tuple(_read_output(clause, read_literal) for clause in markup.children("output"))
    if not outputs:
        raise markup.refusal("dmn.child_missing", expected="output")
    rules = tuple(
        _read_rule(rule, number, read_literal)
        for number, rule in enumerate(markup.children("rule"), start=1)
    )
    table = DecisionTable(
        markup.place,
        _choice(markup, "hitPolicy", HitPolicy) or HitPolicy.UNIQUE,
        _choice(markup, "aggregation", Aggregation),
        _choice(markup, "preferredOrientation", Orientation) or Orientation.RULE_AS_ROW,
        inputs,
        outputs,
        rules,
        markup.type(),
    )
    _check_shape(table, markup)
    return table


def _choice(markup: Markup, attribute: str, choices: type[Choice]) -> Choice | None:
    written = markup.attribute(attribute)
    if written is None:
        return None
    try:
        return choices(written)
    except ValueError:
        expected = ", ".join(str(choice.value) for choice in choices)
        raise markup.refusal("dmn.choice", found=written, expected=expected) from None


def _check_shape(table: DecisionTable, markup: Markup) -> None:
    if len(table.rules) > MAX_RULES:
        raise markup.refusal("dmn.too_many_rules", found=len(table.rules), expected=MAX_RULES)
    width = (len(table.inputs), len(table.outputs))
    for rule in table.rules:
        found = (len(rule.inputs), len(rule.outputs))
        if found != width:
            raise markup.refusal(
                "dmn.rule_width",
                rule=rule.number,
                rule_line=rule.place.line,
                expected=f"{width[0]}+{width[1]}",
                found=f"{found[0]}+{found[1]}",
            )


def _read_input(markup: Markup, read_literal: ReadLiteral) -> InputClause:
    expression = markup.child("inputExpression")
    return InputClause(
        markup.place,
        markup.attribute("label"),
        read_literal(expression) if expression else Literal(markup.place, ""),
        markup.tests("inputValues"),
        _input_variable(markup),
    )


def _input_variable(markup: Markup) -> str | None:
    """Camunda calls the input `cellInput` unless the column names it."""
    if CAMUNDA not in markup.xml.nsmap.values():
        return None
    return markup.camunda("inputVariable") or "cellInput"


def _read_output(markup: Markup, read_literal: ReadLiteral) -> OutputClause:
    default = markup.child("defaultOutputEntry")
    return OutputClause(
        markup.place,
        markup.attribute("name") and markup.name(),
        markup.type(),
        markup.tests("outputValues"),
        read_literal(default) if default else None,
    )


def _read_rule(markup: Markup, number: int, read_literal: ReadLiteral) -> Rule:
    return Rule(
        markup.place,
        number,
        _description(markup),
        tuple(UnaryTests(cell.place, cell.text()) for cell in markup.children("inputEntry")),
        tuple(read_literal(cell) for cell in markup.children("outputEntry")),
    )


def _description(markup: Markup) -> str | None:
    described = markup.child("description")
    if described is not None:
        return described.content().strip() or None
    notes = markup.child("annotationEntry")
    return (notes.text() or None) if notes else None
