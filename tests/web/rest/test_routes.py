"""Every route and what each kind of program gets there; a route that is not listed fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from engine import instances, rest_clients
from engine.store.database import Database
from engine.store.models import Base, ExternalTask, ProcessDefinition
from tests.engine.house import House
from tests.web.rest import drawn
from tests.web.rest.conftest import Program, token_of
from web.rest.application import make_application
from web.rest.limits import Buckets
from web.rest.resources import OPERATIONS
from web.settings import WebSettings

PROGRAMS = ("handler", "president", "worker", "analyst", "station", "revoked")
# Method, path, answers in the order of PROGRAMS. Station is of the other agency.
TABLE = """
GET    /version                                           200 200 200 200 200 401
GET    /engine                                            200 200 200 200 200 401
GET    /openapi.json                                      200 200 200 200 200 401
GET    /docs                                              200 200 200 200 200 401
GET    /deployment                                        200 200 200 200 200 401
GET    /deployment/count                                  200 200 200 200 200 401
POST   /deployment/create                                 400 400 400 400 400 401
GET    /deployment/{deployment}                           200 200 200 200 200 401
DELETE /deployment/{deployment}                           403 403 403 409 403 401
GET    /deployment/{deployment}/resources                 200 200 200 200 200 401
GET    /deployment/{deployment}/resources/plain.bpmn      200 200 200 200 200 401
GET    /deployment/{deployment}/resources/plain.bpmn/data 200 200 200 200 200 401
GET    /process-definition                                200 200 200 200 200 401
GET    /process-definition/count                          200 200 200 200 200 401
GET    /process-definition/statistics                     200 200 200 200 200 401
GET    {definition}                                       200 200 200 200 200 401
GET    {definition}/xml                                   200 200 200 200 200 401
GET    {definition}/statistics                            200 200 200 200 200 401
GET    {definition}/startForm                             200 200 200 200 200 401
GET    {definition}/deployed-start-form                   404 404 404 404 404 401
GET    {definition}/form-variables                        200 200 200 200 200 401
POST   {definition}/start                                 200 403 403 403 403 401
POST   {definition}/submit-form                           200 403 403 403 403 401
PUT    {definition}/suspended                             400 400 400 400 400 401
GET    /process-instance                                  200 200 200 200 200 401
GET    /process-instance/count                            200 200 200 200 200 401
POST   /process-instance                                  200 200 200 200 200 401
POST   /process-instance/count                            200 200 200 200 200 401
GET    {instance}                                         200 200 404 404 404 401
GET    {instance}/activity-instances                      200 200 404 404 404 401
GET    {instance}/comment                                 200 200 404 404 404 401
GET    {instance}/variables                               200 200 404 404 404 401
POST   {instance}/variables                               403 204 403 403 404 401
GET    {instance}/variables/n                             200 200 404 404 404 401
PUT    {instance}/variables/m                             403 204 403 403 404 401
DELETE {instance}/variables/m                             403 204 403 403 404 401
GET    {instance}/variables/n/data                        400 400 404 404 404 401
POST   {instance}/variables/n/data                        400 400 400 400 400 401
PUT    {instance}/suspended                               400 400 400 400 400 401
GET    /execution/x/localVariables/n/data                 404 404 404 404 404 401
GET    /task                                              200 200 200 200 200 401
POST   /task                                              200 200 200 200 200 401
GET    /task/count                                        200 200 200 200 200 401
POST   /task/count                                        200 200 200 200 200 401
GET    {task}                                             200 200 404 404 404 401
GET    {task}/form                                        200 200 404 404 404 401
GET    {task}/deployed-form                               404 404 404 404 404 401
GET    {task}/form-variables                              200 200 404 404 404 401
GET    {task}/identity-links                              200 200 404 404 404 401
POST   {task}/identity-links                              400 400 400 400 400 401
POST   {task}/identity-links/delete                       400 400 400 400 400 401
GET    {task}/variables                                   200 200 404 404 404 401
POST   {task}/variables                                   204 403 404 404 404 401
GET    {task}/variables/n                                 200 200 404 404 404 401
PUT    {task}/variables/m                                 204 403 404 404 404 401
DELETE {task}/variables/m                                 204 403 404 404 404 401
GET    {task}/variables/n/data                            400 400 404 404 404 401
POST   {task}/variables/n/data                            400 400 400 400 400 401
GET    {task}/comment                                     200 200 404 404 404 401
POST   {task}/comment/create                              400 400 400 400 400 401
GET    {task}/comment/x                                   404 404 404 404 404 401
POST   {task}/bpmnError                                   400 400 400 400 400 401
POST   {task}/claim                                       204 403 403 403 404 401
POST   {task}/assignee                                    204 204 204 204 404 401
POST   {task}/unclaim                                     204 204 204 204 404 401
POST   {task}/complete                                    204 403 404 404 404 401
POST   {task}/submit-form                                 404 403 404 404 404 401
POST   /message                                           400 400 400 400 400 401
POST   /signal                                            400 400 400 400 400 401
GET    /external-task                                     200 200 200 200 200 401
POST   /external-task                                     200 200 200 200 200 401
GET    /external-task/count                               200 200 200 200 200 401
POST   /external-task/count                               200 200 200 200 200 401
GET    /external-task/topic-names                         200 200 200 200 200 401
POST   /external-task/fetchAndLock                        403 403 200 403 200 401
PUT    /external-task/retries                             400 400 400 400 400 401
GET    {work}                                             404 200 200 404 404 401
GET    {work}/errorDetails                                404 204 204 404 404 401
POST   {work}/complete                                    400 400 400 400 400 401
POST   {work}/bpmnError                                   400 400 400 400 400 401
POST   {work}/failure                                     400 400 400 400 400 401
POST   {work}/lock                                        400 400 400 400 400 401
POST   {work}/extendLock                                  400 400 400 400 400 401
POST   {work}/unlock                                      404 404 204 404 404 401
PUT    {work}/retries                                     400 400 400 400 400 401
PUT    {work}/priority                                    400 400 400 400 400 401
GET    /job                                               200 200 200 200 200 401
POST   /job                                               200 200 200 200 200 401
GET    /job/count                                         200 200 200 200 200 401
POST   /job/count                                         200 200 200 200 200 401
GET    /job/x                                             404 404 404 404 404 401
GET    /job/x/stacktrace                                  404 404 404 404 404 401
POST   /job/x/execute                                     404 404 404 404 404 401
PUT    /job/x/duedate                                     400 400 400 400 400 401
PUT    /job/x/retries                                     400 400 400 400 400 401
GET    /incident                                          200 200 200 200 200 401
GET    /incident/count                                    200 200 200 200 200 401
GET    /incident/x                                        404 404 404 404 404 401
DELETE /incident/x                                        404 404 404 404 404 401
GET    /decision-definition                               200 200 200 200 200 401
GET    /decision-definition/count                         200 200 200 200 200 401
GET    {decision}                                         200 200 200 200 200 401
GET    {decision}/xml                                     200 200 200 200 200 401
POST   {decision}/evaluate                                200 200 200 200 200 401
GET    /history/process-instance                          200 200 200 200 200 401
POST   /history/process-instance                          200 200 200 200 200 401
GET    /history/process-instance/count                    200 200 200 200 200 401
POST   /history/process-instance/count                    200 200 200 200 200 401
GET    /history{instance}                                 200 200 404 404 404 401
GET    /history/activity-instance                         200 200 200 200 200 401
POST   /history/activity-instance                         200 200 200 200 200 401
GET    /history/activity-instance/count                   200 200 200 200 200 401
POST   /history/activity-instance/count                   200 200 200 200 200 401
GET    /history/activity-instance/x                       404 404 404 404 404 401
GET    /history/task                                      200 200 200 200 200 401
POST   /history/task                                      200 200 200 200 200 401
GET    /history/task/count                                200 200 200 200 200 401
POST   /history/task/count                                200 200 200 200 200 401
GET    /history/variable-instance                         200 200 200 200 200 401
POST   /history/variable-instance                         200 200 200 200 200 401
GET    /history/variable-instance/count                   200 200 200 200 200 401
POST   /history/variable-instance/count                   200 200 200 200 200 401
GET    /history/variable-instance/x                       404 404 404 404 404 401
GET    /history/variable-instance/x/data                  404 404 404 404 404 401
GET    /history/incident                                  200 200 200 200 200 401
GET    /history/incident/count                            200 200 200 200 200 401
DELETE {instance}                                         403 204 403 403 404 401
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
BODIES: dict[str, Any] = {
    "/external-task/fetchAndLock": {
        "workerId": "w", "maxTasks": 1, "topics": [{"topicName": "weigh", "lockDuration": 1}]
    },
    "/message": {"surprise": 1},
    "/signal": {"surprise": 1},
}  # fmt: skip
PLACES = {
    # What a path begins with, by the word that stands for it in the table.
    "definition": ["/process-definition/{plain}", "/process-definition/key/plain",
                   "/process-definition/key/plain/tenant-id/x"],
    "decision": ["/decision-definition/{rate}", "/decision-definition/key/rate",
                 "/decision-definition/key/rate/tenant-id/x"],
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[House, Flask]]:
    database = Database(f"sqlite:///{tmp_path / 'liandong.db'}")
    Base.metadata.create_all(database.writer)
    house = House(database)
    app = make_application(house.engine, WebSettings(secret_key=b"s" * 32))
    app.extensions["gate"].requests = Buckets(10**9, 10**9)
    app.extensions["gate"].failures = Buckets(10**9, 10**9)
    yield house, app
    database.close()


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_route_answers_as_the_table_says(
    name: str, place: tuple[House, Flask]
) -> None:
    """One database for all rows of a program: those that end something stand at the bottom."""
    house, app = place
    program = _program(house, app, name)
    known = _places(house)
    wrong = []
    for method, path, *expected in ROWS:
        for address in _written(path, known):
            answer = program.ask(method, address, **_body(method, path))
            if str(answer.status_code) != expected[PROGRAMS.index(name)]:
                wrong.append(f"{method} {path}: {answer.status_code} {answer.text[:90]}")
    assert wrong == []


