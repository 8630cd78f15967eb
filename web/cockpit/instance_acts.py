"""Suspend, resume and cancel an instance."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import instances as verbs
from engine.queries.stepping_in import Situation, situation
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.cockpit.acting import Act, carry_out, listed, will
from web.cockpit.blueprint import pages
from web.vocabulary import period_name


@pages.route("/instances/<instance_id>/suspend", methods=["GET", "POST"])
def suspend(instance_id: str) -> Response:
    """Nobody can submit until it is resumed; statutory limits go on."""
    found = _situation(instance_id)
    act = Act(
        heading=_("中止流程"),
        about=about(found),
        back=_back(found),
        consequences=[
            *_of_tasks("act.suspend.tasks", found),
            *_of_limits("act.suspend.limits", found),
            will("act.suspend.timers"),
        ],
        button=_("中止流程"),
        done=_("流程已中止。"),
        obstacle=_not_active(found),
    )
    return carry_out(
        act,
        lambda reason: verbs.suspend_instance(
            *acting(), instance_id, reason, address=client_address()
        ),
    )


@pages.route("/instances/<instance_id>/resume", methods=["GET", "POST"])
def resume(instance_id: str) -> Response:
    """What waited goes on."""
    found = _situation(instance_id)
    act = Act(
        heading=_("恢复流程"),
        about=about(found),
        back=_back(found),
        consequences=[*_of_tasks("act.resume.tasks", found), will("act.resume.timers")],
        button=_("恢复流程"),
        done=_("流程已恢复。"),
        obstacle="" if found.state == "suspended" else will("instance.not_suspended"),
    )
    return carry_out(
        act,
        lambda reason: verbs.resume_instance(
            *acting(), instance_id, reason, address=client_address()
        ),
    )


@pages.route("/instances/<instance_id>/cancel", methods=["GET", "POST"])
def cancel(instance_id: str) -> Response:
    """The end of an instance by hand; it cannot be undone."""
    found = _situation(instance_id)
    alive = found.state in ("active", "suspended")
    act = Act(
        heading=_("撤销流程"),
        about=about(found),
        back=_back(found),
        consequences=[
            *_of_tasks("act.cancel.tasks", found),
            *_of_limits("act.cancel.limits", found),
            *([will("act.cancel.jobs", count=found.waiting_jobs)] if found.waiting_jobs else []),
            will("act.cancel.other_side"),
            will("act.cancel.final"),
        ],
        button=_("撤销流程"),
        done=_("流程已撤销。"),
        dangerous=True,
        obstacle="" if alive else will("instance.ended"),
        seen=str(found.version),
    )
    return carry_out(
        act,
        lambda reason: verbs.cancel_instance(
            *acting(), instance_id, reason, address=client_address()
        ),
    )


def about(found: Situation) -> str:
    """Which instance it is about."""
    return f"{found.process_name} · {found.case_no or found.business_key}"


def _situation(instance_id: str) -> Situation:
    return situation(the_engine(), viewer().actor, instance_id)


def _back(found: Situation) -> str:
    return url_for("instances.show", instance_id=found.id)


def _not_active(found: Situation) -> str:
    if found.state == "active":
        return ""
    return will("act.suspend.already" if found.state == "suspended" else "instance.ended")


def _of_tasks(code: str, found: Situation) -> list[str]:
    return [will(code, tasks=listed(found.open_tasks))] if found.open_tasks else []


def _of_limits(code: str, found: Situation) -> list[str]:
    names = [period_name(period) for period in found.running_limits]
    return [will(code, limits=listed(names))] if names else []
