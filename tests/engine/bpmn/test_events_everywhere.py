"""Messages, signals, escalations, conditions, compensation and transactions in every place."""

from collections.abc import Callable

import pytest

from engine.bpmn.faults import Fault
from tests.engine.bpmn.pieces import (
    CANCEL,
    COMPENSATE,
    NAMED,
    catch,
    condition,
    count,
    end,
    error,
    escalation,
    gateway,
    message,
    on_event,
    signal,
    start,
    sub,
    throw,
    undo,
)
from tests.engine.bpmn.stage import Stage
from tests.engine.drawing import border, element, flows, process, script, user
from tests.engine.house import House

Put = Callable[..., Stage]
THROWERS = {
    "a throw event": lambda definition: throw("t", definition),
    "an end event": lambda definition: end("t", definition),
}
CATCHERS = {
    "a catch event": lambda definition: catch("c", definition),
    "a border": lambda definition: user("h") + border("c", "h", definition),
    "a border that does not interrupt": lambda definition: (
        user("h") + border("c", "h", definition, interrupting=False)
    ),
}


@pytest.mark.parametrize("definition", [message(), signal()], ids=["message", "signal"])
@pytest.mark.parametrize("catcher", CATCHERS)
def test_a_message_or_signal_is_caught_by(stage: Put, catcher: str, definition: str) -> None:
    entered = "c" if catcher == "a catch event" else "h"
    drawn = process(
        "p",
        start(),
        CATCHERS[catcher](definition),
        user("after"),
        flows(f"s -> {entered}", "c -> after"),
        around=NAMED,
    )
    play = stage(drawn).start().send("m").send("g")
    left = ["after", "h"] if "not" in catcher else ["after"]
    assert play.open() == left


def test_a_receive_task_waits_for_its_message_and_takes_its_payload(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        element("receiveTask", "r", messageRef="M"),
        user("after"),
        flows("s -> r -> after"),
        around=NAMED,
    )
    play = stage(drawn).start().send("n")
    assert play.open() == []
    play.send("m", n=3)
    assert (play.open(), play.variables) == (["after"], {"n": 3})


def test_only_what_is_mapped_comes_out_of_a_message(stage: Put) -> None:
    io = "<extensionElements><camunda:inputOutput>"
    io += '<camunda:outputParameter name="r">${n + 1}</camunda:outputParameter>'
    io += "</camunda:inputOutput></extensionElements>"
    drawn = process(
        "p",
        start(),
        catch("c", io, message()),
        user("after"),
        flows("s -> c -> after"),
        around=NAMED,
    )
    assert stage(drawn).start().send("m", n=3, secret=1).variables == {"r": 4}


@pytest.mark.parametrize("thrower", [*THROWERS, "a send task"])
def test_a_message_leaves_with_what_is_mapped_in(stage: Put, thrower: str) -> None:
    io = "<extensionElements><camunda:inputOutput>"
    io += '<camunda:inputParameter name="k">${n + 1}</camunda:inputParameter>'
    io += "</camunda:inputOutput></extensionElements>"
    drawn = THROWERS.get(thrower, lambda _: element("sendTask", "t", io, messageRef="M"))
    thrown = drawn(message()).replace("<messageEventDefinition", io + "<messageEventDefinition")
    play = stage(process("p", start(), thrown, flows("s -> t"), around=NAMED)).start(n=1)
    assert play.ended
    assert [(m.kind, m.name, dict(m.variables)) for m in play.thrown] == [
        ("message", "m", {"k": 2})
    ]


@pytest.mark.parametrize("thrower", THROWERS)
def test_a_signal_is_heard_by_everything_in_the_instance_that_waits_for_it(
    stage: Put, thrower: str
) -> None:
    inside = start("s1") + catch("c1", signal()) + user("u1") + flows("s1 -> c1 -> u1")
    drawn = process(
        "p",
        start(),
        user("first"),
        THROWERS[thrower](signal()),
        sub("sub", inside),
        user("h"),
        border("b", "h", signal(), interrupting=False),
        user("u2"),
        flows("s -> first -> t", "s -> sub", "s -> h", "b -> u2"),
        around=NAMED,
    )
    play = stage(drawn).start().complete("first")
    assert play.open() == ["h", "u1", "u2"]
    assert [m.kind for m in play.thrown] == ["signal"]


def test_a_signal_thrown_by_one_instance_is_heard_by_another(house: House) -> None:
    hears = process(
        "hears",
        start(),
        catch("c", signal()),
        user("after"),
        flows("s -> c -> after"),
        around=NAMED,
    )
    throws = process("throws", start(), throw("t", signal()), flows("s -> t"), around=NAMED)
    house.run(hears, "hears")
    house.start("hears")
    house.run(throws, "throws")
    house.tick()
    assert house.open() == ["after", "after"]


