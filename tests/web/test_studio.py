"""The analysts' pages: drafts keep bytes and their owner, publishing makes versions."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.engine import Engine
from engine.instances import start_process
from engine.queries import studio
from engine.sign_in import actor_of_session, sign_in
from tests.factories import PASSWORD, World
from tests.web.night import DATA, NUMBER, the_evening_before

NIGHT = (DATA / "night.bpmn").read_bytes()
HOME = "/studio/procedures/night"
FILE = f"{HOME}/files/night.bpmn"
REQUEST = {
    "case_no": "（2026）豫1321执12号", "doc_no": NUMBER, "efforts": "多次上门查找未果",
}  # fmt: skip


@pytest.fixture
def browser(app: Flask, engine: Engine):
    """Signed-in browsers by login: two analysts, and whoever else works that night."""
    the_evening_before(engine)
    engine.clock.advance(timedelta(hours=1))
    with engine.database.write() as session:
        World(engine, session).person("second", "court-enforcement", "analyst")

    def signed_in(login: str) -> FlaskClient:
        client = app.test_client()
        client.post("/sign-in", data={"login": login, "password": PASSWORD})
        return client

    return signed_in


@pytest.fixture
def analyst(browser) -> FlaskClient:
    return browser("analyst")


def renamed(name: str) -> bytes:
    changed = NIGHT.replace("申请协助查控".encode(), name.encode())
    assert changed != NIGHT
    return changed


def save(client: FlaskClient, content: bytes, base: str | None = None) -> None:
    if base is None:
        base = client.get(f"{FILE}/content").headers["X-Base"]
    assert client.post(f"{FILE}?base={base}", data=content).status_code == 200


def publish(client: FlaskClient, note: str = "更名"):
    client.application.extensions["liandong"].clock.advance(timedelta(minutes=1))
    return client.post(f"{HOME}/publish", data={"note": note})


def versions(engine: Engine, login: str = "analyst"):
    key = sign_in(engine, login, PASSWORD, "127.0.0.1").session_key
    actor = actor_of_session(engine, key, "127.0.0.1")
    return studio.procedure_page(engine, actor, "night").versions


def test_the_list_shows_each_procedure_with_its_version_and_note(analyst: FlaskClient) -> None:
    page = analyst.get("/studio").text
    assert "夜间查控" in page
    assert "第 1 版" in page


def test_somebody_who_only_draws_begins_in_the_studio(analyst: FlaskClient) -> None:
    assert analyst.get("/").headers["Location"] == "/studio"


def test_a_draft_is_kept_byte_for_byte(analyst: FlaskClient) -> None:
    """Even bytes that no editor would write: a byte order mark, CRLF, another encoding."""
    odd = b"\xef\xbb\xbf" + NIGHT.replace(b"\n", b"\r\n")
    save(analyst, odd)
    assert analyst.get(f"{FILE}/content").data == odd


def test_a_draft_is_seen_by_its_owner_alone(browser) -> None:
    first, second = browser("analyst"), browser("second")
    save(first, renamed("草稿里的名字"))
    assert second.get(f"{FILE}/content").data == NIGHT
    assert "有草稿" not in second.get("/studio").text


def test_giving_up_a_draft_brings_back_what_is_published(analyst: FlaskClient) -> None:
    save(analyst, renamed("草稿里的名字"))
    analyst.post(f"{HOME}/discard")
    assert analyst.get(f"{FILE}/content").data == NIGHT


def test_publishing_makes_a_new_version_with_its_note_and_author(
    engine: Engine, analyst: FlaskClient
) -> None:
    save(analyst, renamed("申请协助查找"))
    assert publish(analyst, "名称与文书一致").status_code == 302
    newest, first = versions(engine)
    assert (newest.number, newest.note, newest.published_by) == (2, "名称与文书一致", "分析员壬")
    assert first.number == 1
    assert "有草稿" not in analyst.get("/studio").text


def test_running_instances_stay_on_their_version(engine: Engine, analyst: FlaskClient) -> None:
    start_process(engine, "handler", "night", REQUEST)
    save(analyst, renamed("申请协助查找"))
    publish(analyst)
    assert [one.running for one in versions(engine)] == [0, 1]


def test_publishing_without_a_note_asks_for_it(engine: Engine, analyst: FlaskClient) -> None:
    save(analyst, renamed("申请协助查找"))
    answer = publish(analyst, "  ")
    assert answer.status_code == 422
    assert "请写明这一版本改了什么" in answer.text
    assert len(versions(engine)) == 1


def test_what_the_check_forbids_is_not_published(engine: Engine, analyst: FlaskClient) -> None:
    broken = NIGHT.replace(b'targetRef="Task_Approve"', b'targetRef="nowhere"')
    save(analyst, broken)
    answer = publish(analyst)
    assert answer.status_code == 422
    assert "顺序流的一端" in answer.text
    assert len(versions(engine)) == 1
    assert analyst.get(f"{FILE}/content").data == broken


def test_a_file_that_somebody_else_published_meanwhile_is_not_overwritten(browser) -> None:
    first, second = browser("analyst"), browser("second")
    save(first, renamed("第一人的名字"))
    save(second, renamed("第二人的名字"))
    assert publish(second).status_code == 302
    answer = publish(first)
    assert answer.status_code == 409
    assert "night.bpmn" in answer.text
    assert first.get(f"{FILE}/content").data == renamed("第一人的名字")


def test_changes_of_different_files_do_not_stand_in_each_others_way(browser) -> None:
    first, second = browser("analyst"), browser("second")
    form = f"{HOME}/files/night_respond.form"
    content = first.get(f"{form}/content")
    changed = json.dumps(json.loads(content.data), ensure_ascii=False, indent=1).encode()
    first.post(f"{form}?base={content.headers['X-Base']}", data=changed)
    save(second, renamed("第二人的名字"))
    assert publish(second).status_code == 302
    assert publish(first).status_code == 302
    assert first.get(f"{FILE}/content").data == renamed("第二人的名字")


def test_the_check_names_the_element_and_the_line(analyst: FlaskClient) -> None:
    broken = NIGHT.replace(b'targetRef="Task_Approve"', b'targetRef="nowhere"')
    found = analyst.post(f"{FILE}/check", data=broken).json["complaints"]
    (broken_flow,) = [one for one in found if "nowhere" in one["words"]]
    assert broken_flow["severity"] == "error"
    assert broken_flow["file"] == "night.bpmn"
    assert broken_flow["line"] > 1
    assert broken_flow["element"]


def test_a_new_procedure_begins_with_an_empty_diagram_and_no_version(
    engine: Engine, analyst: FlaskClient
) -> None:
    answer = analyst.post("/studio/new", data={"key": "new_one", "name": "新<流程>"})
    assert answer.headers["Location"] == "/studio/procedures/new_one/files/new_one.bpmn"
    content = analyst.get("/studio/procedures/new_one/files/new_one.bpmn/content").data
    assert 'name="新&lt;流程&gt;"'.encode() in content
    assert "未发布" in analyst.get("/studio").text


@pytest.mark.parametrize("key", ["", "Night", "1st", "a", "a-b", "../up", "norms", "nacht ä"])
def test_a_key_that_is_none_is_refused_with_a_sentence(analyst: FlaskClient, key: str) -> None:
    answer = analyst.post("/studio/new", data={"key": key, "name": "新流程"})
    assert answer.status_code == 422
    assert "流程标识应以小写字母开头" in answer.text
    assert "新流程" in answer.text


def test_the_key_of_a_known_procedure_is_not_taken_twice(analyst: FlaskClient) -> None:
    answer = analyst.post("/studio/new", data={"key": "night", "name": "新流程"})
    assert answer.status_code == 409


def test_uploaded_files_come_back_byte_for_byte_in_the_archive(analyst: FlaskClient) -> None:
    upload(analyst, "night.bpmn", renamed("上传的名字"))
    archive = zipfile.ZipFile(io.BytesIO(analyst.get(f"{HOME}/download.zip").data))
    assert archive.read("night.bpmn") == renamed("上传的名字")
    assert set(archive.namelist()) == {"night.bpmn", "night_request.form", "night_respond.form"}


def test_a_published_version_can_be_downloaded_as_it_was(
    engine: Engine, analyst: FlaskClient
) -> None:
    save(analyst, renamed("申请协助查找"))
    publish(analyst)
    first = versions(engine)[-1].deployment_id
    archive = zipfile.ZipFile(io.BytesIO(analyst.get(f"{HOME}/versions/{first}.zip").data))
    assert archive.read("night.bpmn") == NIGHT


def test_an_upload_lets_its_files_prevail_over_a_newer_version(browser) -> None:
    first, second = browser("analyst"), browser("second")
    save(first, renamed("第一人的名字"))
    save(second, renamed("第二人的名字"))
    publish(second)
    upload(first, "night.bpmn", renamed("第一人的名字"))
    assert publish(first).status_code == 302


def test_a_file_taken_out_is_not_in_the_next_version(engine: Engine, analyst: FlaskClient) -> None:
    save(analyst, NIGHT.replace(b'camunda:formRef="night_respond"', b""))
    analyst.post(f"{HOME}/files/night_respond.form/remove")
    assert "下一版本不再收入" in analyst.get(HOME).text
    publish(analyst)
    newest = versions(engine)[0].deployment_id
    archive = zipfile.ZipFile(io.BytesIO(analyst.get(f"{HOME}/versions/{newest}.zip").data))
    assert "night_respond.form" not in archive.namelist()


def test_two_versions_of_a_form_are_compared_line_by_line(analyst: FlaskClient) -> None:
    form = f"{HOME}/files/night_respond.form"
    content = analyst.get(f"{form}/content")
    schema = json.loads(content.data)
    schema["components"][0]["label"] = "新的标签"
    analyst.post(f"{form}?base={content.headers['X-Base']}", data=json.dumps(schema).encode())
    page = analyst.get(f"{HOME}/compare?file=night_respond.form").text
    assert 'class="is-new"' in page
    assert "新的标签" in page
    assert page.count('class="is-gone"') == 1


def test_nobody_else_gets_in_and_the_attempt_on_the_verb_is_recorded(browser) -> None:
    handler = browser("handler")
    answer = handler.post(f"{FILE}?base=", data=b"x")
    assert answer.status_code == 403
    assert "流程绘制" not in handler.get("/inbox").text


def test_clauses_are_found_by_words_and_shown_with_their_text(analyst: FlaskClient) -> None:
    found = analyst.get("/studio/clauses?q=3个工作日 查询").json
    assert any(one["id"].startswith("NZ-2.1") for one in found)
    assert all("3个工作日" in one["quote"] + one["place"] for one in found)
    named = analyst.get("/studio/clauses?id=NZ-1,CIT-CPL-PERIOD,unknown").json
    assert [one["id"] for one in named] == ["NZ-1", "CIT-CPL-PERIOD", "unknown"]
    assert named[0]["quote"].startswith("按照")
    assert "民诉法" in named[1]["place"]
    assert named[2] == {"id": "unknown", "place": "", "quote": ""}


def test_the_bundles_of_the_studio_are_loaded_by_its_pages_only(browser) -> None:
    """Officers on old machines never download an editor."""
    handler = browser("handler")
    for address in ("/inbox", "/queue", "/start", "/start/night", "/archive", "/notices"):
        assert "/dist/studio" not in handler.get(address).text
    analyst = browser("analyst")
    assert "studio_diagram-" not in analyst.get("/studio").text
    assert "studio_diagram-" in analyst.get(FILE).text


def test_scripts_stay_our_own_where_the_editors_write_styles(analyst: FlaskClient) -> None:
    policy = analyst.get(FILE).headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "'unsafe-eval'" not in policy
    assert "'unsafe-inline'" not in analyst.get("/studio").headers["Content-Security-Policy"]
    assert policy.count("'unsafe-inline'") == 1


def upload(client: FlaskClient, name: str, content: bytes, procedure: str = "night"):
    data = {"procedure": procedure, "files": (io.BytesIO(content), name)}
    return client.post("/studio/upload", data=data, content_type="multipart/form-data")


def test_an_archive_that_cannot_be_trusted_is_refused_with_a_sentence(
    analyst: FlaskClient, tmp_path: Path
) -> None:
    target = tmp_path / "evil.zip"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("../night.bpmn", NIGHT)
    answer = upload(analyst, "evil.zip", target.read_bytes())
    assert answer.status_code == 422
    assert "指向文件夹之外" in answer.text
