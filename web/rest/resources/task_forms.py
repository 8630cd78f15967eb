"""Forms of user tasks, for programs that show them."""

from __future__ import annotations

from typing import Any

from flask import Response

from engine.errors import NotFound
from engine.queries.rest import variables
from engine.queries.rest.forms import deployed_form
from web.rest.members import Texts
from web.rest.operations import Call, Resource
from web.rest.resources.start_forms import FORM
from web.rest.resources.tasks import task
from web.rest.typed import typed_map

resource = Resource("Task")


@resource.get("/task/<id>/form", answer=FORM)
def form(call: Call, id: str) -> Any:
    """Which form a task has."""
    return FORM.of(task(call, id).UserTask.form_key)


@resource.get("/task/<id>/deployed-form", answer=bytes)
def deployed(call: Call, id: str) -> Response:
    """The form of a task as it was deployed."""
    row = task(call, id).UserTask
    content = deployed_form(call.engine, row.definition_id, row.form_key) if row.form_key else None
    if content is None:
        raise NotFound("rest.no_form", object=id)
    return Response(content, mimetype="application/json")


@resource.get(
    "/task/<id>/form-variables",
    query={"variableNames": Texts()},
    answer={"type": "object"},
    differs="variables of the process; what officers entered stays sealed in the case file",
)
def form_variables(call: Call, id: str) -> Any:
    """Variables that the form of a task shows."""
    known = variables.of_task(call.engine, call.actor, task(call, id).UserTask.id) or {}
    names = call.query.get("variableNames")
    return typed_map({k: v for k, v in known.items() if not names or k in names})
