"""Call activities: levels, what is carried in and out, and what goes through the call."""

from collections.abc import Callable

import pytest

from engine.bpmn.faults import Fault
from tests.engine.bpmn.pieces import (
    NAMED,
    call,
    end,
    error,
    escalation,
    gateway,
    message,
    on_event,
    results,
    several,
    start,
    sub,
    throw,
    undo,
)
from tests.engine.bpmn.stage import Stage
from tests.engine.drawing import border, element, flows, process, script, timer, user
from tests.engine.house import House

Put = Callable[..., Stage]


def mapped(direction: str, **attributes: str) -> str:
    written = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return f"<camunda:{direction} {written}/>"


def caller(*mappings: str, **more: str) -> bytes:
    return process(
        "p",
        start(),
        call("c", "callee", *mappings),
        user("after"),
        flows("s -> c -> after"),
        more.get("beside", ""),
        around=NAMED,
    )


def callee(*inside: str, id: str = "callee") -> bytes:
    return process(id, start(), *inside, around=NAMED)


def test_three_levels_begin_and_end_inside_out(stage: Put) -> None:
    low = process("low", start(), user("deep"), flows("s -> deep"))
    middle = process("middle", start(), call("c", "low"), user("mid"), flows("s -> c -> mid"))
    high = process("p", start(), call("c", "middle"), user("top"), flows("s -> c -> top"))
    play = stage(high, middle, low).start()
    assert play.open() == ["deep"]
    assert play.complete("deep").open() == ["mid"]
    assert play.complete("mid").open() == ["top"]
    assert play.complete("top").ended


def test_nothing_is_seen_inside_that_is_not_mapped(stage: Put) -> None:
    inner = callee(
        script("x", 'if n = null then "hidden" else "seen"', "r"), user("u"), flows("s -> x -> u")
    )
    play = stage(caller(mapped("out", source="r", target="r")), inner).start(n=1)
    assert play.complete("u").variables == {"n": 1, "r": "hidden"}


def test_everything_can_be_carried_in_and_out(stage: Put) -> None:
    inner = callee(
        script("x", "n + 1", "n"), script("y", "2", "m"), user("u"), flows("s -> x -> y -> u")
    )
    every = mapped("in", variables="all") + mapped("out", variables="all")
    play = stage(caller(every), inner).start(n=1)
    assert play.complete("u").variables == {"n": 2, "m": 2}


def test_a_value_can_be_computed_on_the_way(stage: Put) -> None:
    inner = callee(script("x", "a * 10", "b"), user("u"), flows("s -> x -> u"))
    ways = mapped("in", sourceExpression="${n + 1}", target="a")
    ways += mapped("out", sourceExpression="${b + 1}", target="r")
    play = stage(caller(ways), inner).start(n=1)
    assert play.complete("u").variables == {"n": 1, "r": 21}


def test_parameters_of_the_activity_are_seen_by_its_mappings_and_stay_outside(stage: Put) -> None:
    io = '<camunda:inputOutput><camunda:inputParameter name="k">${n + 1}</camunda:inputParameter>'
    io += '<camunda:outputParameter name="r">${got + k}</camunda:outputParameter>'
    io += "</camunda:inputOutput>"
    ways = io + mapped("in", source="k", target="a") + mapped("out", source="b", target="got")
    inner = callee(script("x", "if k = null then a else 0", "b"), user("u"), flows("s -> x -> u"))
    play = stage(caller(ways), inner).start(n=1)
    assert play.complete("u").variables == {"n": 1, "got": 2, "r": 4}


def test_only_local_variables_can_be_asked_for(stage: Put) -> None:
    io = '<camunda:inputOutput><camunda:inputParameter name="k">7</camunda:inputParameter>'
    ways = io + "</camunda:inputOutput>" + mapped("in", variables="all", local="true")
    ways += mapped("out", variables="all")
    inner = callee(script("x", "n = null", "hidden"), user("u"), flows("s -> x -> u"))
    play = stage(caller(ways), inner).start(n=1)
    assert play.complete("u").variables["hidden"] is True


@pytest.mark.parametrize("levels", [1, 2])
def test_an_error_goes_through_the_call_to_its_border(stage: Put, levels: int) -> None:
    inner = callee(end("bad", error()), flows("s -> bad"), id="low" if levels == 2 else "callee")
    sources = [inner]
    if levels == 2:
        sources.append(callee(call("d", "low"), flows("s -> d")))
    beside = border("b", "c", error()) + user("repair") + flows("b -> repair")
    assert stage(caller(beside=beside), *sources).start().open() == ["repair"]


def test_an_error_that_no_caller_catches_is_a_fault(stage: Put) -> None:
    inner = callee(end("bad", error()), flows("s -> bad"))
    with pytest.raises(Fault) as fault:
        stage(caller(), inner).start()
    assert fault.value.params["error"] == "bad"


def test_an_escalation_goes_through_the_call_and_leaves_it_going(stage: Put) -> None:
    inner = callee(throw("t", escalation()), user("u"), flows("s -> t -> u"))
    beside = border("b", "c", escalation(), interrupting=False) + user("told")
    play = stage(caller(beside=beside + flows("b -> told")), inner).start()
    assert play.open() == ["told", "u"]
    assert play.complete("u").open() == ["after", "told"]


