"""Nothing is open by default: who gets in, as whom, how often; what is not there says so."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from engine import passwords, rest_clients
from engine.errors import Forbidden, NotFound, Refusal
from engine.store.models import Person
from tests.engine.house import COURT, House
from tests.web.rest import drawn
from web.rest import authentication
from web.rest.limits import Buckets
from web.rest.original import own_operations, table
from web.rest.original_paths import operations
from web.rest.resources import OPERATIONS

PASSWORD = "correct horse battery"


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{name}:{secret}".encode()).decode()}


def with_password(house: House, login: str) -> None:
    with house.engine.database.write() as session:
        person = session.get_one(Person, login)
        person.password_hash = passwords.hash_password(PASSWORD, login)


def test_without_an_account_everything_is_closed_and_says_how_to_get_in(app: Any) -> None:
    for path in ("/version", "/task", "/docs", "/openapi.json", "/nothing", "/authorization"):
        answer = app.test_client().get(f"/engine-rest{path}")
        assert answer.status_code == 401
        assert answer.json["type"] == "AuthenticationException"
        assert answer.headers["WWW-Authenticate"].startswith("Basic")
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_client_shows_its_token_as_bearer_or_as_basic(app: Any, program: Any) -> None:
    token = program("handler").token
    browser = app.test_client()
    for headers in ({"Authorization": f"Bearer {token}"}, basic("client-handler", token)):
        answer = browser.get("/engine-rest/version", headers=headers)
        assert answer.json == {"version": "7.24.0"}
    wrong = browser.get("/engine-rest/version", headers=basic("client-other", token))
    assert wrong.status_code == 401


def test_the_engine_can_be_named(program: Any) -> None:
    assert program("handler").get("/engine/default/version") == {"version": "7.24.0"}
    assert program("handler").get("/engine") == [{"name": "default"}]


def test_a_revoked_client_and_an_old_token_open_nothing(house: House, program: Any) -> None:
    handler = program("handler")
    handler.get("/version")
    renewed = rest_clients.renew_token(house.engine, "system", "client-handler")
    assert handler.ask("GET", "/version").status_code == 401
    handler.token = renewed.token
    handler.get("/version")
    rest_clients.revoke_client(house.engine, "system", "client-handler")
    assert handler.ask("GET", "/version").status_code == 401
    with pytest.raises(NotFound):
        rest_clients.renew_token(house.engine, "system", "client-handler")


def test_the_token_is_stored_nowhere(house: House, program: Any, tmp_path: Any) -> None:
    token = program("handler").token
    program("handler").get("/version")
    house.engine.database.close()
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("liandong.db*"))
    assert token.encode() not in stored


def test_people_get_in_with_a_password_only_where_the_agency_allows_it(
    app: Any, house: House
) -> None:
    with_password(house, "handler")
    browser, shown = app.test_client(), basic("handler", PASSWORD)
    assert browser.get("/engine-rest/version", headers=shown).status_code == 401
    rest_clients.allow_passwords(house.engine, "system", COURT, True)
    for _ in range(2):
        assert browser.get("/engine-rest/version", headers=shown).status_code == 200
    wrong = basic("handler", "something else")
    assert browser.get("/engine-rest/version", headers=wrong).status_code == 401
    with house.engine.database.write() as session:
        person = session.get_one(Person, "handler")
        person.password_hash = passwords.hash_password("another long one", "handler")
    assert browser.get("/engine-rest/version", headers=shown).status_code == 401


def test_many_failures_from_one_address_have_to_wait(app: Any) -> None:
    browser, shown = app.test_client(), {"Authorization": "Bearer nothing"}
    answers = [browser.get("/engine-rest/version", headers=shown) for _ in range(30)]
    assert answers[0].status_code == 401
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_bucket_gives_its_permits_back_in_time() -> None:
    now = [0.0]
    buckets = Buckets(2, 1.0, lambda: now[0])
    assert [buckets.take("a"), buckets.take("a")] == [0, 0]
    assert buckets.take("a") == pytest.approx(1)
    assert buckets.take("b") == 0
    now[0] += 1.5
    assert buckets.wait("a") == 0
    assert buckets.take("a") == 0


@pytest.fixture
def scarce(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three permits for each account, and none back while the test runs."""
    monkeypatch.setattr(authentication, "BURST", 3)
    monkeypatch.setattr(authentication, "PER_SECOND", 1e-9)


