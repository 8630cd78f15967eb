"""An element is taken out of a drawing; what led to it leads on."""

from __future__ import annotations

import pytest

from engine.bpmn.reading import read_diagram
from engine.bpmn.removal import without_element, without_rules
from engine.errors import NotFound
from engine.feel.decisions import load
from tests.engine.drawing import element, flows, process, user

DRAWN = process(
    "p",
    element("startEvent", "s"),
    user("a", "court_handler"),
    element(
        "boundaryEvent",
        "late",
        "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>",
        attachedToRef="a",
        cancelActivity="false",
    ),
    element("exclusiveGateway", "x"),
    user("b", "court_handler"),
    element("endEvent", "e", name="办结"),
    element("endEvent", "f"),
    element("endEvent", "told"),
    flows("s -> a -> x", "x -> b [n = 1]", "x -> f [n = 2]", "b -> e", "late -> told"),
)


def ways(removed: str) -> set[tuple[str, str]]:
    changed = read_diagram(without_element(DRAWN, "p.bpmn", removed), "p.bpmn")
    return {(flow.source, flow.target) for flow in changed.processes["p"].flows.values()}


def test_a_task_is_bypassed_and_its_borders_go_with_it() -> None:
    assert ways("a") == {("s", "x"), ("x", "b"), ("x", "f"), ("b", "e")}


def test_a_gateway_leads_where_its_first_flow_led() -> None:
    assert ways("x") == {("s", "a"), ("a", "b"), ("b", "e"), ("late", "told")}


def test_a_border_goes_with_its_path() -> None:
    assert ("late", "told") not in ways("late")
    assert ("s", "a") in ways("late")


def test_an_end_loses_its_name() -> None:
    changed = read_diagram(without_element(DRAWN, "p.bpmn", "e"), "p.bpmn")
    ends = [node for node in changed.processes["p"].nodes.values() if node.kind == "endEvent"]
    assert "办结" not in {node.name for node in ends} and len(ends) == 3


def test_what_is_not_there_cannot_be_taken_out() -> None:
    with pytest.raises(NotFound):
        without_element(DRAWN, "p.bpmn", "nobody")
    with pytest.raises(NotFound):
        without_rules(DRAWN, "p.dmn", "nothing")


def test_a_decision_without_rules_decides_nothing() -> None:
    source = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
        namespace="n"><decision id="who" name="who"><decisionTable id="t">
        <input id="i"><inputExpression id="ie"><text>n</text></inputExpression></input>
        <output id="o" name="who"/>
        <rule id="r"><inputEntry id="c"><text>1</text></inputEntry>
        <outputEntry id="oe"><text>"police"</text></outputEntry></rule>
        </decisionTable></decision></definitions>"""
    assert load(source, "d.dmn").evaluate("who", {"n": 1}).value == "police"
    assert (
        load(without_rules(source, "d.dmn", "who"), "d.dmn").evaluate("who", {"n": 1}).value is None
    )
