"""Events, borders, sub-processes (BPMN 2.0 §13.3, §13.5)."""

from datetime import timedelta

import pytest

from engine.bpmn.faults import Fault
from tests.engine.drawing import border, element, flows, process, script, timer, user
from tests.engine.house import BUREAU, COURT, MORNING, House

ERROR = '<error id="E1" name="坏" errorCode="bad"/>'
MESSAGE = '<message id="M1" name="answer"/>'


def catching(id: str, definition: str) -> str:
    return element("intermediateCatchEvent", id, definition)


def test_a_duration_timer_is_a_row_with_an_absolute_due_and_fires_once(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        catching("wait", timer("timeDuration", "PT2H")),
        user("after"),
        flows("s -> wait -> after"),
    )
    house.run(source)
    (job,) = house.timers()
    assert job.due_at == MORNING + timedelta(hours=2)
    assert house.advance(hours=1, minutes=59) == 0
    assert house.open() == []
    assert house.advance(minutes=1) == 1
    assert house.open() == ["after"]
    assert house.timers() == []


def test_an_interrupting_border_timer_ends_its_task(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        user("a"),
        border("late", "a", timer("timeDuration", "PT1H")),
        user("instead"),
        flows("s -> a", "late -> instead"),
    )
    house.run(source)
    house.advance(hours=1)
    assert house.open() == ["instead"]


def test_a_non_interrupting_border_timer_leaves_its_task_open(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        user("a"),
        border("late", "a", timer("timeDuration", "PT1H"), interrupting=False),
        user("remind"),
        flows("s -> a", "late -> remind"),
    )
    house.run(source)
    house.advance(hours=1)
    assert house.open() == ["a", "remind"]
    assert house.timers() == []


def test_a_cycle_fires_as_often_as_it_says_and_keeps_its_rhythm(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        user("a"),
        border("again", "a", timer("timeCycle", "R3/PT10M"), interrupting=False),
        script("count", "(if n = null then 0 else n) + 1", "n"),
        flows("s -> a", "again -> count"),
    )
    instance = house.run(source)
    for _ in range(5):
        house.advance(minutes=10)
    assert house.variables(instance)["n"] == 3
    assert house.timers() == []


def test_the_end_of_a_task_disarms_its_border(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        user("a"),
        border("late", "a", timer("timeDuration", "PT1H")),
        user("b"),
        flows("s -> a -> b", "late -> b"),
    )
    house.run(source)
    house.complete("a")
    assert house.timers() == []
    assert house.advance(hours=2) == 0


def test_a_timer_whose_expression_is_null_never_arms(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        user("a"),
        border("late", "a", timer("timeDate", "${none}"), interrupting=False),
        flows("s -> a"),
    )
    house.run(source)
    assert house.timers() == []


def test_the_first_of_several_events_behind_a_gateway_takes_the_token(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        element("eventBasedGateway", "g"),
        catching("short", timer("timeDuration", "PT1H")),
        catching("long", timer("timeDuration", "PT2H")),
        user("a"),
        user("b"),
        flows("s -> g -> short -> a", "g -> long -> b"),
    )
    house.run(source)
    assert len(house.timers()) == 2
    house.advance(hours=3)
    assert house.open() == ["a"]
    assert house.timers() == []


def test_a_message_is_kept_until_somebody_waits_for_it(house: House) -> None:
    from engine.messages import receive_message

    source = process(
        "p",
        element("startEvent", "s"),
        user("before"),
        catching("m", '<messageEventDefinition messageRef="M1"/>'),
        user("after"),
        flows("s -> before -> m -> after"),
        around=MESSAGE,
    )
    instance = house.run(source)
    key = house.instance(instance).business_key
    receive_message(
        house.engine, "system", "answer", key, COURT, from_agency=BUREAU, variables={"ok": True}
    )
    house.tick()
    house.complete("before")
    assert house.open() == []
    house.tick()
    assert house.open() == ["after"]
    assert house.variables(instance)["ok"] is True


