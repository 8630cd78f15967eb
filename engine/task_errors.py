"""A person or program ends a user task with a business error of the diagram."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import permissions, running
from engine.bpmn.execution import Execution
from engine.errors import Conflict, Forbidden
from engine.incidents import reporting_faults
from engine.store.unit_of_work import Unit
from engine.submissions import adopted
from engine.user_tasks import locked_task, require_open
from engine.verbs import verb


@verb
@reporting_faults
def fail_user_task(
    unit: Unit, task_id: str, code: str, message: str = "", values: Mapping[str, Any] | None = None
) -> None:
    """The task ends by an error event at its border or around it; nobody catches it: `Fault`.

    Whoever may complete the task may do it. Raises `NotFound`, `Forbidden`, `Conflict`.
    """
    task, instance = locked_task(unit, task_id)
    require_open(task)
    running.require_active(instance)
    if not permissions.may_complete(unit.actor, task):
        raise Forbidden("task.may_not_complete", task=task.name)
    known = adopted(values or {})
    running.run(unit, instance, lambda execution: _fail(execution, task.id, known, code, message))
    detail = {"code": code}
    unit.audit("task.failed", "task", task.id, instance=instance, detail=detail)


def _fail(
    execution: Execution, task_id: str, values: Mapping[str, Any], code: str, message: str
) -> None:
    if not execution.waits_for(task_id):
        raise Conflict("task.cancelled", task=task_id)
    for name, value in values.items():
        execution.assign_result(execution.tasks[task_id], name, value, stays_local=False)
    execution.fail_with_error(task_id, code, message)
