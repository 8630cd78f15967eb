"""机构与人员: create, move, leave; three powers apart; tasks never hang on who has gone."""

from __future__ import annotations

from flask import Flask

from engine.engine import Engine
from engine.store.models import UserTask
from tests.factories import PASSWORD
from tests.web.conftest import SignIn
from tests.web.night import Night

NEW = {"login": "newcomer", "name": "新人壬", "password": "a long enough word", "phone": "",
       "certificate_no": ""}


def test_an_account_is_made_by_one_administrator_and_gets_its_post_from_the_other(
    app: Flask, sign_in: SignIn, engine: Engine
) -> None:
    made = sign_in("sysadmin").post("/admin/agencies/豫1321/people", data=NEW,
                                    follow_redirects=True)
    assert "已新增人员" in made.text
    security = sign_in("secadmin")
    person = made.text.split('href="/admin/people/')[1:]
    path = next(part.split('"')[0] for part in person if "新人壬" in part[:80])
    given = security.post(f"/admin/people/{path}/posts", follow_redirects=True,
                          data={"unit": "court-enforcement", "role": "court_handler"})
    assert "执行局 · 案件承办人" in given.text
    browser = app.test_client()
    browser.post("/sign-in", data={"login": "newcomer", "password": NEW["password"]})
    assert "核对查控请求有效期" in browser.get("/queue").text


def test_a_refusal_keeps_the_typing(sign_in: SignIn) -> None:
    short = NEW | {"password": "short"}
    answer = sign_in("sysadmin").post("/admin/agencies/豫1321/people", data=short)
    assert answer.status_code == 422
    assert "密码应有 12 至 256 个字符，现有 5 个" in answer.text
    assert 'value="新人壬"' in answer.text
    assert 'value="short"' not in answer.text


def test_who_leaves_gives_his_tasks_back_and_cannot_sign_in(
    app: Flask, sign_in: SignIn, engine: Engine, night: Night
) -> None:
    page = sign_in("sysadmin").post("/admin/people/handler/leave", follow_redirects=True).text
    assert "未办任务已退回候办池" in page
    assert "已离任" in page
    with engine.database.read() as session:
        assert session.get_one(UserTask, night.respond).assignee is None
    refused = app.test_client().post("/sign-in", data={"login": "handler", "password": PASSWORD})
    assert refused.status_code == 422


def test_who_moves_takes_the_new_post_and_leaves_the_tasks(
    sign_in: SignIn, engine: Engine, night: Night
) -> None:
    move = {"unit": "court-enforcement", "role": "court_bailiff"}
    page = sign_in("secadmin").post("/admin/people/handler/move", data=move,
                                    follow_redirects=True).text
    assert "执行局 · 法警" in page
    assert "执行局 · 案件承办人 <span" not in page
    with engine.database.read() as session:
        assert session.get_one(UserTask, night.respond).assignee is None


def test_an_administrators_role_stands_alone(sign_in: SignIn) -> None:
    both = {"unit": "court-enforcement", "role": "audit_admin"}
    answer = sign_in("secadmin").post("/admin/people/handler/posts", data=both)
    assert answer.status_code == 422
    assert "审计管理员 不能与 案件承办人 由一人兼任" in answer.text


def test_an_administrator_has_tasks_too_and_an_officer_no_administration(sign_in: SignIn) -> None:
    """Given procedures that ask the three powers, then their lists are beside the directory."""
    assert "候办池" in sign_in("sysadmin").get("/admin/directory").text
    assert "机构与人员" not in sign_in("handler").get("/inbox").text
