"""What runs and ran: instances, user tasks, external tasks, jobs, incidents, activities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, exists, false, select, true

from engine import permissions
from engine.queries.rest.accounts import held_by, held_by_like, held_by_one_of, named
from engine.queries.rest.listing import (
    Filter,
    Listing,
    after,
    at,
    at_least,
    at_most,
    before,
    equal,
    flag,
    like,
    none_of,
    not_after,
    not_before,
    nothing,
    number,
    one_of,
    unequal,
    unlike,
)
from engine.store.models import (
    Activity,
    Incident,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
)

if TYPE_CHECKING:
    pass

ALIVE = ("active", "suspended")
_running = ProcessInstance.state.in_(ALIVE)
_open_incident = exists().where(
    Incident.instance_id == ProcessInstance.id, Incident.state == "open"
)


def _at_element(values: Any, _: Any) -> ColumnElement[bool]:
    return exists().where(
        Activity.instance_id == ProcessInstance.id,
        Activity.state == "active",
        Activity.element_id.in_(values),
    )


def _with_incident(column: Any) -> Filter:
    """Instances with an open incident whose `column` is so."""
    return Filter(
        "text",
        lambda value, _: exists().where(
            Incident.instance_id == ProcessInstance.id, Incident.state == "open", column == value
        ),
    )


_TENANT = {"tenantIdIn": one_of(ProcessInstance.agency_id), "withoutTenantId": nothing()}
_OF_INSTANCE = {
    "businessKey": equal(ProcessInstance.business_key),
    "businessKeyLike": like(ProcessInstance.business_key),
    "processDefinitionId": equal(ProcessInstance.definition_id),
    "processDefinitionKey": equal(ProcessInstance.process_key),
    "processDefinitionKeyIn": one_of(ProcessInstance.process_key),
    "processDefinitionKeyNotIn": none_of(ProcessInstance.process_key),
    "processInstanceIds": one_of(ProcessInstance.id),
    "active": flag(ProcessInstance.state == "active"),
    "suspended": flag(ProcessInstance.state == "suspended"),
    "activityIdIn": Filter("texts", _at_element),
    "incidentType": _with_incident(Incident.code),
    "incidentId": _with_incident(Incident.id),
    **_TENANT,
}
INSTANCES = Listing(
    rows=select(ProcessInstance).where(_running),
    key=ProcessInstance.id,
    visible=permissions.sees_instance,
    filters={
        **_OF_INSTANCE,
        "deploymentId": Filter(
            "text",
            lambda value, _: ProcessInstance.definition_id.in_(
                select(ProcessDefinition.id).where(ProcessDefinition.deployment_id == value)
            ),
        ),
        "withIncident": flag(_open_incident),
        "rootProcessInstances": flag(true()),
        "leafProcessInstances": flag(true()),
        "superProcessInstance": Filter("text", lambda *_: false()),
        "subProcessInstance": Filter("text", lambda *_: false()),
        "processDefinitionWithoutTenantId": flag(true()),
    },
    sorts={
        "instanceId": ProcessInstance.id,
        "definitionId": ProcessInstance.definition_id,
        "definitionKey": ProcessInstance.process_key,
        "businessKey": ProcessInstance.business_key,
        "tenantId": ProcessInstance.agency_id,
    },
)
HISTORIC_INSTANCES = Listing(
    rows=select(
        ProcessInstance,
        ProcessDefinition.name.label("definition_name"),
        ProcessDefinition.version.label("definition_version"),
        named(ProcessInstance.started_by).label("starter"),
    ).join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id),
    key=ProcessInstance.id,
    visible=permissions.sees_instance,
    filters={
        **_OF_INSTANCE,
        "processInstanceId": equal(ProcessInstance.id),
        "processInstanceIdIn": one_of(ProcessInstance.id),
        "processInstanceBusinessKey": equal(ProcessInstance.business_key),
        "processInstanceBusinessKeyIn": one_of(ProcessInstance.business_key),
        "processInstanceBusinessKeyLike": like(ProcessInstance.business_key),
        "processDefinitionName": equal(ProcessDefinition.name),
        "processDefinitionNameLike": like(ProcessDefinition.name),
        "finished": flag(ProcessInstance.ended_at.is_not(None)),
        "unfinished": flag(ProcessInstance.ended_at.is_(None)),
        "completed": flag(ProcessInstance.state == "completed"),
        "externallyTerminated": flag(ProcessInstance.state == "cancelled"),
        "internallyTerminated": flag(ProcessInstance.state == "terminated"),
        "withIncidents": flag(_open_incident),
        "withRootIncidents": flag(_open_incident),
        "startedBy": held_by(ProcessInstance.started_by),
        "startedBefore": not_after(ProcessInstance.started_at),
        "startedAfter": not_before(ProcessInstance.started_at),
        "finishedBefore": not_after(ProcessInstance.ended_at),
        "finishedAfter": not_before(ProcessInstance.ended_at),
        "rootProcessInstances": flag(true()),
        "superProcessInstanceId": Filter("text", lambda *_: false()),
    },
    sorts={
        "instanceId": ProcessInstance.id,
        "definitionId": ProcessInstance.definition_id,
        "definitionKey": ProcessInstance.process_key,
        "definitionName": ProcessDefinition.name,
        "definitionVersion": ProcessDefinition.version,
        "businessKey": ProcessInstance.business_key,
        "startTime": ProcessInstance.started_at,
        "endTime": ProcessInstance.ended_at,
        "duration": ProcessInstance.ended_at,
        "tenantId": ProcessInstance.agency_id,
    },
)


# user tasks ---------------------------------------------------------------------------


def _candidate(values: Any, _: Any) -> ColumnElement[bool]:
    return and_(UserTask.role.in_(values), UserTask.assignee.is_(None))


def _for_group(value: Any, around: Any) -> ColumnElement[bool]:
    return _candidate([value], around)


_of_process = ProcessDefinition.id == UserTask.definition_id
_OF_TASK = {
    "taskId": equal(UserTask.id),
    "taskIdIn": one_of(UserTask.id),
    "processInstanceId": equal(UserTask.instance_id),
    "processInstanceIdIn": one_of(UserTask.instance_id),
    "processInstanceBusinessKey": equal(UserTask.business_key),
    "processInstanceBusinessKeyIn": one_of(UserTask.business_key),
    "processInstanceBusinessKeyLike": like(UserTask.business_key),
    "processDefinitionId": equal(UserTask.definition_id),
    "processDefinitionKey": equal(ProcessDefinition.key),
    "processDefinitionKeyIn": one_of(ProcessDefinition.key),
    "processDefinitionName": equal(ProcessDefinition.name),
    "processDefinitionNameLike": like(ProcessDefinition.name),
    "executionId": equal(UserTask.instance_id),
    "activityInstanceIdIn": one_of(UserTask.id),
    "taskDefinitionKey": equal(UserTask.element_id),
    "taskDefinitionKeyIn": one_of(UserTask.element_id),
    "taskDefinitionKeyLike": like(UserTask.element_id),
    "tenantIdIn": one_of(UserTask.agency_id),
    "withoutTenantId": nothing(),
}
TASKS = Listing(
    rows=select(
        UserTask,
        ProcessDefinition.key.label("process_key"),
        ProcessInstance.state.label("instance_state"),
        named(UserTask.assignee).label("holder"),
    )
    .join(ProcessDefinition, _of_process)
    .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    .where(UserTask.state == "open"),
    key=UserTask.id,
    visible=permissions.oversees_task,
    filters={
        **_OF_TASK,
        "assignee": held_by(UserTask.assignee),
        "assigneeLike": held_by_like(UserTask.assignee),
        "assigneeIn": held_by_one_of(UserTask.assignee),
        "assigned": flag(UserTask.assignee.is_not(None)),
        "unassigned": flag(UserTask.assignee.is_(None)),
        "candidateGroup": Filter("text", _for_group),
        "candidateGroups": Filter("texts", _candidate),
        "withCandidateGroups": flag(UserTask.role != ""),
        "withoutCandidateGroups": flag(UserTask.role == ""),
        "withCandidateUsers": nothing(),
        "withoutCandidateUsers": flag(true()),
        "involvedUser": held_by(UserTask.assignee),
        "name": equal(UserTask.name),
        "nameNotEqual": unequal(UserTask.name),
        "nameLike": like(UserTask.name),
        "nameNotLike": unlike(UserTask.name),
        "priority": number(UserTask.priority),
        "maxPriority": at_most(UserTask.priority),
        "minPriority": at_least(UserTask.priority),
        "dueDate": at(UserTask.due_at),
        "dueAfter": after(UserTask.due_at),
        "dueBefore": before(UserTask.due_at),
        "withoutDueDate": flag(UserTask.due_at.is_(None)),
        "createdOn": at(UserTask.created_at),
        "createdAfter": after(UserTask.created_at),
        "createdBefore": before(UserTask.created_at),
        "active": flag(ProcessInstance.state == "active"),
        "suspended": flag(ProcessInstance.state == "suspended"),
    },
    sorts={
        "id": UserTask.id,
        "instanceId": UserTask.instance_id,
        "name": UserTask.name,
        "nameCaseInsensitive": UserTask.name,
        "assignee": UserTask.assignee,
        "created": UserTask.created_at,
        "dueDate": UserTask.due_at,
        "priority": UserTask.priority,
        "executionId": UserTask.instance_id,
        "tenantId": UserTask.agency_id,
    },
)
HISTORIC_TASKS = Listing(
    rows=select(
        UserTask,
        ProcessDefinition.key.label("process_key"),
        named(UserTask.assignee).label("holder"),
    ).join(ProcessDefinition, _of_process),
    key=UserTask.id,
    visible=permissions.oversees_task,
    filters={
        **_OF_TASK,
        "taskName": equal(UserTask.name),
        "taskNameLike": like(UserTask.name),
        "taskAssignee": held_by(UserTask.assignee),
        "taskAssigneeLike": held_by_like(UserTask.assignee),
        "assigned": flag(UserTask.assignee.is_not(None)),
        "unassigned": flag(UserTask.assignee.is_(None)),
        "taskInvolvedUser": held_by(UserTask.assignee),
        "taskPriority": number(UserTask.priority),
        "finished": flag(UserTask.state != "open"),
        "unfinished": flag(UserTask.state == "open"),
        "taskDueDate": at(UserTask.due_at),
        "taskDueDateBefore": before(UserTask.due_at),
        "taskDueDateAfter": after(UserTask.due_at),
        "withoutTaskDueDate": flag(UserTask.due_at.is_(None)),
        "startedBefore": not_after(UserTask.created_at),
        "startedAfter": not_before(UserTask.created_at),
        "finishedBefore": not_after(UserTask.completed_at),
        "finishedAfter": not_before(UserTask.completed_at),
        "taskHadCandidateGroup": equal(UserTask.role),
    },
    sorts={
        "taskId": UserTask.id,
        "activityInstanceID": UserTask.id,
        "processDefinitionId": UserTask.definition_id,
        "processInstanceId": UserTask.instance_id,
        "taskName": UserTask.name,
        "assignee": UserTask.assignee,
        "startTime": UserTask.created_at,
        "endTime": UserTask.completed_at,
        "duration": UserTask.completed_at,
        "dueDate": UserTask.due_at,
        "taskDefinitionKey": UserTask.element_id,
        "priority": UserTask.priority,
        "tenantId": UserTask.agency_id,
    },
)
