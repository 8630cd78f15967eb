"""The clock of a demonstration: said on every page, moved on by an administrator only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from engine import rehearsal
from engine.engine import Engine
from tests.factories import NIGHT
from tests.web.conftest import SignIn


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """A demonstration: its clock has been wound up to be moved on."""
    engine.clock = rehearsal.demonstration_clock(engine.database, engine.clock)
    return engine


def test_every_page_says_that_it_is_a_demonstration(sign_in: SignIn, app: Flask) -> None:
    words = "演示环境，人员、案件均为虚构。系统时间 2026-11-21 02:40。"
    assert words in sign_in("handler").get("/inbox").text
    assert words in app.test_client().get("/sign-in").text


def test_an_administrator_lets_two_hours_pass(sign_in: SignIn, engine: Engine) -> None:
    answer = sign_in("sysadmin").post("/admin/clock", data={"step": "120"}, follow_redirects=True)
    assert "系统时钟已拨至 2026-11-21 04:40。" in answer.text
    assert engine.clock.now() == NIGHT + timedelta(hours=2)


def test_the_clock_moves_to_an_instant_of_china(sign_in: SignIn, engine: Engine) -> None:
    sign_in("sysadmin").post("/admin/clock", data={"to": "2026-11-21T03:00"})
    assert engine.clock.now() == NIGHT + timedelta(minutes=20)


@pytest.mark.parametrize("typed", [{"to": ""}, {"to": "2026-11-20T00:00"}])
def test_an_instant_that_is_none_or_past_is_refused(
    sign_in: SignIn, engine: Engine, typed: dict[str, str]
) -> None:
    assert sign_in("sysadmin").post("/admin/clock", data=typed).status_code == 422
    assert engine.clock.now() == NIGHT


def test_an_officer_may_not_move_it(sign_in: SignIn, engine: Engine) -> None:
    assert sign_in("handler").post("/admin/clock", data={"step": "60"}).status_code == 403
    assert engine.clock.now() == NIGHT


@pytest.mark.parametrize(("step", "words"), [
    ("night", "2026-11-21 08:00"), ("working_days", "2026-11-25 02:40"),
])
def test_a_night_and_three_working_days_are_counted_by_the_calendar(
    sign_in: SignIn, step: str, words: str
) -> None:
    """From the night to Saturday: Monday, Tuesday and Wednesday are the working days."""
    client = sign_in("sysadmin")
    assert f'value="{step}"' in client.get("/admin/clock").text
    answer = client.post("/admin/clock", data={"step": step}, follow_redirects=True)
    assert f"系统时钟已拨至 {words}。" in answer.text