@pytest.mark.usefixtures("scarce")
def test_an_account_that_asks_too_often_has_to_wait(request: pytest.FixtureRequest) -> None:
    handler = request.getfixturevalue("program")("handler")
    statuses = [handler.ask("GET", "/version").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


def test_another_web_site_may_not_send_with_the_reader_s_credentials(program: Any) -> None:
    everything = program("everything")
    for origin in ("https://elsewhere.example", "null"):
        answer = everything.ask("POST", "/message", json={}, headers={"Origin": origin})
        assert (answer.status_code, answer.json["reason"]) == (403, "rest.other_origin")
    own = everything.ask("POST", "/message", json={}, headers={"Origin": "file://"})
    assert own.json["reason"] == "rest.missing"


def test_a_form_of_another_site_is_no_json(program: Any) -> None:
    answer = program("everything").ask("POST", "/message", data={"messageName": "x"})
    assert answer.status_code == 415


def test_only_the_right_administrators_keep_clients(house: House) -> None:
    with pytest.raises(Forbidden):
        rest_clients.add_client(house.engine, "president", COURT, "court-unit", "mine")
    made = rest_clients.add_client(house.engine, "system", COURT, "court-unit", "mine")
    with pytest.raises(Forbidden):
        rest_clients.allow_client(house.engine, "handler", made.client_id, ["court_handler"])
    with pytest.raises(Refusal) as refusal:
        rest_clients.allow_client(
            house.engine, "system", made.client_id, ["sys_admin", "court_handler"]
        )
    assert refusal.value.code == "post.separated"
    with pytest.raises(Refusal) as refusal:
        rest_clients.add_client(house.engine, "system", COURT, "court-unit", "mine")
    assert refusal.value.code == "client.exists"


# what is not there ----------------------------------------------------------------------


def test_every_operation_of_the_original_is_served_or_says_why_not(program: Any) -> None:
    """501 with a sentence for what is absent; nothing that is served answers 501."""
    everything = program("everything")
    shapes = {(one.method, _blank(one.original_path)) for one in OPERATIONS}
    for method, path, why in operations():
        if (method, _blank(path)) in shapes:
            continue
        answer = everything.ask(method, _filled(path))
        assert answer.status_code == 501, (method, path)
        assert answer.json["type"] == "NotImplementedException"
        assert why and why in answer.json["message"]


def _blank(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def _filled(path: str) -> str:
    return "/".join("x" if part.startswith("{") else part for part in path.split("/"))


def test_the_handbook_lists_every_operation() -> None:
    handbook = (Path(__file__).parents[3] / "docs" / "rest.md").read_text(encoding="utf-8")
    assert table() in handbook
    assert own_operations() == ["GET /openapi.json", "GET /docs"]


def test_an_unknown_path_and_a_wrong_method_are_told_apart(program: Any) -> None:
    handler = program("handler")
    assert handler.ask("GET", "/nothing/at/all").status_code == 404
    wrong = handler.ask("PATCH", "/task")
    assert wrong.status_code == 405
    assert wrong.headers["Allow"] == "GET, POST"


def test_errors_speak_chinese_and_english(program: Any) -> None:
    handler = program("handler")
    chinese = handler.ask("GET", "/task/nothing")
    english = handler.ask("GET", "/task/nothing", headers={"Accept-Language": "en"})
    assert set(chinese.json) == {"type", "message", "code", "reason"}
    assert (chinese.status_code, chinese.json["code"]) == (404, 0)
    assert chinese.json["type"] == english.json["type"] == "InvalidRequestException"
    assert chinese.json["message"] != english.json["message"]


@pytest.mark.parametrize(
    "path",
    ["/task?nothing=3", "/task?sortBy=name", "/task?sortBy=x&sortOrder=asc", "/task?maxResults=-1",
     "/task?maxResults=99999999999", "/task?createdBefore=yesterday", "/task?assigned=perhaps",
     "/task?name=%00", "/task/%00"],
)  # fmt: skip
def test_what_would_be_ignored_or_cannot_be_meant_is_refused(path: str, program: Any) -> None:
    answer = program("handler").ask("GET", path)
    assert answer.status_code == 400
    assert answer.json["type"] == "InvalidRequestException"


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"x"', b'{"messageName": 3}', b'{"messageName": "a\\u0000"}',
             b'{"messageName": "x", "surprise": 1}', b"\xff", b'{"a": NaN}',
             b'{"messageName": "\\ud800"}', b"[" * 100_000],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_refused(body: bytes, program: Any) -> None:
    answer = program("everything").ask(
        "POST", "/message", data=body, content_type="application/json"
    )
    assert answer.status_code == 400, answer.text


def test_the_description_is_served_with_a_page(program: Any, house: House) -> None:
    house.deploy("plain", drawn.with_task())
    handler = program("handler")
    document = handler.get("/openapi.json")
    assert document["openapi"] == "3.1.0"
    assert len(document["paths"]) > 100
    page = handler.ask("GET", "/docs")
    assert page.mimetype == "text/html"
    assert "/external-task/fetchAndLock" in page.text
