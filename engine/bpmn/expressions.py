"""Texts in diagrams, prepared once: FEEL, the tolerant `${…}` front end, templates (D2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from engine.bpmn.faults import Fault
from engine.bpmn.model import Node, Value
from engine.errors import LiandongError, Refusal
from engine.feel import Expression, Function, prepare

WHOLE = re.compile(r"^\s*[$#]\{(?P<body>.*)\}\s*$", re.DOTALL)
ISO_TIMER = re.compile(r"^\s*(P[0-9T]|R\d*/|\d{4}-\d\d-\d\d)")
PROJECT_FUNCTIONS = {
    name: Function(name, parameters, lambda *_: None, optional=optional)
    for name, parameters, optional in (
        ("due", ("timer", "from", "amount"), 1),
        ("working_days", ("n", "from"), 0),
        ("responsible_unit", ("matter",), 0),
        ("responsible_units", ("matter",), 0),
    )
}
"""Names every expression may call. What they do depends on the instance: its host puts functions
of the same names among the variables, where they are found first."""
Dialect = Literal["feel", "unary", "juel", "template"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An expression with the text it came from; `fixed` where the text is the value."""

    text: str
    expression: Expression | None
    fixed: str | None = None

    def evaluate(self, context: Mapping[str, Any], now: datetime, node: Node, **where: Any) -> Any:
        """The value; a limit or a domain error becomes a `Fault` that names the element."""
        if self.expression is None:
            return self.fixed
        try:
            return self.expression.evaluate(context, now=now)
        except LiandongError as problem:
            params = {**problem.params, **where, "name": node.label, "expression": self.text}
            params.pop("element", None)
            raise Fault(problem.code, element=node.id, **params) from problem


@dataclass(frozen=True, slots=True)
class PreparedValue:
    """A parameter's value: one expression, a list or a map of them."""

    one: Prepared | None = None
    items: tuple[PreparedValue, ...] | None = None
    entries: tuple[tuple[str, PreparedValue], ...] | None = None

    def evaluate(self, context: Mapping[str, Any], now: datetime, node: Node) -> Any:
        """The value, list or context."""
        if self.items is not None:
            return [item.evaluate(context, now, node) for item in self.items]
        if self.entries is not None:
            return {key: entry.evaluate(context, now, node) for key, entry in self.entries}
        return None if self.one is None else self.one.evaluate(context, now, node)

    def parts(self) -> list[Prepared]:
        """Every expression in it, for the linter."""
        nested = [*(self.items or ()), *(entry for _, entry in self.entries or ())]
        return ([self.one] if self.one else []) + [p for n in nested for p in n.parts()]


def _dialect(text: str) -> tuple[str, Dialect] | None:
    """What an expression marker says; None where there is no marker."""
    if text.lstrip().startswith("="):
        return text.lstrip()[1:], "feel"
    whole = WHOLE.match(text)
    if whole is not None and not _several(whole["body"]):
        return whole["body"], "juel"
    return (text, "template") if "${" in text or "#{" in text else None


def _several(body: str) -> bool:
    """Whether `${a} and ${b}` was taken for one expression."""
    return re.search(r"\}.*[$#]\{", body, re.DOTALL) is not None


def _prepared(text: str, body: str, dialect: Dialect) -> Prepared:
    return Prepared(text, prepare(body.strip(), dialect=dialect, functions=PROJECT_FUNCTIONS))


def prepare_condition(text: str, language: str | None = None) -> Prepared:
    """A condition, collection, mapping: marked, or plain FEEL."""
    if language and not any(known in language.lower() for known in ("feel", "juel", "uel")):
        raise Refusal("bpmn.language", found=language)
    marked = _dialect(text)
    return _prepared(text, *marked) if marked else prepare_feel(text)


def prepare_feel(text: str) -> Prepared:
    """Plain FEEL (script tasks, conditions without marker)."""
    return _prepared(text, text, "feel")


def prepare_text(text: str) -> Prepared:
    """An attribute: literal unless marked."""
    marked = _dialect(text)
    return _prepared(text, *marked) if marked else Prepared(text, None, text)


def prepare_timer(kind: str, text: str) -> Prepared:
    """ISO 8601 as it stands, else an expression."""
    if ISO_TIMER.match(text) and not _dialect(text):
        return Prepared(text, None, text.strip())
    return prepare_condition(text)


def prepare_value(value: Value) -> PreparedValue:
    """A `camunda:inputParameter` with all it holds."""
    if value.items is not None:
        return PreparedValue(items=tuple(prepare_value(item) for item in value.items))
    if value.entries is not None:
        entries = tuple((key, prepare_value(entry)) for key, entry in value.entries)
        return PreparedValue(entries=entries)
    if value.script:
        if value.language.lower() != "feel":
            raise Refusal("bpmn.script_language", found=value.language)
        return PreparedValue(prepare_feel(value.text))
    return PreparedValue(prepare_text(value.text))
