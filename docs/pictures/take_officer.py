"""Take the pictures of docs/officer.md anew: one night, the real procedures, a throw-away database.

    python docs/pictures/take_officer.py
"""

from __future__ import annotations

import os
import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from engine.timing.zone import SHANGHAI  # noqa: E402
from tests.browser import answers  # noqa: E402
from tests.browser.county import make_county, pass_time  # noqa: E402
from tests.browser.officers import Officer, officer  # noqa: E402
from tests.browser.site import PHONE, Site, serving  # noqa: E402

EVENING = datetime(2026, 11, 20, 17, 0, tzinfo=SHANGHAI)


def main() -> None:
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--lang=zh-CN"],
            env={**os.environ, "LANG": "zh_CN.UTF-8", "LANGUAGE": "zh_CN"},
        )
        engine = make_county(Path(folder), EVENING)
        with serving(engine) as site:
            the_night(browser, site)
        browser.close()


def the_night(browser: Browser, site: Site) -> None:
    sign_in(browser, site)
    handler = officer(browser, site, "handler")
    request(handler)
    issue(browser, site)
    pass_time(site.engine, timedelta(hours=9, minutes=20))
    station = officer(browser, site, "station", PHONE)
    find(station)
    pass_time(site.engine, timedelta(minutes=32))
    for one in (handler, station):
        one.come_back()
    respond(browser, handler)
    pass_time(site.engine, timedelta(minutes=68))
    for one in (handler, station):
        one.come_back()
    hand_over(station)
    limits(handler)


def taken(page: Page, name: str) -> None:
    if page.locator("[data-diagram-url]").count():
        page.wait_for_selector("[data-diagram-url][data-ready]", state="attached")
    page.screenshot(path=HERE / f"{name}.png")


def sign_in(browser: Browser, site: Site) -> None:
    page = site.page(browser, None, PHONE)
    page.goto(site.url + "/sign-in")
    taken(page, "officer-sign-in-phone")


def request(handler: Officer) -> None:
    page = handler.page
    page.goto(handler.site.url + "/start/apprehension_handover")
    handler.submit("发起")
    wrong = {**answers.REQUEST, "doc_no": answers.NUMBER[:-1] + "6", "birth_date": "2027-01-01"}
    handler.fill({**wrong, "filed_on": "2026-11-02", "case_no": "（2026）豫1321执512号"})
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_selector("[data-error-summary]")
    taken(page, "officer-errors")
    handler.fill({"doc_no": answers.NUMBER, "birth_date": answers.REQUEST["birth_date"]})
    handler.submit()
    handler.submit()


def issue(browser: Browser, site: Site) -> None:
    head = officer(browser, site, "head")
    head.page.goto(site.url + "/queue")
    taken(head.page, "officer-queue")
    head.take("审核")
    taken(head.page, "officer-case-file")
    head.fill({"opinion": "同意"})
    head.submit()
    president = officer(browser, site, "president")
    president.take("院长审批")
    president.fill({"opinion": "同意"})
    president.submit()
    command = officer(browser, site, "command")
    command.take("用印")
    command.fill({"seal_status": "电子签章有效"})
    command.upload("sealed_file", "协助执行通知书（已用印）.pdf")
    taken(command.page, "officer-files")
    command.submit()
    legal = officer(browser, site, "legal")
    legal.take("接收分派")
    legal.fill({"result": "受理", "unit": "police-station-1"})
    legal.submit()


def find(station: Officer) -> None:
    page = station.page
    page.goto(station.site.url + "/watch-list")
    page.fill("#number", answers.NUMBER)
    page.get_by_role("button", name="查询").click()
    page.get_by_role("link", name="登记发现").wait_for()
    taken(page, "officer-watch-list-phone")
    page.get_by_role("link", name="登记发现").click()
    station.fill(answers.FOUND)
    taken(page, "officer-found-phone")
    station.submit()


def respond(browser: Browser, handler: Officer) -> None:
    page = handler.page
    page.goto(handler.site.url + "/inbox")
    taken(page, "officer-inbox")
    handler.open("法院响应")
    page.click(".unacknowledged button")
    page.get_by_text("已签收。").wait_for()
    page.reload()
    handler.fill(answers.RESPONSE)
    taken(page, "task")
    phone = officer(browser, handler.site, "handler", PHONE)
    phone.page.goto(page.url)
    phone.fill({"can_arrive_in_time": "true"})
    phone.page.context.set_offline(True)
    phone.page.get_by_role("button", name="提交", exact=True).click()
    phone.page.locator(".offline").wait_for()
    taken(phone.page, "officer-offline-phone")
    handler.submit()


def hand_over(station: Officer) -> None:
    page = station.page
    station.take("公安移交确认")
    station.fill(answers.HANDOVER)
    page.get_by_role("button", name="填入现在的时间：交接时间").click()
    page.evaluate("document.querySelector('.task-tabs').scrollIntoView()")
    taken(page, "officer-handover-phone")
    station.fill({"paper_record": "true"})
    page.locator("[name='_file:paper_sheet']").scroll_into_view_if_needed()
    page.mouse.wheel(0, 200)
    taken(page, "officer-paper-phone")


def limits(handler: Officer) -> None:
    page = handler.page
    page.goto(handler.site.url + "/notices")
    taken(page, "officer-notices")
    page.goto(handler.site.url + "/started")
    page.get_by_role("link", name="协助查找、临时控制被执行人与移交", exact=True).click()
    page.wait_for_selector("[data-diagram-url][data-ready]", state="attached")
    page.click("summary:has-text('依据与推算')")
    limit = page.locator("section", has=page.locator("#deadlines-heading"))
    limit.screenshot(path=HERE / "officer-limit.png")


if __name__ == "__main__":
    main()
