"""Splits, joins, conditions and defaults wherever BPMN allows them (§13.4)."""

from collections.abc import Callable

import pytest

from engine.bpmn.faults import Fault
from tests.engine.bpmn.pieces import (
    NAMED,
    TERMINATE,
    catch,
    count,
    end,
    error,
    gateway,
    message,
    signal,
    start,
    straight,
    sub,
    throw,
)
from tests.engine.bpmn.stage import Stage
from tests.engine.drawing import border, element, flows, process, script, timer, user

Put = Callable[..., Stage]
SOURCES = {
    "a start event": (start(), "s"),
    "a task": (start() + script("x", "1", "k") + flows("s -> x"), "x"),
    "a sub-process": (start() + sub("x", start("i")) + flows("s -> x"), "x"),
    "an event": (start() + throw("x") + flows("s -> x"), "x"),
    "an inclusive gateway": (start() + gateway("inclusive", "x") + flows("s -> x"), "x"),
}


@pytest.mark.parametrize("source", SOURCES)
def test_conditions_are_read_on_flows_out_of(stage: Put, source: str) -> None:
    drawn, node = SOURCES[source]
    steps = flows(f"{node} -> a [n > 1]", f"{node} -> b [n > 2]", f"{node} -> c [n > 9]")
    play = stage(process("p", drawn, user("a"), user("b"), user("c"), steps)).start(n=3)
    assert play.open() == ["a", "b"]


@pytest.mark.parametrize("source", ["task", "exclusiveGateway", "inclusiveGateway"])
def test_the_default_is_taken_where_no_condition_holds(stage: Put, source: str) -> None:
    node = element(source, "x", default="x-b")
    drawn = process(
        "p", start(), node, user("a"), user("b"), flows("s -> x -> a [n > 1]", "x -> b")
    )
    assert stage(drawn).start(n=1).open() == ["b"]
    assert stage(drawn).start(n=2).open() == ["a"]


@pytest.mark.parametrize("source", ["task", "exclusiveGateway", "inclusiveGateway"])
def test_a_token_that_could_go_nowhere_is_a_fault(stage: Put, source: str) -> None:
    drawn = process(
        "p",
        start(),
        element(source, "x"),
        user("a"),
        user("b"),
        flows("s -> x -> a [n > 1]", "x -> b [n > 2]"),
    )
    with pytest.raises(Fault) as fault:
        stage(drawn).start(n=0)
    assert (fault.value.code, fault.value.element) == ("bpmn.no_flow_open", "x")


def test_flows_into_a_task_are_not_joined(stage: Put) -> None:
    drawn = process(
        "p", start(), user("a"), user("b"), user("c"), flows("s -> a -> c", "s -> b -> c")
    )
    assert stage(drawn).start().complete("a").complete("b").open() == ["c", "c"]


def test_every_plain_start_begins_and_every_end_must_come(stage: Put) -> None:
    drawn = process(
        "p",
        start("s1"),
        start("s2"),
        user("a"),
        user("b"),
        end("e1"),
        end("e2"),
        straight("s1", "a", "e1"),
        straight("s2", "b", "e2"),
    )
    play = stage(drawn).start()
    assert play.open() == ["a", "b"]
    assert not play.complete("a").ended
    assert play.complete("b").ended


def test_without_a_start_event_whatever_nothing_leads_to_begins(stage: Put) -> None:
    play = stage(process("p", user("a"), user("b"), user("c"), flows("a -> c"))).start()
    assert play.open() == ["a", "b"]


def test_a_parallel_join_keeps_a_spare_token_for_the_next_round(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        user("a"),
        user("b"),
        user("c"),
        gateway("parallel", "j"),
        user("after"),
        flows("s -> a -> j -> after", "s -> b -> j", "s -> c -> a"),
    )
    play = stage(drawn).start().complete("a").complete("c").complete("a")
    assert play.open() == ["b"]
    assert play.complete("b").open() == ["after"]
    assert not play.complete("after").ended