def test_an_interrupting_border_ends_all_that_the_call_began(stage: Put) -> None:
    deep = process("low", start(), user("deep"), flows("s -> deep"))
    inner = callee(call("d", "low"), user("u"), flows("s -> d", "s -> u"))
    beside = border("b", "c", timer("timeDuration", "PT1H")) + user("late") + flows("b -> late")
    play = stage(caller(beside=beside), inner, deep).start()
    assert play.open() == ["deep", "u"]
    assert play.advance(hours=1).open() == ["late"]


def test_a_terminate_end_ends_the_called_process_and_not_its_caller(stage: Put) -> None:
    inner = callee(
        user("u"),
        user("v"),
        end("t", "<terminateEventDefinition/>"),
        flows("s -> u -> t", "s -> v"),
    )
    assert stage(caller(), inner).start().complete("u").open() == ["after"]


def test_it_is_called_once_for_each_and_gives_results_in_order(stage: Put) -> None:
    inner = callee(script("x", "a * 10", "b"), user("u"), flows("s -> x -> u"))
    ways = mapped("in", source="item", target="a") + mapped("out", source="b", target="got")
    activity = element(
        "callActivity",
        "c",
        f"<extensionElements>{ways}</extensionElements>",
        several(results("all", "got"), over="list", one_by_one=True),
        calledElement="callee",
    )
    source = process("p", start(), activity, user("after"), flows("s -> c -> after"))
    play = stage(source, inner).start(list=[1, 2, 3])
    for _ in range(3):
        assert play.open() == ["u"]
        play.complete("u")
    assert play.open() == ["after"]
    assert play.variables["all"] == [10, 20, 30]


def test_two_calls_at_once_do_not_share_variables(stage: Put) -> None:
    inner = callee(
        user("u"), script("x", "(if n = null then 0 else n) + 1", "n"), flows("s -> u -> x")
    )
    out1, out2 = mapped("out", source="n", target="n1"), mapped("out", source="n", target="n2")
    source = process(
        "p",
        start(),
        call("c", "callee", out1),
        call("d", "callee", out2),
        gateway("parallel", "j"),
        user("after"),
        flows("s -> c -> j -> after", "s -> d -> j"),
    )
    play = stage(source, inner).start().complete("u").complete("u")
    assert play.open() == ["after"]
    assert play.variables == {"n1": 1, "n2": 1}


def test_what_was_done_inside_a_finished_call_is_not_undone_from_outside(stage: Put) -> None:
    inner = callee(
        script("x", "1", "n"),
        undo("x", "back"),
        user("back", isForCompensation="true"),
        flows("s -> x"),
    )
    source = process(
        "p",
        start(),
        call("c", "callee"),
        throw("t", "<compensateEventDefinition/>"),
        user("after"),
        flows("s -> c -> t -> after"),
    )
    assert stage(source, inner).start().open() == ["after"]


def test_processes_that_call_each_other_without_end_are_a_fault(stage: Put) -> None:
    there = process("p", start(), call("c", "q"), flows("s -> c"))
    back = process("q", start(), call("d", "p"), flows("s -> d"))
    with pytest.raises(Fault) as fault:
        stage(there, back).start()
    assert fault.value.code == "bpmn.too_deep"


def test_a_called_process_that_only_a_message_starts_is_a_fault(stage: Put) -> None:
    inner = process("callee", start("s", message()), user("u"), flows("s -> u"), around=NAMED)
    with pytest.raises(Fault) as fault:
        stage(caller(), inner).start()
    assert fault.value.code == "bpmn.no_plain_start"


def test_an_event_sub_process_around_a_call_hears_what_is_thrown_in_it(stage: Put) -> None:
    inner = callee(user("u"), end("bad", error()), flows("s -> u -> bad"))
    inside = start("s1") + call("c", "callee") + flows("s1 -> c")
    inside += on_event("es", error(), user("rescue"), flows("es_s -> rescue"))
    source = process("p", start(), sub("sub", inside), flows("s -> sub"), around=NAMED)
    assert stage(source, inner).start().complete("u").open() == ["rescue"]


def versioned(name: str) -> bytes:
    return process("callee", start(), user(name), flows(f"s -> {name}"))


@pytest.mark.parametrize(
    ("binding", "expected"),
    [
        ({}, "third"),
        ({"camunda_calledElementBinding": "latest"}, "third"),
        ({"camunda_calledElementBinding": "deployment"}, "second"),
        ({"camunda_calledElementBinding": "version", "camunda_calledElementVersion": "1"}, "first"),
    ],
)
def test_the_binding_says_which_version_is_called(
    house: House, binding: dict[str, str], expected: str
) -> None:
    source = process("p", start(), call("c", "callee", **binding), flows("s -> c"))
    house.deploy("own", versioned("first"))
    house.deploy("p", {"p.bpmn": source, "callee.bpmn": versioned("second")})
    house.deploy("own", versioned("third"))
    house.start("p")
    assert house.open() == [expected]
