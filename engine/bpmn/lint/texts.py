"""Every expression is prepared at deployment; one that does not parse is named with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import partial
from typing import Any

from engine.bpmn.expressions import (
    PROJECT_FUNCTIONS,
    Prepared,
    PreparedValue,
    prepare_condition,
    prepare_feel,
    prepare_text,
    prepare_timer,
    prepare_value,
)
from engine.bpmn.lint.context import Surroundings, about, nodes
from engine.bpmn.model import Diagram, Flow, Node
from engine.bpmn.timers import parse_cycle, parse_instant, parse_retry, parse_span
from engine.errors import LiandongError
from engine.feel import BUILT_INS
from engine.ports import Complaint

KNOWN_FUNCTIONS = (*BUILT_INS, *PROJECT_FUNCTIONS)
Text = tuple[str, int, Callable[[], Any]]
"""What the text is, its line, how it is prepared."""


def texts_parse(diagram: Diagram, _: Surroundings) -> Iterator[Complaint]:
    """Conditions, timers, mappings, attributes, scripts."""
    for process, node in nodes(diagram):
        for what, line, prepare in _texts(node):
            yield from _tried(diagram, node, what, line, prepare)
        for flow_id in node.outgoing:
            flow = process.flows[flow_id]
            if flow.condition:
                yield from _tried(diagram, flow, "condition", flow.line, _condition(flow))


def _condition(flow: Flow) -> Callable[[], Any]:
    return partial(prepare_condition, flow.condition or "", flow.language)


def _tried(
    diagram: Diagram, element: Node | Flow, what: str, line: int, prepare: Callable[[], Any]
) -> Iterator[Complaint]:
    try:
        prepared = prepare()
    except LiandongError as problem:
        params = {k: v for k, v in problem.params.items() if k not in ("line", "element", "file")}
        params["text_line"] = problem.params.get("line")
        yield about(diagram, element, problem.code, line=line, what=what, **params)
        return
    for name in _unknown_functions(prepared):
        yield _unknown(diagram, element, what, line, name)


def _unknown(diagram: Diagram, element: Node | Flow, what: str, line: int, name: str) -> Complaint:
    nearest = get_close_matches(name, KNOWN_FUNCTIONS, n=1)
    code = "bpmn.unknown_function_like" if nearest else "bpmn.unknown_function"
    params: dict[str, Any] = {"nearest": nearest[0]} if nearest else {}
    return about(diagram, element, code, line=line, what=what, function=name, **params)


def _unknown_functions(prepared: Prepared | PreparedValue | object) -> list[str]:
    """Functions that nobody defines: FEEL would answer null, and nobody would know why."""
    parts = prepared.parts() if isinstance(prepared, PreparedValue) else [prepared]
    expressions = [part.expression for part in parts if isinstance(part, Prepared)]
    return sorted({name for found in expressions if found is not None for name in found.unknown})


def _texts(node: Node) -> Iterator[Text]:
    for parameter in (*node.inputs, *node.outputs):
        yield "parameter", parameter.line, partial(prepare_value, parameter.value)
    for name in ("candidateGroups", "assignee", "dueDate", "priority", "topic", "decisionRef"):
        text = node.camunda.get(name)
        if text:
            yield name, node.line, partial(prepare_text, text)
    for name in ("unit", "agency", "message.to"):
        text = node.properties.get(name)
        if text:
            yield name, node.line, partial(prepare_condition, text)
    for mapping in (*node.mappings_in, *node.mappings_out):
        if mapping.expression:
            yield "mapping", node.line, partial(prepare_condition, mapping.expression)
    if node.retry is not None:
        yield "failedJobRetryTimeCycle", node.line, partial(parse_retry, node.retry)
    yield from _of_kind(node)


def _of_kind(node: Node) -> Iterator[Text]:
    if node.camunda.get("expression"):
        yield "expression", node.line, partial(prepare_condition, node.camunda["expression"])
    if node.attributes.get("calledElement"):
        called = node.attributes["calledElement"]
        yield "calledElement", node.line, partial(prepare_text, called)
    if node.script and node.attributes.get("scriptFormat", "").lower() == "feel":
        yield "script", node.line, partial(prepare_feel, node.script)
    for event in node.events:
        if event.kind == "timer" and event.expression:
            kind, text = event.timer_kind or "", event.expression
            yield "timer", event.line, partial(_timer, kind, text)
        if event.kind == "conditional" and event.expression:
            yield "condition", event.line, partial(prepare_condition, event.expression)
    loop = node.loop
    if loop is not None:
        texts = (loop.collection, loop.cardinality, loop.completion, loop.output_element)
        for found in filter(None, texts):
            yield "loop", loop.line, partial(prepare_condition, found)


def _timer(kind: str, text: str) -> Prepared:
    """A literal must be of the kind it stands in; `PT5M` in a timeDate would never fire."""
    prepared = prepare_timer(kind, text)
    if prepared.fixed is None:
        return prepared
    if kind == "timeDuration":
        parse_span(prepared.fixed)
    elif kind == "timeDate":
        parse_instant(prepared.fixed)
    else:
        parse_cycle(prepared.fixed)
    return prepared


RULES = (texts_parse,)
