"""Boxed expressions out of XML (DMN 1.5 chapters 7.3 and 10.2.2)."""

from __future__ import annotations

from collections.abc import Callable

from engine.feel.decisions.markup import Markup, is_feel_namespace
from engine.feel.decisions.model import (
    Binding,
    Boxed,
    BoxedContext,
    BoxedList,
    Conditional,
    ContextEntry,
    Filter,
    FunctionDefinition,
    Invocation,
    Iteration,
    Language,
    Literal,
    Quantifier,
    Relation,
    Typed,
)
from engine.feel.decisions.table_reading import read_table


def read_child(parent: Markup) -> Boxed | None:
    """The first boxed expression inside `parent`; None where it has no logic."""
    child = parent.child(*READERS)
    return READERS[child.kind](child) if child is not None else None


def _need_child(parent: Markup) -> Boxed:
    found = read_child(parent)
    if found is None:
        raise parent.refusal("dmn.child_missing", expected="expression")
    return found


def language_of(markup: Markup) -> Language:
    """FEEL unless the element says JUEL. Raises `Refusal` for any other language."""
    written = markup.attribute("expressionLanguage") or "feel"
    if written.lower() == "feel" or is_feel_namespace(written):
        return Language.FEEL
    if written.lower() == "juel":
        return Language.JUEL
    raise markup.refusal("dmn.language", found=written, expected="FEEL, JUEL")


def read_literal(markup: Markup) -> Literal:
    """`${…}` is JUEL whatever the language says: so old Camunda files mean it."""
    text, language = markup.text(), language_of(markup)
    if text.startswith("${") and text.endswith("}"):
        text, language = text[2:-1], Language.JUEL
    return Literal(markup.place, text, language, markup.type())


def _read_context(markup: Markup) -> BoxedContext:
    entries = tuple(_read_entry(entry) for entry in markup.children("contextEntry"))
    return BoxedContext(markup.place, entries, markup.type())


def _read_entry(markup: Markup) -> ContextEntry:
    variable = markup.child("variable")
    return ContextEntry(variable.typed() if variable else None, read_child(markup))


def read_function(markup: Markup) -> FunctionDefinition:
    parameters = tuple(parameter.typed() for parameter in markup.children("formalParameter"))
    kind = markup.attribute("kind") or "FEEL"
    return FunctionDefinition(markup.place, kind, parameters, read_child(markup), markup.type())


def _read_invocation(markup: Markup) -> Invocation:
    bindings = tuple(
        Binding(binding.need("parameter").typed(), read_child(binding))
        for binding in markup.children("binding")
    )
    return Invocation(markup.place, read_child(markup), bindings, markup.type())


def _read_items(markup: Markup) -> tuple[Boxed, ...]:
    return tuple(READERS[child.kind](child) for child in markup.children(*READERS))


def _read_list(markup: Markup) -> BoxedList:
    return BoxedList(markup.place, _read_items(markup), markup.type())


def _read_relation(markup: Markup) -> Relation:
    columns = tuple(column.typed() for column in markup.children("column"))
    rows = []
    for row in markup.children("row"):
        cells = _read_items(row)
        if len(cells) != len(columns):
            raise row.refusal("dmn.row_width", expected=len(columns), found=len(cells))
        rows.append(cells)
    return Relation(markup.place, columns, tuple(rows), markup.type())


def _read_conditional(markup: Markup) -> Conditional:
    condition, consequence, alternative = (
        _need_child(markup.need(part)) for part in ("if", "then", "else")
    )
    return Conditional(markup.place, condition, consequence, alternative, markup.type())


def _read_filter(markup: Markup) -> Filter:
    source, match = (_need_child(markup.need(part)) for part in ("in", "match"))
    return Filter(markup.place, source, match, markup.type())


def _read_iteration(markup: Markup) -> Iteration:
    quantifier = Quantifier(markup.kind)
    body = markup.need("return" if quantifier is Quantifier.FOR else "satisfies")
    name = markup.attribute("iteratorVariable")
    if name is None:
        raise markup.refusal("dmn.attribute_missing", expected="iteratorVariable")
    source = markup.need("in")
    return Iteration(
        markup.place,
        quantifier,
        Typed(name, source.type()),
        _need_child(source),
        _need_child(body),
        markup.type(),
    )


READERS: dict[str, Callable[[Markup], Boxed]] = {
    "literalExpression": read_literal,
    "decisionTable": lambda markup: read_table(markup, read_literal),
    "context": _read_context,
    "functionDefinition": read_function,
    "invocation": _read_invocation,
    "list": _read_list,
    "relation": _read_relation,
    "conditional": _read_conditional,
    "filter": _read_filter,
    "for": _read_iteration,
    "some": _read_iteration,
    "every": _read_iteration,
}
