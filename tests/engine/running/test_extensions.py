"""Deadlines that are moved: by a supervisor, by a diagram, by a new calendar (D4)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from engine import calendars, deadlines, instances
from engine.engine import Engine
from engine.errors import Conflict, Forbidden, Refusal
from engine.statutes import Statutes
from engine.store.models import (
    AuditRow,
    CalendarYear,
    Deadline,
    DeadlineEntry,
    Job,
    Notification,
)
from engine.timing.calendar import CalendarYear as CalendarDays
from engine.timing.calendar import YearStatus
from engine.topics.registry import built_in
from tests.engine.drawing import border, element, flows, process, properties, script, timer, user
from tests.engine.house import MORNING, NORMS, House
from tests.engine.topics.drawing import topic

HOUR = timedelta(hours=1)
SPRING_2027 = datetime(2027, 2, 5, 1, tzinfo=UTC)
"""Friday before the spring festival of a year whose notice is not announced yet."""


def duty(period: str, *others: str) -> bytes:
    """One task under a limit of its own, and what else is drawn beside it."""
    due = timer("timeDate", f'${{due("{period}", begun_at)}}')
    return process(
        "p",
        element("startEvent", "s"),
        script("begin", "now()", "begun_at"),
        user("act"),
        border("due", "act", due, interrupting=False, extra=properties(legal_period=period)),
        topic("late", "deadline.overdue", period=period),
        element("endEvent", "noted"),
        user("after"),
        flows("s -> begin -> act -> after", "due -> late -> noted"),
        *others,
    )


@pytest.fixture
def house(house: House) -> House:
    house.engine.topics = built_in()
    return house


def limit(house: House) -> Deadline:
    (found,) = house.rows(select(Deadline))
    return found


def entries(house: House, kind: str) -> list[DeadlineEntry]:
    return house.rows(select(DeadlineEntry).where(DeadlineEntry.kind == kind))


def extend(house: House, by: str = "head", **to: Any) -> None:
    ground, clause = "情况复杂，院长批准", "CIT-CPI-INQUIRY"
    deadlines.extend_deadline(house.engine, by, limit(house).id, ground, clause, **to)


def test_ledger_row_timer_ladder_and_task_move_together(house: House) -> None:
    house.run(duty("T-INQ-8H"))
    house.advance(hours=5)
    extend(house, period="T-INQ-24H")
    moved = limit(house)
    assert moved.due_at == MORNING + 24 * HOUR
    assert (moved.period_id, moved.state) == ("T-INQ-8H", "running")
    (entry,) = entries(house, "extension")
    assert (entry.ground, entry.clause, entry.due_at, entry.actor) == (
        "情况复杂，院长批准",
        "CIT-CPI-INQUIRY",
        moved.due_at,
        "head",
    )
    (armed,) = house.timers()
    assert armed.due_at == moved.due_at
    (task,) = house.tasks()
    assert (task.due_at, task.deadline_id) == (moved.due_at, moved.id)
    ladders = select(Job).where(Job.kind == "ladder", Job.state == "waiting")
    (ladder,) = house.rows(ladders)
    assert MORNING + 5 * HOUR < ladder.due_at < moved.due_at
    (said,) = house.rows(select(AuditRow).where(AuditRow.action == "deadline.extended"))
    assert said.detail["to"] == moved.due_at.isoformat()


def test_the_timer_fires_at_the_new_end_and_not_at_the_old_one(house: House) -> None:
    instance = house.run(duty("T-INQ-8H"))
    extend(house, period="T-INQ-24H")
    house.advance(hours=9)
    assert "late" not in house.passed(instance)
    assert limit(house).state == "running"
    house.advance(hours=15)
    assert "late" in house.passed(instance)
    assert limit(house).state == "overdue"
    assert len(entries(house, "overdue")) == 1


def test_an_alarm_that_has_rung_does_not_ring_again_after_the_extension(house: House) -> None:
    house.run(duty("T-INQ-8H"))
    house.advance(hours=7)
    rung = len(entries(house, "reminder"))
    assert rung
    extend(house, period="T-INQ-24H")
    house.advance(minutes=1)
    assert len(entries(house, "reminder")) == rung


def test_an_overdue_deadline_that_is_extended_runs_again(house: House) -> None:
    house.run(duty("T-INQ-8H"))
    house.advance(hours=9)
    assert limit(house).state == "overdue"
    extend(house, due=MORNING + 12 * HOUR)
    assert limit(house).state == "running"
    house.advance(hours=3)
    assert limit(house).state == "overdue"
    assert len(entries(house, "overdue")) == 2


def test_a_stated_end_stands_in_the_derivation(house: House) -> None:
    house.run(duty("T-PER-2H"))
    extend(house, due=MORNING + 6 * HOUR)
    assert [step["why"] for step in limit(house).derivation][1] == "stated_end"


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ({}, "deadline.extension"),
        ({"period": "T-INQ-24H", "amount": 3}, "deadline.extension"),
        ({"period": "T-PER-2H"}, "deadline.extends_to"),
        ({"due": MORNING + 7 * HOUR}, "deadline.not_later"),
        ({"amount": 9}, "period.amount"),
    ],
)
def test_an_extension_that_the_rules_do_not_know_is_refused(
    house: House, to: dict[str, Any], code: str
) -> None:
    house.run(duty("T-INQ-8H"))
    with pytest.raises(Refusal) as refused:
        extend(house, **to)
    assert refused.value.code == code
    assert entries(house, "extension") == []


def test_only_a_supervisor_of_the_agency_extends_by_hand(house: House) -> None:
    house.run(duty("T-INQ-8H"))
    with pytest.raises(Forbidden):
        extend(house, by="handler", period="T-INQ-24H")


def test_a_duty_that_is_done_cannot_be_extended(house: House) -> None:
    house.run(duty("T-INQ-8H"))
    house.complete("act")
    with pytest.raises(Conflict) as conflict:
        extend(house, period="T-INQ-24H")
    assert conflict.value.code == "deadline.not_running"


def test_a_small_instance_of_the_same_request_extends_by_a_decision(house: House) -> None:
    instance = house.run(duty("T-INQ-8H"))
    decision = process(
        "extension",
        element("startEvent", "s"),
        topic(
            "extend", "deadline.extend", period="T-INQ-8H", to_period="T-INQ-24H", ground="院长批准"
        ),
        user("told"),
        flows("s -> extend -> told"),
    )
    house.deploy("extension", decision)
    key = house.instance(instance).business_key
    small = instances.start_process(house.engine, "handler", "extension", business_key=key)
    assert limit(house).due_at == MORNING + 24 * HOUR
    assert house.variables(small.instance_id)["extended_to"] == MORNING + 24 * HOUR


# a new calendar -----------------------------------------------------------------------


def days(name: str, first: date, number: int) -> dict[date, str]:
    return {first + timedelta(days=n): name for n in range(number)}


def settled_year() -> bytes:
    """2027 as the State Council might settle it: eight days of 春节, five of 国庆节."""
    off = dict(NORMS.calendar.statutory.of(2027))
    off |= days("春节", date(2027, 2, 5), 8) | days("国庆节", date(2027, 10, 1), 5)
    year = CalendarDays(2027, YearStatus.OFFICIAL, ("国办发明电〔2026〕99号",), off, {})
    return orjson.dumps(year.as_data())


def test_a_calendar_import_counts_provisional_deadlines_again_and_tells_both_sides(
    house: House,
) -> None:
    house.clock.set(SPRING_2027 - timedelta(days=1))
    house.run(duty("T-QRY-3WD"))
    before = limit(house)
    assert before.provisional
    found = calendars.import_calendar(house.engine, "system", "2027.json", settled_year())
    assert (found.years, found.moved) == ([2027], 1)
    after = limit(house)
    assert not after.provisional
    assert after.due_at > before.due_at
    assert after.calendar_version == found.version == house.engine.statutes.current.calendar.version
    (armed,) = house.timers()
    (task,) = house.tasks()
    assert armed.due_at == task.due_at == after.due_at
    (entry,) = entries(house, "recomputed")
    assert entry.detail["before"] == before.due_at.isoformat()
    told = house.rows(select(Notification).where(Notification.kind == "recomputed"))
    assert [notice.person_id for notice in told] == ["handler"]
    (row,) = house.rows(select(CalendarYear))
    assert (row.year, row.version) == (2027, 1)


def test_the_same_file_again_changes_nothing(house: House) -> None:
    calendars.import_calendar(house.engine, "system", "2027.json", settled_year())
    again = calendars.import_calendar(house.engine, "system", "2027.json", settled_year())
    assert again.years == []
    assert len(house.rows(select(CalendarYear))) == 1


def test_what_another_process_imported_is_taken_over(house: House) -> None:
    other = Engine(
        house.engine.database,
        clock=house.clock,
        statutes=Statutes(NORMS),
        forms=house.engine.forms,
        crypto=house.engine.crypto,
        topics={},
    )
    calendars.import_calendar(other, "system", "2027.json", settled_year())
    assert calendars.refresh(house.engine)
    assert not calendars.refresh(house.engine)
    assert not house.engine.statutes.current.calendar.is_provisional(SPRING_2027.date())


def test_only_who_may_deploy_imports_a_calendar(house: House) -> None:
    with pytest.raises(Forbidden):
        calendars.import_calendar(house.engine, "handler", "2027.json", settled_year())


def test_a_file_that_is_no_year_is_refused_and_nothing_is_kept(house: House) -> None:
    with pytest.raises(Refusal):
        calendars.import_calendar(house.engine, "system", "2027.json", b"year: 2027")
    assert house.rows(select(CalendarYear)) == []
