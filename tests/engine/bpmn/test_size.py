"""Long, wide, deep: no limit of the stack, no growth of the state, an end to endless loops."""

from collections.abc import Callable

import pytest

from engine.bpmn.faults import Fault
from engine.errors import Refusal
from tests.engine.bpmn.pieces import count, end, gateway, start, sub
from tests.engine.bpmn.stage import Stage
from tests.engine.drawing import element, flows, process, script, user

Put = Callable[..., Stage]


@pytest.mark.parametrize(
    "kind", ["task", "exclusiveGateway", "intermediateThrowEvent", "subProcess"]
)
def test_a_chain_of_two_thousand_elements_runs_to_its_end(stage: Put, kind: str) -> None:
    chain = [f"x{at}" for at in range(2000)]
    drawn = process(
        "p",
        start(),
        *(element(kind, id) for id in chain),
        user("after"),
        flows(" -> ".join(["s", *chain, "after"])),
    )
    assert stage(drawn).start().open() == ["after"]


@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
def test_five_hundred_branches_split_and_join(stage: Put, kind: str) -> None:
    branches = [f"b{at}" for at in range(500)]
    guard = " [true]" if kind == "inclusive" else ""
    drawn = process(
        "p",
        start(),
        gateway(kind, "x"),
        *(element("task", id) for id in branches),
        gateway(kind, "j"),
        user("after"),
        flows("s -> x", "j -> after"),
        *(flows(f"x -> {id}{guard}", f"{id} -> j") for id in branches),
    )
    assert stage(drawn).start().open() == ["after"]


def test_sub_processes_stand_fifty_deep(stage: Put) -> None:
    inside = start("s50") + user("deep") + flows("s50 -> deep")
    for at in reversed(range(50)):
        inside = start(f"s{at}") + sub(f"sub{at}", inside) + flows(f"s{at} -> sub{at}")
    play = stage(process("p", inside)).start()
    assert play.complete("deep").ended


def test_sub_processes_deeper_than_that_are_refused(stage: Put) -> None:
    inside = start("s") + user("deep") + flows("s -> deep")
    for at in range(60):
        inside = sub(f"sub{at}", inside)
    with pytest.raises(Refusal) as refusal:
        stage(process("p", inside))
    assert [c.code for c in refusal.value.params["complaints"]] == ["bpmn.nested_too_deep"]


def turning() -> bytes:
    return process(
        "p",
        start(),
        gateway("exclusive", "again"),
        user("a"),
        count("n"),
        gateway("exclusive", "q", default="q-again"),
        end("e"),
        flows("s -> again -> a -> n -> q -> again", "q -> e [n >= 2000]"),
    )


def test_a_loop_turned_by_people_a_thousand_times_weighs_what_it_weighed_at_first(
    stage: Put,
) -> None:
    play = stage(turning()).start(n=0)
    play.complete("a")
    first = play.size()
    for _ in range(1100):
        play.complete("a")
    assert abs(play.size() - first) < 16


def test_a_loop_turned_by_itself_ends_with_the_budget_of_steps(stage: Put) -> None:
    drawn = process("p", start(), script("x", "1", "n"), flows("s -> x -> x"))
    with pytest.raises(Fault) as fault:
        stage(drawn).start()
    assert (fault.value.code, fault.value.element) == ("bpmn.endless", "x")


@pytest.mark.parametrize("name", ["Start", "End", "Root", "root", "p.Start", "process"])
def test_no_id_is_reserved(stage: Put, name: str) -> None:
    drawn = process(
        "p", start(), element("task", name), user("after"), flows(f"s -> {name} -> after")
    )
    assert stage(drawn).start().open() == ["after"]


def test_flows_need_no_id_and_elements_need_not_name_their_flows(stage: Put) -> None:
    drawn = process("p", start(), user("a"), flows("s -> a")).replace(b' id="s-a"', b"")
    assert stage(drawn).start().open() == ["a"]


def test_two_flows_without_id_between_the_same_elements_are_two(stage: Put) -> None:
    drawn = process("p", start(), user("a"), flows("s -> a", "s -> a")).replace(b' id="s-a"', b"")
    assert stage(drawn).start().open() == ["a", "a"]
