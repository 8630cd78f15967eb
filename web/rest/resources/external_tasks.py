"""External tasks: the protocol of workers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, current_app

from engine.errors import NotFound, Refusal
from engine.external_tasks import (
    LONGEST_DETAILS,
    Fetched,
    Wanted,
    complete_external_task,
    extend_lock,
    fetch_and_lock,
    lock_external_task,
    report_bpmn_error,
    report_failure,
    require_lock,
    require_worker,
    set_external_priority,
    set_external_retries,
    unlock,
)
from engine.queries.rest import workings
from engine.queries.rest.workings import EXTERNAL_TASKS
from web.rest.members import Body, Flag, Number, Objects, Text, Texts
from web.rest.operations import Call, Resource
from web.rest.polling import LONGEST, Polling
from web.rest.shapes import Shape, anything, flag, instant, nothing, number, text
from web.rest.typed import TypedMap, typed_map

resource = Resource("External Task")
_DAY = 24 * 60 * 60 * 1000
_MILLISECONDS = Number(least=1, most=_DAY)
_WORKER = Text(required=True, longest=120)
TASK = Shape(
    "ExternalTask",
    {
        "id": text("ExternalTask.id"),
        "topicName": text("ExternalTask.topic"),
        "workerId": text("ExternalTask.worker_id"),
        "lockExpirationTime": instant("ExternalTask.lock_expires_at"),
        "createTime": instant("ExternalTask.created_at"),
        "processInstanceId": text("ExternalTask.instance_id"),
        "executionId": text("ExternalTask.instance_id"),
        "processDefinitionId": text("ExternalTask.definition_id"),
        "processDefinitionKey": text("process_key"),
        **nothing("processDefinitionVersionTag"),
        "activityId": text("ExternalTask.element_id"),
        "activityInstanceId": text("ExternalTask.id"),
        "tenantId": text("ExternalTask.agency_id"),
        "retries": number("ExternalTask.retries"),
        "suspended": flag(lambda row: row.instance_state == "suspended"),
        "errorMessage": text("ExternalTask.error_message"),
        "priority": number("ExternalTask.priority"),
        "businessKey": text("ExternalTask.business_key"),
    },
)
LOCKED = Shape(
    "LockedExternalTask",
    {
        "id": text("task.id"),
        "topicName": text("task.topic"),
        "workerId": text("task.worker_id"),
        "lockExpirationTime": instant("task.lock_expires_at"),
        "createTime": instant("task.created_at"),
        "processInstanceId": text("task.instance_id"),
        "executionId": text("task.instance_id"),
        "processDefinitionId": text("task.definition_id"),
        "processDefinitionKey": text("instance.process_key"),
        **nothing("processDefinitionVersionTag"),
        "activityId": text("task.element_id"),
        "activityInstanceId": text("task.id"),
        "tenantId": text("task.agency_id"),
        "retries": number("task.retries"),
        "suspended": flag(lambda found: False),
        "errorMessage": text("task.error_message"),
        "errorDetails": text("task.error_details"),
        "priority": number("task.priority"),
        "businessKey": text("task.business_key"),
        "extensionProperties": anything(lambda found: dict(found.properties)),
        "variables": anything(lambda found: typed_map(found.variables)),
    },
)
TOPIC = Body(
    "FetchTopic",
    {
        "topicName": Text(required=True, longest=120),
        "lockDuration": Number(required=True, least=1, most=_DAY),
        "variables": Texts(),
        "localVariables": Flag(),
        "businessKey": Text(longest=80),
        "processDefinitionId": Text(longest=64),
        "processDefinitionIdIn": Texts(),
        "processDefinitionKey": Text(longest=120),
        "processDefinitionKeyIn": Texts(),
        "processVariables": TypedMap(),
        "includeExtensionProperties": Flag(),
    },
    ignored=frozenset(("deserializeValues", "tenantIdIn", "withoutTenantId")),
)
SORTING = Body(
    "FetchSorting",
    {
        "sortBy": Text(required=True, choice=("createTime",)),
        "sortOrder": Text(choice=("asc", "desc")),
    },
)
FETCH = Body(
    "FetchExternalTasks",
    {
        "workerId": _WORKER,
        "maxTasks": Number(required=True, least=1, most=1_000),
        "usePriority": Flag(),
        "asyncResponseTimeout": Number(least=0, most=1_800_000),
        "topics": Objects(shape=TOPIC),
        "sorting": Objects(shape=SORTING, most=1),
    },
)
COMPLETE = Body(
    "CompleteExternalTask",
    {"workerId": _WORKER, "variables": TypedMap(), "localVariables": TypedMap()},
)
ERROR = Body(
    "ExternalTaskBpmnError",
    {
        "workerId": _WORKER,
        "errorCode": Text(required=True, longest=120),
        "errorMessage": Text(),
        "variables": TypedMap(),
    },
)
FAILURE = Body(
    "ExternalTaskFailure",
    {
        "workerId": _WORKER,
        "errorMessage": Text(longest=1_000_000),
        "errorDetails": Text(longest=1_000_000),
        "retries": Number(least=0),
        "retryTimeout": Number(least=0, most=_DAY),
    },
)
LOCK = Body("LockExternalTask", {"workerId": _WORKER, "lockDuration": _MILLISECONDS})
EXTEND = Body("ExtendLock", {"workerId": _WORKER, "newDuration": _MILLISECONDS})
RETRIES = Body("Retries", {"retries": Number(required=True)})
PRIORITY = Body("Priority", {"priority": Number(required=True)})
RETRIES_OF_MANY = Body(
    "SetRetriesForExternalTasks",
    {"retries": Number(required=True), "externalTaskIds": Texts(required=True, most=100)},
)
resource.listing("/external-task", "external tasks", EXTERNAL_TASKS, TASK)


@resource.get(
    "/external-task/topic-names",
    query={name: Flag() for name in ("withLockedTasks", "withUnlockedTasks", "withRetriesLeft")},
    answer={"type": "array", "items": {"type": "string"}},
    differs="topics of all open tasks",
)
def topic_names(call: Call) -> Any:
    """Topics with open tasks."""
    return list(workings.topics(call.engine, call.actor))


@resource.post(
    "/external-task/fetchAndLock",
    body=FETCH,
    answer=LOCKED,
    many=True,
    differs="a client fetches what its agency has on the topics it was given; at most 100 tasks; "
    f"a request waits {LONGEST:.0f} s at most, and only some wait at once",
)
def fetch(call: Call) -> Any:
    """Fetch tasks and lock them; wait for some where there are none."""
    wanted = [_wanted(one) for one in call.body.get("topics", ())]
    require_worker(call.actor, [one.topic for one in wanted])
    for one in wanted:
        require_lock(one.lock)
    polling: Polling = current_app.extensions["polling"]
    seconds = call.body.get("asyncResponseTimeout", 0) / 1000
    if not polling.until(lambda: workings.waits(call.engine, call.actor, wanted), seconds):
        return []
    return LOCKED.list_of(_fetched(call, wanted))


def _fetched(call: Call, wanted: list[Wanted]) -> list[Fetched]:
    order = call.body.get("sorting", ())
    return call.do(
        fetch_and_lock,
        call.body["workerId"],
        wanted,
        call.body["maxTasks"],
        by_priority=call.body.get("usePriority", False),
        newest_first=bool(order) and order[0].get("sortOrder") == "desc",
    )


def _wanted(given: dict[str, Any]) -> Wanted:
    definitions = [given.get("processDefinitionId"), *given.get("processDefinitionIdIn", ())]
    processes = [given.get("processDefinitionKey"), *given.get("processDefinitionKeyIn", ())]
    names = given.get("variables")
    return Wanted(
        topic=given["topicName"],
        lock=timedelta(milliseconds=given["lockDuration"]),
        variables=None if names is None else tuple(names),
        local_only=given.get("localVariables", False),
        business_key=given.get("businessKey"),
        processes=tuple(filter(None, processes)),
        definitions=tuple(filter(None, definitions)),
        values=given.get("processVariables", {}),
        properties=given.get("includeExtensionProperties", False),
    )


@resource.put(
    "/external-task/retries",
    body=RETRIES_OF_MANY,
    differs="by externalTaskIds; each task in a transaction of its own",
)
def set_retries_of_many(call: Call) -> None:
    """Give several tasks further tries."""
    for id in call.body["externalTaskIds"]:
        call.do(set_external_retries, id, call.body["retries"])


def _row(call: Call, id: str) -> Any:
    found = EXTERNAL_TASKS.one(call.engine, call.actor, id)
    if found is None:
        raise NotFound("external.unknown", task=id)
    return found


@resource.get("/external-task/<id>", answer=TASK)
def show(call: Call, id: str) -> Any:
    """One open external task."""
    return TASK.of(_row(call, id))


@resource.get("/external-task/<id>/errorDetails", answer=bytes)
def details(call: Call, id: str) -> Response:
    """What the last worker said of its failure at length."""
    found = _row(call, id).ExternalTask.error_details
    return Response(found or "", 200 if found else 204, mimetype="text/plain")


@resource.post("/external-task/<id>/complete", body=COMPLETE, once=True)
def complete(call: Call, id: str) -> None:
    """The work is done."""
    call.do(
        complete_external_task,
        id,
        call.body["workerId"],
        call.feel(call.body.get("variables")),
        call.feel(call.body.get("localVariables")),
        once=True,
    )


@resource.post(
    "/external-task/<id>/bpmnError",
    body=ERROR,
    differs="an error that nothing catches is refused (422) and reported as an incident",
)
def error(call: Call, id: str) -> None:
    """The work ended with a business error."""
    call.do(
        report_bpmn_error,
        id,
        call.body["workerId"],
        call.body["errorCode"],
        call.body.get("errorMessage", ""),
        call.feel(call.body.get("variables")),
    )


@resource.post(
    "/external-task/<id>/failure",
    body=FAILURE,
    differs=f"errorDetails are cut at {LONGEST_DETAILS} characters",
)
def failure(call: Call, id: str) -> None:
    """The work failed; without retries left this is an incident."""
    call.do(
        report_failure,
        id,
        call.body["workerId"],
        call.body.get("errorMessage", ""),
        call.body.get("retries", 0),
        timedelta(milliseconds=call.body.get("retryTimeout", 0)),
        call.body.get("errorDetails"),
    )


def _duration(call: Call, name: str) -> timedelta:
    if name not in call.body:
        raise Refusal("rest.missing", name=name)
    return timedelta(milliseconds=call.body[name])


@resource.post("/external-task/<id>/lock", body=LOCK)
def lock(call: Call, id: str) -> None:
    """Lock one task."""
    call.do(lock_external_task, id, call.body["workerId"], _duration(call, "lockDuration"))


@resource.post("/external-task/<id>/extendLock", body=EXTEND)
def extend(call: Call, id: str) -> None:
    """Keep a task longer."""
    call.do(extend_lock, id, call.body["workerId"], _duration(call, "newDuration"))


@resource.post("/external-task/<id>/unlock")
def release(call: Call, id: str) -> None:
    """Let other workers fetch the task."""
    call.do(unlock, id)


@resource.put("/external-task/<id>/retries", body=RETRIES)
def set_retries(call: Call, id: str) -> None:
    """Give a task further tries."""
    call.do(set_external_retries, id, call.body["retries"])


@resource.put("/external-task/<id>/priority", body=PRIORITY)
def set_priority(call: Call, id: str) -> None:
    """Say which tasks are fetched first."""
    call.do(set_external_priority, id, call.body["priority"])
