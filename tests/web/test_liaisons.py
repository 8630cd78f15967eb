"""联络名录: whom to call, for those on duty; every reading is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.engine import Engine
from engine.liaisons import Filling, fill
from engine.store.models import AuditRow
from engine.verbs import unit_of_work
from tests.factories import COURT, POLICE
from tests.web.conftest import SignIn

PHONE, EARLIER = "13000000021", "13000000020"


@pytest.fixture(autouse=True)
def registered(engine: Engine, sign_in: SignIn) -> None:
    """Given the station's liaison officer, who followed another, and the court's second one."""
    with unit_of_work(engine, "system") as unit:
        for agency, place, home, name, phone, ago in (
            (POLICE, "司法拘留", "police-station-1", "示例前任", EARLIER, 30),
            (POLICE, "司法拘留", "police-station-1", "示例现任", PHONE, 3),
            (COURT, "第二联络员", "court-enforcement", "示例第二", "13000000022", 3),
        ):
            begins = unit.now - timedelta(days=ago)
            fill(unit, Filling(agency, place, home, name, phone, begins, None, "豫1321-LIA-1"))


def test_an_officer_on_duty_reads_both_agencies_with_history(sign_in: SignIn) -> None:
    page = sign_in("handler").get("/liaisons").text
    assert f'href="tel:{PHONE}"' in page
    assert "示例第二" in page
    assert "历史（1 项）" in page and "示例前任" in page


def test_a_reading_is_recorded_without_the_phone(engine: Engine, sign_in: SignIn) -> None:
    sign_in("station").get("/liaisons")
    with engine.database.read() as session:
        rows = session.scalars(
            select(AuditRow).where(
                AuditRow.action == "data.read", AuditRow.object_kind == "directory"
            )
        ).all()
    assert {(row.actor, row.object_id) for row in rows} == {("station", COURT), ("station", POLICE)}
    assert all(PHONE not in str(row.detail) for row in rows)


@pytest.mark.parametrize("administrator", ["sysadmin", "secadmin", "auditor", "analyst"])
def test_whoever_is_not_on_duty_sees_units_alone(sign_in: SignIn, administrator: str) -> None:
    page = sign_in(administrator).get("/liaisons").text
    assert "司法拘留" in page
    assert PHONE not in page and "示例现任" not in page


def test_the_page_speaks_english(sign_in: SignIn) -> None:
    client = sign_in("handler")
    client.post("/language", data={"language": "en"})
    page = client.get("/liaisons").text
    assert "Liaison directory" in page and "every reading is recorded" in page


@pytest.mark.parametrize("power", ["sysadmin", "secadmin", "auditor"])
def test_the_three_powers_find_their_tasks(sign_in: SignIn, power: str) -> None:
    """Given tasks of audit and activation, then their lists are in the navigation."""
    page = sign_in(power).get("/liaisons").text
    assert 'href="/inbox"' in page and 'href="/queue"' in page