@pytest.mark.parametrize("thrower", THROWERS)
@pytest.mark.parametrize("interrupting", [True, False])
def test_an_escalation_is_caught_at_the_border(
    stage: Put, thrower: str, interrupting: bool
) -> None:
    inside = start("s1") + THROWERS[thrower](escalation()) + user("in")
    steps = "s1 -> t -> in" if thrower == "a throw event" else "s1 -> t"
    inside += flows(steps) if "in" in steps.split(" -> ") else flows(steps, "s1 -> in")
    drawn = process(
        "p",
        start(),
        sub("sub", inside),
        border("other", "sub", escalation("Y")),
        border("any", "sub", escalation(""), interrupting=False),
        border("b", "sub", escalation(), interrupting=interrupting),
        user("told"),
        user("no"),
        flows("s -> sub", "b -> told", "other -> no", "any -> no"),
        around=NAMED,
    )
    assert stage(drawn).start().open() == (["told"] if interrupting else ["in", "told"])


def test_an_escalation_that_nobody_catches_passes(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        throw("t", escalation()),
        user("after"),
        flows("s -> t -> after"),
        around=NAMED,
    )
    assert stage(drawn).start().open() == ["after"]


@pytest.mark.parametrize("kind", ["external", "user"])
def test_a_worker_or_person_ends_a_task_with_an_error(stage: Put, kind: str) -> None:
    task = user("t")
    if kind == "external":
        task = element("serviceTask", "t", camunda_type="external", camunda_topic="x")
    drawn = process(
        "p",
        start(),
        task,
        border("b", "t", error()),
        user("repair"),
        user("after"),
        flows("s -> t -> after", "b -> repair"),
        around=NAMED,
    )
    play = stage(drawn).start()
    assert play.fail("t", "bad").open() == ["repair"]
    with pytest.raises(Fault):
        stage(drawn).start().fail("t", "unknown")


def waiting_for(text: str, *more: str) -> bytes:
    return process(
        "p",
        start(),
        user("h"),
        border("b", "h", condition(text)),
        user("set"),
        user("after"),
        flows("s -> h", "s -> set", "b -> after"),
        *more,
    )


def test_a_condition_at_the_border_ends_its_host_once_it_is_true(stage: Put) -> None:
    play = stage(waiting_for("n > 1")).start(n=0)
    assert play.open() == ["h", "set"]
    assert play.complete("set", n=2).open() == ["after"]


def test_a_condition_that_is_true_at_the_beginning_comes_at_once(stage: Put) -> None:
    assert stage(waiting_for("n > 1")).start(n=5).open() == ["after", "set"]


def test_a_condition_that_was_true_only_between_two_steps_has_come(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        user("h"),
        border("b", "h", condition("n = 2")),
        user("after"),
        user("go"),
        script("two", "2", "n"),
        script("zero", "0", "n"),
        flows("s -> h", "s -> go -> two -> zero", "b -> after"),
    )
    assert stage(drawn).start(n=0).complete("go").open() == ["after"]


def test_a_condition_that_does_not_interrupt_comes_whenever_it_becomes_true(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        user("h"),
        border("b", "h", condition("on"), interrupting=False),
        count("n"),
        user("set"),
        flows("s -> h", "s -> set -> set", "b -> n"),
    )
    play = stage(drawn).start(on=False)
    for value in (True, True, False, True):
        play.complete("set", on=value)
    assert play.variables["n"] == 2


def done(id: str) -> str:
    back = script(f"back_{id}", f'concatenate(if t = null then [] else t, ["{id}"])', "t")
    back = back.replace("<scriptTask", '<scriptTask isForCompensation="true"')
    return script(id, "1", f"x_{id}") + undo(id, f"back_{id}") + back


@pytest.mark.parametrize("thrower", ["intermediateThrowEvent", "endEvent"])
def test_what_is_done_is_undone_backwards(stage: Put, thrower: str) -> None:
    drawn = process(
        "p",
        start(),
        done("a"),
        done("b"),
        done("c"),
        element(thrower, "t", COMPENSATE),
        flows("s -> a -> b -> c -> t"),
    )
    play = stage(drawn).start()
    assert play.ended
    assert play.variables["t"] == ["c", "b", "a"]


def test_what_was_done_in_a_loop_is_undone_as_often(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        gateway("exclusive", "again"),
        done("a"),
        count("n"),
        gateway("exclusive", "q", default="q-t"),
        throw("t", COMPENSATE),
        user("after"),
        flows("s -> again -> a -> n -> q", "q -> again [n < 3]", "q -> t -> after"),
    )
    assert stage(drawn).start().variables["t"] == ["a", "a", "a"]


