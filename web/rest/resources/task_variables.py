"""Variables as they are seen in a task: those of its process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import NotFound
from engine.instance_variables import change_task_variables
from engine.queries.rest import variables
from web.rest.operations import Call, Resource
from web.rest.resources import variable_routes

resource = Resource("Task Variable")


def _known(call: Call, task_id: str) -> Mapping[str, Any]:
    found = variables.of_task(call.engine, call.actor, task_id)
    if found is None:
        raise NotFound("task.unknown", task=task_id)
    return found


variable_routes.add(
    resource, "/task/<id>", _known, change_task_variables, "by whoever may complete the task"
)
