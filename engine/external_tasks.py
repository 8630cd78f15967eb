"""External tasks: fetched and locked by workers, completed, failed (D12).

The protocol of Camunda 7: a lock is a time, not a connection. A worker that dies keeps its lock
until it expires; then another fetches the task. Whoever does not hold the lock finishes nothing.
A client works for its own agency, on the topics it was given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from engine import running
from engine.actors import Actor
from engine.bpmn.execution import Execution
from engine.bpmn.faults import Fault
from engine.bpmn.state import load_variables
from engine.errors import Conflict, Forbidden, NotFound, Refusal
from engine.feel import decode
from engine.incidents import raise_incident, reporting_faults
from engine.store.models import ExternalTask, Incident, ProcessInstance
from engine.store.unit_of_work import Unit
from engine.submissions import adopted
from engine.verbs import verb

MOST = 100
"""Tasks fetched at a time."""
LONGEST_LOCK = timedelta(days=1)
LONGEST_WORKER = 120
LONGEST_MESSAGE = 666
LONGEST_DETAILS = 20_000
"""Characters that the columns take."""
MOST_RETRIES = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A topic a worker asks for, and how long it wants each task to itself."""

    topic: str
    lock: timedelta
    variables: tuple[str, ...] | None = None
    """Names to hand out; None: all."""
    local_only: bool = False
    """Only what the task's own inputs map."""
    business_key: str | None = None
    processes: tuple[str, ...] = ()
    """Keys of processes; empty: any."""
    definitions: tuple[str, ...] = ()
    """Ids of definitions; empty: any."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Variables of the instance that must be so."""
    properties: bool = False
    """Whether the element's camunda:properties are wanted, too."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A task handed to a worker, with the variables it may see as FEEL values."""

    task: ExternalTask
    instance: ProcessInstance
    variables: dict[str, Any]
    properties: Mapping[str, str]


def within_reach(actor: Actor) -> ColumnElement[bool]:
    """External tasks that the actor may work on, as a condition on `ExternalTask`."""
    if actor.kind == "system":
        return true()
    if actor.kind != "client":
        return false()
    return and_(
        ExternalTask.agency_id == (actor.agency_id or ""), ExternalTask.topic.in_(actor.topics)
    )


def require_worker(actor: Actor, topics: Sequence[str] = ()) -> None:
    """Raises `Forbidden` external.may_not_work."""
    allowed = actor.kind == "system" or (
        actor.kind == "client" and all(topic in actor.topics for topic in topics)
    )
    if not allowed:
        raise Forbidden("external.may_not_work", topics=list(topics))


def fetchable(now: datetime, actor: Actor, wanted: Wanted) -> Select[*tuple[Any, ...]]:
    """Open tasks of the topic that nobody holds, with their instances."""
    conditions = [
        ExternalTask.topic == wanted.topic,
        ExternalTask.state == "open",
        ProcessInstance.state == "active",
        or_(ExternalTask.lock_expires_at.is_(None), ExternalTask.lock_expires_at <= now),
        or_(ExternalTask.retries.is_(None), ExternalTask.retries > 0),
        within_reach(actor),
    ]
    if wanted.business_key is not None:
        conditions.append(ExternalTask.business_key == wanted.business_key)
    if wanted.processes:
        conditions.append(ProcessInstance.process_key.in_(wanted.processes))
    if wanted.definitions:
        conditions.append(ExternalTask.definition_id.in_(wanted.definitions))
    return (
        select(ExternalTask, ProcessInstance)
        .join(ProcessInstance, ProcessInstance.id == ExternalTask.instance_id)
        .where(*conditions)
    )


@verb
def fetch_and_lock(
    unit: Unit,
    worker_id: str,
    wanted: Sequence[Wanted],
    most: int = 10,
    *,
    by_priority: bool = True,
    newest_first: bool = False,
) -> list[Fetched]:
    """Open tasks of the wanted topics, locked for the worker; by priority, the oldest first.

    Two workers never get one task. Raises `Forbidden`, `Refusal` external.bad_lock,
    external.worker.
    """
    require_worker(unit.actor, [topic.topic for topic in wanted])
    _fit_worker(worker_id)
    found: list[Fetched] = []
    for topic in wanted:
        require_lock(topic.lock)
        age = ExternalTask.created_at.desc() if newest_first else ExternalTask.created_at.asc()
        first = [ExternalTask.priority.desc()] if by_priority else []
        query = fetchable(unit.now, unit.actor, topic).order_by(*first, age, ExternalTask.id)
        found += _fetch(unit, worker_id, topic, query, min(most, MOST) - len(found))
    return found


