"""A supervisor steps in and a demonstration's clock is moved on, in the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from engine import rehearsal
from engine.store.models import Job, ProcessInstance
from tests.browser.site import DESK, PHONE, Site, serving
from tests.browser.test_pages import opened, violations
from tests.factories import World, make_engine
from tests.web.control import Control, under_control

REASON = "承办人休假，现场急需"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[Site, Control]]:
    """A person under control at night; a timer that failed; a clock that can be moved on."""
    engine = make_engine(tmp_path)
    control = under_control(engine)
    with engine.database.write() as session:
        _fail_a_job(World(engine, session), session.get_one(ProcessInstance, control.court))
    engine.clock = rehearsal.demonstration_clock(engine.database, engine.clock)
    with serving(engine) as site:
        yield site, control
    engine.database.close()


def _fail_a_job(world: World, instance: ProcessInstance) -> None:
    job = world.add(Job(kind="async", instance_id=instance.id, task_id="gone", state="failed",
                        element_id="Task_Respond", due_at=world.now, retries=0,
                        created_at=world.now))
    world.incident(instance, "bpmn.condition_not_boolean", element="Gateway_1", name="是否到达",
                   flow="F6").job_id = job.id


@pytest.fixture
def site(house: tuple[Site, Control]) -> Site:
    return house[0]


@pytest.fixture
def control(house: tuple[Site, Control]) -> Control:
    return house[1]


def act(page: Page, link: str, **typed: str) -> None:
    """From the instance page to the page of an act, fill it in, send it."""
    page.click(f"main >> .acts >> text={link} >> nth=0")
    page.wait_for_selector("#reason")
    for name, words in typed.items():
        page.fill(f"#{name}", words)
    page.fill("#reason", REASON)


def sent(page: Page) -> str:
    """Press the button; what the instance page says afterwards."""
    page.click(".act-card button")
    page.wait_for_url(re.compile("/instances/[0-9a-f]+$"))
    return page.inner_text("[role=status]")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_a_supervisor_retries_reassigns_extends_suspends_resumes_and_cancels(
    browser: Browser, site: Site, control: Control, javascript: bool
) -> None:
    page = site.page(browser, "president", DESK, java_script_enabled=javascript)
    page.goto(site.url + "/incidents")
    page.click("main >> text=重试")
    page.fill("#reason", "变量已补录")
    assert "已重试" in sent(page)

    act(page, "改派")
    page.check("text=承办人壬")
    assert "任务已改派" in sent(page)
    assert "承办人壬" in page.inner_text("main")

    act(page, "延长", clause="公安机关办理刑事案件程序规定第178条")
    page.check("#to-due")
    page.fill("#due", "2026-11-21T06:00")
    assert "期限已延长" in sent(page)
    assert "届满 2026-11-21 06:00" in page.inner_text("main")

    act(page, "中止流程")
    assert "流程已中止" in sent(page)
    act(page, "恢复流程")
    assert "流程已恢复" in sent(page)

    act(page, "撤销流程")
    page.check("#confirmed")
    assert "流程已撤销" in sent(page)
    story = page.inner_text("main")
    for words in ("改派给承办人壬", "延长至 2026-11-21 06:00", "中止流程", "恢复流程", "撤销流程"):
        assert words in story
    assert story.count(REASON) >= 5
    assert page.said == []


def test_a_refused_act_shows_its_sentence_first_and_keeps_the_typing(
    browser: Browser, site: Site, control: Control
) -> None:
    page = opened(site, site.page(browser, "president"), f"/deadlines/{control.limit}/extend")
    page.check("#to-due")
    page.fill("#due", "2026-11-21T00:00")
    page.fill("#clause", "决定书")
    page.fill("#reason", REASON)
    page.click(".act-card button")
    page.wait_for_selector("[data-error-summary]")
    assert violations(page) == []
    assert page.evaluate("document.activeElement.matches('[data-error-summary]')")
    assert page.input_value("#reason") == REASON
    assert page.input_value("#due") == "2026-11-21T00:00"


def test_the_clock_is_moved_on_and_limits_warn_pass_and_escalate(
    browser: Browser, site: Site, control: Control
) -> None:
    head = site.page(browser, "president")
    head.goto(site.url + "/deadlines")
    assert "剩余 2小时" in head.inner_text("#today")
    administrator = site.page(browser, "sysadmin")
    administrator.goto(site.url + "/inbox")
    administrator.click(".banner >> text=拨快时钟")
    administrator.click("main >> text=拨快1小时")
    assert "提醒 1 次，逾期 0 项" in administrator.inner_text("[role=status]")
    head.goto(site.url + "/deadlines")
    assert "三级预警 · 剩余 1小时" in head.inner_text("#today")
    administrator.click("main >> text=拨到次日上午8时")
    assert "提醒 1 次，逾期 1 项，升级" in administrator.inner_text("[role=status]")
    assert violations(administrator) == []
    head.goto(site.url + "/deadlines")
    assert "逾期 3小时20分" in head.inner_text("#overdue")
    assert "2026-11-21 08:00" in head.inner_text(".banner")
    bearer = site.page(browser, "handler")
    bearer.goto(site.url + "/notices")
    assert "逾期升级" in bearer.inner_text("main")
    assert head.said == administrator.said == []


PAGES = (
    "/instances",
    "/instances?text=没有",
    "/deadlines",
    "/incidents",
    "/instances/{court}",
    "/instances/{court}/cancel",
    "/instances/{court}/resume",
    "/tasks/{respond}/assign",
    "/tasks/{respond}/return",
    "/deadlines/{limit}/extend",
)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_is_accessible_and_fits_and_complains_of_nothing(
    browser: Browser, site: Site, control: Control, viewport: dict[str, int]
) -> None:
    wrong = []
    for path in PAGES:
        page = site.page(browser, "president", viewport)
        opened(site, page, path.format(**vars(control)))
        wrong += [f"{path} {one}" for one in violations(page) + page.said]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{path} is wider than the screen")
        page.context.close()
    assert wrong == []


def test_the_board_refreshes_in_place_and_keeps_the_place(
    browser: Browser, site: Site, control: Control
) -> None:
    page = opened(site, site.page(browser, "president"), "/deadlines")
    page.focus("#today a")
    focused = page.evaluate("document.activeElement.id")
    with page.expect_response("**/deadlines*"):
        page.evaluate("document.querySelector('#board').dispatchEvent(new Event('refresh'))")
    page.wait_for_function("document.activeElement.id !== ''")
    assert page.evaluate("document.activeElement.id") == focused


def test_on_paper_the_board_is_its_tables_alone(
    browser: Browser, site: Site, control: Control
) -> None:
    page = opened(site, site.page(browser, "president"), "/deadlines")
    page.emulate_media(media="print")
    assert not page.is_visible(".side")
    assert not page.is_visible(".board-choice")
    assert page.is_visible("#today table")
