"""Requests that schemathesis makes of the OpenAPI document, on a house where much goes on."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import response_schema_conformance
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from engine.store.database import Database
from engine.store.models import (
    Activity,
    Base,
    Deployment,
    ExternalTask,
    Job,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
)
from tests.engine.house import House
from tests.web.rest import drawn
from tests.web.rest.conftest import token_of
from web.rest.application import PATH, make_application
from web.rest.limits import Buckets
from web.rest.polling import Polling
from web.settings import WebSettings

SLOW = 10.0
"""Seconds of one answer that are called a hang."""


@contextmanager
def ground(folder: Path) -> Iterator[tuple[Flask, str, list[str]]]:
    """The interface, a token, and ids of what is in the house."""
    database = Database(f"sqlite:///{folder / 'liandong.db'}")
    Base.metadata.create_all(database.writer)
    house = House(database)
    token = token_of(house, "everything")
    for name, source in (("plain", drawn.with_task()), ("weighing", drawn.with_work()),
                         ("events", drawn.with_events()), ("called", drawn.with_message_start())):
        house.deploy(name, source)  # fmt: skip
    house.deploy("rates", {"rates.dmn": drawn.DECISION})
    for key in ("plain", "weighing", "events") * 3:
        house.start(key)
    app = make_application(house.engine, WebSettings(secret_key=b"s" * 32))
    app.extensions["gate"].requests = Buckets(10**9, 10**9)
    app.extensions["gate"].failures = Buckets(10**9, 10**9)
    app.extensions["polling"] = Polling(pause=lambda _: None, at_once=1)
    yield app, token, _ids(house)
    database.close()


def _ids(house: House) -> list[str]:
    tables = (ProcessInstance, ProcessDefinition, Deployment, UserTask, ExternalTask, Job, Activity)
    found = [id for table in tables for id in house.rows(select(table.id))]
    return [*found, "plain", "weighing", "rate", "client-everything", "n", "rates.dmn"]


def attack(app: Flask, token: str, ids: list[str], cases: int, chance_of: int) -> Counter[int]:
    """Answers by status. Raises AssertionError at the first 500, trace, hang or wrong shape."""
    load_all_checks()
    mounted = DispatcherMiddleware(NotFound(), {PATH: app})
    schema = schemathesis.openapi.from_wsgi(
        f"{PATH}/openapi.json", mounted, headers={"Authorization": f"Bearer {token}"}
    )
    operations = [found.ok() for found in schema.get_all_operations()]
    random.Random(chance_of).shuffle(operations)
    each = max(1, -(-cases // len(operations)))
    statuses: Counter[int] = Counter()
    for operation in operations:
        if statuses.total() >= cases:
            break
        _attack(operation, token, ids, each, chance_of, statuses)
    return statuses


def _attack(
    operation: Any, token: str, ids: list[str], each: int, number: int,
    statuses: Counter[int],
) -> None:  # fmt: skip
    @seed(number)
    @settings(
        max_examples=each, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(), real=st.none() | st.sampled_from(ids))
    def one(case: Any, real: str | None) -> None:
        if real is not None:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = real
        begun = monotonic()
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        statuses[answer.status_code] += 1
        shown = case.as_curl_command()
        assert monotonic() - begun < SLOW, shown
        assert answer.status_code < 500, f"{answer.status_code} {shown}"
        assert b"Traceback" not in answer.content, shown
        if answer.status_code < 300:
            case.validate_response(answer, checks=[response_schema_conformance])

    one()
