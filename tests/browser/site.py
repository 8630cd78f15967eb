"""The application behind a real port, for browsers; and officers signed in to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from engine.engine import Engine
from engine.sign_in import sign_in
from tests.factories import PASSWORD
from web import WebSettings, create_app

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
PATIENCE = 15_000
"""Milliseconds until something that should be on the page is missed."""
SIGN_IN = """
    const form = document.querySelector('main form');
    form.querySelector('[name=login]').value = '%s';
    form.querySelector('[name=password]').value = '%s';
    await fetch(form.action, { method: 'POST', body: new FormData(form) });
"""


@dataclass(frozen=True)
class Site:
    """A running server. `key` signs somebody in without the sign-in page."""

    engine: Engine
    url: str

    def key(self, login: str) -> str:
        return sign_in(self.engine, login, PASSWORD, "127.0.0.1").session_key

    def entrance(self, login: str) -> tuple[str, str]:
        """Address and script that sign somebody in, for a browser that takes no cookies."""
        return f"{self.url}/sign-in", SIGN_IN % (login, PASSWORD)

    def page(
        self, browser: Browser, login: str | None, viewport: dict[str, int] = DESK, **options
    ) -> Page:
        """A page of a browser of its own; complaints of the console end up in `page.said`."""
        context = browser.new_context(viewport=viewport, locale="zh-CN", **options)
        if login:
            context.add_cookies([{"name": "liandong", "value": self.key(login), "url": self.url}])
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: _note(page, message))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        return page


def _note(page: Page, message) -> None:
    # A 404 that a test asks for is told by the console too; it is no complaint of the page's own.
    if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
        page.said.append(message.text)


@contextmanager
def serving(engine: Engine) -> Iterator[Site]:
    """Serve on a free port until the block ends."""
    app = create_app(engine, WebSettings(secret_key=b"s" * 32, secure_cookies=False))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(engine, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
