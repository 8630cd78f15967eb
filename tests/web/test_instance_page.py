"""The page of an instance: states of what the viewer may see, limits, messages, incidents."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from engine.engine import Engine
from engine.store.models import AuditRow, DeadlineEntry, Document, Incident, ProcessInstance
from engine.timing.zone import local
from tests.factories import World
from tests.web.conftest import SignIn
from tests.web.night import Night


def states(page: str) -> dict:
    found = re.search(r'<script[^>]*data-states-for="diagram">(.*?)</script>', page, re.S)
    return json.loads(found[1])


def test_every_element_shows_its_state(sign_in: SignIn, night: Night) -> None:
    found = states(sign_in("handler").get(f"/instances/{night.court}").text)
    assert found["Task_Approve"] == {"states": ["done"]}
    assert found["Task_Respond"]["states"] == ["active", "incident"]
    assert found["Task_Respond"]["note"] == "承办人甲 · 剩余 1小时12分"


def test_the_other_agencys_elements_stay_blank(sign_in: SignIn, night: Night) -> None:
    ours = states(sign_in("handler").get(f"/instances/{night.court}").text)
    theirs = states(sign_in("legal").get(f"/instances/{night.police}").text)
    assert "Task_Control" not in ours
    assert "Task_Respond" not in theirs
    assert "Task_Control" in theirs


def test_a_limit_shows_its_clause_word_for_word_and_its_ledger(
    sign_in: SignIn, night: Night
) -> None:
    page = sign_in("handler").get(f"/instances/{night.court}").text
    assert "被控制人员交接" in page
    assert "起算 2026-11-21 01:52，届满 2026-11-21 03:52" in page
    assert "召法发(2021)12号" in page
    assert "2026-11-21 01:52 起算，2026-11-21 03:52 届满。" in page


def test_a_derivation_reads_as_one_line(
    engine: Engine, sign_in: SignIn, night: Night
) -> None:
    with engine.database.write() as session:
        world = World(engine, session)
        period = engine.statutes.current.due("T-PER-2H", "nanzhao_2021", world.now)
        limit = world.deadline(session.get_one(ProcessInstance, night.court), world.now,
                               period.due)
        limit.derivation = [step.as_data() for step in period.derivation]
    page = sign_in("handler").get(f"/instances/{night.court}").text
    assert "计2小时；11-21 04:40 届满" in page


def test_messages_show_their_stations_and_what_waits(sign_in: SignIn, night: Night) -> None:
    page = sign_in("handler").get(f"/instances/{night.court}").text
    assert "〔待接〕" in page
    assert "已签收" in page
    assert "南召县人民法院 → 南召县公安局" in page


def test_the_history_is_told_in_sentences(sign_in: SignIn, night: Night) -> None:
    page = sign_in("handler").get(f"/instances/{night.court}").text
    for words in ("承办人甲发起流程。", "院长乙完成“院长审批”。", "“法院响应”正由承办人甲办理。",
                  "向南召县公安局发出“协助查控申请”。", "流程停下，需要人工处理：网关“是否到达”"):
        assert words in page


def test_a_repeated_alarm_is_told_once_with_its_number_and_its_last_time(
    engine: Engine, sign_in: SignIn, night: Night
) -> None:
    with engine.database.write() as session:
        world = World(engine, session)
        court = session.get_one(ProcessInstance, night.court)
        due = world.now - timedelta(hours=1)
        limit = world.deadline(court, due - timedelta(hours=2), due)
        for quarter in range(3):
            at = due + quarter * timedelta(minutes=15)
            world.add(DeadlineEntry(deadline_id=limit.id, kind="escalation", happened_at=at,
                                    recorded_at=at, due_at=due, actor="system"))
    last = f"{local(due + timedelta(minutes=30)):%H:%M}"
    page = sign_in("handler").get(f"/instances/{night.court}").text
    assert f"“被控制人员交接”逾期，已升级提醒3次，最近一次 {last}。" in page
    assert page.count("逾期，已升级提醒") == 1


def test_an_incident_is_retried_by_a_supervisor_only(
    engine: Engine, sign_in: SignIn, night: Night
) -> None:
    path = f"/instances/{night.court}"
    assert "重试" not in sign_in("handler").get(path).text
    president = sign_in("president")
    assert "重试" in president.get(path).text
    retry = {"back": path, "reason": "变量已补录"}
    answer = president.post(f"/incidents/{night.incident}/retry", data=retry)
    assert answer.headers["Location"] == path
    assert "已重试" in president.get(path).text
    with engine.database.read() as session:
        assert session.get_one(Incident, night.incident).state == "resolved"


def test_a_supervisor_sees_the_tasks_but_not_their_forms(sign_in: SignIn, night: Night) -> None:
    page = sign_in("president").get(f"/instances/{night.court}").text
    assert "法院响应" in page
    assert f'/tasks/{night.respond}"' not in page


def test_a_document_opens_as_its_very_bytes(
    engine: Engine, sign_in: SignIn, night: Night
) -> None:
    with engine.database.write() as session:
        document = World(engine, session).add(Document(
            instance_id=night.court, agency_id="豫1321", business_key="豫1321-PER-2026-000001",
            template="TPL-02", title="协助查控通知书", number="（2026）豫1321执12号之一", version=1,
            state="issued", sealed=b"", pdf=b"%PDF-1.7 bytes", pdf_sm3="0" * 64,
            made_by="handler", made_at=engine.clock.now(),
        ))
    handler = sign_in("handler")
    assert "协助查控通知书" in handler.get(f"/instances/{night.court}").text
    answer = handler.get(f"/documents/{document.id}/pdf")
    assert answer.data == b"%PDF-1.7 bytes"
    assert answer.headers["Cache-Control"] == "no-store"
    # A header is Latin-1; gunicorn refuses an answer whose file name is not.
    assert answer.headers["Content-Disposition"].isascii()
    assert handler.get(f"/documents/{document.id}/docx").status_code == 404
    assert sign_in("station").get(f"/documents/{document.id}/pdf").status_code == 404


def test_a_document_is_told_at_each_station_at_its_own_time(
    engine: Engine, sign_in: SignIn, night: Night
) -> None:
    now = engine.clock.now()
    with engine.database.write() as session:
        world = World(engine, session)
        document = world.add(Document(
            instance_id=night.court, agency_id="豫1321", business_key="豫1321-PER-2026-000001",
            template="TPL-02", title="协助执行通知书", number="豫1321协通〔2026〕1号", version=1,
            state="issued", sealed=b"", pdf=b"", pdf_sm3="0" * 64, made_by="handler",
            made_at=now - timedelta(minutes=9),
        ))
        for minutes, action in ((9, "rendered"), (4, "issued")):
            world.add(AuditRow(
                chain=night.court, position=1000 - minutes, at=now - timedelta(minutes=minutes),
                actor="handler", action=f"document.{action}", object_kind="document",
                object_id=document.id, previous="", hash="",
            ))
    page = sign_in("handler").get(f"/instances/{night.court}").text
    issued = r"《协助执行通知书》（豫1321协通〔2026〕1号）已签发。"
    line = re.search(issued + r"\s*<div><time[^>]*>([^<]+)", page)
    assert line[1] == f"{local(now - timedelta(minutes=4)):%Y-%m-%d %H:%M}"
    assert "《协助执行通知书》（豫1321协通〔2026〕1号）已生成。" in page
