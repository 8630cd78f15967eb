"""The instance page and its diagram."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from engine import messages
from engine.errors import NotFound
from engine.queries import instances
from engine.queries.definitions import Startable, startable
from engine.queries.instances import InstancePage
from web.auth.session import safe
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.instances import story
from web.instances.marks import states_json

pages = Blueprint("instances", __name__)


@pages.get("/instances/<instance_id>")
def show(instance_id: str) -> str:
    """The whole page."""
    return render_template("instances/instance.html", **_context(instance_id))


@pages.get("/instances/<instance_id>/panels")
def panels(instance_id: str) -> str:
    """What changes on the page, for htmx to exchange every half minute."""
    return render_template("instances/panels.html", **_context(instance_id))


@pages.get("/definitions/<definition_id>/diagram.bpmn")
def diagram(definition_id: str) -> Response:
    """The .bpmn file for the viewer; the ETag spares the old machines a second download."""
    content = instances.diagram(the_engine(), viewer().actor, definition_id)
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/xml; charset=utf-8"
    return answer


@pages.post("/instances/<instance_id>/envelopes/<envelope_id>/acknowledge")
def acknowledge(instance_id: str, envelope_id: str) -> AnyResponse:
    """签收: the reader has seen the message; an urgent one climbs no further (C-11)."""
    page = instances.instance_page(the_engine(), viewer().actor, instance_id)
    if envelope_id not in {one.id for one in page.envelopes}:
        raise NotFound("message.unknown", message=envelope_id)
    messages.acknowledge_envelope(*acting(), envelope_id, address=client_address())
    flash(_("已签收。"))
    back = request.form.get("back", "")
    return redirect(back if safe(back) else url_for("instances.show", instance_id=instance_id))


def _context(instance_id: str) -> dict[str, Any]:
    page = instances.instance_page(the_engine(), viewer().actor, instance_id)
    shown_diagram = _chosen_diagram(page)
    return {
        "page": page,
        "shown_diagram": shown_diagram,
        "states": states_json(instance_id, shown_diagram),
        "story": story.told(page.timeline, page.people),
        "startable": _startable(page),
        "incident_words": story.incident_words,
        "clauses": story.clauses,
        "derivation": story.derivation,
        "ledger_words": story.ledger_words,
    }


def _startable(page: InstancePage) -> list[Startable]:
    """What the reader may start on this request while it is open: parts of the procedures it runs
    through, what is raised about it, and what has no numbers of its own.
    """
    if page.instance.state not in ("active", "suspended"):
        return []
    running = {ref.key.split("__")[0] for ref in page.diagrams}
    return [
        one
        for one in startable(the_engine(), viewer().actor)
        if one.key != page.instance.process_key
        and (one.about or (not one.own_number and (one.procedure in running or one.alone)))
    ]


def _chosen_diagram(page: InstancePage) -> str:
    offered = [one.definition_id for one in page.diagrams]
    asked = request.args.get("diagram")
    return asked if asked in offered else offered[0]
