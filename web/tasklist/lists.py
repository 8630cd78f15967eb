"""待办, 候办池, 我发起的, 已办 and the notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import notifications
from engine.queries import lists
from engine.queries import notices as notice_rows
from engine.queries.lists import Page
from engine.queries.task_rows import TaskRow
from web.auth.viewer import acting, the_engine, viewer
from web.tasklist.notice_words import told

pages = Blueprint("tasklist", __name__)


@dataclass(frozen=True)
class Tile:
    """A number above the list that leads to what it counts."""

    url: str
    words: str
    number: int
    style: str
    chosen: bool


_FILTERS = ("overdue", "today", "soon")
_LAST_PAGE = 100_000


@pages.get("/inbox")
def inbox() -> str:
    """Tasks assigned to the reader."""
    due = _due()
    found = lists.inbox(the_engine(), viewer().actor, due=due, page=_page())
    empty = _("没有符合条件的任务。") if due else _("暂无待办。可到候办池领取任务。")
    return _tasks(found, heading=_("待办"), note=_("已由您领取或者分派给您"), empty=empty, due=due)


@pages.get("/queue")
def queue() -> str:
    """Tasks that nobody has claimed and that the reader's posts may claim."""
    due = _due()
    found = lists.queue(the_engine(), viewer().actor, due=due, page=_page())
    note = _("本岗位可领取，尚无人办理")
    return _tasks(found, heading=_("候办池"), note=note, empty=_("候办池里没有任务。"), due=due)


@pages.get("/archive")
def archive() -> str:
    """Tasks that the reader completed."""
    found = lists.archive(the_engine(), viewer().actor, page=_page())
    note = _("您办结的任务，最近的在前")
    return _tasks(
        found, heading=_("已办"), note=note, empty=_("您还没有办结的任务。"), finished=True
    )


@pages.get("/started")
def started() -> str:
    """Instances that the reader started."""
    page = lists.started_by_me(the_engine(), viewer().actor, page=_page())
    return render_template("tasklist/started.html", page=page)


@pages.get("/notices")
def notices() -> str:
    """What the reader was told: reminders, overdue limits, escalations, messages."""
    found = [told(one) for one in notice_rows.notices(the_engine(), viewer().actor)]
    unread = any(one.read_at is None for one in found)
    return render_template("tasklist/notices.html", notices=found, unread=unread)


@pages.post("/notices/<notice_id>/read")
def mark_read(notice_id: str) -> Response:
    notifications.mark_notification_read(*acting(), notice_id)
    return redirect(url_for("tasklist.notices"))


@pages.post("/notices/read")
def mark_all_read() -> Response:
    notifications.mark_all_notifications_read(*acting())
    return redirect(url_for("tasklist.notices"))


def _tasks(page: Page[TaskRow], **words: Any) -> str:
    """The whole page, or its table alone where htmx asks for it."""
    fragment = request.headers.get("HX-Request") == "true"
    template = "tasklist/task_table.html" if fragment else "tasklist/tasks.html"
    return render_template(
        template, page=page, tiles=_tiles(), due_words=_due_words(words.get("due")), **words
    )


def _tiles() -> list[Tile]:
    """Above the inbox: what is overdue, due today, due soon, and what waits in the queue."""
    if request.endpoint != "tasklist.inbox":
        return []
    counts, due = viewer().counts, _due()
    numbers = {"overdue": counts.overdue, "today": counts.today, "soon": counts.soon}
    mine = [
        Tile(
            url_for("tasklist.inbox", due=name),
            _due_words(name),
            number,
            f"tile-{name}",
            name == due,
        )
        for name, number in numbers.items()
    ]
    queue = url_for("tasklist.queue")
    return [*mine, Tile(queue, _("候办池"), counts.queue, "", False)]


def _due_words(due: str | None) -> str:
    words = {"overdue": _("已逾期"), "today": _("今日届满"), "soon": _("三日内届满")}
    return words.get(due or "", "")


def _due() -> str | None:
    asked = request.args.get("due")
    return asked if asked in _FILTERS else None


def _page() -> int:
    """A number that the database can count to, whatever the address says."""
    return min(max(1, request.args.get("page", 1, type=int)), _LAST_PAGE)