def test_a_parallel_gateway_can_join_and_split_at_once(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        user("a"),
        user("b"),
        gateway("parallel", "g"),
        user("c"),
        user("d"),
        flows("s -> a -> g -> c", "s -> b -> g -> d"),
    )
    assert stage(drawn).start().complete("a").complete("b").open() == ["c", "d"]


def inclusive(*more: str) -> bytes:
    return process(
        "p",
        start(),
        gateway("inclusive", "x"),
        user("a"),
        user("b"),
        user("c"),
        gateway("inclusive", "j"),
        user("after"),
        flows(
            "s -> x",
            "x -> a [1 in which]",
            "x -> b [2 in which]",
            "x -> c [3 in which]",
            "a -> j",
            "b -> j",
            "c -> j",
            "j -> after",
        ),
        *more,
    )


@pytest.mark.parametrize("which", [[1], [1, 2], [1, 2, 3], [3]])
def test_an_inclusive_join_waits_for_what_was_split_and_for_no_more(
    stage: Put, which: list[int]
) -> None:
    play = stage(inclusive()).start(which=which)
    for task in play.open():
        assert "after" not in play.open()
        play.complete(task)
    assert play.open() == ["after"]


def test_an_inclusive_join_in_a_loop_joins_every_turn(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        gateway("exclusive", "again"),
        gateway("inclusive", "x"),
        user("a"),
        user("b"),
        gateway("inclusive", "j"),
        count("n"),
        gateway("exclusive", "q", default="q-e"),
        end("e"),
        flows(
            "s -> again -> x",
            "x -> a [true]",
            "x -> b [true]",
            "a -> j",
            "b -> j",
            "j -> n -> q -> again [n < 3]",
            "q -> e",
        ),
    )
    play = stage(drawn).start()
    for _ in range(3):
        assert play.open() == ["a", "b"]
        assert play.complete("a").open() == ["b"]
        play.complete("b")
    assert play.ended


def test_inclusive_splits_and_joins_stand_inside_one_another(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        gateway("inclusive", "x"),
        gateway("inclusive", "y"),
        user("a"),
        user("b"),
        user("c"),
        gateway("inclusive", "k"),
        gateway("inclusive", "j"),
        user("after"),
        flows(
            "s -> x",
            "x -> y [true]",
            "x -> c [true]",
            "y -> a [true]",
            "y -> b [true]",
            "a -> k",
            "b -> k",
            "k -> j",
            "c -> j",
            "j -> after",
        ),
    )
    play = stage(drawn).start().complete("c").complete("a")
    assert play.open() == ["b"]
    assert play.complete("b").open() == ["after"]


def test_an_inclusive_join_waits_for_a_token_that_will_come_by_a_link(stage: Put) -> None:
    link = '<linkEventDefinition name="L"/>'
    drawn = process(
        "p",
        start(),
        gateway("inclusive", "x"),
        user("a"),
        user("b"),
        throw("go", link),
        catch("come", link),
        gateway("inclusive", "j"),
        user("after"),
        flows(
            "s -> x",
            "x -> a [true]",
            "x -> b [true]",
            "a -> j",
            "b -> go",
            "come -> j",
            "j -> after",
        ),
    )
    play = stage(drawn).start().complete("a")
    assert play.open() == ["b"]
    assert play.complete("b").open() == ["after"]


def test_an_inclusive_join_does_not_wait_for_a_branch_that_has_ended(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        gateway("inclusive", "x"),
        user("a"),
        user("b"),
        gateway("exclusive", "q", default="q-j"),
        end("away"),
        gateway("inclusive", "j"),
        user("after"),
        flows(
            "s -> x",
            "x -> a [true]",
            "x -> b [true]",
            "a -> j",
            "b -> q -> j",
            "q -> away [gone]",
            "j -> after",
        ),
    )
    play = stage(drawn).start(gone=True).complete("a")
    assert play.open() == ["b"]
    assert play.complete("b").open() == ["after"]