class _Bare(Program):
    """Asks the interface itself, without the pages around it."""

    def ask(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.browser.open(path, method=method, headers=headers, **options)


def _program(house: House, app: Flask, name: str) -> Program:
    if name != "handler":
        token_of(house, "handler")
    token = token_of(house, "worker" if name == "revoked" else name)
    if name == "revoked":
        rest_clients.revoke_client(house.engine, "system", "client-worker")
    return _Bare(app.test_client(), token)


def _places(house: House) -> dict[str, str]:
    files = {"plain.bpmn": drawn.with_task(), "rates.dmn": drawn.DECISION}
    deployment = house.deploy("plain", files).deployment_id
    house.deploy("weighing", drawn.with_work())
    begun = instances.start_process(house.engine, "client-handler", "plain", {"n": 3})
    house.start("weighing")
    (definition,) = house.rows(
        select(ProcessDefinition.id).where(ProcessDefinition.key == "plain")
    )
    (work,) = house.rows(select(ExternalTask.id))
    (task,) = [one.id for one in house.tasks() if one.element_id == "decide"]
    return {
        "deployment": deployment, "plain": definition, "rate": f"rate:1:{deployment}",
        "instance": f"/process-instance/{begun.instance_id}", "task": f"/task/{task}",
        "work": f"/external-task/{work}",
    }  # fmt: skip


def _written(path: str, known: dict[str, str]) -> list[str]:
    for word, places in PLACES.items():
        if path.startswith("{" + word + "}"):
            rest = path[len(word) + 2 :]
            return [(place + rest).format(**known) for place in places]
    return [path.format(**known)]


def _body(method: str, path: str) -> dict[str, Any]:
    if method in ("POST", "PUT") and not path.endswith(("/create", "/data")):
        return {"json": BODIES.get(path, {})}
    return {}


def test_every_route_stands_in_the_table() -> None:
    words = {"plain": "x", "rate": "x", "deployment": "x", "instance": "/process-instance/x",
             "task": "/task/x", "work": "/external-task/x"}  # fmt: skip
    listed = {(method, place) for method, path, *_ in ROWS for place in _written(path, words)}
    for one in OPERATIONS:
        found = [p for m, p in listed if m == one.method and _fits(one.path, p)]
        assert found, f"{one.method} {one.path} is not listed in TABLE"


def _fits(rule: str, path: str) -> bool:
    parts, given = rule.split("/"), path.split("/")
    return len(parts) == len(given) and all(
        part.startswith("<") or part == other for part, other in zip(parts, given, strict=True)
    )
