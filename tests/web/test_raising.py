"""From the page of an open request to what is raised about it, and the flag it then shows (C-5)."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select

from engine.deployments import deploy
from engine.engine import Engine
from engine.store.models import ProcessInstance
from tests.web.conftest import SignIn
from tests.web.night import Night

FOLDER = Path(__file__).parents[2] / "workflows" / "review_suggestion"
LAYOUTS = FOLDER.parent / "document_issue" / "letters"
OBJECTION = {
    "objection_kind": "文书形式",
    "reasons": "协助执行通知书载明的被执行人证件号码与所附拘留决定书载明的号码不一致，"
    "按通知书载明的号码查询不到相应的人员信息，请核对。",
    "suggestion": "核对后补正协助执行通知书",
    "ack_no_suspension": "y",
    "_key": "k1",
}


@pytest.fixture
def number(engine: Engine, night: Night) -> str:
    """Of a request that the police work on; review suggestions can be made."""
    files = {file.name: file.read_bytes() for file in FOLDER.iterdir() if file.is_file()}
    letters = [*(FOLDER / "letters").iterdir(), LAYOUTS / "letter.typ", LAYOUTS / "letter.docx"]
    files |= {f"letters/{file.name}": file.read_bytes() for file in letters}
    deploy(engine, "sysadmin", "review_suggestion", files)
    return request_of(engine, night.police)


def request_of(engine: Engine, instance_id: str) -> str:
    with engine.database.read() as session:
        return session.get_one(ProcessInstance, instance_id).business_key


def raise_it(sign_in: SignIn, number: str) -> str:
    answer = sign_in("station").post(
        "/start/review_suggestion", data=OBJECTION | {"_about": number}
    )
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def test_every_open_request_offers_the_button(
    sign_in: SignIn, night: Night, number: str
) -> None:
    page = sign_in("station").get(f"/instances/{night.police}").text
    link = f'href="/start/review_suggestion?about={quote(number)}"'
    assert link in page
    assert "提出审查建议" in page


def test_the_court_has_no_such_button(sign_in: SignIn, night: Night, number: str) -> None:
    page = sign_in("handler").get(f"/instances/{night.court}").text
    assert "提出审查建议" not in page


def test_the_form_knows_its_target(sign_in: SignIn, number: str) -> None:
    page = sign_in("station").get(f"/start/review_suggestion?about={number}").text
    assert f"针对 {number}" in page
    assert re.search(rf'name="_about" value="{number}"', page)


def test_the_request_shows_the_flag_and_goes_on(
    engine: Engine, sign_in: SignIn, night: Night, number: str
) -> None:
    raise_it(sign_in, number)
    with engine.database.read() as session:
        [raised] = session.scalars(
            select(ProcessInstance).where(ProcessInstance.process_key == "review_suggestion")
        )
    assert (raised.origin_request, "-REV-" in raised.business_key) == (number, True)
    page = sign_in("station").get(f"/instances/{night.police}").text
    assert '<span class="chip chip-soon">有审查建议</span>' in page
    assert raised.business_key in page
    assert "撤控确认" in page


def test_what_is_raised_leads_back_to_its_target(
    sign_in: SignIn, night: Night, number: str
) -> None:
    page = sign_in("station").get(raise_it(sign_in, number)).text
    assert "针对的协作事项" in page
    assert f'href="/instances/{night.police}"' in page


def test_whoever_does_not_see_the_request_raises_nothing_about_it(
    sign_in: SignIn, number: str
) -> None:
    answer = sign_in("stranger").get(f"/start/review_suggestion?about={number}")
    assert answer.status_code in (403, 404)


@pytest.mark.parametrize("address", ["/queue", "/instances"])
def test_lists_show_the_flag_beside_the_request(
    sign_in: SignIn, number: str, address: str
) -> None:
    reader = sign_in("legal" if address == "/instances" else "station")
    before = reader.get(address).text
    raise_it(sign_in, number)
    assert ("有审查建议" in before, "有审查建议" in reader.get(address).text) == (False, True)
