"""What happened: instances, elements, tasks, variables, incidents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Response

from engine.errors import NotFound
from engine.queries.rest.listing import MOST
from engine.queries.rest.runtime import HISTORIC_INSTANCES, HISTORIC_TASKS
from engine.queries.rest.variables import VariableRow, of_instances
from engine.queries.rest.workings import HISTORIC_ACTIVITIES, HISTORIC_INCIDENTS
from web.rest.members import Body, Member, Number, Text, Texts
from web.rest.operations import Call, Resource
from web.rest.resources.incidents import SHARED
from web.rest.resources.variable_routes import file_answer
from web.rest.shapes import COUNT, Shape, anything, flag, instant, nothing, number, text
from web.rest.typed import typed

resource = Resource("History")


def _duration(start: datetime, end: datetime | None) -> int | None:
    """Milliseconds."""
    return None if end is None else int((end - start).total_seconds() * 1000)


_STATES = {
    "active": "ACTIVE",
    "suspended": "SUSPENDED",
    "completed": "COMPLETED",
    "cancelled": "EXTERNALLY_TERMINATED",
    "terminated": "INTERNALLY_TERMINATED",
}
INSTANCE = Shape(
    "HistoricProcessInstance",
    {
        "id": text("ProcessInstance.id"),
        "rootProcessInstanceId": text("ProcessInstance.id"),
        **nothing("superProcessInstanceId", "superCaseInstanceId", "caseInstanceId"),
        "processDefinitionName": text("definition_name"),
        "processDefinitionKey": text("ProcessInstance.process_key"),
        "processDefinitionVersion": number("definition_version"),
        "processDefinitionId": text("ProcessInstance.definition_id"),
        "businessKey": text("ProcessInstance.business_key"),
        "startTime": instant("ProcessInstance.started_at"),
        "endTime": instant("ProcessInstance.ended_at"),
        "durationInMillis": number(
            lambda row: _duration(row.ProcessInstance.started_at, row.ProcessInstance.ended_at)
        ),
        "startUserId": text("starter"),
        **nothing("startActivityId", "deleteReason", "removalTime", "restartedProcessInstanceId"),
        "tenantId": text("ProcessInstance.agency_id"),
        "state": text(lambda row: _STATES.get(row.ProcessInstance.state)),
    },
)
ACTIVITY = Shape(
    "HistoricActivityInstance",
    {
        "id": text("Activity.id"),
        "parentActivityInstanceId": text("Activity.instance_id"),
        "activityId": text("Activity.element_id"),
        "activityName": text("Activity.name"),
        "activityType": text("Activity.kind"),
        "processDefinitionKey": text("process_key"),
        "processDefinitionId": text("Activity.definition_id"),
        "processInstanceId": text("Activity.instance_id"),
        "executionId": text("Activity.instance_id"),
        "taskId": text(lambda row: row.Activity.id if row.Activity.kind == "userTask" else None),
        **nothing("calledProcessInstanceId", "calledCaseInstanceId", "assignee", "removalTime"),
        "startTime": instant("Activity.started_at"),
        "endTime": instant("Activity.ended_at"),
        "durationInMillis": number(
            lambda row: _duration(row.Activity.started_at, row.Activity.ended_at)
        ),
        "canceled": flag(lambda row: row.Activity.state == "cancelled"),
        "completeScope": flag(
            lambda row: row.Activity.kind == "endEvent" and row.Activity.state == "completed"
        ),
        "tenantId": text("ProcessInstance.agency_id"),
        "rootProcessInstanceId": text("Activity.instance_id"),
    },
)
_TASK_STATES = {"open": "Created", "completed": "Completed", "cancelled": "Deleted"}
TASK = Shape(
    "HistoricTaskInstance",
    {
        "id": text("UserTask.id"),
        "processDefinitionKey": text("process_key"),
        "processDefinitionId": text("UserTask.definition_id"),
        "processInstanceId": text("UserTask.instance_id"),
        "rootProcessInstanceId": text("UserTask.instance_id"),
        "executionId": text("UserTask.instance_id"),
        **nothing("caseDefinitionKey", "caseDefinitionId", "caseInstanceId", "caseExecutionId"),
        "activityInstanceId": text("UserTask.id"),
        "name": text("UserTask.name"),
        "taskDefinitionKey": text("UserTask.element_id"),
        **nothing("description", "owner", "parentTaskId", "followUp", "removalTime"),
        "deleteReason": text(
            lambda row: row.UserTask.state if row.UserTask.state != "open" else None
        ),
        "assignee": text("holder"),
        "startTime": instant("UserTask.created_at"),
        "endTime": instant("UserTask.completed_at"),
        "duration": number(
            lambda row: _duration(row.UserTask.created_at, row.UserTask.completed_at)
        ),
        "due": instant("UserTask.due_at"),
        "priority": number("UserTask.priority"),
        "tenantId": text("UserTask.agency_id"),
        "taskState": text(lambda row: _TASK_STATES.get(row.UserTask.state)),
    },
)
INCIDENT = Shape(
    "HistoricIncident",
    {
        **SHARED,
        "processDefinitionKey": text("ProcessInstance.process_key"),
        "createTime": instant("Incident.raised_at"),
        "endTime": instant("Incident.resolved_at"),
        "rootProcessInstanceId": text("Incident.instance_id"),
        "historyConfiguration": text(lambda row: None),
        "open": flag(lambda row: row.Incident.state == "open"),
        "resolved": flag(lambda row: row.Incident.state == "resolved"),
        "deleted": flag(lambda row: False),
        **nothing("removalTime"),
    },
)
resource.listing("/history/process-instance", "process instances", HISTORIC_INSTANCES, INSTANCE)
resource.listing("/history/activity-instance", "visits of elements", HISTORIC_ACTIVITIES, ACTIVITY)
resource.listing("/history/task", "tasks, open and done", HISTORIC_TASKS, TASK)
resource.listing("/history/incident", "incidents", HISTORIC_INCIDENTS, INCIDENT, posts=False)


@resource.get("/history/process-instance/<id>", answer=INSTANCE)
def instance(call: Call, id: str) -> Any:
    """One instance, running or ended."""
    found = HISTORIC_INSTANCES.one(call.engine, call.actor, id)
    if found is None:
        raise NotFound("instance.unknown", instance=id)
    return INSTANCE.of(found)


@resource.get("/history/activity-instance/<id>", answer=ACTIVITY)
def activity(call: Call, id: str) -> Any:
    """One visit of an element."""
    found = HISTORIC_ACTIVITIES.one(call.engine, call.actor, id)
    if found is None:
        raise NotFound("rest.no_activity", activity=id)
    return ACTIVITY.of(found)


# variables ----------------------------------------------------------------------------

VARIABLE = Shape(
    "HistoricVariableInstance",
    {
        "id": text("id"),
        "name": text("name"),
        "type": text(lambda row: typed(row.value)["type"]),
        "value": anything(lambda row: typed(row.value)["value"]),
        "valueInfo": anything(lambda row: typed(row.value)["valueInfo"]),
        "processDefinitionKey": text("instance.process_key"),
        "processDefinitionId": text("instance.definition_id"),
        "processInstanceId": text("instance.id"),
        "executionId": text("instance.id"),
        "activityInstanceId": text("instance.id"),
        **nothing("caseDefinitionKey", "caseDefinitionId", "caseInstanceId", "caseExecutionId"),
        **nothing("taskId", "errorMessage", "removalTime"),
        "tenantId": text("instance.agency_id"),
        "state": text(lambda row: "CREATED"),
        "createTime": instant("instance.started_at"),
        "rootProcessInstanceId": text("instance.id"),
    },
)
_INSTANCE_FILTERS: dict[str, Member] = {
    "processInstanceId": Text(),
    "processInstanceIdIn": Texts(),
    "processDefinitionId": Text(),
    "processDefinitionKey": Text(),
    "tenantIdIn": Texts(),
}
_ASKED: dict[str, Member] = {
    **_INSTANCE_FILTERS,
    "variableName": Text(),
    "variableNameIn": Texts(),
    "variableTypeIn": Texts(),
}
_PAGE: dict[str, Member] = {"firstResult": Number(least=0), "maxResults": Number(least=0)}
_VARIABLES = (
    f"the last value of each variable, of at most {MOST} instances; not sorted; values by "
    "variableName, variableNameIn, variableTypeIn"
)
QUERY = Body("HistoricVariableInstanceQuery", _ASKED)


def _variables(call: Call) -> Iterator[VariableRow]:
    asked = {**call.body, **call.query}
    filters = {name: asked[name] for name in _INSTANCE_FILTERS if name in asked}
    names = {asked["variableName"]} if "variableName" in asked else None
    several = set(asked["variableNameIn"]) if "variableNameIn" in asked else None
    kinds = {one.lower() for one in asked.get("variableTypeIn", ())}
    for row in of_instances(call.engine, call.actor, filters):
        fits = (names is None or row.name in names) and (several is None or row.name in several)
        if fits and (not kinds or typed(row.value)["type"].lower() in kinds):
            yield row


def _page(call: Call) -> Any:
    first, most = call.query.get("firstResult", 0), call.query.get("maxResults", MOST)
    rows = list(_variables(call))
    return VARIABLE.list_of(rows[first : first + min(most, MOST)])


@resource.get(
    "/history/variable-instance",
    query={**_ASKED, **_PAGE},
    answer=VARIABLE,
    many=True,
    differs=_VARIABLES,
)
def variables(call: Call) -> Any:
    """List variables of instances, running or ended."""
    return _page(call)


@resource.post(
    "/history/variable-instance",
    query=_PAGE,
    body=QUERY,
    answer=VARIABLE,
    many=True,
    differs=_VARIABLES,
)
def variables_by_body(call: Call) -> Any:
    """List variables of instances, asked for in the body."""
    return _page(call)


@resource.get("/history/variable-instance/count", query=_ASKED, answer=COUNT, differs=_VARIABLES)
def count_variables(call: Call) -> Any:
    """Count variables of instances."""
    return COUNT.of(sum(1 for _ in _variables(call)))


@resource.post("/history/variable-instance/count", body=QUERY, answer=COUNT, differs=_VARIABLES)
def count_variables_by_body(call: Call) -> Any:
    """Count variables of instances, asked for in the body."""
    return COUNT.of(sum(1 for _ in _variables(call)))


def _one(call: Call, id: str) -> VariableRow:
    instance_id, _, name = id.partition(":")
    filters = {"processInstanceId": instance_id}
    for row in of_instances(call.engine, call.actor, filters):
        if row.name == name:
            return row
    raise NotFound("rest.no_variable", name=name[:80])


@resource.get(
    "/history/variable-instance/<id>",
    answer=VARIABLE,
    differs="an id is the instance's id, a colon, the variable's name",
)
def variable(call: Call, id: str) -> Any:
    """One variable of an instance."""
    return VARIABLE.of(_one(call, id))


@resource.get(
    "/history/variable-instance/<id>/data",
    answer=bytes,
    differs="of File variables",
)
def content(call: Call, id: str) -> Response:
    """The file in a variable."""
    row = _one(call, id)
    return file_answer(call, row.value, row.name)
