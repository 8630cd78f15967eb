"""Whatever goes wrong is said in a sentence; nothing personal is stored by a browser or logged."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from engine.engine import Engine
from engine.errors import Unavailable
from tests.factories import PASSWORD
from tests.web.conftest import SignIn
from tests.web.night import Night
from web import WebSettings, create_app


def test_an_unknown_page_says_where_to_go(sign_in: SignIn) -> None:
    answer = sign_in("handler").get("/nothing/here")
    assert answer.status_code == 404
    assert "请从左侧的列表重新进入" in answer.text


def test_somebody_elses_instance_is_not_found_rather_than_forbidden(
    sign_in: SignIn, night: Night
) -> None:
    answer = sign_in("stranger").get(f"/instances/{night.court}")
    assert answer.status_code == 404
    assert "没有这一事项，或者您无权查看" in answer.text


def test_a_wrong_method_is_answered_with_a_sentence(sign_in: SignIn) -> None:
    answer = sign_in("handler").get("/sign-out")
    assert answer.status_code == 405
    assert "请从页面上的按钮进入" in answer.text
    assert "POST" in answer.headers["Allow"]


def test_a_file_that_is_too_large_is_refused(
    engine: Engine, sign_in: SignIn, night: Night
) -> None:
    answer = sign_in("handler").post(
        f"/tasks/{night.respond}", data={"note": "x" * (21 * 1024 * 1024)}
    )
    assert answer.status_code == 413
    assert "超过 20 MB" in answer.text


def test_a_form_of_more_fields_than_any_has_is_refused_unread(
    sign_in: SignIn, night: Night
) -> None:
    fields = {f"f{number}": "x" for number in range(10_001)}
    answer = sign_in("handler").post(f"/tasks/{night.respond}/draft", data=fields)
    assert answer.status_code == 422
    assert "收到 10001 个填写项，最多 10000 个" in answer.text


def test_a_form_without_its_token_is_refused(engine: Engine, night: Night) -> None:
    app = create_app(engine, WebSettings(secret_key=b"s" * 32, secure_cookies=False))
    answer = app.test_client().post("/sign-in", data={"login": "handler", "password": PASSWORD})
    assert answer.status_code == 400
    assert "本次提交没有生效" in answer.text


def test_an_unforeseen_error_is_a_sentence_and_logs_no_data(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = sign_in("handler")
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_: object, **__: object) -> None:
        raise ValueError("411321180001010005")

    monkeypatch.setattr("engine.queries.lists.archive", broken)
    with caplog.at_level(logging.ERROR):
        answer = client.get("/archive")
    assert answer.status_code == 500
    assert "本次操作没有生效" in answer.text
    assert "ValueError" in caplog.text
    assert "411321180001010005" not in caplog.text


def test_a_busy_database_asks_to_come_back(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("handler")

    def unreachable(*_: object, **__: object) -> None:
        raise Unavailable("database.unreachable")

    monkeypatch.setattr("engine.queries.lists.archive", unreachable)
    answer = client.get("/archive")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "连接不上数据库" in answer.text


@pytest.mark.parametrize("address", ["/inbox", "/sign-in", "/nothing/here"])
def test_without_its_database_every_page_asks_to_come_back(
    address: str, engine: Engine, app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even who reads, how much he has to do, or a demonstration's clock can be asked."""
    client = sign_in("handler")
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @contextmanager
    def gone() -> Iterator[None]:
        raise Unavailable("database.unreachable")
        yield

    monkeypatch.setattr(engine.database, "read", gone)
    monkeypatch.setattr(engine.database, "write", gone)
    answer = client.get(address)
    assert answer.status_code == 503
    assert "连接不上数据库" in answer.text


def test_htmx_gets_the_sentence_alone(sign_in: SignIn) -> None:
    answer = sign_in("handler").get("/instances/nothing", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert "<html" not in answer.text


@pytest.mark.parametrize("path", ["/inbox", "/sign-in", "/nothing"])
def test_no_page_is_stored_and_nothing_inline_runs(sign_in: SignIn, path: str) -> None:
    answer = sign_in("handler").get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert " style=" not in answer.text
    assert "onclick" not in answer.text