def test_an_embedded_sub_process_ends_when_nothing_is_left_in_it(house: House) -> None:
    inside = element("startEvent", "s1") + user("a") + user("b") + flows("s1 -> a", "s1 -> b")
    source = process(
        "p",
        element("startEvent", "s"),
        element("subProcess", "sub", inside),
        user("after"),
        flows("s -> sub -> after"),
    )
    house.run(source)
    house.complete("a")
    assert house.open() == ["b"]
    house.complete("b")
    assert house.open() == ["after"]


def test_an_interrupting_message_on_a_sub_process_cancels_all_that_is_in_it(house: House) -> None:
    from engine.messages import receive_message

    inside = element("startEvent", "s1") + user("a") + flows("s1 -> a")
    inside += border("t", "a", timer("timeDuration", "PT1H"), interrupting=False)
    source = process(
        "p",
        element("startEvent", "s"),
        element("subProcess", "sub", inside),
        border("lift", "sub", '<messageEventDefinition messageRef="M1"/>'),
        user("confirm"),
        flows("s -> sub", "lift -> confirm"),
        around=MESSAGE,
    )
    instance = house.run(source)
    key = house.instance(instance).business_key
    receive_message(house.engine, "system", "answer", key, COURT, from_agency=BUREAU)
    house.tick()
    assert house.open() == ["confirm"]
    assert house.timers() == []


def test_an_error_goes_to_the_nearest_border_that_catches_it(house: House) -> None:
    inside = element("startEvent", "s1") + element(
        "endEvent", "bad", '<errorEventDefinition errorRef="E1"/>'
    )
    source = process(
        "p",
        element("startEvent", "s"),
        element("subProcess", "sub", inside + flows("s1 -> bad")),
        border("caught", "sub", '<errorEventDefinition errorRef="E1"/>'),
        user("repair"),
        flows("s -> sub", "caught -> repair"),
        around=ERROR,
    )
    house.run(source)
    assert house.open() == ["repair"]


def test_an_error_that_nobody_catches_is_a_fault(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        element("endEvent", "bad", '<errorEventDefinition errorRef="E1"/>'),
        flows("s -> bad"),
        around=ERROR,
    )
    house.deploy("p", source)
    with pytest.raises(Fault) as fault:
        house.start("p")
    assert fault.value.code == "bpmn.error_uncaught"


def test_a_terminate_end_ends_everything_in_its_scope(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        user("a"),
        user("b"),
        element("endEvent", "stop", "<terminateEventDefinition/>"),
        flows("s -> a -> stop", "s -> b"),
    )
    instance = house.run(source)
    house.complete("a")
    assert house.instance(instance).state == "completed"
    assert house.open() == []


def test_an_interrupting_event_sub_process_ends_the_rest_of_its_scope(house: House) -> None:
    start = element("startEvent", "s1", timer("timeDuration", "PT1H"))
    inside = start + user("rescue") + flows("s1 -> rescue")
    source = process(
        "p",
        element("startEvent", "s"),
        user("a"),
        flows("s -> a"),
        element("subProcess", "es", inside, triggeredByEvent="true"),
    )
    instance = house.run(source)
    house.advance(hours=1)
    assert house.open() == ["rescue"]
    house.complete("rescue")
    assert house.instance(instance).state == "completed"


def test_a_non_interrupting_event_sub_process_does_not_keep_the_instance_open(
    house: House,
) -> None:
    start = element("startEvent", "s1", timer("timeDuration", "PT1H"), isInterrupting="false")
    inside = start + user("extra") + flows("s1 -> extra")
    source = process(
        "p",
        element("startEvent", "s"),
        user("a"),
        flows("s -> a"),
        element("subProcess", "es", inside, triggeredByEvent="true"),
    )
    instance = house.run(source)
    house.complete("a")
    assert house.instance(instance).state == "completed"
    assert house.timers() == []


