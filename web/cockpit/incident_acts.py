"""Try again what stopped, or tell that it has been put right by other means."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import incidents as verbs
from engine.queries.open_incidents import OpenIncident, incident
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.cockpit.acting import Act, carry_out, will
from web.cockpit.blueprint import pages
from web.instances.story import incident_words


@pages.route("/incidents/<incident_id>/retry", methods=["GET", "POST"])
def retry(incident_id: str) -> Response:
    """The failed job runs again at the next tick, with fresh retries."""
    found = incident(the_engine(), viewer().actor, incident_id)
    act = Act(
        heading=_("重试"),
        about=_about(found),
        back=_back(found),
        consequences=[
            _why(found),
            will("act.retry.job") if found.job else will("act.retry.no_job"),
        ],
        button=_("重试"),
        done=_("已重试。请核对流程是否继续。"),
        obstacle=_over(found),
    )
    return carry_out(
        act,
        lambda reason: verbs.retry_incident(
            *acting(), incident_id, reason, address=client_address()
        ),
    )


@pages.route("/incidents/<incident_id>/resolve", methods=["GET", "POST"])
def resolve(incident_id: str) -> Response:
    """A person has done what the engine could not."""
    found = incident(the_engine(), viewer().actor, incident_id)
    act = Act(
        heading=_("标为已处理"),
        about=_about(found),
        back=_back(found),
        consequences=[_why(found), will("act.resolve.nothing_runs")],
        button=_("标为已处理"),
        done=_("异常已标为处理完毕。"),
        obstacle=_over(found),
        reason_label=_("处理情况"),
    )
    return carry_out(
        act,
        lambda note: verbs.resolve_incident(*acting(), incident_id, note, address=client_address()),
    )


def _about(found: OpenIncident) -> str:
    return f"{found.process_name} · {found.case_no or found.business_key}"


def _back(found: OpenIncident) -> str:
    return url_for("instances.show", instance_id=found.instance_id)


def _why(found: OpenIncident) -> str:
    return will("act.incident.why", why=incident_words(found))


def _over(found: OpenIncident) -> str:
    return "" if found.state == "open" else will("incident.resolved")
