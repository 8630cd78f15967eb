"""An application on a database in a folder of the test's own, and browsers signed in to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.engine import Engine
from tests.factories import PASSWORD, make_engine
from tests.web.night import Night, the_night
from web import WebSettings, create_app

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def night(engine: Engine) -> Night:
    return the_night(engine)


@pytest.fixture
def app(engine: Engine) -> Flask:
    made = create_app(engine, WebSettings(secret_key=b"s" * 32, secure_cookies=False))
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def sign_in(app: Flask, night: Night) -> SignIn:
    """A browser in which somebody of the night is signed in."""

    def browser(login: str) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/sign-in", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        return client

    return browser
