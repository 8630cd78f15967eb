"""Chromium 87, the browser of old office machines, as PyQtWebEngine 5.15 carries it.

Qt owns the main thread of its process, so a visit runs in a process of its own:
`visit` asks, this file run as a script answers. Both speak JSON.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DESKTOP = (1366, 768)
PATIENCE_SECONDS = 60
# Milliseconds between two looks for the script's answer.
POLL = 30


@dataclass(frozen=True)
class Visited:
    """What a visit saw: the script's value, the console's lines, the browser's own name."""

    value: Any
    console: list[str]
    user_agent: str


Visit = Callable[..., Visited]


def visit(
    url: str,
    script: str = "return document.title",
    *,
    size: tuple[int, int] = DESKTOP,
    before: tuple[str, str] | None = None,
    screenshot: Path | None = None,
) -> Visited:
    """Load `url`, run `script` there, answer what it returned.

    `script` is the body of an async function (it may await); what it returns must be JSON.
    `before` is an address and a script to be visited first in the same browser: that is how to
    be signed in (this Qt takes no cookies from outside).
    Raises RuntimeError with the browser's last words when the page or the script fails.
    """
    question = {
        "visits": [*([before] if before else []), (url, script)],
        "size": size,
        "screenshot": str(screenshot) if screenshot else None,
    }
    done = subprocess.run(
        [sys.executable, __file__], input=json.dumps(question), capture_output=True, text=True,
        timeout=PATIENCE_SECONDS, env=_environment(), check=False,
    )
    answer = json.loads(done.stdout) if done.stdout else {"failure": done.stderr[-800:]}
    if "failure" in answer:
        raise RuntimeError(f"{url} in Chromium 87: {answer['failure']}")
    return Visited(answer["value"], answer["console"], answer["user_agent"])


def _environment() -> dict[str, str]:
    # Without a display or OpenGL: Qt draws in memory. Tests may run as root, so no sandbox.
    return os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "QT_QUICK_BACKEND": "software",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",
        "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu --disable-quic",
    }


# The answer is left in a variable of the page, because Qt's runJavaScript awaits nothing.
ASK = """
window.visitAnswer = null;
const leave = (answer) => { window.visitAnswer = JSON.stringify(answer); };
(async () => { %s })().then(
  (value) => leave({ value: value === undefined ? null : value }),
  (error) => leave({ failure: String((error && error.stack) || error) }),
);
"""


def _answer(question: dict[str, Any]) -> None:
    """Run in the process of its own: show the page, print the answer as JSON, end the process."""
    from PyQt5 import sip
    from PyQt5.QtCore import QTimer, QUrl
    from PyQt5.QtWebEngineWidgets import QWebEnginePage, QWebEngineProfile, QWebEngineView
    from PyQt5.QtWidgets import QApplication

    console: list[str] = []

    class Page(QWebEnginePage):
        def javaScriptConsoleMessage(self, level, message, line, source):
            console.append(f"{source}:{line}: {message}")

    application = QApplication(sys.argv[:1])
    profile = QWebEngineProfile()
    page = Page(profile)
    view = QWebEngineView()
    visits = question["visits"]

    def end(answer: dict[str, Any]) -> None:
        if question["screenshot"]:
            view.grab().save(question["screenshot"])
        print(json.dumps(answer | {"console": console, "user_agent": profile.httpUserAgent()}))
        application.quit()

    def go() -> None:
        page.loadFinished.connect(loaded)
        view.load(QUrl(visits[0][0]))

    def look(answer: str | None) -> None:
        if answer is None:
            QTimer.singleShot(POLL, lambda: page.runJavaScript("window.visitAnswer", look))
            return
        found = json.loads(answer)
        visits.pop(0)
        if visits and "failure" not in found:
            go()
        else:
            end(found)

    def loaded(ok: bool) -> None:
        page.loadFinished.disconnect(loaded)
        if not ok:
            end({"failure": "the page did not load"})
        else:
            page.runJavaScript(ASK % visits[0][1], lambda _: look(None))

    view.setPage(page)
    view.resize(*question["size"])
    view.show()
    go()
    application.exec_()
    # The page before its profile, or Qt complains; then Chromium's processes end and are reaped.
    sip.delete(page)
    sip.delete(profile)


if __name__ == "__main__":
    _answer(json.load(sys.stdin))
