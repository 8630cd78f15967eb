"""Event sub-processes (BPMN 2.0 §13.5.4): every start, interrupting and not, at every place."""

from collections.abc import Callable

import pytest

from engine.bpmn.faults import Fault
from tests.engine.bpmn.pieces import (
    NAMED,
    call,
    condition,
    count,
    end,
    error,
    escalation,
    gateway,
    message,
    on_event,
    several,
    signal,
    start,
    sub,
    throw,
)
from tests.engine.bpmn.stage import Stage
from tests.engine.drawing import border, flows, process, script, timer, user

Put = Callable[..., Stage]
TRIGGERS: dict[str, tuple[str, Callable[[Stage], object]]] = {
    "message": (message(), lambda stage: stage.send("m")),
    "signal": (signal(), lambda stage: stage.send("g")),
    "timer": (timer("timeDuration", "PT1H"), lambda stage: stage.advance(hours=1)),
    "conditional": (condition("n > 1"), lambda stage: stage.complete("raise")),
}


def work(definition: str, interrupting: bool = True) -> bytes:
    """A user task beside a task that sets n; the event sub-process opens `rescue`."""
    return process(
        "p",
        start(),
        user("a"),
        user("raise"),
        script("two", "2", "n"),
        flows("s -> a", "s -> raise -> two"),
        on_event(
            "es", definition, user("rescue"), flows("es_s -> rescue"), interrupting=interrupting
        ),
        around=NAMED,
    )


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_an_interrupting_start_ends_everything_else_in_its_scope(stage: Put, trigger: str) -> None:
    definition, happen = TRIGGERS[trigger]
    play = stage(work(definition)).start()
    assert play.open() == ["a", "raise"]
    happen(play)
    assert play.open() == ["rescue"]
    assert play.waiting() == []
    assert play.complete("rescue").ended


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_start_that_does_not_interrupt_leaves_the_rest_as_it_is(stage: Put, trigger: str) -> None:
    definition, happen = TRIGGERS[trigger]
    play = stage(work(definition, interrupting=False)).start()
    happen(play)
    assert {"a", "rescue"} <= set(play.open())
    for open_task in play.open():
        play.complete(open_task)
    assert play.ended


@pytest.mark.parametrize("trigger", ["message", "signal"])
def test_it_comes_again_as_often_as_its_event_does(stage: Put, trigger: str) -> None:
    definition, happen = TRIGGERS[trigger]
    play = stage(work(definition, interrupting=False)).start()
    happen(play)
    happen(play)
    assert play.open() == ["a", "raise", "rescue", "rescue"]


def test_a_cycle_starts_it_again_and_again(stage: Put) -> None:
    play = stage(work(timer("timeCycle", "R3/PT1H"), interrupting=False)).start()
    play.advance(hours=5)
    assert play.open().count("rescue") == 3


@pytest.mark.parametrize(
    ("definition", "thrown"), [(error(), error()), (escalation(), escalation())]
)
def test_what_is_thrown_in_its_scope_starts_it(stage: Put, definition: str, thrown: str) -> None:
    source = process(
        "p",
        start(),
        user("a"),
        user("b"),
        end("bad", thrown),
        flows("s -> a -> bad", "s -> b"),
        on_event("es", definition, user("rescue"), flows("es_s -> rescue")),
        around=NAMED,
    )
    play = stage(source).start().complete("a")
    assert play.open() == ["rescue"]
    assert play.complete("rescue").ended


def test_an_escalation_can_leave_the_rest_going(stage: Put) -> None:
    source = process(
        "p",
        start(),
        throw("up", escalation()),
        user("a"),
        flows("s -> up -> a"),
        on_event("es", escalation(), user("told"), flows("es_s -> told"), interrupting=False),
        around=NAMED,
    )
    assert stage(source).start().open() == ["a", "told"]


def test_the_code_of_the_error_is_a_variable_and_the_exact_one_is_preferred(stage: Put) -> None:
    source = process(
        "p",
        start(),
        end("bad", error()),
        flows("s -> bad"),
        on_event("any", error(""), user("all"), flows("any_s -> all")),
        on_event("es", error(camunda_errorCodeVariable="why"), user("one"), flows("es_s -> one")),
        around=NAMED,
    )
    play = stage(source).start()
    assert play.open() == ["one"]
    assert play.variables["why"] == "bad"


def test_it_serves_the_sub_process_it_stands_in_and_no_other(stage: Put) -> None:
    inside = start("s1") + user("in") + flows("s1 -> in")
    inside += on_event("es", message(), user("rescue"), flows("es_s -> rescue"))
    source = process(
        "p",
        start(),
        sub("sub", inside),
        user("beside"),
        user("after"),
        flows("s -> sub -> after", "s -> beside"),
        around=NAMED,
    )
    play = stage(source).start().send("m")
    assert play.open() == ["beside", "rescue"]
    assert play.complete("rescue").open() == ["after", "beside"]


def test_it_is_gone_when_its_sub_process_has_ended(stage: Put) -> None:
    inside = start("s1") + user("in") + flows("s1 -> in")
    inside += on_event("es", message(), user("rescue"), flows("es_s -> rescue"))
    source = process(
        "p", start(), sub("sub", inside), user("after"), flows("s -> sub -> after"), around=NAMED
    )
    play = stage(source).start().complete("in")
    assert play.waiting() == []
    assert play.send("m").open() == ["after"]


