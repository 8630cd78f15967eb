"""Give a task to somebody else, or back to its queue."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import user_tasks
from engine.errors import Refusal
from engine.queries.stepping_in import TaskInHand, task_in_hand
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.cockpit.acting import Act, carry_out, will
from web.cockpit.blueprint import pages


@pages.route("/tasks/<task_id>/assign", methods=["GET", "POST"])
def assign(task_id: str) -> Response:
    """To one of those whom the task is addressed to."""
    found = _in_hand(task_id)
    act = Act(
        heading=_("改派任务"),
        about=_about(found),
        back=_back(found),
        consequences=[*_taken_away(found), will("act.assign.told")],
        button=_("改派"),
        done=_("任务已改派。"),
        obstacle=_over(found) or _nobody_else(found),
    )

    def perform(reason: str) -> None:
        person = request.form.get("person")
        if not person:
            raise Refusal("act.nobody_chosen")
        user_tasks.assign_user_task(*acting(), task_id, person, reason, address=client_address())

    return carry_out(act, perform, "cockpit/assign.html", found=found)


@pages.route("/tasks/<task_id>/return", methods=["GET", "POST"])
def give_back(task_id: str) -> Response:
    """Whoever holds the role in the unit may take it anew."""
    found = _in_hand(task_id)
    act = Act(
        heading=_("退回候办池"),
        about=_about(found),
        back=_back(found),
        consequences=[*_taken_away(found), will("act.return.free")],
        button=_("退回候办池"),
        done=_("任务已退回候办池。"),
        obstacle=_over(found) or ("" if found.task.assignee else will("act.return.unclaimed")),
    )
    return carry_out(
        act,
        lambda reason: user_tasks.unclaim_user_task(
            *acting(), task_id, reason, address=client_address()
        ),
    )


def _in_hand(task_id: str) -> TaskInHand:
    return task_in_hand(the_engine(), viewer().actor, task_id)


def _about(found: TaskInHand) -> str:
    task = found.task
    return f"{task.name} · {task.process_name} · {task.case_no or task.business_key}"


def _back(found: TaskInHand) -> str:
    return url_for("instances.show", instance_id=found.task.instance_id)


def _taken_away(found: TaskInHand) -> list[str]:
    return [will("act.task.taken_away", who=found.holder)] if found.holder else []


def _nobody_else(found: TaskInHand) -> str:
    others = [one for one in found.candidates if one.id != found.task.assignee]
    return "" if others else will("act.assign.nobody")


def _over(found: TaskInHand) -> str:
    return "" if found.task.state == "open" else will("act.task.over", task=found.task.name)
