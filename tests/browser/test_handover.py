"""Scenario 13 through the pages: controlled at 22:00, handed over at 23:50, questioned, leaves.

The real procedures, every officer in a browser of his own, the clock in our hands.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from engine.timing.zone import SHANGHAI
from tests.browser import answers
from tests.browser.county import make_county, pass_time
from tests.browser.officers import Officer, officer
from tests.browser.site import DESK, PHONE, Site, serving

EVENING = datetime(2026, 3, 2, 20, 0, tzinfo=SHANGHAI)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    engine = make_county(tmp_path, EVENING)
    with serving(engine) as running:
        yield running
    engine.database.close()


def wait(site: Site, **length: int) -> None:
    pass_time(site.engine, timedelta(**length))


def request_control(handler: Officer) -> None:
    handler.page.goto(handler.site.url + "/start/apprehension_handover")
    assert "豫1321-PER-2026-000001" in handler.submit("发起")
    handler.fill(answers.REQUEST)
    assert "请继续办理下一项任务" in handler.submit()
    assert handler.page.input_value("[name=filed_on]") == "2026-01-12", "known from the request"
    assert handler.page.input_value("[name=template]") == "TPL-02", "asked for by the procedure"
    assert handler.page.input_value("[name=citation_set]") == "2023"
    handler.submit()


def review(browser: Browser, site: Site) -> None:
    """Without JavaScript; what is judged stands beside the judgment."""
    head = officer(browser, site, "head", java_script_enabled=False)
    head.take("审核")
    assert "乙某" in head.sees()
    assert answers.NUMBER not in head.page.content(), "masked"
    head.fill({"opinion": "同意"})
    head.submit()


def approve_and_seal(browser: Browser, site: Site) -> None:
    president = officer(browser, site, "president", PHONE)
    president.take("院长审批")
    president.fill({"opinion": "同意"})
    president.submit()
    command = officer(browser, site, "command")
    command.take("用印")
    assert "协助执行通知书" in command.sees(), "the letter to be sealed"
    command.fill({"seal_status": "电子签章有效"})
    command.upload("sealed_file", "用印文书.pdf")
    command.submit()


def accept(browser: Browser, site: Site) -> None:
    legal = officer(browser, site, "legal")
    legal.take("接收分派")
    assert "甲某与乙某民间借贷纠纷执行案" in legal.sees(), "the case file travelled"
    legal.fill({"result": "受理", "unit": "police-station-1"})
    legal.submit()


def report_find(station: Officer) -> None:
    """By the roadside, on a phone: from the number to the report."""
    page = station.page
    page.goto(station.site.url + "/watch-list")
    page.fill("#number", answers.NUMBER)
    page.get_by_role("button", name="查询").click()
    page.get_by_role("link", name="登记发现").click()
    assert page.input_value("[name=found_unit]") == "police-station-1", "his own unit"
    assert page.input_value("[name=officers-0-name]") == "戊某", "himself"
    station.fill(answers.FOUND)
    assert page.input_value("[name=controlled_at]") == "2026-03-02T22:00", "now"
    assert page.input_value("[name=custody_place]") == "城关镇客运站", "where he was found"
    station.submit()


def respond(handler: Officer) -> None:
    handler.page.goto(handler.site.url + "/inbox")
    assert "剩余 2小时" in handler.sees()
    assert "届满 2026-03-02 24时" in handler.sees()
    handler.open("法院响应")
    assert "紧急来件“人员控制通报”尚未签收" in handler.sees()
    handler.page.click(".unacknowledged button")
    handler.page.get_by_text("已签收。").wait_for()
    handler.fill(answers.RESPONSE)
    handler.submit()


def hand_over(handler: Officer, station: Officer) -> None:
    """Two signatures on one record: what the police entered the court finds."""
    station.take("公安移交确认")
    station.fill(answers.HANDOVER)
    assert station.page.input_value("[name=court_signers-0-name]") == "丙某", "the court's team"
    station.page.get_by_role("button", name="填入现在的时间：交接时间").click()
    station.submit()
    handler.open("法院接收确认")
    assert "二级预警 · 剩余 10分" in handler.sees()
    assert handler.page.input_value("[name=handover_at]") == "2026-03-02T23:50"
    assert handler.page.input_value("[name=police_signers-1-name]") == "己某"
    assert "请继续办理下一项任务" in handler.submit()


def inquire(handler: Officer, site: Site) -> None:
    assert "开始询问" in handler.page.inner_text("h1")
    assert "剩余 8小时" in handler.sees()
    assert handler.page.input_value("[name=interviewers-1-name]") == "丁某"
    handler.fill(answers.INQUIRY)
    handler.submit()
    wait(site, hours=7, minutes=30)
    handler.come_back()
    handler.open("询问笔录")
    assert "二级预警 · 剩余 30分" in handler.sees()
    handler.fill(answers.RECORD)
    handler.upload("record_file", "询问笔录.pdf")
    handler.submit()
    handler.open("到期处置")
    handler.fill({"decision": "询问完毕离开"})
    handler.submit()
    assert "离开或移交登记" in handler.page.inner_text("h1")
    handler.fill({"person_signature": "本人签名"})
    handler.submit()


def close(station: Officer) -> None:
    station.come_back()
    station.take("撤控确认")
    station.submit()
    station.open("临时控制补录")
    station.fill(answers.CONTROL_RECORD)
    station.submit()


def test_a_person_is_handed_over_within_two_hours(browser: Browser, site: Site) -> None:
    handler = officer(browser, site, "handler", DESK)
    request_control(handler)
    review(browser, site)
    approve_and_seal(browser, site)
    accept(browser, site)
    wait(site, hours=2)
    station = officer(browser, site, "station", PHONE)
    report_find(station)
    handler.come_back()
    respond(handler)
    wait(site, hours=1, minutes=50)
    handler.come_back()
    station.come_back()
    hand_over(handler, station)
    inquire(handler, site)
    close(station)
    ended(handler)
    assert handler.page.said + station.page.said == []


def ended(handler: Officer) -> None:
    page = handler.page
    page.goto(handler.site.url + "/notices")
    reminders = page.locator(".notice", has_text="“被控制人员交接”期限将于").all_inner_texts()
    times = [text for text in reminders for at in ("23:00", "23:36") if at in text]
    assert len(reminders) == len(times) == 2
    page.goto(handler.site.url + "/started")
    assert "已移交本院" in handler.sees()
    page.get_by_role("link", name="协助查找、临时控制被执行人与移交", exact=True).click()
    limits = page.locator("section", has=page.locator("#deadlines-heading")).inner_text()
    assert limits.count("按期完成") == 3, limits
    assert "逾期" not in limits
