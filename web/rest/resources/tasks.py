"""User tasks: found, taken, given back, completed."""

from __future__ import annotations

from typing import Any

from engine.errors import NotFound, Refusal
from engine.queries.rest import variables
from engine.queries.rest.accounts import id_of
from engine.queries.rest.runtime import TASKS
from engine.task_errors import fail_user_task
from engine.user_tasks import (
    assign_user_task,
    claim_user_task,
    complete_user_task,
    unclaim_user_task,
)
from web.messages import sentence
from web.rest.members import Body, Flag, Text
from web.rest.operations import Call, Resource
from web.rest.resources.start_forms import reference
from web.rest.shapes import Shape, anything, flag, instant, nothing, number, text
from web.rest.typed import TypedMap, typed_map

resource = Resource("Task")
TASK = Shape(
    "Task",
    {
        "id": text("UserTask.id"),
        "name": text("UserTask.name"),
        "assignee": text("holder"),
        "created": instant("UserTask.created_at"),
        "due": instant("UserTask.due_at"),
        **nothing("followUp", "lastUpdated", "delegationState", "description", "owner"),
        "executionId": text("UserTask.instance_id"),
        "parentTaskId": text(lambda row: None),
        "priority": number("UserTask.priority"),
        "processDefinitionId": text("UserTask.definition_id"),
        "processInstanceId": text("UserTask.instance_id"),
        "taskDefinitionKey": text("UserTask.element_id"),
        **nothing("caseExecutionId", "caseInstanceId", "caseDefinitionId", "formKey"),
        "suspended": flag(lambda row: row.instance_state == "suspended"),
        "camundaFormRef": anything(lambda row: reference(row.UserTask.form_key)),
        "tenantId": text("UserTask.agency_id"),
        "taskState": text(lambda row: "Created"),
    },
)
LINK = Shape(
    "IdentityLink", {"userId": text("user"), "groupId": text("group"), "type": text("type")}
)
USER = Body("UserId", {"userId": Text(longest=64), "reason": Text(longest=500)})
COMPLETE = Body("CompleteTask", {"variables": TypedMap(), "withVariablesInReturn": Flag()})
ERROR = Body(
    "TaskBpmnError",
    {
        "errorCode": Text(required=True, longest=120),
        "errorMessage": Text(),
        "variables": TypedMap(),
    },
)
LINK_BODY = Body(
    "IdentityLinkChange",
    {"userId": Text(longest=64), "groupId": Text(longest=64), "type": Text(required=True)},
)
resource.listing("/task", "tasks", TASKS, TASK)


def task(call: Call, id: str) -> Any:
    """The row of an open task that the caller sees. Raises `NotFound`."""
    found = TASKS.one(call.engine, call.actor, id)
    if found is None:
        raise NotFound("task.unknown", task=id)
    return found


@resource.get("/task/<id>", answer=TASK)
def show(call: Call, id: str) -> Any:
    """One open task."""
    return TASK.of(task(call, id))


_MISSING = "404 where the original says 500, 409 where somebody was faster"


@resource.post("/task/<id>/claim", body=USER, differs=f"{_MISSING}; for another: see assignee")
def claim(call: Call, id: str) -> None:
    """Take a task out of the queue, for oneself."""
    wanted = _account(call)
    if wanted in (None, call.actor.id):
        call.do(claim_user_task, id)
    else:
        assign(call, id)


@resource.post("/task/<id>/unclaim", body=USER, differs=_MISSING)
def unclaim(call: Call, id: str) -> None:
    """Give a task back to the queue."""
    call.do(unclaim_user_task, id, reason(call))


@resource.post(
    "/task/<id>/assignee",
    body=USER,
    differs="a supervisor gives a task to somebody it is addressed to; the member reason says why",
)
def assign(call: Call, id: str) -> None:
    """Give a task to somebody, or back to the queue where nobody is named."""
    wanted = _account(call)
    if wanted is None:
        call.do(unclaim_user_task, id, reason(call))
    elif wanted == call.actor.id:
        call.do(claim_user_task, id)
    else:
        call.do(assign_user_task, id, wanted, reason(call))


def _account(call: Call) -> str | None:
    named = call.body.get("userId")
    return id_of(call.engine, named) if named else None


def reason(call: Call) -> str:
    """Why a supervisor steps in: as given, else that a program did not say."""
    return call.body.get("reason") or call.query.get("reason") or sentence("rest.no_reason")


_COMPLETE = (
    "a task with a form takes the form's values and passes its validation (400 with `fields`); "
    f"{_MISSING}"
)


@resource.post(
    "/task/<id>/complete", body=COMPLETE, answer={"type": "object"}, once=True, differs=_COMPLETE
)
def complete(call: Call, id: str) -> Any:
    """Complete a task with its variables."""
    row = task(call, id).UserTask if call.key is None else _row_or_repetition(call, id)
    given = call.body.get("variables")
    values = call.entered(given) if row is None or row.form_key else call.feel(given)
    done = call.do(complete_user_task, id, values, once=True)
    if not call.body.get("withVariablesInReturn"):
        return None
    return typed_map(variables.of_instance(call.engine, call.actor, done.instance_id) or {})


def _row_or_repetition(call: Call, id: str) -> Any:
    """A repeated request finds its task completed: the verb then gives the first answer."""
    found = TASKS.one(call.engine, call.actor, id)
    return found.UserTask if found else None


@resource.post(
    "/task/<id>/submit-form",
    body=COMPLETE,
    answer={"type": "object"},
    once=True,
    differs=_COMPLETE,
)
def submit(call: Call, id: str) -> Any:
    """Complete a task with its form."""
    return complete(call, id)


@resource.post(
    "/task/<id>/bpmnError",
    body=ERROR,
    differs="an error that nothing catches is refused (422) and reported as an incident",
)
def error(call: Call, id: str) -> None:
    """End a task with a business error."""
    given = call.feel(call.body.get("variables"))
    message = call.body.get("errorMessage", "")
    call.do(fail_user_task, id, call.body["errorCode"], message, given)


class _Link:
    def __init__(self, user: str | None, group: str | None, type_: str) -> None:
        self.user, self.group, self.type = user, group, type_


@resource.get("/task/<id>/identity-links", query={"type": Text()}, answer=LINK, many=True)
def links(call: Call, id: str) -> Any:
    """Who has a task, and which role may take it."""
    row = task(call, id)
    found = [_Link(row.holder, None, "assignee")] if row.holder else []
    if row.UserTask.role:
        found.append(_Link(None, row.UserTask.role, "candidate"))
    asked = call.query.get("type")
    return LINK.list_of(one for one in found if asked in (None, one.type))


_LINKS = "candidates are drawn in the diagram: only a link of type assignee can be changed"


@resource.post("/task/<id>/identity-links", body=LINK_BODY, differs=_LINKS)
def add_link(call: Call, id: str) -> None:
    """Give a task to somebody."""
    _require_assignee(call)
    if not call.body.get("userId"):
        raise Refusal("rest.missing", name="userId")
    assign(call, id)


@resource.post("/task/<id>/identity-links/delete", body=LINK_BODY, differs=_LINKS)
def remove_link(call: Call, id: str) -> None:
    """Take a task from somebody."""
    _require_assignee(call)
    call.do(unclaim_user_task, id, reason(call))


def _require_assignee(call: Call) -> None:
    if call.body["type"] != "assignee":
        raise Refusal("rest.candidates_are_drawn", found=call.body["type"][:40])
