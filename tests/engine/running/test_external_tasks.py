"""External tasks: a lock is a time; whoever does not hold it finishes nothing (D12)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import external_tasks
from engine.errors import Conflict
from engine.external_tasks import Wanted
from engine.store.models import ExternalTask, Incident
from tests.engine.drawing import border, element, flows, process, script, user
from tests.engine.house import House

MINUTE = timedelta(minutes=1)


def source() -> bytes:
    service = element("serviceTask", "work", camunda_type="external", camunda_topic="weigh")
    return process(
        "p",
        element("startEvent", "s"),
        script("n", "3", "n"),
        service,
        border("bad", "work", '<errorEventDefinition errorRef="E"/>'),
        user("after"),
        user("instead"),
        flows("s -> n -> work -> after", "bad -> instead"),
        around='<error id="E" errorCode="too_heavy"/>',
    )


def fetch(house: House, worker: str = "w1") -> list[str]:
    wanted = [Wanted("weigh", MINUTE)]
    found = external_tasks.fetch_and_lock(house.engine, "system", worker, wanted)
    return [fetched.task.id for fetched in found]


def test_a_task_is_fetched_by_one_worker_with_its_variables(house: House) -> None:
    house.run(source())
    wanted = [Wanted("weigh", MINUTE)]
    (fetched,) = external_tasks.fetch_and_lock(house.engine, "system", "w1", wanted)
    assert fetched.variables == {"n": 3}
    assert fetch(house, "w2") == []


def test_its_result_becomes_a_variable_and_the_instance_goes_on(house: House) -> None:
    instance = house.run(source())
    (task,) = fetch(house)
    external_tasks.complete_external_task(house.engine, "system", task, "w1", {"weight": 7})
    assert house.open() == ["after"]
    assert house.variables(instance)["weight"] == 7


def test_a_lock_expires_and_then_belongs_to_the_next(house: House) -> None:
    house.run(source())
    (task,) = fetch(house)
    house.clock.advance(MINUTE)
    assert fetch(house, "w2") == [task]
    with pytest.raises(Conflict) as conflict:
        external_tasks.complete_external_task(house.engine, "system", task, "w1")
    assert conflict.value.code == "external.not_yours"


def test_a_failure_waits_for_its_pause_and_the_last_one_is_an_incident(house: House) -> None:
    house.run(source())
    (task,) = fetch(house)
    external_tasks.report_failure(house.engine, "system", task, "w1", "秤坏了", 1, MINUTE)
    assert fetch(house) == []
    house.clock.advance(MINUTE)
    assert fetch(house) == [task]
    external_tasks.report_failure(house.engine, "system", task, "w1", "秤坏了", 0)
    assert fetch(house) == []
    assert house.rows(select(Incident.code)) == ["external.failed"]
    external_tasks.set_external_retries(house.engine, "system", task, 2)
    assert fetch(house) == [task]


def test_a_business_error_goes_to_the_border(house: House) -> None:
    house.run(source())
    (task,) = fetch(house)
    external_tasks.report_bpmn_error(house.engine, "system", task, "w1", "too_heavy")
    assert house.open() == ["instead"]


def test_a_done_task_is_done_once(house: House) -> None:
    house.run(source())
    (task,) = fetch(house)
    external_tasks.complete_external_task(house.engine, "system", task, "w1")
    with pytest.raises(Conflict):
        external_tasks.complete_external_task(house.engine, "system", task, "w1")
    assert house.rows(select(ExternalTask.state)) == ["done"]
