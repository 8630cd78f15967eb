"""Take the pictures of docs/supervisor.md anew, from a demonstration that is being served.

    python docs/pictures/take_supervisor.py http://127.0.0.1:8000 <password of the demonstration>

The last pictures move the demonstration's clock on: make a fresh one for every run.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


def main(address: str, password: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        head = signed_in(browser, address, password, "court_command_center", DESK)
        lists(head, address)
        acts(head, address)
        phone = signed_in(browser, address, password, "court_command_center", PHONE)
        taken(phone, address + "/deadlines", "deadlines-phone")
        rehearsal(signed_in(browser, address, password, "sys_admin", DESK), head, address)
        browser.close()


def signed_in(
    browser: Browser, address: str, password: str, login: str, viewport: dict[str, int]
) -> Page:
    page = browser.new_context(viewport=viewport, locale="zh-CN").new_page()
    page.goto(address + "/sign-in")
    page.fill("#login", login)
    page.fill("#password", password)
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def taken(page: Page, where: str | None, name: str) -> None:
    if where:
        page.goto(where)
    if page.locator("[data-diagram-url]").count():
        page.wait_for_selector("[data-diagram-url][data-ready]", state="attached")
    page.screenshot(path=HERE / f"supervisor-{name}.png")


def lists(page: Page, address: str) -> None:
    taken(page, address + "/deadlines", "deadlines")
    taken(page, address + "/instances?state=all", "instances")
    page.goto(address + "/instances?due=overdue")
    page.click(".overseen-table a >> nth=0")
    taken(page, None, "instance")


def acts(page: Page, address: str) -> None:
    for link, name in (("撤销流程", "cancel"), ("延长", "extend")):
        page.goto(address + "/instances?due=overdue")
        page.click(".overseen-table a >> nth=0")
        page.click(f".acts >> text={link} >> nth=0")
        taken(page, None, name)


def rehearsal(administrator: Page, head: Page, address: str) -> None:
    administrator.goto(address + "/admin/clock")
    administrator.click("button[value=night]")
    taken(administrator, None, "clock")
    taken(head, address + "/deadlines", "next-morning")


if __name__ == "__main__":
    main(*sys.argv[1:])
