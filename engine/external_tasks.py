"""External tasks: fetched and locked by workers, completed, failed, extended (D12).

The protocol of Camunda 7: a lock is a time, not a connection. A worker that dies keeps its lock
until it expires; then another fetches the task. Whoever does not hold the lock finishes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select

from engine import running
from engine.bpmn.execution import Execution
from engine.bpmn.faults import Fault
from engine.bpmn.state import load_variables
from engine.errors import Conflict, Forbidden, NotFound, Refusal
from engine.feel import decode
from engine.incidents import raise_incident, reporting_faults
from engine.store.models import ExternalTask, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.submissions import adopted
from engine.verbs import verb

MOST = 100
"""Tasks fetched at a time."""
LONGEST_LOCK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A topic a worker asks for, and how long it wants each task to itself."""

    topic: str
    lock: timedelta
    variables: tuple[str, ...] | None = None
    """Names to hand out; None: all."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A task handed to a worker, with the variables it may see as FEEL values."""

    task: ExternalTask
    instance: ProcessInstance
    variables: dict[str, Any]


def _require_worker(unit: Unit) -> None:
    if unit.actor.kind not in ("system", "client"):
        raise Forbidden("external.may_not_work")


@verb
def fetch_and_lock(
    unit: Unit, worker_id: str, wanted: Sequence[Wanted], most: int = 10
) -> list[Fetched]:
    """Open tasks of the wanted topics, locked for the worker; the oldest first.

    Two workers never get one task. Raises `Forbidden`, `Refusal` external.bad_lock.
    """
    _require_worker(unit)
    found: list[Fetched] = []
    for topic in wanted:
        if not timedelta(0) < topic.lock <= LONGEST_LOCK:
            raise Refusal("external.bad_lock", found=str(topic.lock), limit=str(LONGEST_LOCK))
        found += _fetch(unit, worker_id, topic, min(most, MOST) - len(found))
    return found


def _fetch(unit: Unit, worker_id: str, wanted: Wanted, most: int) -> list[Fetched]:
    if most <= 0:
        return []
    free = or_(ExternalTask.lock_expires_at.is_(None), ExternalTask.lock_expires_at <= unit.now)
    able = or_(ExternalTask.retries.is_(None), ExternalTask.retries > 0)
    query = (
        select(ExternalTask, ProcessInstance)
        .join(ProcessInstance, ProcessInstance.id == ExternalTask.instance_id)
        .where(
            ExternalTask.topic == wanted.topic,
            ExternalTask.state == "open",
            ProcessInstance.state == "active",
            free,
            able,
        )
        .order_by(ExternalTask.priority.desc(), ExternalTask.created_at, ExternalTask.id)
        .limit(most)
        .with_for_update(of=ExternalTask, skip_locked=True)
    )
    fetched = []
    for task, instance in unit.session.execute(query):
        task.worker_id, task.lock_expires_at = worker_id, unit.now + wanted.lock
        fetched.append(Fetched(task, instance, _variables(task, instance, wanted)))
    return fetched


def _variables(task: ExternalTask, instance: ProcessInstance, wanted: Wanted) -> dict[str, Any]:
    local = {name: decode(value) for name, value in task.inputs.items()}
    visible = {**load_variables(instance.variables), **local}
    if wanted.variables is None:
        return visible
    return {name: visible[name] for name in wanted.variables if name in visible}


def _held(unit: Unit, task_id: str, worker_id: str) -> tuple[ExternalTask, ProcessInstance]:
    """The task and its instance, locked, if the worker holds it.

    Raises `NotFound`, `Conflict` external.done, external.not_yours.
    """
    _require_worker(unit)
    instance_id = unit.session.scalar(
        select(ExternalTask.instance_id).where(ExternalTask.id == task_id)
    )
    if instance_id is None:
        raise NotFound("external.unknown", task=task_id)
    instance = running.lock(unit.session, instance_id)
    task = unit.session.get_one(ExternalTask, task_id, with_for_update=True)
    if task.state != "open":
        raise Conflict("external.done", task=task_id, state=task.state)
    expired = task.lock_expires_at is None or task.lock_expires_at <= unit.now
    if task.worker_id != worker_id or expired:
        raise Conflict("external.not_yours", task=task_id, worker=worker_id)
    return task, instance


@verb
@reporting_faults
def complete_external_task(
    unit: Unit, task_id: str, worker_id: str, values: Mapping[str, Any] | None = None
) -> None:
    """The work is done; its values become variables and the instance goes on."""
    task, instance = _held(unit, task_id, worker_id)
    running.require_active(instance)
    task.state = "done"
    results = adopted(values or {})
    running.run(unit, instance, lambda execution: _complete(execution, task.id, results))
    unit.audit("external.completed", "external_task", task.id, instance=instance)


def _complete(execution: Execution, task_id: str, results: Mapping[str, Any]) -> None:
    if not execution.waits_for(task_id):
        raise Conflict("external.done", task=task_id, state="cancelled")
    execution.complete(task_id, results)


@verb
@reporting_faults
def report_bpmn_error(
    unit: Unit, task_id: str, worker_id: str, code: str, message: str = ""
) -> None:
    """A business error for the diagram to catch; nobody catches it: `Fault`."""
    task, instance = _held(unit, task_id, worker_id)
    running.require_active(instance)
    task.state = "done"
    running.run(unit, instance, lambda execution: execution.fail_with_error(task.id, code, message))
    detail = {"code": code}
    unit.audit("external.error", "external_task", task.id, instance=instance, detail=detail)


@verb
def report_failure(
    unit: Unit,
    task_id: str,
    worker_id: str,
    message: str,
    retries: int,
    pause: timedelta = timedelta(0),
) -> None:
    """The work failed; another try after `pause`, or an incident when no retry is left."""
    task, instance = _held(unit, task_id, worker_id)
    task.error_message, task.retries = message[:666], max(0, retries)
    task.worker_id, task.lock_expires_at = None, unit.now + pause
    if task.retries == 0:
        fault = Fault("external.failed", element=task.element_id, topic=task.topic)
        raise_incident(unit, fault, instance=instance).params |= {"task": task.id}
    unit.audit("external.failed", "external_task", task.id, instance=instance)


@verb
def set_external_retries(unit: Unit, task_id: str, retries: int) -> None:
    """Give a failed task further tries. Raises `Refusal` external.bad_retries."""
    _require_worker(unit)
    if retries < 0:
        raise Refusal("external.bad_retries", found=retries)
    task = unit.session.get(ExternalTask, task_id, with_for_update=True)
    if task is None:
        raise NotFound("external.unknown", task=task_id)
    task.retries = retries
    if retries:
        task.lock_expires_at = None
    unit.audit("external.retries_set", "external_task", task.id, detail={"retries": retries})


@verb
def extend_lock(unit: Unit, task_id: str, worker_id: str, lock: timedelta) -> None:
    """Keep the task longer, from now on."""
    if not timedelta(0) < lock <= LONGEST_LOCK:
        raise Refusal("external.bad_lock", found=str(lock), limit=str(LONGEST_LOCK))
    task, _ = _held(unit, task_id, worker_id)
    task.lock_expires_at = unit.now + lock


@verb
def unlock(unit: Unit, task_id: str) -> None:
    """Take the lock off: any worker may fetch the task again."""
    _require_worker(unit)
    task = unit.session.get(ExternalTask, task_id, with_for_update=True)
    if task is None:
        raise NotFound("external.unknown", task=task_id)
    task.worker_id, task.lock_expires_at = None, None
