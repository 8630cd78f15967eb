"""待办, 候办池, 已办, 我发起的, 通知: what stands in them and in which order."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from engine.actors import Actor, load_actor
from engine.engine import Engine
from engine.queries import lists
from engine.store.models import ProcessInstance
from tests.factories import World
from tests.web.conftest import SignIn
from tests.web.night import Night


def test_the_inbox_says_what_is_left_in_words(sign_in: SignIn) -> None:
    page = sign_in("handler").get("/inbox").text
    assert "法院响应" in page
    assert "（2026）豫1321执12号" in page
    assert "剩余 1小时12分" in page
    assert "届满 2026-11-21 03:52" in page
    assert "紧急" in page


def test_urgent_tasks_come_first_then_what_is_due_first_then_what_has_no_limit(
    engine: Engine, night: Night
) -> None:
    with engine.database.write() as session:
        world = World(engine, session)
        instance = world.session.get_one(ProcessInstance, night.court)
        for name, hours, priority in (("later", 9, 50), ("sooner", 2, 50), ("none", None, 50),
                                      ("urgent but later", 30, 90)):
            due = world.now + timedelta(hours=hours) if hours else None
            world.task(instance, name, assignee="handler", due_at=due, priority=priority)
    found = lists.inbox(engine, _actor(engine, "handler"))
    names = [row.name for row in found.rows]
    assert names == ["法院响应", "urgent but later", "sooner", "later", "none"]


def test_the_queue_holds_what_the_posts_may_claim_and_nothing_else(
    engine: Engine, night: Night
) -> None:
    queues = {login: [row.name for row in lists.queue(engine, _actor(engine, login)).rows]
              for login in ("handler", "station", "stranger", "president", "sysadmin")}
    assert queues == {"handler": ["核对查控请求有效期"], "station": ["撤控确认"], "stranger": [],
                      "president": [], "sysadmin": []}


def test_the_tiles_count_and_filter_by_due_day(sign_in: SignIn) -> None:
    client = sign_in("handler")
    assert "法院响应" in client.get("/inbox?due=today").text
    empty = client.get("/inbox?due=overdue").text
    assert "没有符合条件的任务" in empty
    assert "查看全部" in empty


def test_an_overdue_task_is_counted_and_said(sign_in: SignIn) -> None:
    assert "逾期 1天2小时" in sign_in("station").get("/queue").text


def test_htmx_gets_the_table_alone(sign_in: SignIn) -> None:
    fragment = sign_in("handler").get("/inbox", headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert "法院响应" in fragment


def test_an_empty_list_says_what_to_do(sign_in: SignIn) -> None:
    assert "暂无待办。可到候办池领取任务。" in sign_in("president").get("/inbox").text


def test_the_archive_holds_what_one_completed(sign_in: SignIn) -> None:
    assert "院长审批" in sign_in("president").get("/archive").text
    assert "院长审批" not in sign_in("handler").get("/archive").text


def test_started_by_me_shows_the_state(sign_in: SignIn) -> None:
    page = sign_in("handler").get("/started").text
    assert "协助查找、控制被执行人" in page
    assert "办理中" in page


def test_a_long_list_is_paged(engine: Engine, night: Night, sign_in: SignIn) -> None:
    with engine.database.write() as session:
        world = World(engine, session)
        instance = session.get_one(ProcessInstance, night.court)
        for number in range(lists.PAGE + 1):
            world.task(instance, f"task {number:03}", assignee="handler")
    client = sign_in("handler")
    first, second = client.get("/inbox").text, client.get("/inbox?page=2").text
    assert "下一页" in first
    assert "上一页" in second
    assert len(re.findall(r"task \d{3}</a>", first + second)) == lists.PAGE + 1


def test_a_page_number_beyond_all_counting_shows_an_empty_list(sign_in: SignIn) -> None:
    answer = sign_in("handler").get("/inbox?page=99999999999999999999999")
    assert answer.status_code == 200
    assert "法院响应" not in answer.text


def test_notices_are_said_in_sentences_and_marked_as_read(sign_in: SignIn, night: Night) -> None:
    client = sign_in("handler")
    page = client.get("/notices").text
    assert "“被控制人员交接”期限将于 2026-11-21 03:52 届满" in page
    assert page.count(">标为已读") == 2
    client.post(f"/notices/{night.notice}/read")
    assert client.get("/notices").text.count(">标为已读") == 1
    client.post("/notices/read")
    assert ">标为已读" not in client.get("/notices").text


@pytest.mark.parametrize("tasks", [1, 60])
def test_a_list_costs_the_same_statements_however_long_it_is(
    engine: Engine, night: Night, sign_in: SignIn, tasks: int
) -> None:
    with engine.database.write() as session:
        world = World(engine, session)
        instance = session.get_one(ProcessInstance, night.court)
        for number in range(tasks):
            world.task(instance, f"task {number}", assignee="handler")
    client, seen = sign_in("handler"), []
    event.listen(engine.database.reader, "before_cursor_execute", lambda *a: seen.append(a[2]))
    client.get("/inbox")
    # One of them asks whether a password that was reset has to be changed first.
    assert len([one for one in seen if one.startswith("SELECT")]) <= 9


def _actor(engine: Engine, login: str) -> Actor:
    with engine.database.read() as session:
        return load_actor(session, login, engine.clock.now())


@pytest.mark.parametrize(
    ("kind", "params", "words"),
    [
        ("task", {"task": "法院响应", "task_id": "1"}, "新任务“法院响应”，请及时办理。"),
        ("task", {"task": "1", "name": "法院响应", "reason": "released"}, "新任务“法院响应”"),
        ("notice", {"text": "人员已移交", "element": "Notify"}, "人员已移交"),
        ("incident", {"code": "bpmn.endless"}, "流程停下，需要人工处理。"),
    ],
)
def test_whatever_the_engine_notifies_is_a_sentence(
    engine: Engine, night: Night, sign_in: SignIn, kind: str, params: dict, words: str
) -> None:
    with engine.database.write() as session:
        World(engine, session).notice(kind, person_id="handler", params=params)
    assert words in sign_in("handler").get("/notices").text
