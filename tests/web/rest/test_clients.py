"""Libraries that people use already, unmodified, against a running server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pycamunda
import pycamunda.decisiondef
import pycamunda.deployment
import pycamunda.externaltask
import pycamunda.incident
import pycamunda.message
import pycamunda.processdef
import pycamunda.processinst
import pycamunda.signal
import pycamunda.task
import pycamunda.version
import pytest
import requests
from camunda.client.engine_client import EngineClient
from camunda.client.external_task_client import ExternalTaskClient
from camunda.external_task.external_task import ExternalTask, TaskResult
from camunda.external_task.external_task_worker import ExternalTaskWorker
from flask import Flask

from tests.engine.house import House
from tests.web.rest import drawn
from tests.web.rest.conftest import token_of
from tests.web.rest.server import serving

ROOT = Path(__file__).parents[3]
Session = Callable[[str], requests.Session]


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def session(house: House) -> Session:
    """What pycamunda sends its requests with: Basic, the client's id and its token."""

    def of(name: str) -> requests.Session:
        made = requests.Session()
        made.auth = (f"client-{name}", token_of(house, name))
        return made

    return of


def asked(request: Any, session: requests.Session) -> Any:
    # The deployment leaves the session aside; it is given what is in it.
    request.session, request.auth = session, session.auth
    return request()


# pycamunda ------------------------------------------------------------------------------


def test_pycamunda_deploys_starts_claims_and_completes(
    url: str, session: Session, tmp_path: Path
) -> None:
    everything = session("everything")
    assert asked(pycamunda.version.Get(url), everything) == "7.24.0"
    create = pycamunda.deployment.Create(url, name="plain", enable_duplicate_filtering=True)
    (tmp_path / "plain.bpmn").write_bytes(drawn.with_task())
    with (tmp_path / "plain.bpmn").open("rb") as file:
        create.add_resource(file)
        made = asked(create, everything)
    assert [one.key for one in made.deployed_process_definitions.values()] == ["plain"]
    assert [d.id_ for d in asked(pycamunda.deployment.GetList(url), everything)] == [made.id_]
    start = pycamunda.processdef.StartInstance(url, key="plain", business_key="K-1")
    start.add_variable("n", 3, type_="Integer")
    instance = asked(start, everything)
    found = asked(pycamunda.task.GetList(url, process_instance_id=instance.id_), everything)
    (task,) = found
    asked(pycamunda.task.Claim(url, id_=task.id_, user_id="client-everything"), everything)
    assert asked(pycamunda.task.Get(url, id_=task.id_), everything).assignee == "client-everything"
    (link, _) = asked(pycamunda.task.IdentityLinksGetList(url, task_id=task.id_), everything)
    assert link.user_id == "client-everything"
    comment = pycamunda.task.CommentCreate(url, task_id=task.id_, message="已核对")
    assert asked(comment, everything).message == "已核对"
    complete = pycamunda.task.Complete(url, id_=task.id_, with_variables_in_return=True)
    complete.add_variable("m", "x")
    assert asked(complete, everything)["n"].value == 3
    with pytest.raises(pycamunda.NotFound):
        asked(pycamunda.processinst.Get(url, id_=instance.id_), everything)


def test_pycamunda_reads_definitions_instances_and_their_variables(
    url: str, session: Session, house: House
) -> None:
    house.deploy("plain", drawn.with_task())
    house.deploy("rates", {"rates.dmn": drawn.DECISION})
    everything = session("everything")
    (definition,) = asked(pycamunda.processdef.GetList(url, key="plain"), everything)
    assert asked(pycamunda.processdef.Get(url, id_=definition.id_), everything) == definition
    assert "decide" in asked(pycamunda.processdef.GetXML(url, key="plain"), everything)
    assert asked(pycamunda.processdef.Count(url), everything) == 1
    instance = asked(pycamunda.processdef.StartInstance(url, key="plain"), everything)
    update = pycamunda.processinst.VariablesUpdate(
        url, process_instance_id=instance.id_, var_name="n", value=3, type_="Integer"
    )
    asked(update, everything)
    get = pycamunda.processinst.VariablesGet(url, process_instance_id=instance.id_, var_name="n")
    assert asked(get, everything).value == 3
    tree = asked(pycamunda.processinst.GetActivityInstance(url, id_=instance.id_), everything)
    assert [child.activity_id for child in tree.child_activity_instances] == ["decide"]
    (load,) = asked(pycamunda.processdef.GetProcessInstanceStats(url), everything)
    assert load.instances == 1
    asked(pycamunda.processinst.Suspend(url, id_=instance.id_), everything)
    assert asked(pycamunda.processinst.Get(url, id_=instance.id_), everything).suspended
    asked(pycamunda.processinst.Activate(url, id_=instance.id_), everything)
    asked(pycamunda.processinst.Delete(url, id_=instance.id_), everything)
    assert asked(pycamunda.processinst.GetList(url), everything) == ()
    evaluate = pycamunda.decisiondef.Evaluate(url, key="rate")
    evaluate.add_variable("days", 9)
    (result,) = asked(evaluate, everything)
    assert result["fee"].value == 2.5


