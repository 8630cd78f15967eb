"""A house with its interface: programs with tokens, a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import rest_clients
from engine.store.database import Database
from engine.store.models import Base
from tests.engine.house import BUREAU, COURT, House
from web import WebSettings, create_app

ACCOUNTS = {
    # What a client of that name holds: agency, unit, roles, topics.
    "handler": (COURT, "court-unit", ["court_handler"], []),
    "president": (COURT, "court-unit", ["court_president"], []),
    "worker": (COURT, "court-unit", [], ["weigh", "count"]),
    "analyst": (COURT, "court-unit", ["analyst"], []),
    "everything": (
        COURT, "court-unit", ["analyst", "court_handler", "court_president"], ["weigh", "count"]
    ),
    "station": (BUREAU, "police-unit", ["police_station"], ["weigh"]),
}  # fmt: skip


@dataclass
class Program:
    """A client that speaks to the interface with its token."""

    browser: FlaskClient
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.browser.open(f"/engine-rest{path}", method=method, headers=headers, **options)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a successful answer."""
        answer = self.ask("GET", path, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def send(self, method: str, path: str, body: Any = None, status: int | None = None) -> Any:
        """The JSON of an answer; successful unless another status is expected."""
        answer = self.ask(method, path, json={} if body is None else body)
        if status is None:
            assert answer.status_code in (200, 204), answer.text
        else:
            assert answer.status_code == status, answer.text
        return answer.json if answer.data else None

    def post(self, path: str, body: Any = None, status: int | None = None) -> Any:
        return self.send("POST", path, body, status)

    def put(self, path: str, body: Any = None, status: int | None = None) -> Any:
        return self.send("PUT", path, body, status)


def token_of(house: House, name: str) -> str:
    """Add the client of that name."""
    agency, unit, roles, topics = ACCOUNTS[name]
    made = rest_clients.add_client(house.engine, "system", agency, unit, name)
    rest_clients.allow_client(house.engine, "system", made.client_id, roles, topics)
    return made.token


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """On SQLite; what touches rows in earnest asks for `database_url` and runs on both kinds."""
    yield from house_on(f"sqlite:///{tmp_path / 'liandong.db'}")


def house_on(url: str) -> Iterator[House]:
    database = Database(url)
    Base.metadata.create_all(database.writer)
    yield House(database)
    database.close()


@pytest.fixture
def app(house: House) -> Flask:
    return create_app(house.engine, WebSettings(secret_key=b"s" * 32, secure_cookies=False))


@pytest.fixture
def program(app: Flask, house: House) -> Any:
    """A program by the name of its account."""
    made: dict[str, Program] = {}

    def of(name: str) -> Program:
        if name not in made:
            made[name] = Program(app.test_client(), token_of(house, name))
        return made[name]

    return of
