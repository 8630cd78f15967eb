"""Deadlines: begun by a border timer, reminded, escalated, met by the act alone (D4, A6 C-2)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from engine.errors import Refusal
from engine.store.models import Deadline, DeadlineEntry, Job, Notification
from tests.engine.drawing import border, element, flows, process, properties, script, timer, user
from tests.engine.house import COURT, MORNING, House

PERIOD = "T-PER-2H"


def two_hours() -> bytes:
    """A duty of two hours over two tasks, with the timer drawn as bpmn_patterns P3 says."""
    inside = element("startEvent", "s1") + user("first") + user("second")
    inside += element("endEvent", "e1") + flows("s1 -> first -> second -> e1")
    due = timer("timeDate", f'${{due("{PERIOD}", notified_at)}}')
    listed = properties(legal_period=PERIOD, legal_clause="NZ-2.3-court-3b")
    return process(
        "p",
        element("startEvent", "s"),
        script("notified", "now()", "notified_at"),
        element("subProcess", "span", inside),
        border("due", "span", due, interrupting=False, extra=listed),
        element("endEvent", "noted"),
        user("after"),
        flows("s -> notified -> span -> after", "due -> noted"),
    )


def deadline(house: House) -> Deadline:
    (found,) = house.rows(select(Deadline))
    return found


def notices(house: House) -> list[tuple[str, str | None, str | None, timedelta]]:
    rows = house.rows(select(Notification).order_by(Notification.at, Notification.id))
    return [(n.kind, n.person_id, n.role, n.at - MORNING) for n in rows if n.kind != "task"]


def test_the_period_begins_with_its_start_fact_and_covers_the_tasks_of_the_duty(
    house: House,
) -> None:
    house.run(two_hours())
    found = deadline(house)
    assert (found.period_id, found.state, found.kind) == (PERIOD, "running", "statutory")
    assert found.due_at == MORNING + timedelta(hours=2)
    assert found.clause == "NZ-2.3-court-3b"
    assert [step["effect"] for step in found.derivation][-1] == "ends"
    (task,) = house.tasks()
    assert (task.due_at, task.deadline_id) == (found.due_at, found.id)
    house.complete("first")
    (task,) = house.tasks()
    assert (task.element_id, task.due_at) == ("second", found.due_at)


def test_a_term_runs_from_its_first_day_to_the_end_that_the_instrument_states(house: House) -> None:
    due = timer("timeDate", '${due("T-SEAL-2Y", @"2026-03-02", @"2027-03-01")}')
    drawing = process(
        "p",
        element("startEvent", "s") + user("held") + element("endEvent", "noted"),
        border("due", "held", due, interrupting=False, extra=properties(legal_period="T-SEAL-2Y")),
        user("after"),
        flows("s -> held -> after", "due -> noted"),
    )
    house.run(drawing)
    found = deadline(house)
    assert found.due_at == datetime(2027, 3, 1, 16, tzinfo=UTC)
    assert found.started_at == datetime(2026, 3, 1, 16, tzinfo=UTC)
    (begun,) = house.rows(select(DeadlineEntry))
    assert begun.detail == {"stated": found.due_at.isoformat()}


def test_the_act_in_time_meets_the_period_and_silences_its_alarms(house: House) -> None:
    house.run(two_hours())
    house.advance(minutes=30)
    house.complete("first")
    house.complete("second")
    found = deadline(house)
    assert (found.state, found.met_at) == ("met", MORNING + timedelta(minutes=30))
    waiting = select(Job).where(Job.state == "waiting")
    assert house.rows(waiting) == []
    assert house.advance(hours=5) == 0


def test_reminders_come_at_half_and_four_fifths_and_the_escalation_at_the_due_instant(
    house: House,
) -> None:
    house.run(two_hours())
    house.advance(hours=1)
    house.advance(minutes=36)
    reminders = [n for n in notices(house) if n[0] == "reminder"]
    assert [(who, at) for _, who, _, at in reminders] == [
        ("handler", timedelta(hours=1)),
        ("handler", timedelta(hours=1, minutes=36)),
    ]
    house.advance(minutes=24)
    assert deadline(house).state == "overdue"
    at_due = {(who, role) for kind, who, role, at in notices(house) if at == timedelta(hours=2)}
    assert ("handler", None) in at_due
    assert (None, "court_division_head") in at_due


def test_the_alarm_is_repeated_every_quarter_of_an_hour_until_the_act(house: House) -> None:
    house.run(two_hours())
    house.advance(hours=2)
    before = len(notices(house))
    house.advance(minutes=15)
    first = len(notices(house))
    assert first > before
    house.advance(minutes=14)
    assert len(notices(house)) == first


def test_lateness_does_not_end_the_duty_and_asks_for_a_reason(house: House) -> None:
    house.run(two_hours())
    house.complete("first")
    house.advance(hours=3)
    assert house.open() == ["second"]
    with pytest.raises(Refusal) as refusal:
        house.complete("second")
    assert refusal.value.code == "form.invalid"
    assert [error.path for error in refusal.value.params["errors"]] == ["overdue_reason"]
    assert house.open() == ["second"]
    house.complete("second", {"overdue_reason": "道路因大雪封闭，绕行四十公里"})
    assert deadline(house).state == "met_late"
    entries = house.rows(select(DeadlineEntry).where(DeadlineEntry.kind == "met"))
    assert entries[0].ground == "道路因大雪封闭，绕行四十公里"


def test_a_suspended_instance_is_reminded_and_escalated_all_the_same(house: House) -> None:
    from engine import suspend_instance

    instance = house.run(two_hours())
    suspend_instance(house.engine, "center", instance, "等待上级答复")
    house.advance(hours=2, minutes=1)
    assert deadline(house).state == "overdue"
    assert any(kind == "escalation" for kind, *_ in notices(house))


def test_cancelling_the_instance_makes_its_period_void(house: House) -> None:
    from engine import cancel_instance

    instance = house.run(two_hours())
    cancel_instance(house.engine, "center", instance, "申请执行人撤回执行申请")
    assert deadline(house).state == "void"
    assert house.rows(select(Job).where(Job.state == "waiting")) == []
    assert house.instance(instance).agency_id == COURT


def test_a_profile_without_such_a_limit_arms_nothing(house: House) -> None:
    with house.engine.database.write() as session:
        from engine.store.models import Agency

        session.get_one(Agency, COURT).profile = "zhoukou_2021"
    house.run(two_hours())
    assert house.rows(select(Deadline)) == []
    assert house.timers() == []
