"""The clock of a demonstration, moved on by an administrator (D4); nowhere else does this exist."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import rehearsal
from engine.errors import Forbidden, NotFound, Refusal
from engine.queries.rehearsed import rehearsed
from engine.timing.zone import SHANGHAI, at, local
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.errors import said
from web.times import shown
from web.vocabulary import norms

pages = Blueprint("clock", __name__)

STEPS = {"10": timedelta(minutes=10), "60": timedelta(hours=1), "120": timedelta(hours=2),
         "1440": timedelta(days=1)}  # fmt: skip
MORNING = time(8)
"""When the office opens: a night is over."""


@pages.route("/clock", methods=["GET", "POST"])
def advance() -> Response:
    """Let time pass: by a step, or until an instant; every timer fires at its own."""
    if not rehearsal.is_rehearsing(the_engine()):
        raise NotFound("http.404")
    if not rehearsal.may_advance_clock(viewer().actor):
        raise Forbidden("demo.may_not_advance")
    if request.method == "GET":
        return _page()
    since = the_engine().clock.now()
    try:
        rehearsal.advance_clock(*acting(), _wanted(), address=client_address())
    except Refusal as refusal:
        return _page(said(refusal), 422)
    flash(_("系统时钟已拨至 %(now)s。", now=shown(the_engine().clock.now())) + _told(since))
    return redirect(url_for("admin.clock.advance"))


def _told(since: datetime) -> str:
    """What happened in the time that was let pass."""
    found = rehearsed(the_engine(), since, the_engine().clock.now())
    return _(
        "其间：提醒 %(reminders)s 次，逾期 %(overdue)s 项，升级 %(escalations)s 次，"
        "流程定时触发 %(timers)s 次，新任务 %(tasks)s 项。",
        reminders=found.reminders,
        overdue=found.overdue,
        escalations=found.escalations,
        timers=found.timers,
        tasks=found.tasks,
    )


def _wanted() -> datetime:
    now, step = the_engine().clock.now(), request.form.get("step", "")
    if step in STEPS:
        return now + STEPS[step]
    if step == "night":
        return _next_morning(now)
    if step == "working_days":
        return _after_working_days(now, 3)
    try:
        written = datetime.fromisoformat(request.form.get("to", ""))
    except ValueError:
        raise Refusal("demo.instant") from None
    return written.replace(tzinfo=SHANGHAI)


def _next_morning(now: datetime) -> datetime:
    here = local(now)
    day = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
    return at(day, MORNING)


def _after_working_days(now: datetime, number: int) -> datetime:
    """The same time of day, so many working days later."""
    here = local(now)
    day = here.date()
    for _each in range(number):
        day = norms().calendar.next_working_day(day)
    return at(day, here.time())


def _page(words: str = "", status: int = 200) -> Response:
    names = {"10": _("10分钟"), "60": _("1小时"), "120": _("2小时"), "1440": _("1天")}
    names |= {"night": _("到次日上午8时"), "working_days": _("3个工作日")}
    body = render_template("admin/clock.html", words=words, steps=names)
    return make_response(body, status)
