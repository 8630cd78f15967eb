"""Multi-instance and standard loops (BPMN 2.0 §13.3.6, §13.3.7)."""

from collections.abc import Callable

import pytest

from engine.bpmn.faults import Fault
from tests.engine.bpmn.pieces import (
    NAMED,
    count,
    end,
    error,
    message,
    results,
    several,
    start,
    sub,
    throw,
    undo,
    until,
)
from tests.engine.bpmn.stage import Stage
from tests.engine.drawing import border, element, flows, process, script, timer, user

Put = Callable[..., Stage]
BOTH = pytest.mark.parametrize("one_by_one", [False, True], ids=["parallel", "sequential"])


def repeated(loop: str, *beside: str) -> bytes:
    return process(
        "p",
        start(),
        user("a", "court_handler", loop),
        user("after"),
        flows("s -> a -> after"),
        *beside,
        around=NAMED,
    )


@BOTH
def test_a_number_says_how_often(stage: Put, one_by_one: bool) -> None:
    play = stage(repeated(several(times="${n}", one_by_one=one_by_one))).start(n=3)
    assert play.open() == ["a"] * (1 if one_by_one else 3)
    for _ in range(3):
        play.complete("a")
    assert play.open() == ["after"]


@BOTH
@pytest.mark.parametrize("loop", [{"times": "0"}, {"over": "none"}])
def test_nothing_to_do_is_passed_at_once(
    stage: Put, loop: dict[str, str], one_by_one: bool
) -> None:
    characteristics = several(results("all", "item"), one_by_one=one_by_one, **loop)
    play = stage(repeated(characteristics)).start(none=[])
    assert play.open() == ["after"]
    assert play.variables["all"] == []


@BOTH
def test_the_condition_of_completion_ends_what_is_left(stage: Put, one_by_one: bool) -> None:
    loop = several(until("nrOfCompletedInstances >= 2"), times="5", one_by_one=one_by_one)
    play = stage(repeated(loop)).start().complete("a")
    assert set(play.open()) == {"a"}
    assert play.complete("a").open() == ["after"]


@BOTH
def test_the_numbers_of_instances_are_known_while_it_runs(stage: Put, one_by_one: bool) -> None:
    text = "nrOfInstances = 4 and nrOfCompletedInstances = 2 and nrOfActiveInstances = "
    loop = several(until(text + ("1" if one_by_one else "2")), times="4", one_by_one=one_by_one)
    play = stage(repeated(loop)).start().complete("a").complete("a")
    assert play.open() == ["after"]
    assert play.variables == {}


def test_a_condition_of_completion_without_an_answer_is_a_fault(stage: Put) -> None:
    play = stage(repeated(several(until("missing > 1"), times="2"))).start()
    with pytest.raises(Fault) as fault:
        play.complete("a")
    assert fault.value.code == "bpmn.condition_not_boolean"


@BOTH
def test_results_stand_in_the_order_of_the_input_nothing_left_out(
    stage: Put, one_by_one: bool
) -> None:
    inside = several(results("all", "r"), over="list", one_by_one=one_by_one)
    inside += (
        start("s1")
        + user("u")
        + element(
            "scriptTask",
            "x",
            "<script>if item = 2 then null else item * 10</script>",
            scriptFormat="feel",
            camunda_resultVariable="r",
        )
    )
    io = '<extensionElements><camunda:inputOutput><camunda:inputParameter name="r">'
    io += "${null}</camunda:inputParameter></camunda:inputOutput></extensionElements>"
    activity = sub("sub", io + inside + flows("s1 -> u -> x"))
    source = process("p", start(), activity, user("after"), flows("s -> sub -> after"))
    play = stage(source).start(list=[1, 2, 3])
    for _ in range(3):
        play.complete("u")
    assert play.open() == ["after"]
    assert play.variables == {"list": [1, 2, 3], "all": [10, None, 30]}


@BOTH
def test_local_variables_do_not_leak(stage: Put, one_by_one: bool) -> None:
    play = stage(repeated(several(over="list", one_by_one=one_by_one))).start(list=["甲", "乙"])
    play.complete("a").complete("a")
    assert play.variables == {"list": ["甲", "乙"]}


def test_one_stands_inside_another(stage: Put) -> None:
    inside = several(over="rows", each="row") + start("s1")
    inside += user("u", "court_handler", several(over="row")) + flows("s1 -> u")
    source = process("p", start(), sub("sub", inside), user("after"), flows("s -> sub -> after"))
    play = stage(source).start(rows=[[1, 2], [3], []])
    assert play.open() == ["u", "u", "u"]
    for _ in range(3):
        play.complete("u")
    assert play.open() == ["after"]


