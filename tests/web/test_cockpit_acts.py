"""Stepping in: what will happen is said before, the reason is kept, a no is a sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from engine import directory
from engine.engine import Engine
from engine.jobs import drain
from engine.store.models import (
    AuditRow,
    Deadline,
    DeadlineEntry,
    Incident,
    Job,
    Notification,
    ProcessInstance,
    UserTask,
)
from engine.user_tasks import complete_user_task
from tests.factories import NIGHT, PASSWORD, World
from tests.web.control import Control, under_control

REASON = "承办人休假，现场急需"


@pytest.fixture
def control(engine: Engine) -> Control:
    return under_control(engine)


@pytest.fixture
def president(app: Flask, control: Control) -> FlaskClient:
    client = app.test_client()
    client.post("/sign-in", data={"login": "president", "password": PASSWORD})
    return client


def row(engine: Engine, table, key):
    with engine.database.read() as session:
        return session.get_one(table, key)


def audited(engine: Engine, action: str) -> AuditRow:
    with engine.database.read() as session:
        return session.scalars(select(AuditRow).where(AuditRow.action == action)).one()


def confirmed(client: FlaskClient, path: str, **typed: str):
    """Send the form of an act as its page was shown."""
    page = client.get(path).text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    return client.post(path, data={"seen": seen, "reason": REASON, **typed})


# suspend and resume -------------------------------------------------------------------


def test_suspending_says_that_limits_go_on_and_stops_the_tasks(
    engine: Engine, control: Control, president: FlaskClient
) -> None:
    path = f"/instances/{control.court}/suspend"
    page = president.get(path).text
    assert "“法院响应”" in page
    assert "法定期限“被控制人员交接”照常计算" in page
    answer = confirmed(president, path)
    assert answer.headers["Location"] == f"/instances/{control.court}"
    assert row(engine, ProcessInstance, control.court).state == "suspended"
    assert audited(engine, "instance.suspended").detail == {"reason": REASON}
    shown = president.get(f"/instances/{control.court}").text
    assert f"院长乙中止流程。理由：{REASON}" in shown
    assert f"/instances/{control.court}/resume" in shown


def test_resuming_lets_the_tasks_go_on(
    engine: Engine, control: Control, president: FlaskClient
) -> None:
    confirmed(president, f"/instances/{control.court}/suspend")
    confirmed(president, f"/instances/{control.court}/resume")
    assert row(engine, ProcessInstance, control.court).state == "active"
    assert "恢复流程。理由" in president.get(f"/instances/{control.court}").text


def test_what_is_not_suspended_cannot_be_resumed_and_the_page_says_so(
    control: Control, president: FlaskClient
) -> None:
    page = president.get(f"/instances/{control.court}/resume").text
    assert "流程没有中止，无需恢复" in page
    assert "<textarea" not in page
    answer = president.post(f"/instances/{control.court}/resume", data={"reason": REASON})
    assert answer.status_code == 409
    assert REASON in answer.text


# cancel -------------------------------------------------------------------------------


def test_cancelling_says_what_ends_and_ends_it(
    engine: Engine, control: Control, president: FlaskClient
) -> None:
    path = f"/instances/{control.court}/cancel"
    page = president.get(path).text
    for words in ("未办任务“法院响应”随即取消", "期限“被控制人员交接”不再计算",
                  "对方机关的流程不会自动停止", "撤销后不能恢复"):
        assert words in page
    assert confirmed(president, path, confirmed="1").status_code == 302
    assert row(engine, ProcessInstance, control.court).state == "cancelled"
    assert row(engine, Deadline, control.limit).state == "void"
    assert row(engine, UserTask, control.respond).state == "cancelled"
    assert audited(engine, "instance.cancelled").detail == {"reason": REASON}
    shown = president.get(f"/instances/{control.court}").text
    assert f"院长乙撤销流程。理由：{REASON}" in shown
    assert "/cancel" not in shown


def test_without_the_tick_nothing_is_cancelled_and_the_reason_stays(
    engine: Engine, control: Control, president: FlaskClient
) -> None:
    answer = confirmed(president, f"/instances/{control.court}/cancel")
    assert answer.status_code == 422
    assert "请先勾选" in answer.text
    assert f">{REASON}</textarea>" in answer.text
    assert row(engine, ProcessInstance, control.court).state == "active"


def test_what_moved_on_meanwhile_is_looked_at_again_before_it_is_cancelled(
    engine: Engine, control: Control, president: FlaskClient
) -> None:
    path = f"/instances/{control.court}/cancel"
    seen = president.get(path).text.split('name="seen" value="')[1].split('"')[0]
    complete_user_task(engine, "handler", control.respond, {
        "can_arrive_in_time": "true", "eta": "2026-11-21T04:10", "phone": "13000000000",
        "team": [{"name": "执行员甲"}],
    })
    typed = {"seen": seen, "confirmed": "1", "reason": REASON}
    answer = president.post(path, data=typed)
    assert answer.status_code == 409
    assert "您填写期间流程已有进展" in answer.text
    assert "“人员交接”" in answer.text
    assert f">{REASON}</textarea>" in answer.text
    assert confirmed(president, path, confirmed="1").status_code == 302


# tasks --------------------------------------------------------------------------------


def test_a_task_goes_to_one_of_those_it_is_addressed_to(
    engine: Engine, control: Control, president: FlaskClient
) -> None:
    path = f"/tasks/{control.respond}/assign"
    page = president.get(path).text
    assert "承办人壬" in page
    assert "现承办人" in page
    assert "民警丙" not in page
    assert confirmed(president, path, person="colleague").status_code == 302
    task = row(engine, UserTask, control.respond)
    assert (task.assignee, task.state) == ("colleague", "open")
    assert audited(engine, "task.assigned").detail == {"to": "colleague", "reason": REASON}
    shown = president.get(f"/instances/{control.court}").text
    assert f"院长乙把“法院响应”改派给承办人壬。理由：{REASON}" in shown


def test_both_holders_are_told(engine: Engine, control: Control, president: FlaskClient) -> None:
    confirmed(president, f"/tasks/{control.respond}/assign", person="colleague")
    with engine.database.read() as session:
        told = session.execute(select(Notification.person_id, Notification.kind).where(
            Notification.person_id.in_(("handler", "colleague")),
            Notification.kind.in_(("taken_away", "task")), Notification.at == engine.clock.now(),
        )).all()
    assert ("handler", "taken_away") in told
    assert ("colleague", "task") in told


@pytest.mark.parametrize(("person", "words"), [
    (None, "请选择改派给谁"), ("station", "不能把“法院响应”改派给该人员"),
    ("nobody", "该账号不存在"),
])
def test_whom_it_is_not_addressed_to_cannot_have_it(
    engine: Engine, control: Control, president: FlaskClient, person: str | None, words: str
) -> None:
    typed = {"person": person} if person else {}
    answer = confirmed(president, f"/tasks/{control.respond}/assign", **typed)
    assert words in answer.text
    assert f">{REASON}</textarea>" in answer.text
    assert row(engine, UserTask, control.respond).assignee == "handler"


def test_where_nobody_else_may_have_it_the_page_says_so(
    engine: Engine, control: Control, president: FlaskClient
) -> None:
    directory.leave(engine, "sysadmin", "colleague")
    page = president.get(f"/tasks/{control.respond}/assign").text
    assert "没有同单位、同岗位的其他在岗人员" in page
    assert "<textarea" not in page


def test_a_task_given_back_waits_for_anybody_of_the_role(
    engine: Engine, control: Control, president: FlaskClient
) -> None:
    confirmed(president, f"/tasks/{control.respond}/return")
    assert row(engine, UserTask, control.respond).assignee is None
    page = president.get(f"/tasks/{control.respond}/return").text
    assert "尚未领取" in page
    assert f"院长乙把“法院响应”退回候办池。理由：{REASON}" in president.get(
        f"/instances/{control.court}").text


# limits -------------------------------------------------------------------------------


def test_a_limit_is_extended_until_the_instant_of_the_decision(
    engine: Engine, control: Control, president: FlaskClient
) -> None:
    path = f"/deadlines/{control.limit}/extend"
    page = president.get(path).text
    assert "被控制人员交接" in page
    assert "期限台账" in page
    answer = confirmed(president, path, to="due", due="2026-11-21T06:00",
                       clause="公安机关办理刑事案件程序规定第178条")
    assert answer.status_code == 302
    found = row(engine, Deadline, control.limit)
    assert found.due_at == NIGHT + timedelta(hours=3, minutes=20)
    assert row(engine, UserTask, control.respond).due_at == found.due_at
    with engine.database.read() as session:
        entry = session.scalars(
            select(DeadlineEntry).where(DeadlineEntry.kind == "extension")
        ).one()
    assert (entry.ground, entry.clause) == (REASON, "公安机关办理刑事案件程序规定第178条")
    assert audited(engine, "deadline.extended")
    shown = president.get(f"/instances/{control.court}").text
    assert f"延长至 2026-11-21 06:00。理由：{REASON}　依据：公安机关办理刑事案件" in shown


@pytest.mark.parametrize(("period", "typed", "length"), [
    ("T-INQ-8H", {"to": "period"}, timedelta(hours=24)),
    ("T-DIS-2Y", {"to": "amount", "amount": "3"}, timedelta(days=3 * 365 + 1)),
])
def test_a_limit_is_extended_as_far_as_its_period_allows(
    engine: Engine, control: Control, president: FlaskClient, period: str,
    typed: dict[str, str], length: timedelta,
) -> None:
    """Only what the law offers for the period is offered on the page."""
    path = f"/deadlines/{control.limit}/extend"
    assert 'value="period"' not in president.get(path).text
    assert 'value="amount"' not in president.get(path).text
    with engine.database.write() as session:
        session.get_one(Deadline, control.limit).period_id = period
    assert f'value="{typed["to"]}"' in president.get(path).text
    assert confirmed(president, path, clause="决定书", **typed).status_code == 302
    found = row(engine, Deadline, control.limit)
    assert timedelta() <= found.due_at - found.started_at - length < timedelta(days=1)


@pytest.mark.parametrize(("typed", "words"), [
    ({"clause": "条"}, "请选择延长到何时"),
    ({"to": "due", "due": "2026-11-21T06:00"}, "请写明延长的法律依据"),
    ({"to": "due", "due": "明早", "clause": "条"}, "请填写新的届满时刻"),
    ({"to": "due", "due": "2026-11-21T00:00", "clause": "条"}, "2026-11-21"),
])
def test_an_extension_that_is_none_is_refused_and_the_typing_stays(
    engine: Engine, control: Control, president: FlaskClient, typed: dict[str, str], words: str
) -> None:
    before = row(engine, Deadline, control.limit).due_at
    answer = confirmed(president, f"/deadlines/{control.limit}/extend", **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert f">{REASON}</textarea>" in answer.text
    assert row(engine, Deadline, control.limit).due_at == before


# incidents ----------------------------------------------------------------------------


@pytest.fixture
def stopped(engine: Engine, control: Control) -> str:
    """The two-hour timer failed for good."""
    with engine.database.write() as session:
        world = World(engine, session)
        instance = session.get_one(ProcessInstance, control.court)
        timer = session.scalars(
            select(Job).where(Job.instance_id == control.court, Job.kind == "timer")
        ).one()
        timer.state, timer.retries = "failed", 0
        found = world.incident(instance, "bpmn.no_flow_open", element="Gateway_1", name="是否到达")
        found.job_id = timer.id
        return found.id


def test_retrying_wakes_the_failed_job_and_keeps_the_reason(
    engine: Engine, control: Control, president: FlaskClient, stopped: str
) -> None:
    assert "失败的作业立即重新执行" in president.get(f"/incidents/{stopped}/retry").text
    assert confirmed(president, f"/incidents/{stopped}/retry").status_code == 302
    found = row(engine, Incident, stopped)
    assert (found.state, found.resolved_by, found.resolution) == ("resolved", "president", REASON)
    job = row(engine, Job, found.job_id)
    assert (job.state, job.retries, job.due_at) == ("waiting", 3, engine.clock.now())
    assert audited(engine, "incident.retried").detail == {"reason": REASON}
    drain(engine)
    assert row(engine, Job, found.job_id).state == "done"
    assert f"院长乙已处理异常：{REASON}" in president.get(f"/instances/{control.court}").text


def test_what_was_put_right_by_hand_is_closed_and_nothing_runs(
    engine: Engine, control: Control, president: FlaskClient, stopped: str
) -> None:
    assert confirmed(president, f"/incidents/{stopped}/resolve").status_code == 302
    found = row(engine, Incident, stopped)
    assert found.state == "resolved"
    assert row(engine, Job, found.job_id).state == "failed"
    assert row(engine, ProcessInstance, control.court).incident_count == 0
    again = president.post(f"/incidents/{stopped}/retry", data={"reason": REASON})
    assert again.status_code == 409
    assert "已由他人处理" in again.text


# reasons ------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", " ", "急", "长" * 501])
@pytest.mark.parametrize("act", ["suspend", "cancel"])
def test_without_a_reason_nothing_happens(
    engine: Engine, control: Control, president: FlaskClient, act: str, reason: str
) -> None:
    answer = confirmed(president, f"/instances/{control.court}/{act}", reason=reason,
                       confirmed="1")
    assert answer.status_code == 422
    assert "理由" in answer.text
    assert row(engine, ProcessInstance, control.court).state == "active"


def test_another_agencys_supervisor_finds_nothing(app: Flask, control: Control) -> None:
    legal = app.test_client()
    legal.post("/sign-in", data={"login": "legal", "password": PASSWORD})
    for path in (f"/instances/{control.court}/cancel", f"/tasks/{control.respond}/assign",
                 f"/deadlines/{control.limit}/extend"):
        assert legal.get(path).status_code == 404
        assert legal.post(path, data={"reason": REASON}).status_code == 404
