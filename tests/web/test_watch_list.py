"""布控名单: exact, masked, recorded, and never an address with a number in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import deployments
from engine.engine import Engine
from engine.store.models import AuditRow
from tests.engine.drawing import element, flows, process, properties, user
from tests.factories import OTHER_COURT, World
from tests.web.conftest import SignIn
from tests.web.night import NUMBER, Night


def test_a_match_is_shown_masked(sign_in: SignIn) -> None:
    page = sign_in("station").post("/watch-list", data={"number": NUMBER}).text
    assert "命中布控名单 1 条" in page
    assert "4113****0005" in page
    assert NUMBER not in page


@pytest.mark.parametrize("typed", [f" {NUMBER} ", "４１１３２１ 18000101 0005"])
def test_the_number_is_normalised_first(sign_in: SignIn, typed: str) -> None:
    assert "命中" in sign_in("station").post("/watch-list", data={"number": typed}).text


def test_no_match_says_so(sign_in: SignIn) -> None:
    page = sign_in("station").post("/watch-list", data={"number": "41132118000101001X"}).text
    assert "未命中" in page


def test_nothing_typed_is_refused(sign_in: SignIn) -> None:
    answer = sign_in("station").post("/watch-list", data={"number": "  "})
    assert answer.status_code == 422
    assert "请输入完整的证件号码" in answer.text


def test_every_search_is_recorded_without_the_number(engine: Engine, sign_in: SignIn) -> None:
    station = sign_in("station")
    for number in (NUMBER, "41132118000101001X"):
        station.post("/watch-list", data={"number": number})
    with engine.database.read() as session:
        rows = session.scalars(
            select(AuditRow).where(AuditRow.action == "watch_list.searched")
        ).all()
    assert sorted(row.detail["hits"] for row in rows) == [0, 1]
    assert not any(NUMBER in str(vars(row)) for row in rows)


@pytest.mark.parametrize(
    "entry",
    [{"removed_at": timedelta(hours=-1)}, {"valid_to": timedelta(hours=-1)},
     {"agency_id": OTHER_COURT}],
    ids=["removed", "expired", "of another agency"],
)
def test_an_entry_that_is_not_in_force_here_is_not_found(
    engine: Engine, night: Night, sign_in: SignIn, entry: dict
) -> None:
    number = "41132118000101001X"
    with engine.database.write() as session:
        world = World(engine, session)
        at = {k: world.now + v if isinstance(v, timedelta) else v for k, v in entry.items()}
        world.watched(number, **at)
    assert "未命中" in sign_in("station").post("/watch-list", data={"number": number}).text


def test_a_match_leads_to_the_report_of_the_find(
    engine: Engine, night: Night, sign_in: SignIn
) -> None:
    report = process(
        "night__find", element("startEvent", "s") + user("report") + flows("s -> report"),
        extra=properties(agency="police"), starters="police_station",
    )
    deployments.deploy(engine, "system", "find", {"find.bpmn": report})
    page = sign_in("station").post("/watch-list", data={"number": NUMBER}).text
    assert "/start/night__find?request=" in page
