"""Setting variables of a running instance by hand: a supervisor's act, recorded by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from engine import permissions, running
from engine.bpmn.execution import Execution
from engine.errors import Conflict, Forbidden, NotFound
from engine.incidents import reporting_faults
from engine.store.models import ProcessInstance, UserTask
from engine.store.unit_of_work import Unit
from engine.submissions import adopted
from engine.verbs import verb


@verb
@reporting_faults
def change_variables(
    unit: Unit, instance_id: str, values: Mapping[str, Any], gone: Collection[str] = ()
) -> None:
    """Set some variables of the process, delete others; conditional events hear of it.

    Raises `NotFound`, `Forbidden`, `Conflict` where the instance is suspended or has ended.
    """
    instance = running.lock(unit.session, instance_id)
    _require_supervision(unit, instance)
    _change(unit, instance, values, gone)


@verb
@reporting_faults
def change_task_variables(
    unit: Unit, task_id: str, values: Mapping[str, Any], gone: Collection[str] = ()
) -> None:
    """The same through a task, for whoever may complete it.

    Raises `NotFound`, `Forbidden`, `Conflict` where the task or its instance is not open.
    """
    query = select(UserTask.instance_id).where(
        UserTask.id == task_id, permissions.oversees_task(unit.actor)
    )
    instance_id = unit.session.scalar(query)
    if instance_id is None:
        raise NotFound("task.unknown", task=task_id)
    instance = running.lock(unit.session, instance_id)
    task = unit.session.get_one(UserTask, task_id)
    if task.state != "open":
        raise Conflict(f"task.{task.state}", task=task.name, by=task.completed_by)
    if not permissions.may_complete(unit.actor, task):
        raise Forbidden("task.may_not_complete", task=task.name)
    _change(unit, instance, values, gone)


def _require_supervision(unit: Unit, instance: ProcessInstance) -> None:
    if unit.actor.kind == "system":
        return
    if instance.agency_id != unit.actor.agency_id:
        raise NotFound("instance.unknown", instance=instance.id)
    if not permissions.supervises(unit.actor, instance):
        raise Forbidden("instance.may_not_supervise")


def _change(
    unit: Unit, instance: ProcessInstance, values: Mapping[str, Any], gone: Collection[str]
) -> None:
    if instance.state not in running.ALIVE:
        raise Conflict("instance.ended", instance=instance.id, state=instance.state)
    running.require_active(instance)
    known = adopted(values)
    running.run(unit, instance, lambda execution: _assign(execution, known, gone))
    detail = {"set": sorted(known), "deleted": sorted(gone)}
    unit.audit("instance.variables_set", "instance", instance.id, instance=instance, detail=detail)


def _assign(execution: Execution, values: Mapping[str, Any], gone: Collection[str]) -> None:
    scope = execution.task_tree.data
    for name in gone:
        scope.pop(name, None)
    scope.update(values)
    execution.settle()