def test_nested_sub_processes_are_undone_from_the_inside_in_their_turn(stage: Put) -> None:
    low = start("s2") + done("b") + done("c") + flows("s2 -> b -> c")
    middle = start("s1") + done("a") + sub("low", low) + flows("s1 -> a -> low")
    drawn = process(
        "p",
        start(),
        sub("mid", middle),
        done("d"),
        throw("t", COMPENSATE),
        user("after"),
        flows("s -> mid -> d -> t -> after"),
    )
    assert stage(drawn).start().variables["t"] == ["d", "c", "b", "a"]


def test_a_sub_process_can_be_undone_by_name_and_only_once(stage: Put) -> None:
    inside = start("s1") + done("a") + flows("s1 -> a")
    named = '<compensateEventDefinition activityRef="sub"/>'
    drawn = process(
        "p",
        start(),
        sub("sub", inside),
        done("b"),
        throw("t", named),
        throw("again", named),
        user("after"),
        flows("s -> sub -> b -> t -> again -> after"),
    )
    play = stage(drawn).start()
    assert (play.open(), play.variables["t"]) == (["after"], ["a"])


def test_what_was_interrupted_is_not_undone(stage: Put) -> None:
    inside = start("s1") + done("a") + user("in") + flows("s1 -> a -> in")
    drawn = process(
        "p",
        start(),
        sub("sub", inside),
        border("b", "sub", message()),
        throw("t", COMPENSATE),
        user("after"),
        flows("s -> sub", "b -> t -> after"),
        around=NAMED,
    )
    play = stage(drawn).start().send("m")
    assert play.open() == ["after"]
    assert "t" not in play.variables


def test_an_event_sub_process_can_undo_what_the_scope_around_it_has_done(stage: Put) -> None:
    es = on_event("es", error(), throw("t", COMPENSATE), user("told"), flows("es_s -> t -> told"))
    drawn = process(
        "p",
        start(),
        done("a"),
        done("b"),
        end("bad", error()),
        flows("s -> a -> b -> bad"),
        es,
        around=NAMED,
    )
    play = stage(drawn).start()
    assert (play.open(), play.variables["t"]) == (["told"], ["b", "a"])


def test_the_thrower_waits_for_handlers_that_take_their_time(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        script("a", "1", "x"),
        undo("a", "back"),
        user("back", isForCompensation="true"),
        throw("t", COMPENSATE),
        user("after"),
        flows("s -> a -> t -> after"),
    )
    play = stage(drawn).start()
    assert play.open() == ["back"]
    assert play.complete("back").open() == ["after"]


def test_a_handler_that_its_border_ends_lets_the_thrower_go_on(stage: Put) -> None:
    handler = user("back", isForCompensation="true") + border("b", "back", message())
    drawn = process(
        "p",
        start(),
        script("a", "1", "x"),
        undo("a", "back"),
        handler,
        user("other"),
        throw("t", COMPENSATE),
        user("after"),
        flows("s -> a -> t -> after", "b -> other"),
        around=NAMED,
    )
    assert stage(drawn).start().send("m").open() == ["after", "other"]


def transaction(*inside: str) -> bytes:
    return process(
        "p",
        start(),
        element("transaction", "tx", *inside),
        border("no", "tx", CANCEL),
        border("bad", "tx", error()),
        user("undone"),
        user("done"),
        user("hazard"),
        flows("s -> tx -> done", "no -> undone", "bad -> hazard"),
        around=NAMED,
    )


def test_a_transaction_has_three_ways_out(stage: Put) -> None:
    drawn = transaction(
        start("s1"),
        done("a"),
        user("q"),
        gateway("exclusive", "x", default="x-ok"),
        end("ok"),
        end("cancel", CANCEL),
        end("fail", error()),
        flows(
            "s1 -> a -> q -> x -> ok", 'x -> cancel [how = "cancel"]', 'x -> fail [how = "fail"]'
        ),
    )
    for how, expected, undone in (
        ("go", "done", None),
        ("cancel", "undone", ["a"]),
        ("fail", "hazard", None),
    ):
        play = stage(drawn).start().complete("q", how=how)
        assert play.open() == [expected]
        assert play.variables.get("t") == undone


def test_a_cancel_ends_what_still_runs_in_the_transaction(stage: Put) -> None:
    drawn = transaction(
        start("s1"),
        done("a"),
        user("q"),
        user("other"),
        end("c", CANCEL),
        flows("s1 -> a -> q -> c", "s1 -> other"),
    )
    play = stage(drawn).start().complete("q")
    assert (play.open(), play.variables["t"]) == (["undone"], ["a"])
