"""What works behind the tasks: external tasks, jobs, incidents, visits of elements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from engine import permissions
from engine.actors import Actor
from engine.external_tasks import Wanted as WantedTopic
from engine.external_tasks import fetchable, within_reach
from engine.job_control import KINDS
from engine.queries.rest.listing import (
    Filter,
    Found,
    Listing,
    after,
    at_least,
    at_most,
    before,
    equal,
    flag,
    like,
    not_after,
    not_before,
    nothing,
    one_of,
)
from engine.store.models import (
    Activity,
    ExternalTask,
    Incident,
    Job,
    ProcessDefinition,
    ProcessInstance,
)

if TYPE_CHECKING:
    from engine.engine import Engine

_TENANT = {"tenantIdIn": one_of(ProcessInstance.agency_id), "withoutTenantId": nothing()}


def _locked(value: bool, around: Any) -> ColumnElement[bool]:
    return ExternalTask.lock_expires_at > around.now if value else true()


def _not_locked(value: bool, around: Any) -> ColumnElement[bool]:
    free = or_(ExternalTask.lock_expires_at.is_(None), ExternalTask.lock_expires_at <= around.now)
    return free if value else true()


def sees_external_task(actor: Actor) -> ColumnElement[bool]:
    """Tasks that a client may work on, and those of instances that the actor sees."""
    return or_(within_reach(actor), permissions.sees_instance(actor))


EXTERNAL_TASKS = Listing(
    rows=select(
        ExternalTask,
        ProcessDefinition.key.label("process_key"),
        ProcessInstance.state.label("instance_state"),
    )
    .join(ProcessInstance, ProcessInstance.id == ExternalTask.instance_id)
    .join(ProcessDefinition, ProcessDefinition.id == ExternalTask.definition_id)
    .where(ExternalTask.state == "open"),
    key=ExternalTask.id,
    visible=sees_external_task,
    filters={
        "externalTaskId": equal(ExternalTask.id),
        "externalTaskIdIn": one_of(ExternalTask.id),
        "topicName": equal(ExternalTask.topic),
        "workerId": equal(ExternalTask.worker_id),
        "locked": Filter("flag", _locked),
        "notLocked": Filter("flag", _not_locked),
        "withRetriesLeft": flag(or_(ExternalTask.retries.is_(None), ExternalTask.retries > 0)),
        "noRetriesLeft": flag(ExternalTask.retries == 0),
        "lockExpirationAfter": after(ExternalTask.lock_expires_at),
        "lockExpirationBefore": before(ExternalTask.lock_expires_at),
        "activityId": equal(ExternalTask.element_id),
        "activityIdIn": one_of(ExternalTask.element_id),
        "executionId": equal(ExternalTask.instance_id),
        "processInstanceId": equal(ExternalTask.instance_id),
        "processInstanceIdIn": one_of(ExternalTask.instance_id),
        "processDefinitionId": equal(ExternalTask.definition_id),
        "active": flag(ProcessInstance.state == "active"),
        "suspended": flag(ProcessInstance.state == "suspended"),
        "priorityHigherThanOrEquals": at_least(ExternalTask.priority),
        "priorityLowerThanOrEquals": at_most(ExternalTask.priority),
        **_TENANT,
    },
    sorts={
        "id": ExternalTask.id,
        "lockExpirationTime": ExternalTask.lock_expires_at,
        "processInstanceId": ExternalTask.instance_id,
        "processDefinitionId": ExternalTask.definition_id,
        "processDefinitionKey": ProcessDefinition.key,
        "taskPriority": ExternalTask.priority,
        "createTime": ExternalTask.created_at,
        "tenantId": ExternalTask.agency_id,
    },
)


def topics(engine: Engine, actor: Actor) -> Sequence[str]:
    """Topics with open tasks that the actor sees."""
    rows = EXTERNAL_TASKS.rows.where(sees_external_task(actor))
    statement = rows.with_only_columns(ExternalTask.topic).distinct().order_by(ExternalTask.topic)
    with engine.database.read() as session:
        return session.scalars(statement).all()


def waits(engine: Engine, actor: Actor, wanted: Sequence[WantedTopic]) -> bool:
    """Whether anything could be fetched now: one cheap look per topic, nothing is locked."""
    now = engine.clock.now()
    with engine.database.read() as session:
        return any(
            session.execute(
                fetchable(now, actor, one).with_only_columns(ExternalTask.id).limit(1)
            ).first()
            for one in wanted
        )


JOBS = Listing(
    rows=select(Job, ProcessInstance)
    .join(ProcessInstance, ProcessInstance.id == Job.instance_id)
    .where(Job.kind.in_(KINDS), Job.state.in_(("waiting", "failed"))),
    key=Job.id,
    visible=permissions.sees_instance,
    filters={
        "jobId": equal(Job.id),
        "jobIds": one_of(Job.id),
        "processInstanceId": equal(Job.instance_id),
        "processInstanceIds": one_of(Job.instance_id),
        "executionId": equal(Job.instance_id),
        "processDefinitionId": equal(ProcessInstance.definition_id),
        "processDefinitionKey": equal(ProcessInstance.process_key),
        "activityId": equal(Job.element_id),
        "failedActivityId": Filter(
            "text", lambda value, _: and_(Job.element_id == value, Job.error.is_not(None))
        ),
        "withRetriesLeft": flag(Job.retries > 0),
        "noRetriesLeft": flag(Job.retries == 0),
        "executable": Filter(
            "flag",
            lambda value, around: (
                and_(Job.state == "waiting", Job.retries > 0, Job.due_at <= around.now)
                if value
                else true()
            ),
        ),
        "timers": flag(Job.kind == "timer"),
        "messages": flag(Job.kind == "async"),
        "withException": flag(Job.error.is_not(None)),
        "exceptionMessage": equal(Job.error),
        "active": flag(ProcessInstance.state == "active"),
        "suspended": flag(ProcessInstance.state == "suspended"),
        **_TENANT,
    },
    sorts={
        "jobId": Job.id,
        "executionId": Job.instance_id,
        "processInstanceId": Job.instance_id,
        "processDefinitionId": ProcessInstance.definition_id,
        "processDefinitionKey": ProcessInstance.process_key,
        "jobRetries": Job.retries,
        "jobDueDate": Job.due_at,
        "tenantId": ProcessInstance.agency_id,
    },
)


def _of_type(value: Any, _: Any) -> ColumnElement[bool]:
    external = Incident.code == "external.failed"
    return external if value == "failedExternalTask" else ~external


_OF_INCIDENT = {
    "incidentId": equal(Incident.id),
    "incidentType": Filter("text", _of_type),
    "incidentMessage": equal(Incident.code),
    "incidentMessageLike": like(Incident.code),
    "processInstanceId": equal(Incident.instance_id),
    "executionId": equal(Incident.instance_id),
    "activityId": equal(Incident.element_id),
    "failedActivityId": equal(Incident.element_id),
    "processDefinitionId": equal(ProcessInstance.definition_id),
    "processDefinitionKey": equal(ProcessInstance.process_key),
    "processDefinitionKeyIn": one_of(ProcessInstance.process_key),
    "causeIncidentId": equal(Incident.id),
    "rootCauseIncidentId": equal(Incident.id),
    "configuration": equal(Incident.job_id),
    **_TENANT,
}
_INCIDENT_SORTS = {
    "incidentId": Incident.id,
    "incidentMessage": Incident.code,
    "incidentType": Incident.code,
    "executionId": Incident.instance_id,
    "activityId": Incident.element_id,
    "processInstanceId": Incident.instance_id,
    "processDefinitionId": ProcessInstance.definition_id,
    "processDefinitionKey": ProcessInstance.process_key,
    "causeIncidentId": Incident.id,
    "rootCauseIncidentId": Incident.id,
    "configuration": Incident.job_id,
    "tenantId": ProcessInstance.agency_id,
}
_INCIDENTS = select(Incident, ProcessInstance).join(
    ProcessInstance, ProcessInstance.id == Incident.instance_id
)
INCIDENTS = Listing(
    rows=_INCIDENTS.where(Incident.state == "open"),
    key=Incident.id,
    visible=permissions.sees_instance,
    filters={
        **_OF_INCIDENT,
        "incidentTimestampBefore": before(Incident.raised_at),
        "incidentTimestampAfter": after(Incident.raised_at),
    },
    sorts={**_INCIDENT_SORTS, "incidentTimestamp": Incident.raised_at},
)
HISTORIC_INCIDENTS = Listing(
    rows=_INCIDENTS,
    key=Incident.id,
    visible=permissions.sees_instance,
    filters={
        **_OF_INCIDENT,
        "open": flag(Incident.state == "open"),
        "resolved": flag(Incident.state == "resolved"),
        "deleted": nothing(),
        "createTimeBefore": not_after(Incident.raised_at),
        "createTimeAfter": not_before(Incident.raised_at),
        "endTimeBefore": not_after(Incident.resolved_at),
        "endTimeAfter": not_before(Incident.resolved_at),
    },
    sorts={
        **_INCIDENT_SORTS,
        "createTime": Incident.raised_at,
        "endTime": Incident.resolved_at,
        "incidentState": Incident.state,
    },
)

HISTORIC_ACTIVITIES = Listing(
    rows=select(Activity, ProcessInstance, ProcessDefinition.key.label("process_key"))
    .join(ProcessInstance, ProcessInstance.id == Activity.instance_id)
    .join(ProcessDefinition, ProcessDefinition.id == Activity.definition_id),
    key=Activity.id,
    visible=permissions.sees_instance,
    filters={
        "activityInstanceId": equal(Activity.id),
        "processInstanceId": equal(Activity.instance_id),
        "processInstanceIdIn": one_of(Activity.instance_id),
        "processDefinitionId": equal(Activity.definition_id),
        "executionId": equal(Activity.instance_id),
        "activityId": equal(Activity.element_id),
        "activityIdIn": one_of(Activity.element_id),
        "activityName": equal(Activity.name),
        "activityNameLike": like(Activity.name),
        "activityType": equal(Activity.kind),
        "finished": flag(Activity.ended_at.is_not(None)),
        "unfinished": flag(Activity.ended_at.is_(None)),
        "canceled": flag(Activity.state == "cancelled"),
        "completeScope": flag(and_(Activity.kind == "endEvent", Activity.state == "completed")),
        "startedBefore": not_after(Activity.started_at),
        "startedAfter": not_before(Activity.started_at),
        "finishedBefore": not_after(Activity.ended_at),
        "finishedAfter": not_before(Activity.ended_at),
        **_TENANT,
    },
    sorts={
        "activityInstanceId": Activity.id,
        "instanceId": Activity.instance_id,
        "executionId": Activity.instance_id,
        "activityId": Activity.element_id,
        "activityName": Activity.name,
        "activityType": Activity.kind,
        "startTime": Activity.started_at,
        "endTime": Activity.ended_at,
        "duration": Activity.ended_at,
        "definitionId": Activity.definition_id,
        "occurrence": Activity.started_at,
        "tenantId": ProcessInstance.agency_id,
    },
)


def open_activities(engine: Engine, actor: Actor, instance_id: str) -> Sequence[Found]:
    """Visits of elements that last, the oldest first; one row (Activity,) each."""
    query = (
        select(Activity)
        .join(ProcessInstance, ProcessInstance.id == Activity.instance_id)
        .where(
            Activity.instance_id == instance_id,
            Activity.state == "active",
            permissions.sees_instance(actor),
        )
        .order_by(Activity.started_at, Activity.id)
    )
    with engine.database.read() as session:
        return session.execute(query).all()


def open_incidents(engine: Engine, instance_id: str) -> Sequence[Incident]:
    """Of one instance, the oldest first."""
    query = select(Incident).where(Incident.instance_id == instance_id, Incident.state == "open")
    with engine.database.read() as session:
        return session.scalars(query.order_by(Incident.raised_at)).all()
