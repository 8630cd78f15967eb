"""考核指标: a supervisor looks at the numbers of a month, on the screen or on paper."""

from __future__ import annotations

import re

import pytest

from engine.engine import Engine
from engine.store.models import ProcessDefinition
from tests.factories import World
from tests.web.conftest import SignIn
from tests.web.night import Night


@pytest.fixture
def late(engine: Engine, night: Night) -> str:
    """A hand-over whose two hours were passed in the present month; its request number."""
    with engine.database.write() as session:
        world = World(engine, session)
        definition = session.get_one(ProcessDefinition, night.definition)
        made = world.instance(definition, business_key="豫1321-PER-2026-000077")
        world.deadline(made, world.now, world.now)
    return "豫1321-PER-2026-000077"


def test_the_present_month_is_shown_with_what_was_passed(sign_in: SignIn, late: str) -> None:
    page = sign_in("president").get("/figures").text
    assert re.search(r"<h1[^>]*>\s*考核指标", page)
    assert late in page
    assert "法定期限" in page


def test_what_began_and_what_still_runs_stand_together(sign_in: SignIn, late: str) -> None:
    page = sign_in("president").get("/figures").text
    requests = page.partition(">协作事项</h2>")[2].partition("</table>")[0]
    assert "发起" in requests
    assert "期末在办" in requests


def test_another_month_has_its_own_numbers(sign_in: SignIn, late: str) -> None:
    page = sign_in("president").get("/figures?month=2025-01").text
    assert "2025-01" in page
    assert late not in page


@pytest.mark.parametrize("asked", ["2999-01", "last", "2026-13", "2026-01-01"])
def test_a_month_that_is_none_or_to_come_is_the_present_one(sign_in: SignIn, asked: str) -> None:
    client = sign_in("president")
    assert client.get(f"/figures?month={asked}").text == client.get("/figures").text


def test_nobody_is_named(sign_in: SignIn, late: str) -> None:
    main = sign_in("president").get("/figures").text.partition("<main")[2]
    assert not re.search(r"1300000\d{4}|\d{17}[\dX]", main)