def test_a_link_jumps_to_its_twin(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        element("intermediateThrowEvent", "go", '<linkEventDefinition name="甲"/>'),
        element("intermediateCatchEvent", "come", '<linkEventDefinition name="甲"/>'),
        user("a"),
        flows("s -> go", "come -> a"),
    )
    house.run(source)
    assert house.open() == ["a"]


def test_parallel_instances_give_their_results_in_the_order_of_the_input(house: House) -> None:
    loop = (
        '<multiInstanceLoopCharacteristics camunda:collection="people" '
        'camunda:elementVariable="who"><loopDataOutputRef>found</loopDataOutputRef>'
        '<outputDataItem id="r" name="who"/></multiInstanceLoopCharacteristics>'
    )
    source = process(
        "p",
        element("startEvent", "s"),
        script("l", '["甲","乙","丙"]', "people"),
        user("ask", "court_handler", loop),
        user("after"),
        flows("s -> l -> ask -> after"),
    )
    instance = house.run(source)
    assert len(house.tasks()) == 3
    from engine import user_tasks

    for task in reversed(house.tasks()):
        user_tasks.complete_user_task(house.engine, "handler", task.id, {})
    assert house.open() == ["after"]
    assert house.variables(instance)["found"] == ["甲", "乙", "丙"]


def test_sequential_instances_come_one_after_the_other(house: House) -> None:
    loop = (
        '<multiInstanceLoopCharacteristics isSequential="true">'
        "<loopCardinality>3</loopCardinality>"
        "<completionCondition>nrOfCompletedInstances >= 2</completionCondition>"
        "</multiInstanceLoopCharacteristics>"
    ).replace(">=", "&gt;=")
    source = process(
        "p",
        element("startEvent", "s"),
        user("turn", "court_handler", loop),
        user("after"),
        flows("s -> turn -> after"),
    )
    house.run(source)
    house.complete("turn")
    assert house.open() == ["turn"]
    house.complete("turn")
    assert house.open() == ["after"]


def test_a_called_process_sees_only_what_is_mapped_and_gives_back_what_is_mapped(
    house: House,
) -> None:
    callee = process(
        "callee",
        element("startEvent", "s"),
        script("double", "x * 2", "y"),
        user("inner"),
        element("endEvent", "e"),
        flows("s -> double -> inner -> e"),
    )
    mapping = (
        '<extensionElements><camunda:in source="n" target="x"/>'
        '<camunda:out source="y" target="result"/></extensionElements>'
    )
    caller = process(
        "caller",
        element("startEvent", "s"),
        script("n", "21", "n"),
        element("callActivity", "call", mapping, calledElement="callee"),
        user("after"),
        flows("s -> n -> call -> after"),
    )
    house.deploy("callee", callee)
    instance = house.run(caller, "caller")
    assert house.open() == ["inner"]
    house.complete("inner")
    assert house.open() == ["after"]
    assert {k: int(v) for k, v in house.variables(instance).items()} == {"n": 21, "result": 42}


def test_an_asynchronous_step_is_a_job_of_its_own(house: House) -> None:
    source = process(
        "p",
        element("startEvent", "s"),
        user("a", "court_handler", camunda_asyncBefore="true"),
        user("b"),
        flows("s -> a -> b"),
    )
    house.run(source)
    assert house.open() == []
    house.tick()
    assert house.open() == ["a"]


def test_a_form_in_a_called_process_sees_the_variables_of_that_process(house: House) -> None:
    callee = process(
        "callee",
        element("startEvent", "s"),
        script("double", "x * 2", "y"),
        user("inner"),
        flows("s -> double -> inner"),
    )
    mapping = '<extensionElements><camunda:in source="n" target="x"/></extensionElements>'
    caller = process(
        "caller",
        element("startEvent", "s"),
        script("n", "21", "n"),
        element("callActivity", "call", mapping, calledElement="callee"),
        flows("s -> n -> call"),
    )
    house.deploy("callee", callee)
    house.run(caller, "caller")
    (task,) = house.tasks()
    assert {name: int(value["n"]) for name, value in task.variables.items()} == {"x": 21, "y": 42}
