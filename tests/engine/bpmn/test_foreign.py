"""What other engines' diagrams ask for: classes, waits without names, asynchronous turns"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.bpmn.lint import Surroundings, lint
from engine.bpmn.reading import read_diagram
from tests.engine.bpmn.pieces import (
    COMPENSATE,
    NAMED,
    count,
    end,
    message,
    on_event,
    several,
    start,
    straight,
    sub,
    throw,
)
from tests.engine.drawing import border, element, flows, process, script, timer, user

Play = Callable[..., Any]


def line(middle: str, *ids: str) -> bytes:
    return process("p", start(), middle, end(), straight("s", *ids, "e"), around=NAMED)


def told(source: bytes) -> set[str]:
    return {complaint.code for complaint in lint(read_diagram(source, "a.bpmn"), Surroundings())}


@pytest.mark.parametrize("kind", ["serviceTask", "sendTask", "businessRuleTask"])
@pytest.mark.parametrize(
    ("attribute", "topic"),
    [("camunda_class", "org.example.Weigh"), ("camunda_delegateExpression", "${weigh}")],
)
def test_a_worker_stands_in_for_a_class_or_bean(
    stage: Play, kind: str, attribute: str, topic: str
) -> None:
    """The task waits as it would have for the class; its author is told whom it waits for."""
    source = line(element(kind, "w", **{attribute: topic}), "w")
    assert told(source) == {"bpmn.worker_stands_in"}
    played = stage(source).start()
    assert played.open() == ["w"]
    assert played.complete("w", kg=7).ended


def test_a_receive_task_without_message_waits_for_its_own_id(stage: Play) -> None:
    source = line(element("receiveTask", "answer"), "answer")
    assert told(source) == {"bpmn.waits_for_its_id"}
    played = stage(source).start()
    assert played.waiting() == ["answer"]
    assert played.send("answer").ended


def test_each_turn_of_a_repeated_activity_can_be_a_step_of_its_own(stage: Play) -> None:
    """asyncBefore of the characteristics is of each turn, of the activity of the whole."""
    turns = several(times="3").replace("<multi", '<multi camunda:asyncBefore="true" ', 1)
    turns = turns.replace("<multi camunda", "<multiInstanceLoopCharacteristics camunda").replace(
        'true" InstanceLoopCharacteristics', 'true"'
    )
    task = count("k").replace("</scriptTask>", f"{turns}</scriptTask>")
    played = stage(line(task, "k")).start(n=0)
    assert played.steps() == 3
    assert played.go_on().ended


def test_what_a_border_leads_to_can_be_a_step_of_its_own(stage: Play) -> None:
    """Given an asynchronous border, when it comes, then its host is gone at once and the way from
    it is a job; the same message does not find it twice."""
    event = border("b", "a", message()).replace("<boundary", "<boundary", 1)
    event = event.replace('id="b"', 'id="b" camunda:asyncBefore="true"', 1)
    source = process(
        "p", start(), user("a"), event, user("late"), end(),
        flows("s -> a -> e", "b -> late"), around=NAMED,
    )  # fmt: skip
    played = stage(source).start()
    played.send("m")
    assert (played.open(), played.steps(), played.waiting()) == ([], 1, [])
    assert played.go_on().open() == ["late"]


def test_a_cycle_on_an_asynchronous_border_comes_again(stage: Play) -> None:
    event = border("b", "a", timer("timeCycle", "R2/PT10M"), interrupting=False)
    event = event.replace('id="b"', 'id="b" camunda:asyncBefore="true"', 1)
    source = process(
        "p", start(), user("a"), event, count("k"), end("e2"), end(),
        flows("s -> a -> e", "b -> k -> e2"),
    )  # fmt: skip
    played = stage(source).start(n=0)
    played.advance(minutes=10)
    assert played.steps() == 1
    played.advance(minutes=10)
    assert played.steps() == 2
    played.go_on()
    assert played.steps() == 0
    assert played.open() == ["a"]


def undone_by_itself(inside: str) -> bytes:
    """A sub-process with an event sub-process that undoes it, and a throw behind it."""
    undoing = on_event("u", COMPENSATE, inside)
    body = start("s1") + script("done", "1", "done") + end("e1") + straight("s1", "done", "e1")
    return line(sub("part", body, undoing) + user("a") + throw("back", COMPENSATE),
                "part", "a", "back")  # fmt: skip


def test_a_sub_process_can_be_undone_by_an_event_sub_process_in_it(stage: Play) -> None:
    """Once it is done, and not before: the handler runs where the sub-process stood."""
    played = stage(undone_by_itself(user("undo") + end("e3") + flows("u_s -> undo -> e3"))).start()
    assert played.open() == ["a"]
    played.complete("a")
    assert played.open() == ["undo"]
    assert played.complete("undo").ended


def test_the_undoing_of_a_sub_process_can_undo_what_was_done_in_it(stage: Play) -> None:
    handler = user("inner_undo", isForCompensation="true")
    marked = element("boundaryEvent", "done_undo", COMPENSATE, attachedToRef="done")
    link = '<association id="da" sourceRef="done_undo" targetRef="inner_undo"/>'
    again = throw("again", COMPENSATE) + end("e3") + flows("u_s -> again -> e3")
    source = undone_by_itself(again).replace(
        b'<endEvent id="e1"', f'{handler}{marked}{link}<endEvent id="e1"'.encode(), 1
    )
    played = stage(source).start()
    played.complete("a")
    assert played.open() == ["inner_undo"]
    assert played.complete("inner_undo").ended


@pytest.mark.parametrize(
    ("attribute", "left"), [("", ["b", "b", "c"]), ("terminateMultiInstance", ["c"]),
                            ("terminateAll", [])],
)  # fmt: skip
def test_a_terminate_end_goes_as_far_as_it_says(
    stage: Play, attribute: str, left: list[str]
) -> None:
    """Its own scope, all turns of the repeated activity around it, or the whole instance."""
    says = f' xmlns:f="http://flowable.org/bpmn" f:{attribute}="true"' if attribute else ""
    stop = end("stop", f"<terminateEventDefinition{says}/>")
    inside = start("s1") + user("b") + stop + straight("s1", "b", "stop")
    part = sub("part", several(times="3"), inside)
    source = process(
        "p", start(), element("parallelGateway", "x"), part, user("c"), end(), end("e2"),
        flows("s -> x -> part -> e", "x -> c -> e2"),
    )  # fmt: skip
    played = stage(source).start()
    played.complete("b")
    assert played.open() == left
    assert played.ended == (not left)
