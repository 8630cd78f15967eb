"""Diagrams that programs work on."""

from __future__ import annotations

from tests.engine.drawing import (
    border,
    element,
    flows,
    process,
    properties,
    script,
    timer,
    user,
)

ERRORS = '<error id="E" errorCode="too_heavy"/>'


def with_task() -> bytes:
    """One user task; an error ends it at its border."""
    return process(
        "plain",
        element("startEvent", "s"),
        user("decide"),
        border("bad", "decide", '<errorEventDefinition errorRef="E"/>'),
        user("instead"),
        element("endEvent", "end"),
        flows("s -> decide -> end", "bad -> instead"),
        around=ERRORS,
    )


def with_work() -> bytes:
    """One external task of the topic weigh, then a user task."""
    work = element(
        "serviceTask", "work", properties(scale="large"),
        camunda_type="external", camunda_topic="weigh",
    )  # fmt: skip
    return process(
        "weighing",
        element("startEvent", "s"),
        work,
        border("bad", "work", '<errorEventDefinition errorRef="E"/>'),
        user("after"),
        user("instead"),
        flows("s -> work -> after", "bad -> instead"),
        around=ERRORS,
    )


def with_events() -> bytes:
    """Waits for a message, then a signal, then a timer."""
    message = '<messageEventDefinition messageRef="M"/>'
    signal = '<signalEventDefinition signalRef="S"/>'
    return process(
        "events",
        element("startEvent", "s"),
        element("intermediateCatchEvent", "letter", message),
        element("intermediateCatchEvent", "bell", signal),
        element("intermediateCatchEvent", "later", timer("timeDuration", "PT1H")),
        user("after"),
        flows("s -> letter -> bell -> later -> after"),
        around='<message id="M" name="answer"/><signal id="S" name="rung"/>',
    )


def with_message_start() -> bytes:
    """Begins with a message."""
    message = '<messageEventDefinition messageRef="M"/>'
    return process(
        "called",
        element("startEvent", "s", message),
        user("after"),
        flows("s -> after"),
        around='<message id="M" name="call"/>',
    )


def broken_later() -> bytes:
    """An asynchronous step that cannot be computed."""
    return process(
        "broken",
        element("startEvent", "s"),
        script("sum", "if missing > 1 then 1 else 2", "sum"),
        element("exclusiveGateway", "g"),
        user("after"),
        flows("s -> sum -> g", "g -> after [${missing > 1}]"),
    )


DECISION = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="rates" name="rates"
  namespace="urn:rates">
  <inputData id="in" name="days"><variable name="days" typeRef="number"/></inputData>
  <decision id="rate" name="Rate">
    <variable name="Rate" typeRef="number"/>
    <informationRequirement><requiredInput href="#in"/></informationRequirement>
    <decisionTable hitPolicy="UNIQUE">
      <input id="i"><inputExpression typeRef="number"><text>days</text></inputExpression></input>
      <output id="o" name="fee" typeRef="number"/>
      <rule id="r1"><inputEntry id="e1"><text>&gt; 7</text></inputEntry>
        <outputEntry id="x1"><text>2.5</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="e2"><text>&lt;= 7</text></inputEntry>
        <outputEntry id="x2"><text>1</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""
