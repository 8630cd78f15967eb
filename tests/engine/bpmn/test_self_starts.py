"""Processes that begin by themselves (BPMN 2.0 §13.5.1): at an instant, by a signal."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from engine.definition_states import suspend_definitions, withdraw_deployment
from engine.directory import add_agency
from engine.signals import throw_signal
from engine.store.models import Job, ProcessDefinition, ProcessInstance
from engine.timing.zone import local
from tests.engine.drawing import element, flows, process, properties, timer, user
from tests.engine.house import BUREAU, COURT, House

NEXT_MONTH = (
    '${date and time(date(today().year, today().month, 1) + duration("P1M"), time("08:30:00"))}'
)
SIGNAL = '<signal id="Sig" name="storm"/>'


def begins(*definition: str, agency: str = "court", around: str = "") -> bytes:
    return process(
        "p", element("startEvent", "s", *definition), user("prepare"), flows("s -> prepare"),
        around=around, extra=properties(agency=agency, request_type="MTG"),
    )  # fmt: skip


def instances(house: House) -> list[ProcessInstance]:
    return house.rows(select(ProcessInstance).order_by(ProcessInstance.started_at))


def test_a_date_begins_the_process_once(house: House) -> None:
    house.deploy("p", begins(timer("timeDate", "2026-03-05T08:30:00+08:00")))
    house.advance(days=2)
    assert instances(house) == []
    house.advance(days=2)
    house.advance(days=400)
    (meeting,) = instances(house)
    assert (meeting.agency_id, meeting.started_by) == (COURT, "system")
    assert meeting.business_key.startswith(f"{COURT}-MTG-2026-")
    assert [task.role for task in house.tasks()] == ["court_handler"]


def test_an_expression_is_asked_again_after_each_start(house: House) -> None:
    """Given "the first of next month, half past eight", then every month has its meeting."""
    house.deploy("p", begins(timer("timeDate", NEXT_MONTH)))
    for _ in range(70):
        house.advance(days=1)
    starts = [local(one.started_at) for one in instances(house)]
    assert [(start.month, start.day) for start in starts] == [(4, 1), (5, 1)]


def test_a_cycle_begins_it_as_often_as_it_says(house: House) -> None:
    house.deploy("p", begins(timer("timeCycle", "R3/2026-03-03T00:00:00Z/P1D")))
    for _ in range(10):
        house.advance(days=1)
    assert len(instances(house)) == 3


def test_each_agency_of_the_kind_has_its_own(house: House) -> None:
    """Given two courts, one of them added after the publication, then both begin, no bureau."""
    house.deploy("p", begins(timer("timeDuration", "P1D")))
    add_agency(house.engine, "system", "豫1322", "court", "某区人民法院", "zhoukou_2021")
    house.advance(days=2)
    assert sorted(one.agency_id for one in instances(house)) == [COURT, "豫1322"]


def test_what_a_profile_lacks_never_begins(house: House) -> None:
    """Given a limit that only Zhoukou has, then nothing begins in Nanzhao."""
    law = properties(legal_period="T-MEET-Q")
    house.deploy("p", begins(law, timer("timeDate", '${due("T-MEET-Q", today())}')))
    house.advance(days=200)
    assert instances(house) == []


def test_a_new_version_takes_over(house: House) -> None:
    house.deploy("p", begins(timer("timeDate", "2026-03-05T08:30:00+08:00")))
    house.deploy("p", begins(timer("timeDate", "2026-03-09T08:30:00+08:00")))
    house.advance(days=4)
    assert instances(house) == []
    house.advance(days=4)
    assert len(instances(house)) == 1


def test_after_a_withdrawal_the_former_version_begins_again(house: House) -> None:
    house.deploy("p", begins(timer("timeDate", "2026-03-05T08:30:00+08:00")))
    second = house.deploy("p", begins(timer("timeDate", "2026-03-09T08:30:00+08:00")))
    withdraw_deployment(house.engine, "system", second.deployment_id)
    house.advance(days=4)
    assert len(instances(house)) == 1


def test_a_suspended_process_misses_its_turn_and_no_more(house: House) -> None:
    house.deploy("p", begins(timer("timeCycle", "R/2026-03-03T00:00:00Z/P1D")))
    (definition,) = house.rows(select(ProcessDefinition.id))
    suspend_definitions(house.engine, "system", [definition], True)
    house.advance(days=1, hours=1)
    assert instances(house) == []
    suspend_definitions(house.engine, "system", [definition], False)
    house.advance(days=1)
    assert len(instances(house)) == 1


def test_a_start_that_was_missed_keeps_its_turn(house: House) -> None:
    """Given three days without a running engine, then each turn is made up for, in order."""
    house.deploy("p", begins(timer("timeCycle", "R/2026-03-03T00:00:00Z/P1D")))
    house.clock.advance(timedelta(days=3))
    house.tick()
    jobs = house.rows(select(Job).where(Job.kind == "timer_start", Job.state == "done"))
    due = sorted(job.due_at for job in jobs)
    assert due == [datetime(2026, 3, day, tzinfo=UTC) for day in (3, 4, 5)]
    assert len(instances(house)) == 3


@pytest.mark.parametrize("thrown_by", ["police", "court"])
def test_a_signal_begins_the_process_in_the_agency_that_threw_it(
    house: House, thrown_by: str
) -> None:
    signal = '<signalEventDefinition signalRef="Sig"/>'
    house.deploy("p", begins(signal, agency=thrown_by, around=SIGNAL))
    by = {"police": "legal", "court": "head"}[thrown_by]
    throw_signal(house.engine, by, "storm", {"level": 3})
    house.tick()
    (begun,) = instances(house)
    assert begun.agency_id == {"police": BUREAU, "court": COURT}[thrown_by]
    assert house.variables(begun.id) == {"level": 3}


def test_a_signal_thrown_in_a_process_begins_others(house: House) -> None:
    signal = '<signalEventDefinition signalRef="Sig"/>'
    house.deploy("p", begins(signal, agency="police", around=SIGNAL))
    thrower = process(
        "q", element("startEvent", "qs"), element("intermediateThrowEvent", "t", signal),
        element("endEvent", "qe"), flows("qs -> t -> qe"), around=SIGNAL,
    )  # fmt: skip
    house.run(thrower, "q")
    house.tick()
    assert [one.agency_id for one in instances(house) if one.process_key == "p"] == [BUREAU]