def require_lock(lock: timedelta) -> None:
    """Raises `Refusal` external.bad_lock."""
    if not timedelta(0) < lock <= LONGEST_LOCK:
        raise Refusal("external.bad_lock", found=str(lock), limit=str(LONGEST_LOCK))


def _fit_worker(worker_id: str) -> None:
    if not 0 < len(worker_id) <= LONGEST_WORKER:
        raise Refusal("external.worker", found=len(worker_id), longest=LONGEST_WORKER)


def _fetch(
    unit: Unit, worker_id: str, wanted: Wanted, query: Select[*tuple[Any, ...]], most: int
) -> list[Fetched]:
    if most <= 0:
        return []
    # What the variables must be is seen in the rows alone, so that more of them are looked at.
    looked_at = MOST if wanted.values else most
    locked = query.limit(looked_at).with_for_update(of=ExternalTask, skip_locked=True)
    fetched: list[Fetched] = []
    for task, instance in unit.session.execute(locked):
        known = load_variables(instance.variables)
        if any(known.get(name) != value for name, value in wanted.values.items()):
            continue
        if len(fetched) == most:
            break
        task.worker_id, task.lock_expires_at = worker_id, unit.now + wanted.lock
        fetched.append(_handed(unit, task, instance, wanted, known))
    return fetched


def _handed(
    unit: Unit,
    task: ExternalTask,
    instance: ProcessInstance,
    wanted: Wanted,
    known: Mapping[str, Any],
) -> Fetched:
    local = {name: decode(value) for name, value in task.inputs.items()}
    visible = local if wanted.local_only else {**known, **local}
    if wanted.variables is not None:
        visible = {name: visible[name] for name in wanted.variables if name in visible}
    properties: Mapping[str, str] = {}
    if wanted.properties:
        spec = unit.engine.definitions.process(unit.session, task.definition_id)
        properties = spec.model.nodes[task.element_id].properties
    return Fetched(task, instance, visible, properties)


def held(unit: Unit, task_id: str, worker_id: str) -> tuple[ExternalTask, ProcessInstance]:
    """The task and its instance, locked, if the worker holds it.

    Raises `NotFound`, `Conflict` external.done, external.not_yours.
    """
    task, instance = locked_task(unit, task_id)
    if task.state != "open":
        raise Conflict("external.done", task=task_id, state=task.state)
    expired = task.lock_expires_at is None or task.lock_expires_at <= unit.now
    if task.worker_id != worker_id or expired:
        raise Conflict("external.not_yours", task=task_id, worker=worker_id)
    return task, instance


def locked_task(unit: Unit, task_id: str) -> tuple[ExternalTask, ProcessInstance]:
    """A task within the actor's reach and its instance, the instance locked first."""
    require_worker(unit.actor)
    instance_id = unit.session.scalar(
        select(ExternalTask.instance_id).where(ExternalTask.id == task_id, within_reach(unit.actor))
    )
    if instance_id is None:
        raise NotFound("external.unknown", task=task_id)
    instance = running.lock(unit.session, instance_id)
    return unit.session.get_one(ExternalTask, task_id, with_for_update=True), instance


@verb
@reporting_faults
def complete_external_task(
    unit: Unit,
    task_id: str,
    worker_id: str,
    values: Mapping[str, Any] | None = None,
    local: Mapping[str, Any] | None = None,
) -> None:
    """The work is done; its values become variables and the instance goes on.

    `local`: seen by the task's output mapping alone.
    """
    task, instance = held(unit, task_id, worker_id)
    running.require_active(instance)
    task.state = "done"
    results, seen = adopted(values or {}), adopted(local or {})
    running.run(unit, instance, lambda execution: _complete(execution, task.id, results, seen))
    unit.audit("external.completed", "external_task", task.id, instance=instance)


def _complete(
    execution: Execution, task_id: str, results: Mapping[str, Any], local: Mapping[str, Any]
) -> None:
    _require_waiting(execution, task_id)
    execution.tasks[task_id].data.update(local)
    execution.complete(task_id, results)


def _require_waiting(execution: Execution, task_id: str) -> None:
    if not execution.waits_for(task_id):
        raise Conflict("external.done", task=task_id, state="cancelled")


@verb
@reporting_faults
def report_bpmn_error(
    unit: Unit,
    task_id: str,
    worker_id: str,
    code: str,
    message: str = "",
    values: Mapping[str, Any] | None = None,
) -> None:
    """A business error for the diagram to catch; nobody catches it: `Fault`."""
    task, instance = held(unit, task_id, worker_id)
    running.require_active(instance)
    task.state = "done"
    known = adopted(values or {})
    running.run(unit, instance, lambda execution: _fail(execution, task.id, known, code, message))
    detail = {"code": code}
    unit.audit("external.error", "external_task", task.id, instance=instance, detail=detail)


