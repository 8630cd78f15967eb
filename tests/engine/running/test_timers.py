"""Timers of one instance among themselves: in the order of their instants, each by itself."""

from datetime import timedelta

from sqlalchemy import select

from engine import instances, user_tasks
from engine.store.models import AuditRow, Incident, Job
from tests.engine.drawing import border, element, flows, process, script, timer, user
from tests.engine.house import MORNING, House


def start() -> str:
    return element("startEvent", "start")


def end(*names: str) -> str:
    return "".join(element("endEvent", name) for name in names or ("end",))


def catch(name: str, after: str) -> str:
    return element("intermediateCatchEvent", name, timer("timeDuration", after))


def state_of(house: House, element_id: str) -> str:
    (job,) = house.rows(select(Job).where(Job.kind == "timer", Job.element_id == element_id))
    return job.state


def in_branches(*branches: tuple[str, str, str]) -> bytes:
    """(name, how long it waits, what it then computes) side by side, and an open task."""
    drawn = [start(), element("parallelGateway", "split"), user("open"), end()]
    ways = ["start -> split -> open -> end"]
    for name, after, text in branches:
        drawn += [catch(name, after), script(f"after_{name}", text, "seen"), end(f"end_{name}")]
        ways.append(f"split -> {name} -> after_{name} -> end_{name}")
    return process("p", script("begin", "[]", "seen"), *drawn, flows(*_begun(ways)))


def _begun(ways: list[str]) -> list[str]:
    return [way.replace("start ->", "start -> begin ->", 1) for way in ways]


def test_timers_that_came_due_while_nobody_looked_fire_in_the_order_of_their_instants(
    house: House,
) -> None:
    source = in_branches(
        ("third", "PT30M", 'append(seen, "third")'),
        ("first", "PT10M", 'append(seen, "first")'),
        ("second", "PT20M", 'append(seen, "second")'),
    )
    instance = house.run(source)
    house.advance(hours=1)
    assert house.variables(instance)["seen"] == ["first", "second", "third"]


def test_a_person_never_overtakes_a_timer(house: House) -> None:
    """Given a timer that ended the task and no tick since, when he submits, then he is too late."""
    source = process(
        "p", start(), user("work"), border("limit", "work", timer("timeDuration", "PT1H")),
        end("done", "late"), flows("start -> work -> done", "limit -> late"),
    )  # fmt: skip
    instance = house.run(source)
    (task,) = house.tasks()
    house.clock.advance(timedelta(hours=1))
    refused = None
    try:
        user_tasks.complete_user_task(house.engine, "handler", task.id, {})
    except user_tasks.Conflict as conflict:
        refused = conflict.code
    house.tick()
    assert (refused, house.instance(instance).outcome) == ("task.cancelled", "late")


def test_of_two_timers_behind_a_gateway_the_earlier_wins_however_late_we_look(
    house: House,
) -> None:
    source = process(
        "p", start(), element("eventBasedGateway", "race"), catch("late", "PT2H"),
        catch("early", "PT1H"), end("by_early", "by_late"),
        flows("start -> race -> early -> by_early", "race -> late -> by_late"),
    )  # fmt: skip
    instance = house.run(source)
    house.advance(hours=5)
    assert house.instance(instance).outcome == "by_early"
    assert (state_of(house, "early"), state_of(house, "late")) == ("done", "cancelled")


def test_one_failing_timer_takes_no_other_of_its_instance_with_it(house: House) -> None:
    """Given two due timers, one of which cannot go on, then the other fires all the same."""
    ways = ["start -> split -> broken -> choice -> never [nothing > 1]", "choice -> always"]
    source = process(
        "p", start(), element("parallelGateway", "split"), user("open"), catch("broken", "PT10M"),
        catch("sound", "PT20M"), element("exclusiveGateway", "choice", default="choice-always"),
        end("end", "never", "always", "end_sound"),
        flows(*ways, "split -> open -> end", "split -> sound -> end_sound"),
    )  # fmt: skip
    house.run(source)
    house.advance(hours=1)
    assert (state_of(house, "broken"), state_of(house, "sound")) == ("waiting", "done")
    for _ in range(3):
        house.advance(minutes=15)
    assert (state_of(house, "broken"), state_of(house, "sound")) == ("failed", "done")
    (incident,) = house.rows(select(Incident))
    assert incident.element_id == "choice"


def test_every_firing_is_recorded_with_its_original_instant(house: House) -> None:
    house.run(in_branches(("a", "PT10M", "seen"), ("b", "PT20M", "seen")))
    house.advance(hours=3)
    fired = house.rows(select(AuditRow).where(AuditRow.action == "timer.fired"))
    dues = sorted(row.detail["due"] for row in fired)
    assert dues == [(MORNING + timedelta(minutes=m)).isoformat() for m in (10, 20)]


def test_timers_wait_while_the_instance_is_suspended_and_keep_their_instant(
    house: House,
) -> None:
    instance = house.run(in_branches(("a", "PT10M", 'append(seen, "a")')))
    instances.suspend_instance(house.engine, "center", instance, "核实身份")
    house.advance(hours=1)
    assert state_of(house, "a") == "waiting"
    instances.resume_instance(house.engine, "center", instance, "已核实")
    house.tick()
    (job,) = house.rows(select(Job).where(Job.element_id == "a"))
    assert (job.state, job.due_at) == ("done", MORNING + timedelta(minutes=10))
