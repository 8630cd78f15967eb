"""The clock of a demonstration, moved on by an administrator (D4); nowhere else does this exist."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import rehearsal
from engine.errors import Forbidden, NotFound, Refusal
from engine.timing.zone import SHANGHAI
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.errors import said
from web.times import shown

pages = Blueprint("clock", __name__)

STEPS = {"10": timedelta(minutes=10), "60": timedelta(hours=1), "120": timedelta(hours=2),
         "1440": timedelta(days=1)}  # fmt: skip


@pages.route("/clock", methods=["GET", "POST"])
def advance() -> Response:
    """Let time pass: by a step, or until an instant; every timer fires at its own."""
    if not rehearsal.is_rehearsing(the_engine()):
        raise NotFound("http.404")
    if not rehearsal.may_advance_clock(viewer().actor):
        raise Forbidden("demo.may_not_advance")
    if request.method == "GET":
        return _page()
    try:
        rehearsal.advance_clock(*acting(), _wanted(), address=client_address())
    except Refusal as refusal:
        return _page(said(refusal), 422)
    flash(_("系统时钟已拨至 %(now)s。", now=shown(the_engine().clock.now())))
    return redirect(url_for("admin.clock.advance"))


def _wanted() -> datetime:
    step = STEPS.get(request.form.get("step", ""))
    if step:
        return the_engine().clock.now() + step
    try:
        written = datetime.fromisoformat(request.form.get("to", ""))
    except ValueError:
        raise Refusal("demo.instant") from None
    return written.replace(tzinfo=SHANGHAI)


def _page(words: str = "", status: int = 200) -> Response:
    names = {"10": _("10分钟"), "60": _("1小时"), "120": _("2小时"), "1440": _("1天")}
    body = render_template("admin/clock.html", words=words, steps=names)
    return make_response(body, status)