def test_pycamunda_correlates_a_message_and_throws_a_signal(
    url: str, session: Session, house: House
) -> None:
    house.deploy("events", drawn.with_events())
    everything = session("everything")
    asked(pycamunda.processdef.StartInstance(url, key="events", business_key="K-1"), everything)
    message = pycamunda.message.CorrelateSingle(
        url, message_name="answer", business_key="K-1", result_enabled=True
    )
    message.add_process_variable("yes", True)
    (result,) = asked(message, everything)
    assert result.result_type is pycamunda.message.ResultType.execution
    asked(pycamunda.signal.EventAll(url, name="rung"), everything)
    house.tick()
    assert [job.element_id for job in house.timers()] == ["later"]


def test_pycamunda_fetches_fails_and_sees_the_incident(
    url: str, session: Session, house: House
) -> None:
    house.run(drawn.with_work(), "weighing")
    everything = session("everything")
    fetch = pycamunda.externaltask.FetchAndLock(url, worker_id="w1", max_tasks=5)
    fetch.add_topic("weigh", lock_duration=60_000)
    (task,) = asked(fetch, everything)
    failure = pycamunda.externaltask.HandleFailure(
        url, id_=task.id_, worker_id="w1", error_message="秤坏了", error_details="",
        retries=0, retry_timeout=0,
    )  # fmt: skip
    asked(failure, everything)
    (incident,) = asked(pycamunda.incident.GetList(url), everything)
    assert incident.incident_type is pycamunda.incident.IncidentType.failed_external_task
    asked(pycamunda.externaltask.SetRetries(url, id_=task.id_, retries=1), everything)
    assert asked(pycamunda.incident.GetList(url), everything) == ()
    (again,) = asked(fetch, everything)
    complete = pycamunda.externaltask.Complete(url, id_=again.id_, worker_id="w1")
    complete.add_variable("weight", 7, type_="Integer")
    asked(complete, everything)
    assert house.open() == ["after"]


# camunda-external-task-client-python3 -----------------------------------------------------


def test_the_python_worker_starts_works_and_reports(url: str, house: House) -> None:
    house.deploy("weighing", drawn.with_work())
    token = token_of(house, "everything")
    config = {"auth_bearer": {"access_token": token}, "asyncResponseTimeout": 0, "maxTasks": 1}
    engine = EngineClient(url, config=config)
    begun = engine.start_process("weighing", {"n": 3}, business_key="K-1")
    assert engine.get_process_instance("weighing")[0]["id"] == begun["id"]
    worker = ExternalTaskWorker("py", base_url=url, config=config)

    def weigh(task: ExternalTask) -> TaskResult:
        return task.complete({"weight": task.get_variable("n") + 4})

    worker.fetch_and_execute("weigh", weigh)
    assert house.open() == ["after"]
    assert house.variables(begun["id"])["weight"] == 7


def test_the_python_worker_s_failures_and_errors_arrive(url: str, house: House) -> None:
    house.run(drawn.with_work(), "weighing")
    token = token_of(house, "worker")
    client = ExternalTaskClient(
        "py", url, {"auth_bearer": {"access_token": token}, "asyncResponseTimeout": 0}
    )
    (task,) = client.fetch_and_lock("weigh")
    assert client.failure(task["id"], "秤坏了", "第 3 行", 1, 1_000)
    house.clock.advance(timedelta(seconds=1))
    (again,) = client.fetch_and_lock("weigh")
    assert again["retries"] == 1
    assert client.bpmn_failure(again["id"], "too_heavy", "超重", {"over": 2})
    assert house.open() == ["instead"]


def test_the_python_client_correlates_and_reads_jobs(url: str, house: House) -> None:
    house.deploy("events", drawn.with_events())
    token = token_of(house, "everything")
    engine = EngineClient(url, config={"auth_bearer": {"access_token": token}})
    begun = engine.start_process("events", {}, business_key="K-1")
    engine.correlate_message("answer", business_key="K-1", process_variables={"yes": True})
    requests.post(
        f"{url}/signal", json={"name": "rung"}, headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    ).raise_for_status()  # fmt: skip
    house.tick()
    (job,) = engine.get_jobs(0, 10, process_instance_id=begun["id"])
    assert engine.set_job_retry(job["id"], 5)


# camunda-external-task-client-js ------------------------------------------------------------


def test_the_javascript_worker_works(url: str, house: House) -> None:
    """Completes one task, lets one fail and reports one business error; see worker.mjs."""
    house.deploy("weighing", drawn.with_work())
    token = token_of(house, "everything")
    for kind in ("good", "bad", "heavy"):
        given = {"kind": {"value": kind}, "list": {"value": '[1, {"a": 2.5}]', "type": "Json"}}
        requests.post(
            f"{url}/process-definition/key/weighing/start", json={"variables": given},
            headers={"Authorization": f"Bearer {token}"}, timeout=10,
        ).raise_for_status()  # fmt: skip
    node = shutil.which("node", path=os.pathsep.join((str(ROOT / ".venv/bin"), os.environ["PATH"])))
    assert node, "node is installed at set-up"
    script = Path(__file__).with_name("worker.mjs")
    done = subprocess.run(
        [node, str(script), url, token], cwd=ROOT, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"good": [1, {"a": 2.5}], "bad": True, "heavy": True}
    assert house.open() == ["after", "instead"]