def test_one_stands_inside_another(stage: Put) -> None:
    nested = on_event("inner", message("N"), user("deeper"), flows("inner_s -> deeper"))
    outer = on_event("outer", message(), user("first"), flows("outer_s -> first"), nested)
    play = stage(process("p", start(), user("a"), flows("s -> a"), outer, around=NAMED)).start()
    assert play.waiting() == ["m"]
    play.send("m")
    assert (play.open(), play.waiting()) == (["first"], ["n"])
    play.send("n")
    assert play.open() == ["deeper"]
    assert play.complete("deeper").ended


def test_several_wait_side_by_side_and_each_comes_once(stage: Put) -> None:
    source = process(
        "p",
        start(),
        user("a"),
        flows("s -> a"),
        on_event("one", message(), user("u1"), flows("one_s -> u1"), interrupting=False),
        on_event("two", message("N"), user("u2"), flows("two_s -> u2")),
        around=NAMED,
    )
    play = stage(source).start().send("m")
    assert play.open() == ["a", "u1"]
    assert play.send("n").open() == ["u2"]


def test_a_called_process_has_its_own(stage: Put) -> None:
    callee = process(
        "callee",
        start(),
        user("in"),
        flows("s -> in"),
        on_event("es", message(), user("rescue"), flows("es_s -> rescue")),
        around=NAMED,
    )
    caller = process("p", start(), call("c", "callee"), user("after"), flows("s -> c -> after"))
    play = stage(caller, callee).start().send("m")
    assert play.open() == ["rescue"]
    assert play.complete("rescue").open() == ["after"]


def test_each_instance_of_a_repeated_sub_process_has_its_own(stage: Put) -> None:
    inside = several(times="2") + start("s1") + user("in") + flows("s1 -> in")
    inside += on_event("es", timer("timeDuration", "PT1H"), user("r"), flows("es_s -> r"))
    source = process("p", start(), sub("sub", inside), user("after"), flows("s -> sub -> after"))
    play = stage(source).start().complete("in").advance(hours=1)
    assert play.open() == ["r"]
    assert play.complete("r").open() == ["after"]


def test_an_error_inside_one_goes_to_the_scope_around(stage: Put) -> None:
    inside = start("s1") + end("e1", error()) + flows("s1 -> e1")
    inside += on_event("es", error(), end("again", error()), flows("es_s -> again"))
    source = process(
        "p",
        start(),
        sub("sub", inside),
        border("b", "sub", error()),
        user("outside"),
        flows("s -> sub", "b -> outside"),
        around=NAMED,
    )
    assert stage(source).start().open() == ["outside"]


def test_an_error_inside_one_that_nobody_catches_is_a_fault(stage: Put) -> None:
    source = process(
        "p",
        start(),
        end("e1", error()),
        flows("s -> e1"),
        on_event("es", error(), end("again", error()), flows("es_s -> again")),
        around=NAMED,
    )
    with pytest.raises(Fault) as fault:
        stage(source).start()
    assert (fault.value.code, fault.value.element) == ("bpmn.error_uncaught", "again")


def test_an_escalation_inside_one_does_not_start_it_again(stage: Put) -> None:
    inside = start("s1") + throw("t", escalation()) + user("in") + flows("s1 -> t -> in")
    again = throw("again", escalation()) + count("once") + flows("es_s -> once -> again")
    inside += on_event("es", escalation(), again, interrupting=False)
    source = process(
        "p",
        start(),
        sub("sub", inside),
        border("b", "sub", escalation(), interrupting=False),
        user("outside"),
        flows("s -> sub", "b -> outside"),
        around=NAMED,
    )
    play = stage(source).start()
    assert play.open() == ["in", "outside"]
    assert play.variables["n"] == 1


def test_a_border_of_the_scope_ends_a_running_one(stage: Put) -> None:
    inside = start("s1") + user("in") + flows("s1 -> in")
    inside += on_event("es", message(), user("r"), flows("es_s -> r"), interrupting=False)
    source = process(
        "p",
        start(),
        sub("sub", inside),
        border("b", "sub", message("N")),
        user("out"),
        flows("s -> sub", "b -> out"),
        around=NAMED,
    )
    assert stage(source).start().send("m").send("n").open() == ["out"]


def test_the_payload_of_a_message_comes_with_it(stage: Put) -> None:
    source = process(
        "p",
        start(),
        user("a"),
        flows("s -> a"),
        on_event("es", message(), user("r"), flows("es_s -> r")),
        around=NAMED,
    )
    assert stage(source).start().send("m", who="甲").variables["who"] == "甲"


def test_another_instance_of_the_same_definition_knows_nothing_of_it(stage: Put) -> None:
    play = stage(work(message())).start().send("m")
    assert play.start().open() == ["a", "raise"]


def test_a_parallel_join_beside_it_waits_for_its_own_branches_only(stage: Put) -> None:
    source = process(
        "p",
        start(),
        gateway("parallel", "x"),
        user("a"),
        user("b"),
        gateway("parallel", "y"),
        user("after"),
        flows("s -> x -> a -> y -> after", "x -> b -> y"),
        on_event("es", message(), user("r"), flows("es_s -> r"), interrupting=False),
        around=NAMED,
    )
    play = stage(source).start().complete("a").send("m")
    assert play.complete("b").open() == ["after", "r"]


def test_an_asynchronous_one_keeps_its_payload_until_its_job_comes(stage: Put) -> None:
    es = on_event("es", message(), user("r"), flows("es_s -> r"))
    later = es.replace('id="es"', 'id="es" camunda:asyncBefore="true"')
    play = stage(process("p", start(), user("a"), flows("s -> a"), later, around=NAMED)).start()
    play.send("m", amount=1.5)
    assert play.open() == []
    assert play.go_on().open() == ["r"]
    assert play.variables["amount"] == 1.5
