"""Timers in every place and every form; asynchronous steps."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.bpmn.faults import Fault
from engine.bpmn.timers import UNBOUNDED, parse_retry, schedule
from engine.store.models import Job
from tests.engine.bpmn.pieces import catch, count, gateway, on_event, start, sub
from tests.engine.bpmn.stage import MORNING, Stage
from tests.engine.drawing import border, element, flows, process, script, timer, user
from tests.engine.house import House

Put = Callable[..., Stage]
HOUR = timedelta(hours=1)
DUE = {
    "a duration": (("timeDuration", "PT1H"), HOUR),
    "days and hours": (("timeDuration", "P1DT2H"), timedelta(hours=26)),
    "weeks": (("timeDuration", "P2W"), timedelta(days=14)),
    "an expression": (("timeDuration", '${duration("PT1H")}'), HOUR),
    "a variable": (("timeDuration", "${wait}"), HOUR),
    "text in quotes": (("timeDuration", '"PT1H"'), HOUR),
    "an instant": (("timeDate", "2026-03-02T10:00:00+08:00"), HOUR),
    "an instant in Chinese time": (("timeDate", "2026-03-02T10:00:00"), HOUR),
    "a day": (("timeDate", "2026-03-03"), timedelta(hours=15)),
    "an instant of another zone": (("timeDate", "2026-03-02T03:00:00@Europe/Paris"), HOUR),
    "a computed instant": (("timeDate", "${now() + duration(wait)}"), HOUR),
    "a cycle": (("timeCycle", "R3/PT1H"), HOUR),
    "a cycle from an instant": (("timeCycle", "R3/2026-03-02T10:00:00+08:00/PT5M"), HOUR),
}


def waiting(kind: str, text: str) -> bytes:
    return process(
        "p", start(), catch("t", timer(kind, text)), user("after"), flows("s -> t -> after")
    )


@pytest.mark.parametrize("form", DUE)
def test_a_time_can_be_written_as(stage: Put, form: str) -> None:
    (kind, text), expected = DUE[form]
    play = stage(waiting(kind, text)).start(wait="PT1H")
    assert play.due() == [expected]
    assert play.advance(seconds=expected.total_seconds()).open() == ["after"]
    assert play.timers() == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDate", "2020-01-01T00:00:00Z"),
        ("timeDuration", "PT0S"),
        ("timeDuration", '${duration("-PT5M")}'),
    ],
)
def test_what_is_past_already_fires_at_once(stage: Put, kind: str, text: str) -> None:
    assert stage(waiting(kind, text)).start().advance(seconds=0).open() == ["after"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDuration", "soon"),
        ("timeDate", "P1D"),
        ("timeCycle", "every day"),
        ("timeDuration", "P9999Y"),
        ("timeCycle", "R/PT0S"),
        ("timeDate", "0001-01-01T00:00:00"),
    ],
)
def test_a_computed_time_that_is_none_is_a_fault_naming_the_event(
    stage: Put, kind: str, text: str
) -> None:
    with pytest.raises(Fault) as fault:
        stage(waiting(kind, "${wait}")).start(wait=text)
    assert fault.value.element == "t"


HOSTS = {
    "user task": user("h"),
    "sub-process": sub("h", start("s1"), user("in"), flows("s1 -> in")),
    "receive task": element("receiveTask", "h", messageRef="M"),
    "external task": element("serviceTask", "h", camunda_type="external", camunda_topic="x"),
}


@pytest.mark.parametrize("interrupting", [True, False])
@pytest.mark.parametrize("host", HOSTS)
def test_a_timer_stands_on_the_border_of(stage: Put, host: str, interrupting: bool) -> None:
    late = border("b", "h", timer("timeDuration", "PT1H"), interrupting=interrupting)
    drawn = process(
        "p",
        start(),
        HOSTS[host],
        late,
        user("late"),
        flows("s -> h", "b -> late"),
        around='<message id="M" name="m"/>',
    )
    play = stage(drawn).start()
    before = len(play.execution.tasks)
    play.advance(hours=1)
    assert "late" in play.open()
    assert (len(play.execution.tasks) < before) is interrupting
    assert play.timers() == []


def test_an_interrupting_cycle_fires_once(stage: Put) -> None:
    late = border("b", "h", timer("timeCycle", "R/PT1H"))
    drawn = process("p", start(), user("h"), late, user("late"), flows("s -> h", "b -> late"))
    play = stage(drawn).start().advance(hours=9)
    assert play.open() == ["late"]


def ticking(text: str) -> bytes:
    beat = border("b", "h", timer("timeCycle", text), interrupting=False)
    return process("p", start(), user("h"), beat, count("n"), flows("s -> h", "b -> n"))


@pytest.mark.parametrize(
    ("text", "beats"),
    [
        ("R3/PT1H", 3),
        ("R/PT1H", 10),
        ("R0/PT1H", 0),
        ("R/PT1H/2026-03-02T12:00:00+08:00", 3),
        ("R5/2026-03-02T07:30:00+08:00/PT1H", 3),
        ("R2/2020-01-01T00:00:00Z/PT1H", 0),
        ("R/2020-01-01T00:00:00Z/P1D", 0),
    ],
)
def test_a_cycle_fires_as_often_as_it_says_and_what_is_past_does_not_come_late(
    stage: Put, text: str, beats: int
) -> None:
    play = stage(ticking(text)).start().advance(hours=10)
    assert play.variables.get("n", 0) == beats


def test_months_end_with_the_month() -> None:
    plan = schedule("timeDuration", "P1M", MORNING.replace(month=1, day=31))
    assert plan.due is not None
    assert (plan.due.month, plan.due.day) == (2, 28)


def test_a_cycle_without_number_goes_on() -> None:
    assert schedule("timeCycle", "R/PT1H", MORNING).left == UNBOUNDED


def test_a_timer_of_an_event_sub_process_begins_with_its_scope(stage: Put) -> None:
    es = on_event("es", timer("timeDuration", "PT1H"), user("late"), flows("es_s -> late"))
    inside = start("s1") + user("in") + flows("s1 -> in") + es
    drawn = process("p", start(), user("before"), sub("sub", inside), flows("s -> before -> sub"))
    play = stage(drawn).start().advance(hours=5)
    assert play.timers() == []
    assert play.complete("before").due() == [HOUR]


STEPS = {
    "a user task": user("x", "court_handler", camunda_asyncBefore="true"),
    "a script": script("x", "1", "n").replace(
        "<scriptTask", '<scriptTask camunda:asyncBefore="true"'
    ),
    "a gateway": element("exclusiveGateway", "x", camunda_asyncBefore="true"),
    "a sub-process": sub("x", start("i"), camunda_asyncBefore="true"),
    "an older async": element("task", "x", camunda_async="true"),
    "after a task": element("task", "x", camunda_asyncAfter="true"),
    "before and after": element("task", "x", camunda_asyncBefore="true", camunda_asyncAfter="true"),
}


@pytest.mark.parametrize("step", STEPS)
def test_an_asynchronous_step_waits_for_its_job(stage: Put, step: str) -> None:
    play = stage(
        process("p", start(), STEPS[step], user("after"), flows("s -> x -> after"))
    ).start()
    assert play.open() == []
    assert len(play.execution.journal.async_steps) == 1
    for _ in range(2):
        play.go_on()
    assert play.open() in (["x"], ["after"])


def test_an_asynchronous_join_takes_every_branch_once(stage: Put) -> None:
    drawn = process(
        "p",
        start(),
        user("a"),
        user("b"),
        element("parallelGateway", "j", camunda_asyncBefore="true", camunda_asyncAfter="true"),
        user("after"),
        flows("s -> a -> j -> after", "s -> b -> j"),
    )
    play = stage(drawn).start().complete("a").complete("b")
    for _ in range(3):
        play.go_on()
    assert play.open() == ["after"]


def test_an_asynchronous_throw_is_not_taken_for_something_that_waits(stage: Put) -> None:
    signals = '<signal id="S" name="g"/>'
    throwing = '<signalEventDefinition signalRef="S"/>'
    drawn = process(
        "p",
        start(),
        gateway("parallel", "x"),
        element("intermediateThrowEvent", "later", throwing, camunda_asyncBefore="true"),
        element("intermediateThrowEvent", "now", throwing),
        user("a"),
        user("b"),
        flows("s -> x -> later -> a", "x -> now -> b"),
        around=signals,
    )
    play = stage(drawn).start()
    assert play.open() == ["b"]
    assert play.go_on().open() == ["a", "b"]


def retrying(house: House, cycle: str) -> tuple[str, Callable[[], tuple[int, object]]]:
    """A step that fails whenever its job runs; and what its job looks like."""
    tag = "camunda:failedJobRetryTimeCycle"
    again = f"<extensionElements><{tag}>{cycle}</{tag}></extensionElements>"
    body = "<script>null</script>"
    step = element("scriptTask", "x", again, body, scriptFormat="feel", camunda_asyncBefore="true")
    drawn = process("p", start(), step, user("a"), flows("s -> x", "x -> a [missing > 1]"))
    instance = house.run(drawn)

    def job() -> tuple[int, object]:
        (found,) = house.rows(select(Job).where(Job.kind == "async"))
        return found.retries, found.due_at - house.clock.now()

    return instance, job


def test_a_failed_step_is_tried_again_as_the_diagram_says(house: House) -> None:
    instance, job = retrying(house, "R5/PT7M")
    assert job()[0] == 5
    house.tick()
    assert job() == (4, timedelta(minutes=7))
    for _ in range(4):
        house.advance(minutes=7)
    assert job()[0] == 0
    assert house.instance(instance).incident_count == 1


def test_attempts_may_follow_one_another_without_a_pause() -> None:
    assert parse_retry("R5/PT0S") == (5, "PT0S")


@pytest.mark.parametrize("text", ["R0/PT1M", "R/PT1M", "PT1M", "R2/2026-01-01/PT1M", "R2/soon"])
def test_a_retry_cycle_that_says_no_number_or_no_pause_is_refused(text: str) -> None:
    with pytest.raises(Fault):
        parse_retry(text)
