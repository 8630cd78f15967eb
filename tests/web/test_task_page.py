"""From the start form to the next task on the real engine: one effect, nothing typed is lost."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from engine.engine import Engine
from engine.jobs import drain
from engine.store.models import AuditRow, Draft, ProcessInstance, UserTask
from tests.factories import PASSWORD
from tests.web.night import NUMBER, the_evening_before

REQUEST = {"case_no": "（2026）豫1321执12号", "doc_no": NUMBER,
           "efforts": "多次上门查找未果，电话不通", "_key": "k1"}
ANSWER = {"can_arrive_in_time": "false", "phone": "13000000000", "team-0-name": "民警甲",
          "team-0-row_id": "a" * 32}
Client = Callable[[str], FlaskClient]


@pytest.fixture
def client(app: Flask, engine: Engine) -> Client:
    """Signed-in browsers on the evening before anything has begun."""
    the_evening_before(engine)

    def browser(login: str) -> FlaskClient:
        made = app.test_client()
        made.post("/sign-in", data={"login": login, "password": PASSWORD})
        return made

    return browser


@pytest.fixture
def respond(client: Client, engine: Engine) -> str:
    """The path of 法院响应: requested, approved, under control, the two-hour clock running."""
    first = client("handler").post("/start/night", data=REQUEST).headers["Location"]
    client("handler").post(first, data={"_key": "k2"})
    president, station = client("president"), client("station")
    president.post(claimable(president)[0], data={"_key": "k3"})
    drain(engine)
    station.post(claimable(station)[0], data={"_key": "k4"})
    drain(engine)
    page = client("handler").get("/inbox").text
    return re.findall(r'href="(/tasks/\w+)"', page)[0]


def claimable(browser: FlaskClient) -> list[str]:
    return re.findall(r'action="(/tasks/\w+)/claim"', browser.get("/queue").text)


def count(engine: Engine, table: type) -> int:
    with engine.database.read() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_start_form_that_needs_correcting_keeps_the_typing(client: Client) -> None:
    answer = client("handler").post("/start/night", data=REQUEST | {"doc_no": "12"})
    assert answer.status_code == 422
    assert "证件号码应为18位，现为2位" in answer.text
    assert 'href="#f-doc_no"' in answer.text
    assert "多次上门查找未果，电话不通" in answer.text


def test_starting_leads_to_the_first_task_and_a_double_click_starts_once(
    client: Client, engine: Engine
) -> None:
    handler = client("handler")
    first = handler.post("/start/night", data=REQUEST)
    second = handler.post("/start/night", data=REQUEST)
    assert first.headers["Location"] == second.headers["Location"]
    assert count(engine, ProcessInstance) == 1
    assert "已发起“夜间查控”，协作编号 豫1321-" in handler.get(first.headers["Location"]).text


def test_the_task_shows_its_limit_its_diagram_and_its_history(
    client: Client, respond: str
) -> None:
    page = client("handler").get(respond).text
    assert "剩余 2小时" in page
    assert 'data-diagram-url="/definitions/' in page
    assert '"Task_Respond": {"count": 1' in page
    assert "收到南召县公安局的“人员控制通报”。" in page


def test_submitting_goes_on_to_the_next_task_of_the_request(
    client: Client, respond: str
) -> None:
    handler = client("handler")
    answer = handler.post(respond, data=ANSWER | {"_key": "a"})
    assert answer.headers["Location"].startswith("/tasks/")
    page = handler.get(answer.headers["Location"]).text
    assert "已提交“法院响应”。请继续办理下一项任务。" in page
    assert "人员交接" in page


def test_a_double_click_submits_once_and_lands_on_the_same_page(
    client: Client, engine: Engine, respond: str
) -> None:
    handler = client("handler")
    first = handler.post(respond, data=ANSWER | {"_key": "a"})
    tasks = count(engine, UserTask)
    second = handler.post(respond, data=ANSWER | {"_key": "a"})
    assert second.headers["Location"] == first.headers["Location"]
    assert count(engine, UserTask) == tasks


def test_a_stale_page_is_told_who_was_faster_and_keeps_the_typing(
    client: Client, respond: str
) -> None:
    handler = client("handler")
    handler.post(respond, data=ANSWER | {"_key": "a"})
    late = handler.post(respond, data=ANSWER | {"note": "夜间已联系带队民警", "_key": "b"})
    assert late.status_code == 409
    assert "“法院响应”已由承办人甲于 2026-11-21 02:40 办结，本次提交没有生效" in late.text
    assert "夜间已联系带队民警" in late.text
    assert ">提交</button>" not in late.text


def test_two_officers_on_one_task_the_second_is_told(client: Client, engine: Engine) -> None:
    with_post = client("handler")
    with_post.post("/start/night", data=REQUEST)
    first = re.findall(r'href="(/tasks/\w+)"', with_post.get("/inbox").text)[0]
    with_post.post(first, data={"_key": "k"})
    president = client("president")
    path = claimable(president)[0]
    president.post(f"{path}/claim")
    again = client("president").post(f"{path}/claim")
    assert again.headers["Location"] == path, "claiming one's own task again changes nothing"


def test_a_finished_task_leads_to_its_instance(client: Client, respond: str) -> None:
    handler = client("handler")
    handler.post(respond, data=ANSWER | {"_key": "a"})
    answer = handler.get(respond, follow_redirects=True)
    assert "“法院响应”已由承办人甲办结。" in answer.text


def test_a_condition_shows_a_field_without_javascript_and_with(
    client: Client, respond: str
) -> None:
    handler = client("handler")
    chosen = {"can_arrive_in_time": "true", "phone": "130"}
    whole = handler.post(respond, data=chosen | {"_refresh": "1"})
    part = handler.post(respond, data=chosen | {"_refresh": "1"}, headers={"HX-Request": "true"})
    assert 'name="eta"' in whole.text
    assert 'value="130"' in whole.text
    assert 'name="eta"' in part.text
    assert "<html" not in part.text


def test_what_was_typed_is_a_draft_and_comes_back(
    client: Client, engine: Engine, respond: str
) -> None:
    handler = client("handler")
    saved = handler.post(f"{respond}/draft", data=ANSWER | {"note": "先记一笔"})
    assert "草稿已保存 02:40:00" in saved.text
    page = client("handler").get(respond).text
    assert "先记一笔" in page
    assert "已恢复 2026-11-21 02:40 保存的草稿" in page
    with engine.database.read() as session:
        assert "先记一笔".encode() not in session.scalars(select(Draft.sealed)).one()
    handler.post(f"{respond}/draft/discard")
    assert "先记一笔" not in handler.get(respond).text


def test_a_submitted_task_leaves_no_draft(
    client: Client, engine: Engine, respond: str
) -> None:
    handler = client("handler")
    handler.post(f"{respond}/draft", data=ANSWER)
    handler.post(respond, data=ANSWER | {"_key": "a"})
    assert count(engine, Draft) == 0


def test_a_file_is_kept_at_once_and_opens_again(client: Client, respond: str) -> None:
    handler = client("handler")
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
    upload = {"_file:photo": (io.BytesIO(png), "现场.png"), "_refresh": "1"}
    page = handler.post(respond, data=upload, headers={"HX-Request": "true"}).text
    assert "现场.png" in page
    file = re.findall(r'href="(/files/\w+)"', page)[0]
    answer = handler.get(file)
    assert answer.data == png
    assert answer.headers["Content-Disposition"].isascii()
    assert client("station").get(file).status_code == 404


def test_opening_a_form_is_recorded(client: Client, engine: Engine, respond: str) -> None:
    client("handler").get(respond)
    with engine.database.read() as session:
        actions = session.scalars(select(AuditRow.action).where(AuditRow.actor == "handler")).all()
    assert "task.read" in actions


def test_a_suspended_procedure_says_so_and_keeps_the_typing(
    client: Client, engine: Engine, respond: str
) -> None:
    with engine.database.write() as session:
        task = session.get_one(UserTask, respond.rpartition("/")[2])
        session.get_one(ProcessInstance, task.instance_id).state = "suspended"
    answer = client("handler").post(respond, data=ANSWER | {"_key": "a"})
    assert answer.status_code == 409
    assert "流程已中止" in answer.text
    assert 'value="13000000000"' in answer.text


def test_giving_a_task_back_puts_it_into_the_queue(client: Client, respond: str) -> None:
    handler = client("handler")
    handler.post(f"{respond}/unclaim")
    assert claimable(handler) == [respond]


def test_typing_survives_an_idle_session(client: Client, engine: Engine, respond: str) -> None:
    handler = client("handler")
    engine.clock.advance(timedelta(minutes=20))
    sent = handler.post(respond, data=ANSWER | {"note": "离开座位前写的", "_key": "a"})
    assert sent.headers["Location"].startswith("/sign-in")
    handler.post("/sign-in", data={"login": "handler", "password": PASSWORD})
    assert "离开座位前写的" in handler.get(respond).text