def test_an_inclusive_join_waits_for_a_border_that_may_still_fire(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        gateway("inclusive", "x"),
        user("a"),
        user("b"),
        end("e"),
        border("late", "b", timer("timeDuration", "PT1H")),
        gateway("inclusive", "j"),
        user("after"),
        flows(
            "s -> x",
            "x -> a [true]",
            "x -> b [true]",
            "a -> j",
            "b -> e",
            "late -> j",
            "j -> after",
        ),
    )
    play = stage(drawn).start().complete("a")
    assert play.open() == ["b"]
    assert play.complete("b").open() == ["after"]


def racing(*targets: str) -> bytes:
    steps = "".join(straight("g", f"t{at}", f"u{at}") for at in range(len(targets)))
    users = "".join(user(f"u{at}") for at in range(len(targets)))
    return process(
        "p",
        start(),
        gateway("eventBased", "g"),
        *targets,
        users,
        steps,
        straight("s", "g"),
        around=NAMED,
    )


EVENTS = (
    catch("t0", timer("timeDuration", "PT2H")),
    catch("t1", timer("timeDuration", "PT1H")),
    catch("t2", message()),
    catch("t3", message("N")),
    catch("t4", signal()),
)


@pytest.mark.parametrize(
    ("happen", "expected"),
    [
        (lambda play: play.advance(hours=3), "u1"),
        (lambda play: play.send("m"), "u2"),
        (lambda play: play.send("n"), "u3"),
        (lambda play: play.send("g"), "u4"),
    ],
)
def test_the_first_event_behind_a_gateway_wins_and_the_others_are_gone(
    stage: Put, happen: Callable[[Stage], Stage], expected: str
) -> None:
    play = stage(racing(*EVENTS)).start()
    assert happen(play).open() == [expected]
    assert (play.waiting(), play.timers()) == ([], [])


def test_receive_tasks_race_as_well(stage: Put) -> None:
    play = stage(
        racing(
            element("receiveTask", "t0", messageRef="M"),
            element("receiveTask", "t1", messageRef="N"),
            EVENTS[0].replace("t0", "t2"),
        )
    ).start()
    assert play.send("n").open() == ["u1"]


def test_a_gateway_waits_anew_every_turn(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        gateway("exclusive", "again"),
        gateway("eventBased", "g"),
        catch("t", timer("timeDuration", "PT1H")),
        catch("m", message()),
        user("done"),
        flows("s -> again -> g -> t -> again", "g -> m -> done"),
        around=NAMED,
    )
    play = stage(drawn).start().advance(hours=5)
    assert play.send("m").open() == ["done"]
    assert play.timers() == []


def test_a_terminate_end_in_nested_scopes_ends_the_innermost(stage: Put) -> None:
    low = start("s2") + user("a") + end("t", TERMINATE) + user("b")
    low += flows("s2 -> a -> t", "s2 -> b")
    middle = start("s1") + sub("low", low) + user("c") + flows("s1 -> low", "s1 -> c")
    drawn = process("p", start(), sub("mid", middle), user("d"), flows("s -> mid", "s -> d"))
    play = stage(drawn).start().complete("a")
    assert play.open() == ["c", "d"]


def test_an_error_end_ends_the_whole_sub_process_it_stands_in(stage: Put) -> None:
    inside = start("s1") + user("a") + user("b") + end("bad", error())
    drawn = process(
        "p",
        start(),
        sub("sub", inside + flows("s1 -> a -> bad", "s1 -> b")),
        border("one", "sub", error("F")),
        border("two", "sub", error()),
        user("u1"),
        user("u2"),
        flows("s -> sub", "one -> u1", "two -> u2"),
        around=NAMED,
    )
    assert stage(drawn).start().complete("a").open() == ["u2"]
