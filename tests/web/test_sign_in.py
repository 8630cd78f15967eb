"""Signing in, being signed out, choosing a language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete

from engine.engine import Engine
from engine.store.models import Setting
from tests.factories import PASSWORD
from tests.web.conftest import SignIn
from tests.web.night import Night

RIGHT = {"login": "handler", "password": PASSWORD}


def test_a_right_password_leads_to_the_inbox_and_hides_the_key(app: Flask, night: Night) -> None:
    answer = app.test_client().post("/sign-in", data=RIGHT)
    assert answer.headers["Location"] == "/"
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("liandong="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_wrong_password_keeps_the_login_and_does_not_say_what_was_wrong(
    app: Flask, night: Night
) -> None:
    client = app.test_client()
    known = client.post("/sign-in", data={"login": "handler", "password": "wrong password"})
    unknown = client.post("/sign-in", data={"login": "nobody", "password": "wrong password"})
    assert known.status_code == unknown.status_code == 422
    assert 'value="handler"' in known.text
    assert "账号或者密码不对" in known.text
    assert "账号或者密码不对" in unknown.text


def test_after_five_wrong_passwords_even_the_right_one_waits(app: Flask, night: Night) -> None:
    client = app.test_client()
    for _ in range(5):
        client.post("/sign-in", data={"login": "handler", "password": "wrong password"})
    answer = client.post("/sign-in", data=RIGHT)
    assert answer.status_code == 429
    assert "尝试次数过多" in answer.text


def test_who_leaves_the_browser_alone_is_signed_out_and_told_why(
    engine: Engine, sign_in: SignIn
) -> None:
    client = sign_in("handler")
    engine.clock.advance(timedelta(minutes=16))
    answer = client.get("/inbox", follow_redirects=True)
    assert "已 15 分钟未操作" in answer.text


def test_a_page_that_refreshes_itself_does_not_keep_the_session_alive(
    engine: Engine, sign_in: SignIn
) -> None:
    client = sign_in("handler")
    assert client.get("/inbox").status_code == 200
    polling = {"X-Background": "1", "HX-Request": "true"}
    for _ in range(4):
        engine.clock.advance(timedelta(minutes=4))
        answer = client.get("/inbox", headers=polling)
    assert answer.status_code == 401
    assert "/sign-in" in answer.headers["HX-Redirect"]


def test_after_signing_out_the_key_opens_nothing(sign_in: SignIn) -> None:
    client = sign_in("handler")
    client.post("/sign-out")
    assert client.get("/inbox").status_code == 302


def test_signing_in_leads_back_to_the_page_that_was_asked_for(app: Flask, night: Night) -> None:
    client = app.test_client()
    sent = client.get("/notices").headers["Location"]
    assert "next=/notices" in sent
    answer = client.post("/sign-in", data=RIGHT | {"next": "/notices"})
    assert answer.headers["Location"] == "/notices"


def test_nobody_is_led_to_another_site(app: Flask, night: Night) -> None:
    for address in ("https://example.org/", "//example.org", "/\\example.org"):
        answer = app.test_client().post("/sign-in", data=RIGHT | {"next": address})
        assert answer.headers["Location"] == "/"


def test_demonstration_accounts_are_listed_only_where_the_database_is_a_demonstration(
    app: Flask, engine: Engine, night: Night
) -> None:
    page = app.test_client().get("/sign-in").text
    assert "演示账号" in page
    assert PASSWORD in page
    with engine.database.write() as session:
        session.execute(delete(Setting).where(Setting.key == "demo"))
    page = app.test_client().get("/sign-in").text
    assert "演示账号" not in page
    assert "民警丙" not in page


def test_the_language_is_kept_over_signing_in(app: Flask, night: Night) -> None:
    client = app.test_client()
    client.post("/language", data={"language": "en", "back": "/sign-in"})
    assert "Sign in" in client.get("/sign-in").text
    client.post("/sign-in", data=RIGHT)
    page = client.get("/inbox").text
    assert '<html lang="en">' in page
    assert "Claimed by you or assigned to you" in page


def test_one_changes_ones_own_password(app: Flask, sign_in: SignIn) -> None:
    client = sign_in("handler")
    new = "another long enough one"
    differing = {"old": PASSWORD, "new": new, "again": new + "!"}
    assert "不一致" in client.post("/password", data=differing).text
    answer = client.post("/password", data={"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == 302
    assert client.get("/inbox").status_code == 302
    again = app.test_client().post("/sign-in", data={"login": "handler", "password": new})
    assert again.status_code == 302


@pytest.mark.parametrize(
    "address", ["//elsewhere", "/\\elsewhere", "/\t/elsewhere", "/\r/elsewhere", "/\n/elsewhere"]
)
def test_nobody_is_led_away_after_signing_in(address: str, app: Flask, night: Night) -> None:
    """Browsers drop tabs and line breaks: what is left of "/<tab>/x" is another site."""
    signed_in = app.test_client().post("/sign-in", data={**RIGHT, "next": address})
    spoken = app.test_client().post("/language", data={"language": "en", "back": address})
    assert signed_in.headers["Location"] == spoken.headers["Location"] == "/"


def test_a_password_that_was_given_opens_only_the_page_to_change_it(
    app: Flask, sign_in: SignIn
) -> None:
    """Given a reset by the system administrator, then every page leads to one's own password."""
    given = {"password": "a word from the desk"}
    assert sign_in("sysadmin").post("/admin/people/handler/password", data=given).status_code == 302
    client = app.test_client()
    client.post("/sign-in", data={"login": "handler", "password": given["password"]})
    for page in ("/inbox", "/instances", "/files/x", "/liaisons", "/"):
        assert client.get(page).headers.get("Location") == "/password"
    assert client.get("/password").status_code == 200
    own = "a word of my own"
    client.post("/password", data={"old": given["password"], "new": own, "again": own})
    client.post("/sign-in", data={"login": "handler", "password": own})
    assert client.get("/inbox").status_code == 200


def test_an_administrators_reset_waits_on_the_page_of_the_other_power(
    app: Flask, sign_in: SignIn
) -> None:
    given = {"password": "a word from the desk"}
    asked = sign_in("sysadmin").post("/admin/people/secadmin/password", data=given)
    assert asked.status_code == 302
    assert "secadmin" not in sign_in("sysadmin").get("/admin/password-resets").text
    page = sign_in("auditor").get("/admin/password-resets").text
    assert "secadmin" in page and "确认重设" in page
    target = page.split('action="')[1:]
    confirm = next(part.split('"')[0] for part in target if "/confirm" in part.split('"')[0])
    assert sign_in("auditor").post(confirm).status_code == 302
    again = app.test_client().post("/sign-in", data={"login": "secadmin", **given})
    assert again.status_code == 302
