"""External tasks over HTTP: the protocol of workers, and what becomes of failures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.engine.house import House
from tests.web.rest import drawn
from tests.web.rest.conftest import house_on
from web.rest.polling import Polling

TOPIC = {"topicName": "weigh", "lockDuration": 60_000}


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    yield from house_on(database_url)


def fetched(program: Any, worker: str = "w1", **topic: Any) -> list[Any]:
    body = {"workerId": worker, "maxTasks": 10, "topics": [TOPIC | topic]}
    return program.post("/external-task/fetchAndLock", body)


def test_a_worker_fetches_and_completes(program: Any, house: House) -> None:
    house.deploy("weighing", drawn.with_work())
    handler, worker = program("handler"), program("worker")
    begun = handler.post(
        "/process-definition/key/weighing/start",
        {"variables": {"n": {"value": 3}}, "businessKey": "K-1"},
    )
    (task,) = fetched(worker, includeExtensionProperties=True, businessKey="K-1")
    assert task["variables"]["n"] == {"type": "Integer", "value": 3, "valueInfo": {}}
    assert task["extensionProperties"] == {"scale": "large"}
    assert (task["workerId"], task["businessKey"], task["retries"]) == ("w1", "K-1", None)
    assert fetched(worker, "w2") == []
    path = f"/external-task/{task['id']}"
    worker.post(f"{path}/complete", {"workerId": "w2"}, status=400)
    body = {"workerId": "w1", "variables": {"weight": {"value": 7, "type": "integer"}}}
    worker.post(f"{path}/complete", body)
    worker.post(f"{path}/complete", body, status=404)
    weight = handler.get(f"/process-instance/{begun['id']}/variables/weight")
    assert weight["value"] == 7


def test_only_what_is_asked_for_is_fetched(program: Any, house: House) -> None:
    house.run(drawn.with_work(), "weighing")
    worker = program("worker")
    for topic in ({"businessKey": "other"}, {"processDefinitionKey": "other"},
                  {"processDefinitionIdIn": ["other"]},
                  {"processVariables": {"n": {"value": 4}}}):  # fmt: skip
        assert fetched(worker, **topic) == []
    (task,) = fetched(worker, processDefinitionKeyIn=["weighing"], variables=[])
    assert task["variables"] == {}


def test_nobody_works_for_another_agency_or_on_a_topic_not_given(
    program: Any, house: House
) -> None:
    house.run(drawn.with_work(), "weighing")
    (row,) = program("worker").get("/external-task")
    station = program("station")
    assert fetched(station) == []
    assert station.get("/external-task") == []
    station.post(f"/external-task/{row['id']}/unlock", status=404)
    body = {"workerId": "w", "maxTasks": 1, "topics": [TOPIC | {"topicName": "secret"}]}
    program("worker").post("/external-task/fetchAndLock", body, status=403)
    program("handler").post("/external-task/fetchAndLock", body, status=403)


def test_locks_are_taken_kept_and_given_back(program: Any, house: House) -> None:
    house.run(drawn.with_work(), "weighing")
    worker = program("worker")
    (row,) = worker.get("/external-task", notLocked="true")
    path = f"/external-task/{row['id']}"
    worker.post(f"{path}/lock", {"workerId": "w1", "lockDuration": 60_000})
    worker.post(f"{path}/lock", {"workerId": "w2", "lockDuration": 60_000}, status=400)
    assert worker.get("/external-task/count", locked="true", workerId="w1") == {"count": 1}
    worker.post(f"{path}/extendLock", {"workerId": "w1", "newDuration": 120_000})
    house.clock.advance(timedelta(seconds=90))
    assert fetched(worker, "w2") == []
    worker.post(f"{path}/unlock")
    assert len(fetched(worker, "w2")) == 1
    assert worker.get("/external-task/topic-names") == ["weigh"]


def test_a_failure_is_tried_again_and_the_last_is_an_incident(program: Any, house: House) -> None:
    house.run(drawn.with_work(), "weighing")
    worker, president = program("worker"), program("president")
    (task,) = fetched(worker)
    path = f"/external-task/{task['id']}"
    body = {"workerId": "w1", "errorMessage": "秤坏了", "errorDetails": "第 3 行",
            "retries": 1, "retryTimeout": 60_000}  # fmt: skip
    worker.post(f"{path}/failure", body)
    assert fetched(worker) == []
    house.clock.advance(timedelta(minutes=1))
    (again,) = fetched(worker)
    assert (again["errorMessage"], again["retries"]) == ("秤坏了", 1)
    assert worker.ask("GET", f"{path}/errorDetails").text == "第 3 行"
    worker.post(f"{path}/failure", {"workerId": "w1", "retries": 0})
    (incident,) = president.get("/incident", incidentType="failedExternalTask")
    assert incident["configuration"] == task["id"]
    assert president.get(f"/incident/{incident['id']}")["activityId"] == "work"
    worker.put(f"{path}/retries", {"retries": 2})
    assert president.get("/incident/count") == {"count": 0}
    (past,) = president.get("/history/incident")
    assert past["resolved"] is True
    assert len(fetched(worker)) == 1


def test_a_business_error_goes_to_the_border(program: Any, house: House) -> None:
    house.run(drawn.with_work(), "weighing")
    worker = program("worker")
    (task,) = fetched(worker)
    body = {"workerId": "w1", "errorCode": "too_heavy", "variables": {"over": {"value": 2}}}
    worker.post(f"/external-task/{task['id']}/bpmnError", body)
    assert house.open() == ["instead"]


def test_what_cannot_go_on_is_refused_rolled_back_and_reported(
    program: Any, house: House
) -> None:
    house.run(drawn.with_work(), "weighing")
    worker = program("worker")
    (task,) = fetched(worker)
    body = {"workerId": "w1", "errorCode": "nobody catches this"}
    answer = worker.post(f"/external-task/{task['id']}/bpmnError", body, status=422)
    assert answer["reason"] == "bpmn.error_uncaught"
    (incident,) = program("president").get("/incident")
    program("president").send("DELETE", f"/incident/{incident['id']}?reason=已改图")
    assert program("president").get("/incident") == []


def test_tasks_of_higher_priority_come_first(program: Any, house: House) -> None:
    house.deploy("weighing", drawn.with_work())
    first, second = house.start("weighing"), house.start("weighing")
    worker = program("worker")
    rows = {one["processInstanceId"]: one["id"] for one in worker.get("/external-task")}
    worker.put(f"/external-task/{rows[second]}/priority", {"priority": 9})
    body = {"workerId": "w", "maxTasks": 1, "usePriority": True, "topics": [TOPIC]}
    (task,) = worker.post("/external-task/fetchAndLock", body)
    assert task["processInstanceId"] == second
    assert rows[first] != task["id"]


def test_several_tasks_get_further_tries(program: Any, house: House) -> None:
    house.run(drawn.with_work(), "weighing")
    worker = program("worker")
    (row,) = worker.get("/external-task")
    worker.put("/external-task/retries", {"retries": 5, "externalTaskIds": [row["id"]]})
    assert worker.get(f"/external-task/{row['id']}")["retries"] == 5


def test_a_failed_job_is_tried_again_by_a_supervisor(program: Any, house: House) -> None:
    house.deploy("broken", drawn.broken_later())
    answer = program("handler").ask("POST", "/process-definition/key/broken/start", json={})
    assert answer.status_code == 422
    assert answer.json["type"] == "ProcessEngineException"


# long polling ---------------------------------------------------------------------------


class Waiting:
    """Stands for the time that passes while a request waits."""

    def __init__(self) -> None:
        self.now, self.looks = 0.0, 0

    def pause(self, seconds: float) -> None:
        self.now += seconds

    def comes_at(self, instant: float) -> Any:
        def look() -> bool:
            self.looks += 1
            return self.now >= instant

        return look


def test_a_request_waits_until_there_is_work() -> None:
    time = Waiting()
    polling = Polling(time.pause, lambda: time.now)
    assert polling.until(time.comes_at(2.0), 10)
    assert time.now == 2.0


def test_a_request_goes_home_when_its_time_is_over() -> None:
    time = Waiting()
    polling = Polling(time.pause, lambda: time.now)
    assert not polling.until(time.comes_at(100), 5)
    assert time.now == 5


def test_only_some_may_wait_at_once() -> None:
    time = Waiting()
    polling = Polling(time.pause, lambda: time.now, at_once=1)

    def meanwhile(_: float) -> None:
        assert not polling.until(lambda: False, 10)
        time.now += 10

    polling._pause = meanwhile
    assert not polling.until(lambda: False, 10)
