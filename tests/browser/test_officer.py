"""An officer's work from start to submission: with JavaScript, without it, in Chromium 87."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from engine.jobs import drain
from engine.store.models import UserTask
from tests.browser.chromium87 import Visit
from tests.browser.site import DESK, PHONE, Site, serving
from tests.factories import make_engine
from tests.web.night import NUMBER, the_evening_before


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    engine = make_engine(tmp_path)
    the_evening_before(engine)
    with serving(engine) as running:
        yield running
    engine.database.close()


def request_control(page: Page, site: Site) -> None:
    """The court handler asks for the person and passes the request on."""
    page.goto(site.url + "/start")
    page.click("main a.btn-primary")
    page.fill("[name=case_no]", "（2026）豫1321执12号")
    page.fill("[name=doc_no]", NUMBER)
    page.fill("[name=efforts]", "多次上门查找未果，电话不通")
    page.click(".actions >> text=发起")
    page.wait_for_url(re.compile("/tasks/"))
    page.click(".actions >> text=提交")
    page.wait_for_url("**/inbox")


def take_and_submit(page: Page, site: Site) -> None:
    """Claim the first task of the queue and submit it as it is."""
    page.goto(site.url + "/queue")
    page.click("main button:has-text('领取')")
    page.wait_for_url(re.compile("/tasks/"))
    page.click(".actions >> text=提交")
    page.wait_for_url("**/inbox")


def under_control(browser: Browser, site: Site, **options) -> Page:
    """The handler's page of 法院响应, the two-hour clock running."""
    handler = site.page(browser, "handler", DESK, **options)
    request_control(handler, site)
    take_and_submit(site.page(browser, "president", DESK, **options), site)
    drain(site.engine)
    take_and_submit(site.page(browser, "station", PHONE, **options), site)
    drain(site.engine)
    handler.goto(site.url + "/inbox")
    assert "剩余 2小时" in handler.inner_text("main")
    handler.click("main >> text=法院响应 >> nth=0")
    return handler


def test_court_president_and_station_pass_a_person_on_in_the_browser(
    browser: Browser, site: Site
) -> None:
    page = under_control(browser, site)
    page.check("[name=can_arrive_in_time][value=true]")
    page.wait_for_selector("[name=eta]")
    page.fill("[name=eta]", "2026-11-21T04:10")
    page.fill("[name=phone]", "13000000000")
    page.fill("[name=team-0-name]", "执行员甲")
    page.click(".actions >> text=提交")
    page.wait_for_selector("text=请继续办理下一项任务")
    assert "人员交接" in page.inner_text("h1")
    assert page.said == []


def test_the_same_without_javascript(browser: Browser, site: Site) -> None:
    page = under_control(browser, site, java_script_enabled=False)
    page.check("[name=can_arrive_in_time][value=true]")
    page.click("noscript button, button:has-text('更新表单') >> nth=-1")
    page.fill("[name=eta]", "2026-11-21T04:10")
    page.fill("[name=phone]", "13000000000")
    page.fill("[name=team-0-name]", "执行员甲")
    page.click(".actions >> text=提交")
    assert "请继续办理下一项任务" in page.inner_text("main")


FILL_AND_SEND = """
    const until = async (found) => {
      for (let i = 0; i < 200 && !found(); i += 1) await new Promise((go) => setTimeout(go, 50));
      return found();
    };
    const form = document.querySelector('#task-form');
    form.querySelector('[name=can_arrive_in_time][value=true]').click();
    await until(() => form.querySelector('[name=eta]'));
    const fill = (name, text) => { form.querySelector(`[name="${name}"]`).value = text; };
    fill('eta', '2026-11-21T04:10');
    fill('phone', '13000000000');
    fill('team-0-name', '执行员甲');
    const drawn = await until(() => document.querySelector('[data-diagram-url][data-ready]'));
    const answer = await fetch(form.action, { method: 'POST', body: new FormData(form) });
    return { status: answer.status, moved: answer.redirected, ready: drawn.dataset.ready,
             text: await answer.text() };
"""


def test_an_officer_completes_a_task_in_chromium_87(
    browser: Browser, chromium87: Visit, site: Site
) -> None:
    path = under_control(browser, site).url
    seen = chromium87(path, FILL_AND_SEND, before=site.entrance("handler"))
    assert "Chrome/87" in seen.user_agent
    assert seen.value["ready"] == "true"
    assert (seen.value["status"], seen.value["moved"]) == (200, True)
    assert "请继续办理下一项任务" in seen.value["text"]
    assert [line for line in seen.console if "error" in line.lower()] == []
    with site.engine.database.read() as session:
        assert session.get_one(UserTask, path.rpartition("/")[2]).state == "completed"
