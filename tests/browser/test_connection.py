"""What an officer typed survives a lost connection, a slow one, and a hand that is too quick."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route
from sqlalchemy import func, select

from engine.engine import Engine
from engine.instances import start_process
from engine.jobs import drain
from engine.store.models import Submission, UserTask
from engine.user_tasks import complete_user_task
from tests.browser.officers import PDF, Officer, officer
from tests.browser.site import Site, serving
from tests.factories import make_engine
from tests.web.night import NUMBER, the_evening_before

ANSWERS = {
    "can_arrive_in_time": "true",
    "eta": "2026-11-21T04:10",
    "phone": "13000000000",
    "team-0-name": "执行员甲",
}


REQUEST = {
    "case_no": "（2026）豫1321执12号",
    "doc_no": NUMBER,
    "efforts": "多次上门查找未果，电话不通",
}


@dataclass(frozen=True)
class Night:
    """A person is under control; the court's answer is awaited in `task`."""

    site: Site
    task: str

    @property
    def url(self) -> str:
        return f"{self.site.url}/tasks/{self.task}"

    def submissions(self) -> tuple[str, int]:
        """The state of the task and how often it was submitted."""
        with self.site.engine.database.read() as session:
            state = session.get_one(UserTask, self.task).state
            count = select(func.count()).where(Submission.task_id == self.task)
            return state, session.scalar(count) or 0


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    engine = make_engine(tmp_path)
    the_evening_before(engine)
    start_process(engine, "handler", "night", REQUEST)
    for person in ("handler", "president", "station"):
        complete_user_task(engine, person, open_task(engine), {})
        drain(engine)
    with serving(engine) as site:
        yield Night(site, open_task(engine))
    engine.database.close()


def open_task(engine: Engine) -> str:
    with engine.database.read() as session:
        tasks = select(UserTask.id).where(UserTask.state == "open").order_by(UserTask.created_at)
        return session.scalars(tasks).first() or ""


@pytest.fixture
def handler(browser: Browser, night: Night) -> Officer:
    """On the page of the task, everything filled in."""
    found = officer(browser, night.site, "handler")
    found.page.goto(night.url)
    found.fill(ANSWERS)
    return found


def press(page: Page) -> None:
    page.get_by_role("button", name="提交", exact=True).click()


def test_without_a_connection_the_page_stays_and_says_so(
    handler: Officer, night: Night
) -> None:
    page = handler.page
    page.context.set_offline(True)
    press(page)
    page.get_by_text("网络不通，没有提交。填写的内容还在本页").wait_for()
    assert page.input_value("[name=team-0-name]") == "执行员甲"
    assert night.submissions() == ("open", 0)
    page.context.set_offline(False)
    handler.submit()
    assert night.submissions() == ("completed", 1)


def test_a_draft_that_could_not_be_saved_is_told(handler: Officer) -> None:
    page = handler.page
    page.context.set_offline(True)
    page.locator("[name=note]").press_sequentially("已电话通知")
    page.get_by_text("网络不通，草稿没有保存，请不要关闭本页。").wait_for()
    page.context.set_offline(False)
    page.locator("[name=note]").press_sequentially("带队民警")
    page.locator(".offline").wait_for(state="detached")


def test_pressing_twice_submits_once(handler: Officer, night: Night) -> None:
    handler.page.get_by_role("button", name="提交", exact=True).dblclick()
    handler.page.get_by_text("已提交“法院响应”").wait_for()
    assert night.submissions() == ("completed", 1)


def test_a_page_left_open_says_that_the_task_is_done(
    browser: Browser, handler: Officer, night: Night
) -> None:
    stale = officer(browser, night.site, "handler")
    stale.page.goto(night.url)
    handler.submit()
    stale.fill({**ANSWERS, "team-0-name": "执行员乙"})
    press(stale.page)
    stale.page.get_by_text("该任务已不能提交").wait_for()
    assert stale.page.input_value("[name=team-0-name]") == "执行员乙"
    assert night.submissions() == ("completed", 1)


def test_what_is_typed_and_chosen_during_a_slow_exchange_stays(
    browser: Browser, night: Night
) -> None:
    page = officer(browser, night.site, "handler").page
    page.goto(night.url)
    held: list[Route] = []
    page.route(night.url, lambda route: held.append(route), times=1)
    page.check("[name=can_arrive_in_time][value=true]")
    page.fill("[name=note]", "请派员陪同")
    page.set_input_files(
        '[name="_file:photo"]', {"name": "现场.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    held.pop().continue_()
    page.get_by_role("button", name="移除：现场.pdf").wait_for()
    assert page.input_value("[name=note]") == "请派员陪同"
    assert page.is_visible("[name=eta]")


def test_going_back_after_submitting_does_nothing_twice(handler: Officer, night: Night) -> None:
    handler.submit()
    handler.page.go_back()
    handler.page.wait_for_load_state()
    if handler.page.get_by_role("button", name="提交", exact=True).count():
        press(handler.page)
        handler.page.wait_for_load_state()
    assert night.submissions() == ("completed", 1)
