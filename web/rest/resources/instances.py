"""Process instances that run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from engine.errors import NotFound
from engine.instance_variables import change_variables
from engine.instances import cancel_instance, resume_instance, suspend_instance
from engine.queries.rest import variables, workings
from engine.queries.rest.runtime import INSTANCES
from web.rest.members import Body, Flag, Text
from web.rest.operations import Call, Resource
from web.rest.resources import variable_routes
from web.rest.resources.definitions import STARTED
from web.rest.resources.tasks import reason
from web.rest.resources.variable_routes import file_answer
from web.rest.shapes import Shape

resource = Resource("Process Instance")
INSTANCE = Shape("ProcessInstance", STARTED.fields)
SUSPEND = Body("SuspensionState", {"suspended": Flag(required=True), "reason": Text(longest=500)})
_REASON = "a supervisor's act; the {0} reason says why and is recorded"
resource.listing("/process-instance", "running process instances", INSTANCES, INSTANCE)


def _row(call: Call, id: str) -> Any:
    found = INSTANCES.one(call.engine, call.actor, id)
    if found is None:
        raise NotFound("instance.unknown", instance=id)
    return found


@resource.get("/process-instance/<id>", answer=INSTANCE)
def show(call: Call, id: str) -> Any:
    """One running instance."""
    return INSTANCE.of(_row(call, id))


@resource.delete(
    "/process-instance/<id>",
    query={"reason": Text(longest=500)},
    differs=_REASON.format("parameter") + "; the instance ends and stays in the history",
)
def delete(call: Call, id: str) -> None:
    """Cancel an instance."""
    call.do(cancel_instance, id, reason(call))


@resource.put("/process-instance/<id>/suspended", body=SUSPEND, differs=_REASON.format("member"))
def suspend(call: Call, id: str) -> None:
    """Suspend an instance, or let it go on."""
    act = suspend_instance if call.body["suspended"] else resume_instance
    call.do(act, id, reason(call))


@resource.get(
    "/process-instance/<id>/activity-instances",
    answer={"type": "object"},
    differs="flat: what lasts stands directly below the process, sub-processes included",
)
def activities(call: Call, id: str) -> Any:
    """What is going on in an instance."""
    instance = _row(call, id).ProcessInstance
    incidents = workings.open_incidents(call.engine, id)
    visits = workings.open_activities(call.engine, call.actor, id)
    root = _activity(id, None, instance.process_key, instance.process_key, "processDefinition")
    whole = root | {
        "processInstanceId": id,
        "processDefinitionId": instance.definition_id,
        "incidentIds": [one.id for one in incidents],
        "incidents": [{"id": one.id, "activityId": one.element_id} for one in incidents],
    }
    whole["childActivityInstances"] = [_visit(row.Activity, id, incidents) for row in visits]
    return whole


def _activity(id: str, parent: str | None, element: str, name: str, kind: str) -> dict[str, Any]:
    return {
        "id": id,
        "parentActivityInstanceId": parent,
        "activityId": element,
        "activityName": name,
        "name": name,
        "activityType": kind,
        "childActivityInstances": [],
        "childTransitionInstances": [],
        "executionIds": [id],
    }


def _visit(visit: Any, instance_id: str, incidents: Any) -> dict[str, Any]:
    own = [one for one in incidents if one.element_id == visit.element_id]
    found = _activity(visit.id, instance_id, visit.element_id, visit.name, visit.kind)
    return found | {
        "processInstanceId": instance_id,
        "processDefinitionId": visit.definition_id,
        "executionIds": [instance_id],
        "incidentIds": [one.id for one in own],
        "incidents": [{"id": one.id, "activityId": one.element_id} for one in own],
    }


@resource.get(
    "/process-instance/<id>/comment",
    answer={"type": "array"},
    differs="comments belong to tasks: the list is empty",
)
def comments(call: Call, id: str) -> Any:
    """Comments of an instance."""
    _row(call, id)
    return []


def _known(call: Call, instance_id: str) -> Mapping[str, Any]:
    found = variables.of_instance(call.engine, call.actor, instance_id)
    if found is None:
        raise NotFound("instance.unknown", instance=instance_id)
    return found


variable_routes.add(
    resource, "/process-instance/<id>", _known, change_variables, "a supervisor's act"
)


@resource.get(
    "/execution/<id>/localVariables/<varName>/data",
    answer=bytes,
    differs="the execution is the instance",
)
def local_file(call: Call, id: str, varName: str) -> Response:
    """The file in a variable, where workers look for it."""
    known = _known(call, id)
    if varName not in known:
        raise NotFound("rest.no_variable", name=varName[:80])
    return file_answer(call, known[varName], varName)
