"""Incidents that are open."""

from __future__ import annotations

from typing import Any

from engine.errors import NotFound
from engine.incidents import resolve_incident
from engine.queries.rest.workings import INCIDENTS
from web.messages import sentence
from web.rest.errors import speech
from web.rest.members import Text
from web.rest.operations import Call, Resource
from web.rest.resources.tasks import reason
from web.rest.shapes import Field, Shape, instant, nothing, text

resource = Resource("Incident")


def message(row: Any) -> str:
    """The sentence of what happened."""
    incident = row.Incident
    params = {**incident.params, "element": incident.element_id}
    return sentence(incident.code, params, speech())


def kind(row: Any) -> str:
    """The two kinds that the original's programs know."""
    return "failedExternalTask" if row.Incident.code == "external.failed" else "failedJob"


def configuration(row: Any) -> str | None:
    """The job, or the external task."""
    return row.Incident.job_id or row.Incident.params.get("task")


SHARED: dict[str, Field] = {
    "id": text("Incident.id"),
    "processDefinitionId": text("ProcessInstance.definition_id"),
    "processInstanceId": text("Incident.instance_id"),
    "executionId": text("Incident.instance_id"),
    "incidentType": text(kind),
    "activityId": text("Incident.element_id"),
    "failedActivityId": text("Incident.element_id"),
    "causeIncidentId": text("Incident.id"),
    "rootCauseIncidentId": text("Incident.id"),
    "configuration": text(configuration),
    "tenantId": text("ProcessInstance.agency_id"),
    "incidentMessage": text(message),
    **nothing("jobDefinitionId", "annotation"),
}
INCIDENT = Shape("Incident", {**SHARED, "incidentTimestamp": instant("Incident.raised_at")})
resource.listing("/incident", "open incidents", INCIDENTS, INCIDENT, posts=False)


@resource.get("/incident/<id>", answer=INCIDENT)
def show(call: Call, id: str) -> Any:
    """One open incident."""
    found = INCIDENTS.one(call.engine, call.actor, id)
    if found is None:
        raise NotFound("incident.unknown", incident=id)
    return INCIDENT.of(found)


@resource.delete(
    "/incident/<id>",
    query={"reason": Text(longest=500)},
    differs="of every kind; a supervisor's act, the parameter reason says how it was put right",
)
def resolve(call: Call, id: str) -> None:
    """Say that an incident has been put right."""
    call.do(resolve_incident, id, reason(call))
