"""Starting a procedure by hand: the list of those the reader may start, the start form."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.drafts import start_key
from engine.instances import Started, start_process
from engine.queries.definitions import Startable, startable, startable_definition
from engine.queries.tasks import open_start
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.tasklist.desk import Desk, changes_form, is_exchange, new_key, only_fields

pages = Blueprint("start", __name__)


@pages.get("/start")
def choose() -> str:
    """Procedures that the reader's roles may start; what belongs to a running request is started
    from its page.
    """
    found = [one for one in startable(the_engine(), viewer().actor) if one.alone]
    return render_template("tasklist/start.html", found=found)


@pages.get("/start/<process_key>")
def begin(process_key: str) -> Response:
    """The start form; `request` names the request it belongs to, `about` the one it is raised
    about."""
    chosen = _chosen(process_key)
    desk = _desk(chosen)
    desk.show()
    return _page(chosen, desk)


@pages.post("/start/<process_key>")
def submit(process_key: str) -> Response:
    """Start, or do what the pressed button says to the form."""
    chosen = _chosen(process_key)
    desk = _desk(chosen)
    desk.read()
    if changes_form():
        desk.keep()
        return only_fields(desk) if is_exchange() else _page(chosen, desk)
    started = _start(chosen, desk) if desk.is_ready() else None
    if started is None:
        return _page(chosen, desk)
    desk.forget()
    return _onward(chosen, started)


@pages.post("/start/<process_key>/draft")
def draft(process_key: str) -> str:
    """Save what has been typed, for htmx."""
    desk = _desk(_chosen(process_key))
    desk.read()
    desk.keep()
    return render_template("tasklist/draft_note.html", desk=desk)


@pages.post("/start/<process_key>/draft/discard")
def discard(process_key: str) -> Response:
    """Forget the draft."""
    _desk(_chosen(process_key)).forget()
    flash(_("草稿已清除。"))
    named = {"request": _request(), "about": _about()}
    return redirect(url_for("start.begin", process_key=process_key, **named))


def _chosen(process_key: str) -> Startable:
    return startable_definition(the_engine(), viewer().actor, process_key)


def _request() -> str | None:
    return request.form.get("_request") or request.args.get("request") or None


def _about() -> str | None:
    return request.form.get("_about") or request.args.get("about") or None


def _desk(chosen: Startable) -> Desk:
    opened = open_start(*acting(), chosen, _request(), _about(), address=client_address())
    return Desk(start_key(chosen.key, _request() or _about()), opened, _request())


def _start(chosen: Startable, desk: Desk) -> Started | None:
    def start(values: Any, key: str) -> Started:
        return start_process(
            *acting(),
            chosen.key,
            values,
            business_key=_request(),
            about=_about(),
            address=client_address(),
            idempotency_key=key,
        )

    return desk.send(start)


def _onward(chosen: Startable, started: Started) -> Response:
    named = {"process": chosen.name, "number": started.business_key}
    if _request():
        flash(_("已提交“%(process)s”，协作编号 %(number)s。", **named))
    else:
        flash(_("已发起“%(process)s”，协作编号 %(number)s。", **named))
    if started.next_task_id:
        return redirect(url_for("tasks.show", task_id=started.next_task_id))
    return redirect(url_for("instances.show", instance_id=started.instance_id))


def _page(chosen: Startable, desk: Desk) -> Response:
    body = render_template(
        "tasklist/start_form.html",
        chosen=chosen,
        desk=desk,
        view=desk.view(),
        key=new_key(),
        business_key=_request(),
        about=_about(),
        known=desk.known([chosen.definition_id]),
    )
    return make_response(body, desk.status)