@BOTH
def test_all_of_them_wait_for_one_asynchronous_step_before_and_after(
    stage: Put, one_by_one: bool
) -> None:
    steps = {"camunda_asyncBefore": "true", "camunda_asyncAfter": "true"}
    loop = several(times="2", one_by_one=one_by_one)
    task = user("a", "court_handler", loop, **steps)
    play = stage(process("p", start(), task, user("z"), flows("s -> a -> z"))).start()
    assert (play.open(), play.steps()) == ([], 1)
    play.go_on().complete("a").complete("a")
    assert (play.open(), play.steps()) == ([], 1)
    assert play.go_on().open() == ["z"]


@BOTH
def test_an_interrupting_border_stands_around_all_of_them(stage: Put, one_by_one: bool) -> None:
    beside = border("b", "a", message()) + user("out") + flows("b -> out")
    play = stage(repeated(several(times="3", one_by_one=one_by_one), beside)).start()
    assert play.waiting() == ["m"]
    assert play.complete("a").send("m").open() == ["out"]


def test_a_border_that_does_not_interrupt_comes_once_for_all(stage: Put) -> None:
    beside = border("b", "a", timer("timeDuration", "PT1H"), interrupting=False)
    beside += user("out") + flows("b -> out")
    play = stage(repeated(several(times="2"), beside)).start()
    assert len(play.due()) == 1
    assert play.advance(hours=1).open() == ["a", "a", "out"]


def test_an_error_in_one_ends_them_all(stage: Put) -> None:
    inside = several(times="3") + start("s1") + user("u") + end("bad", error())
    source = process(
        "p",
        start(),
        sub("sub", inside + flows("s1 -> u -> bad")),
        border("b", "sub", error()),
        user("repair"),
        flows("s -> sub", "b -> repair"),
        around=NAMED,
    )
    assert stage(source).start().complete("u").open() == ["repair"]


def test_a_terminate_end_ends_one_instance_and_not_the_others(stage: Put) -> None:
    inside = several(times="2") + start("s1") + user("u") + user("v")
    inside += end("t", "<terminateEventDefinition/>") + flows("s1 -> u -> t", "s1 -> v")
    source = process("p", start(), sub("sub", inside), user("after"), flows("s -> sub -> after"))
    play = stage(source).start().complete("u")
    assert play.open() == ["u", "v"]
    assert play.complete("u").open() == ["after"]


def test_each_finished_instance_is_undone(stage: Put) -> None:
    source = process(
        "p",
        start(),
        script("a", "1", "x").replace("</script>", "</script>" + several(times="3")),
        undo("a", "back"),
        count("back").replace("<scriptTask", '<scriptTask isForCompensation="true"'),
        throw("t", "<compensateEventDefinition/>"),
        user("after"),
        flows("s -> a -> t -> after"),
    )
    play = stage(source).start()
    assert play.open() == ["after"]
    assert play.variables["n"] == 3


@pytest.mark.parametrize("number", ["1000000000", "-1", "1.5", "null", '"three"'])
def test_a_number_that_is_none_or_too_large_is_a_fault(stage: Put, number: str) -> None:
    with pytest.raises(Fault) as fault:
        stage(repeated(several(times="${n}".replace("n", number)))).start()
    assert fault.value.code in ("bpmn.bad_cardinality", "bpmn.too_many_turns")
    assert fault.value.element == "a"


def test_a_collection_that_is_no_list_is_a_fault(stage: Put) -> None:
    with pytest.raises(Fault):
        stage(repeated(several(over="list"))).start(list="甲")


def loop(condition: str = "", **attributes: str) -> str:
    inner = f"<loopCondition>{condition}</loopCondition>" if condition else ""
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<standardLoopCharacteristics{written}>{inner}</standardLoopCharacteristics>"


def counting(characteristics: str) -> bytes:
    body = count("a").replace("</script>", "</script>" + characteristics)
    return process("p", start(), body, user("after"), flows("s -> a -> after"))


@pytest.mark.parametrize(
    ("characteristics", "expected"),
    [
        (loop("n &lt; 3"), 3),
        (loop("n &lt; 0"), 1),
        (loop("n &lt; 0", testBefore="true"), 0),
        (loop("n &lt; 9", loopMaximum="4"), 4),
        (loop(loopMaximum="5"), 5),
        (loop("n &lt; 1500"), 1500),
    ],
)
def test_a_loop_goes_on_while_its_condition_holds(
    stage: Put, characteristics: str, expected: int
) -> None:
    play = stage(counting(characteristics)).start(n=0)
    assert play.open() == ["after"]
    assert play.variables["n"] == expected


def test_a_loop_of_a_user_task_and_its_border(stage: Put) -> None:
    beside = border("b", "a", message()) + user("out") + flows("b -> out")
    play = stage(repeated(loop("again"), beside)).start(again=True)
    assert play.complete("a").complete("a").open() == ["a"]
    assert play.complete("a", again=False).open() == ["after"]
    assert play.start(again=True).send("m").open() == ["out"]


def test_a_loop_without_an_end_is_a_fault(stage: Put) -> None:
    with pytest.raises(Fault) as fault:
        stage(counting(loop("true"))).start(n=0)
    assert fault.value.code == "bpmn.endless"