def _fail(
    execution: Execution, task_id: str, values: Mapping[str, Any], code: str, message: str
) -> None:
    _require_waiting(execution, task_id)
    for name, value in values.items():
        execution.assign_result(execution.tasks[task_id], name, value, stays_local=False)
    execution.fail_with_error(task_id, code, message)


@verb
def report_failure(
    unit: Unit,
    task_id: str,
    worker_id: str,
    message: str,
    retries: int,
    pause: timedelta = timedelta(0),
    details: str | None = None,
) -> None:
    """The work failed; another try after `pause`, or an incident when no retry is left."""
    require_retries(retries)
    if not timedelta(0) <= pause <= LONGEST_LOCK:
        raise Refusal("external.bad_pause", found=str(pause), limit=str(LONGEST_LOCK))
    task, instance = held(unit, task_id, worker_id)
    task.error_message, task.retries = message[:LONGEST_MESSAGE], retries
    task.error_details = None if details is None else details[:LONGEST_DETAILS]
    task.worker_id, task.lock_expires_at = None, unit.now + pause
    if retries == 0:
        _raise(unit, task, instance)
    unit.audit("external.failed", "external_task", task.id, instance=instance)


def _raise(unit: Unit, task: ExternalTask, instance: ProcessInstance) -> None:
    fault = Fault("external.failed", element=task.element_id, topic=task.topic, task=task.id)
    raise_incident(unit, fault, instance=instance)


def require_retries(retries: int) -> None:
    """Raises `Refusal` external.bad_retries."""
    if not 0 <= retries <= MOST_RETRIES:
        raise Refusal("external.bad_retries", found=retries, limit=MOST_RETRIES)


@verb
def set_external_retries(unit: Unit, task_id: str, retries: int) -> None:
    """Give a task further tries, or none; the incident of its failure is resolved by tries.

    Raises `Refusal` external.bad_retries, `Conflict` external.done, `NotFound`.
    """
    require_retries(retries)
    task, instance = locked_task(unit, task_id)
    if task.state != "open":
        raise Conflict("external.done", task=task_id, state=task.state)
    if retries:
        task.lock_expires_at = None
        _resolve(unit, task, instance)
    elif task.retries != 0:
        _raise(unit, task, instance)
    task.retries = retries
    detail = {"retries": retries}
    unit.audit("external.retries_set", "external_task", task.id, instance=instance, detail=detail)


def _resolve(unit: Unit, task: ExternalTask, instance: ProcessInstance) -> None:
    query = select(Incident).where(
        Incident.instance_id == instance.id,
        Incident.code == "external.failed",
        Incident.state == "open",
    )
    for incident in unit.session.scalars(query):
        if incident.params.get("task") == task.id:
            incident.state, incident.resolved_at = "resolved", unit.now
            incident.resolved_by, incident.resolution = unit.actor.id, "external.retries_set"
            instance.incident_count = max(0, instance.incident_count - 1)


@verb
def set_external_priority(unit: Unit, task_id: str, priority: int) -> None:
    """Tasks of higher priority are fetched first."""
    task, instance = locked_task(unit, task_id)
    task.priority = priority
    detail = {"priority": priority}
    unit.audit("external.priority_set", "external_task", task.id, instance=instance, detail=detail)


@verb
def lock_external_task(unit: Unit, task_id: str, worker_id: str, lock: timedelta) -> None:
    """Lock one task by its id. Raises `Conflict` external.locked where another worker holds it."""
    require_lock(lock)
    _fit_worker(worker_id)
    task, _ = locked_task(unit, task_id)
    if task.state != "open":
        raise Conflict("external.done", task=task_id, state=task.state)
    taken = task.lock_expires_at is not None and task.lock_expires_at > unit.now
    if taken and task.worker_id != worker_id:
        raise Conflict("external.locked", task=task_id)
    task.worker_id, task.lock_expires_at = worker_id, unit.now + lock


@verb
def extend_lock(unit: Unit, task_id: str, worker_id: str, lock: timedelta) -> None:
    """Keep the task longer, from now on."""
    require_lock(lock)
    task, _ = held(unit, task_id, worker_id)
    task.lock_expires_at = unit.now + lock


@verb
def unlock(unit: Unit, task_id: str) -> None:
    """Take the lock off: any worker may fetch the task again."""
    task, _ = locked_task(unit, task_id)
    task.worker_id, task.lock_expires_at = None, None
