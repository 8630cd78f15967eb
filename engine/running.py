"""Running an instance inside a verb: lock its row, wake it, let the verb act, write it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, undefer, with_expression

from engine.bpmn.execution import Execution
from engine.bpmn.state import load, load_variables
from engine.errors import Conflict, NotFound
from engine.hosting import InstanceHost
from engine.projection import Projected, project
from engine.store.models import Job, ProcessInstance
from engine.store.types import Instant
from engine.store.unit_of_work import Unit

ALIVE = ("active", "suspended")


NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_NEXT_TIMER = (
    select(func.coalesce(func.min(Job.due_at), bindparam(None, NEVER, Instant), type_=Instant))
    .where(Job.instance_id == ProcessInstance.id, Job.state == "waiting", Job.kind == "timer")
    .scalar_subquery()
)
TO_RUN = (undefer(ProcessInstance.blob), with_expression(ProcessInstance.next_timer, _NEXT_TIMER))
"""What is loaded with a row that is locked to be run."""


def lock(session: Session, instance_id: str, *, skip_locked: bool = False) -> ProcessInstance:
    """The instance's row, locked: every verb's first statement on it. Raises `NotFound`."""
    query = (
        select(ProcessInstance)
        .where(ProcessInstance.id == instance_id)
        .options(undefer(ProcessInstance.blob))
        .with_for_update(of=ProcessInstance, skip_locked=skip_locked)
    )
    instance = session.scalars(query).one_or_none()
    if instance is None:
        raise NotFound("instance.unknown", instance=instance_id)
    return instance


def wake(unit: Unit, instance: ProcessInstance) -> Execution:
    """The instance in memory. Raises `Conflict` instance.ended, `Fault` state.*."""
    if instance.blob is None:
        raise Conflict("instance.ended", instance=instance.id, state=instance.state)
    host = InstanceHost(unit, instance)
    process = host.process(instance.definition_id)
    return load(instance.blob, process, host, unit.now, load_variables(instance.variables))


def require_active(instance: ProcessInstance) -> None:
    """Raises `Conflict` where the instance is suspended or has ended."""
    if instance.state != "active":
        raise Conflict(f"instance.{instance.state}", instance=instance.id)


def fire_overdue_timers(unit: Unit, instance: ProcessInstance, execution: Execution) -> None:
    """Timers that are due come before whatever else happens to the instance (D3)."""
    if not execution.has_timers:
        return
    if instance.next_timer is not None and instance.next_timer > unit.now:
        return
    query = (
        select(Job)
        .where(
            Job.instance_id == instance.id,
            Job.state == "waiting",
            Job.kind == "timer",
            Job.due_at <= unit.now,
        )
        .order_by(Job.due_at, Job.id)
    )
    for job in unit.session.scalars(query):
        fire(unit, instance, execution, job)


def fire(unit: Unit, instance: ProcessInstance, execution: Execution, job: Job) -> None:
    """Fire one timer; one that an earlier timer has just ended never comes."""
    if not execution.waits_for(job.task_id or ""):
        job.state = "cancelled"
        return
    job.state, job.fired_at = "done", unit.now
    execution.catch(job.task_id or "", {})
    unit.audit(
        "timer.fired", "job", job.id, instance=instance, detail={"due": job.due_at.isoformat()}
    )


def run(
    unit: Unit,
    instance: ProcessInstance,
    act: Callable[[Execution], object],
    happened_at: datetime | None = None,
) -> Projected:
    """Wake, fire what is due, act, write back."""
    execution = wake(unit, instance)
    fire_overdue_timers(unit, instance, execution)
    act(execution)
    return project(unit, instance, execution, happened_at)


def run_alone(unit: Unit, instance: ProcessInstance, job: Job) -> None:
    """Fire this timer and no other, even one that was due before it."""
    execution = wake(unit, instance)
    fire(unit, instance, execution, job)
    project(unit, instance, execution)
