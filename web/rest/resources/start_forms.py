"""Start forms, for programs that show them."""

from __future__ import annotations

from typing import Any

from flask import Response

from engine.errors import NotFound
from engine.queries.rest.forms import deployed_form
from web.rest.members import Texts
from web.rest.operations import Call, Resource
from web.rest.resources.definitions import definition, each_way_of
from web.rest.shapes import Shape, anything, text

resource = Resource("Process Definition")
FORM = Shape(
    "Form",
    {
        "key": text(lambda key: None),
        "camundaFormRef": anything(lambda key: reference(key)),
        "contextPath": text(lambda key: None),
    },
)


def reference(form_key: str | None) -> dict[str, Any] | None:
    """How a form is named: it is bound to its deployment."""
    return {"key": form_key, "binding": "deployment", "version": None} if form_key else None


@each_way_of(resource, "GET", "/startForm", answer=FORM)
def start_form(call: Call, id: str) -> Any:
    """Which form a start needs."""
    return FORM.of(definition(call, id).ProcessDefinition.start_form)


@each_way_of(resource, "GET", "/deployed-start-form", answer=bytes)
def deployed(call: Call, id: str) -> Response:
    """The start form as it was deployed."""
    row = definition(call, id).ProcessDefinition
    content = deployed_form(call.engine, id, row.start_form) if row.start_form else None
    if content is None:
        raise NotFound("rest.no_form", object=id)
    return Response(content, mimetype="application/json")


@each_way_of(
    resource,
    "GET",
    "/form-variables",
    query={"variableNames": Texts()},
    answer={"type": "object"},
    differs="a start form has no variables yet: the answer is empty",
)
def form_variables(call: Call, id: str) -> Any:
    """Variables that a start form shows."""
    definition(call, id)
    return {}
