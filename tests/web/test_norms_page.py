"""法规与落实: the text beside what carries it, for every signed-in person, without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from engine.engine import Engine
from tests.factories import PASSWORD
from tests.web.conftest import SignIn
from tests.web.night import Night
from tests.web.traced import ROW, night_folder
from web import WebSettings, create_app


@pytest.fixture
def officer(engine: Engine, night: Night, tmp_path: Path) -> FlaskClient:
    folder = tmp_path / "procedures"
    folder.mkdir()
    settings = WebSettings(
        secret_key=b"s" * 32, secure_cookies=False, workflows=night_folder(folder)
    )
    app = create_app(engine, settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    client = app.test_client()
    client.post("/sign-in", data={"login": "handler", "password": PASSWORD})
    return client


def test_the_text_stands_beside_its_rows(officer: FlaskClient) -> None:
    page = officer.get("/norms").text
    assert 'id="clause-NZ-2.3-court-3"' in page and "应当无条件予以接收" in page
    assert f'id="{ROW}"' in page and "人员交接" in page and "两小时内移交" in page
    assert "已落实 1，未落实 348" in page


def test_a_document_a_procedure_a_state_are_chosen(officer: FlaskClient) -> None:
    other = officer.get("/norms?document=ZK").text
    assert "周口市中级人民法院" in other and ROW not in other
    carried = officer.get("/norms?state=carried").text
    assert ROW in carried and 'id="clause-NZ-0-1"' not in carried
    some = officer.get("/norms?procedure=custody_inquiry").text
    assert 'id="NZ-2.3-court-6a"' in some and f'id="{ROW}"' not in some
    assert "没有符合条件的条目" in officer.get("/norms?document=ZK&state=carried").text


def test_a_row_shows_all_that_speaks_for_it(officer: FlaskClient) -> None:
    page = officer.get(f"/norms/rows/{ROW}").text
    assert "并在2小时内办理交接手续" in page
    assert "night/scenarios/one.yaml" in page and "人员交接" in page
    lacking = officer.get("/norms/rows/NZ-0-1").text
    assert "缺承载者" in lacking and "缺证明" in lacking


@pytest.mark.parametrize("address", ["/norms?document=XX", "/norms/rows/NZ-99"])
def test_what_there_is_not_is_not_found(officer: FlaskClient, address: str) -> None:
    assert officer.get(address).status_code == 404


def test_it_is_english_where_asked(officer: FlaskClient) -> None:
    officer.post("/language", data={"language": "en", "back": "/norms"})
    page = officer.get("/norms").text
    assert "Rules and what carries them" in page and "Nanzhao Rules" in page
    assert "Complete the hand-over within 2 hours" in page


def test_a_changed_file_is_read_again(officer: FlaskClient, tmp_path: Path) -> None:
    officer.get("/norms")
    path = tmp_path / "procedures" / "night" / "scenarios" / "one.yaml"
    path.write_text(path.read_text("utf-8").replace("两小时内移交", "移交及时"), "utf-8")
    assert "移交及时" in officer.get("/norms").text


def test_from_a_limit_an_officer_reaches_the_clause(sign_in: SignIn, night: Night) -> None:
    page = sign_in("handler").get(f"/instances/{night.court}").text
    assert "/norms?document=NZ#clause-NZ-2.3-court-3" in page
