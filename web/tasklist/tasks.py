"""The page of a task: the form beside the live diagram and the history; claim, draft, submit."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import user_tasks
from engine.errors import Conflict
from engine.queries import instances
from engine.queries.tasks import TaskPage, open_task
from engine.user_tasks import Completed
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.errors import said
from web.instances import story
from web.instances.marks import states_json
from web.tasklist.desk import Desk, changes_form, is_exchange, new_key, only_fields

pages = Blueprint("tasks", __name__)


@pages.get("/tasks/<task_id>")
def show(task_id: str) -> Response:
    """The task; one that is over leads to its instance."""
    page = _opened(task_id)
    if page.task.state != "open":
        flash(_over(page), "warning")
        return redirect(url_for("instances.show", instance_id=page.task.instance_id))
    desk = _desk(page)
    desk.show()
    return _page(page, desk)


@pages.post("/tasks/<task_id>")
def submit(task_id: str) -> Response:
    """Complete the task, or do what the pressed button says to its form."""
    page = _opened(task_id)
    desk = _desk(page)
    desk.read()
    if changes_form():
        desk.keep()
        return only_fields(desk) if is_exchange() else _page(page, desk)
    done = _complete(task_id, desk) if desk.is_ready() else None
    if done is None:
        return _page(_opened(task_id), desk)
    desk.forget()
    return _onward(page, done)


@pages.post("/tasks/<task_id>/draft")
def draft(task_id: str) -> str:
    """Save what has been typed, for htmx; answers the line that says when."""
    desk = _desk(_opened(task_id))
    desk.read()
    desk.keep()
    return render_template("tasklist/draft_note.html", desk=desk)


@pages.post("/tasks/<task_id>/draft/discard")
def discard(task_id: str) -> Response:
    """Forget the draft and start again from what the case file says."""
    _desk(_opened(task_id)).forget()
    flash(_("草稿已清除。"))
    return redirect(url_for("tasks.show", task_id=task_id))


@pages.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> Response:
    """Take the task out of the queue; a lost race goes back there with a sentence."""
    try:
        user_tasks.claim_user_task(*acting(), task_id, address=client_address())
    except Conflict as conflict:
        flash(said(conflict), "error")
        return redirect(url_for("tasklist.queue"))
    return redirect(url_for("tasks.show", task_id=task_id))


@pages.post("/tasks/<task_id>/unclaim")
def unclaim(task_id: str) -> Response:
    """Give the task back to the queue: one's own, or as a supervisor with a reason."""
    reason = request.form.get("reason", "")
    user_tasks.unclaim_user_task(*acting(), task_id, reason, address=client_address())
    flash(_("已退回候办池。"))
    return redirect(url_for("tasklist.inbox"))


def _opened(task_id: str) -> TaskPage:
    return open_task(*acting(), task_id, address=client_address())


def _desk(page: TaskPage) -> Desk:
    return Desk(page.task.id, page.opened, page.task.business_key)


def _complete(task_id: str, desk: Desk) -> Completed | None:
    def complete(values: Any, key: str) -> Completed:
        return user_tasks.complete_user_task(
            *acting(), task_id, values, address=client_address(), idempotency_key=key
        )

    return desk.send(complete)


def _onward(page: TaskPage, done: Completed) -> Response:
    """To the next task of the same request, else to the inbox, saying what was done."""
    if done.next_task_id:
        flash(_("已提交“%(task)s”。请继续办理下一项任务。", task=page.task.name))
        return redirect(url_for("tasks.show", task_id=done.next_task_id))
    words = _("已提交“%(task)s”，流程办结。") if done.ended else _("已提交“%(task)s”。")
    flash(words % {"task": page.task.name})
    return redirect(url_for("tasklist.inbox"))


def _over(page: TaskPage) -> str:
    if page.task.state == "completed":
        return _("“%(task)s”已由%(who)s办结。", task=page.task.name, who=page.completed_by or "")
    return _("“%(task)s”已随流程变化取消，无需办理。", task=page.task.name)


def _page(page: TaskPage, desk: Desk) -> Response:
    instance_id = page.task.instance_id
    whole = instances.instance_page(the_engine(), viewer().actor, instance_id)
    body = render_template(
        "tasklist/task.html",
        page=page,
        desk=desk,
        view=desk.view(),
        key=new_key(),
        states=states_json(instance_id, page.definition_id),
        story=story.told(whole.timeline, whole.people),
        mine=page.may_complete,
        whole=whole,
        known=desk.known([one.definition_id for one in whole.diagrams]),
        back=request.path,
    )
    return make_response(body, desk.status)
