"""An officer at the pages: takes a task, fills its form in, sends it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser, Locator, Page

from engine import jobs
from tests.browser.site import DESK, Site

PDF = b"%PDF-1.4\n"
Answer = str | Sequence[str]
"""What is typed; the value of what is chosen or ticked, several for a checklist."""


@dataclass
class Officer:
    """Somebody signed in, with a browser of his own."""

    site: Site
    page: Page
    login: str

    def come_back(self) -> None:
        """Sign in again: whoever does nothing for a quarter of an hour is signed out."""
        cookie = {"name": "liandong", "value": self.site.key(self.login), "url": self.site.url}
        self.page.context.add_cookies([cookie])

    def take(self, task: str) -> None:
        """Claim the task of that name out of the queue."""
        self.page.goto(self.site.url + "/queue")
        self._row(task).get_by_role("button").click()
        self.page.wait_for_url(re.compile("/tasks/"))

    def open(self, task: str) -> None:
        """Open the task of that name from the inbox."""
        self.page.goto(self.site.url + "/inbox")
        self._row(task).get_by_role("link", name=task, exact=True).click()
        self.page.wait_for_url(re.compile("/tasks/"))

    def _row(self, task: str) -> Locator:
        link = self.page.get_by_role("link", name=task, exact=True)
        return self.page.locator(".task-table tr", has=link)

    def fill(self, answers: Mapping[str, Answer]) -> None:
        """Answer questions by name, in this order: an answer may bring further questions."""
        for name, answer in answers.items():
            self._answer(name, [answer] if isinstance(answer, str) else answer)

    def _answer(self, name: str, answers: Sequence[str]) -> None:
        control = self.page.locator(f'#form-body [name="{name}"]:not([type=hidden])')
        kind = control.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        for answer in answers:
            if kind == "select":
                control.select_option(answer)
            elif kind in ("radio", "checkbox"):
                self.page.check(f'#form-body [name="{name}"][value="{answer}"]')
            else:
                control.fill(answer)

    def upload(self, name: str, filename: str) -> None:
        """Choose a file; it is on the server when this returns."""
        file = {"name": filename, "mimeType": "application/pdf", "buffer": PDF}
        self.page.set_input_files(f'[name="_file:{name}"]', file)
        self.page.get_by_role("button", name=f"移除：{filename}").wait_for()

    def add_row(self, label: str) -> None:
        """One more row of a repeating group."""
        self.page.get_by_role("button", name=f"增加一行：{label}").click()

    def submit(self, button: str = "提交") -> str:
        """Send the form; what the next page says at its top. Messages are delivered at once."""
        before = self.page.url
        self.page.get_by_role("button", name=button, exact=True).click()
        self.page.wait_for_url(lambda url: url != before)
        jobs.drain(self.site.engine)
        return self.page.inner_text("main .alert")

    def sees(self) -> str:
        """The words of the page."""
        return self.page.inner_text("main")


def officer(
    browser: Browser, site: Site, login: str, viewport: dict[str, int] = DESK, **options: object
) -> Officer:
    return Officer(site, site.page(browser, login, viewport, **options), login)
