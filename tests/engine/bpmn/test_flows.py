"""Sequence flows and gateways (BPMN 2.0 §13.4): tokens go where the picture says."""

from decimal import Decimal

import pytest

from engine.bpmn.faults import Fault
from tests.engine.drawing import element, flows, process, script, user
from tests.engine.house import House


def test_a_task_waits_and_its_completion_ends_the_instance(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        user("a"),
        element("endEvent", "e", name="已办结"),
        flows("s -> a -> e"),
    )
    instance = house.run(source)
    assert house.open() == ["a"]
    house.complete("a")
    ended = house.instance(instance)
    assert (ended.state, ended.outcome, ended.blob) == ("completed", "已办结", None)
    assert house.passed(instance) == ["a", "e", "s"]


def test_an_exclusive_gateway_takes_the_first_true_flow_and_else_the_default(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        script("n", "3", "n"),
        element("exclusiveGateway", "x", default="x-low"),
        user("high"),
        user("low"),
        flows("s -> n -> x", "x -> high [${n > 5}]", "x -> low"),
    )
    instance = house.run(source)
    assert house.open() == ["low"]
    assert house.variables(instance) == {"n": Decimal(3)}


def test_a_condition_that_is_neither_true_nor_false_is_a_fault_naming_the_flow(
    house: House,
) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        element("exclusiveGateway", "x"),
        user("a"),
        user("b"),
        flows("s -> x", "x -> a [missing > 5]", "x -> b [missing < 5]"),
    )
    house.deploy("p", source)
    with pytest.raises(Fault) as fault:
        house.start("p")
    assert fault.value.code == "bpmn.condition_not_boolean"
    assert fault.value.params["flow"] == "x-a"
    assert fault.value.params["element"] == "x"


def test_a_parallel_join_waits_for_every_branch_and_keeps_both_variables(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        element("parallelGateway", "split"),
        user("a"),
        script("sa", '"from a"', "k"),
        user("b"),
        element("parallelGateway", "join"),
        user("after"),
        flows("s -> split -> a -> sa -> join -> after", "split -> b -> join"),
    )
    instance = house.run(source)
    house.complete("a")
    assert house.open() == ["b"]
    house.complete("b")
    assert house.open() == ["after"]
    assert house.variables(instance)["k"] == "from a"


def test_an_inclusive_join_waits_only_for_branches_that_were_taken(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        script("n", "2", "n"),
        element("inclusiveGateway", "split"),
        user("a"),
        user("b"),
        user("c"),
        element("inclusiveGateway", "join"),
        user("after"),
        flows(
            "s -> n -> split",
            "split -> a [n > 1]",
            "split -> b [n > 0]",
            "split -> c [n > 5]",
            "a -> join -> after",
            "b -> join",
            "c -> join",
        ),
    )
    house.run(source)
    assert house.open() == ["a", "b"]
    house.complete("a")
    assert house.open() == ["b"]
    house.complete("b")
    assert house.open() == ["after"]


def test_flows_out_of_a_task_are_all_taken_unless_their_condition_is_false(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        script("n", "2", "n"),
        user("a"),
        user("b"),
        user("c"),
        flows("s -> n -> a", "n -> b", "n -> c [n > 5]"),
    )
    house.run(source)
    assert house.open() == ["a", "b"]


def test_a_loop_of_two_thousand_turns_leaves_a_state_as_small_as_the_first(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        script("zero", "0", "n"),
        element("exclusiveGateway", "again"),
        script("count", "n + 1", "n"),
        element("exclusiveGateway", "enough", default="enough-again"),
        user("done"),
        flows("s -> zero -> again -> count -> enough -> again", "enough -> done [n >= 2000]"),
    )
    instance = house.run(source)
    assert house.open() == ["done"]
    assert len(house.instance(instance).blob or b"") < 400


def test_an_endless_loop_ends_as_a_fault_and_nothing_is_kept(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        script("zero", "0", "n"),
        script("count", "n + 1", "n"),
        flows("s -> zero -> count -> zero"),
    )
    house.deploy("p", source)
    with pytest.raises(Fault) as fault:
        house.start("p")
    assert fault.value.code == "bpmn.endless"
    assert house.open() == []
