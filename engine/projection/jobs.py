"""Timers and asynchronous steps as rows with an absolute due instant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, literal, select, update

from engine.bpmn.journal import ArmedTimer, AsyncStep, Journal, Subscribed
from engine.store.models import Base, Job, ProcessInstance, Subscription
from engine.store.types import new_id
from engine.store.unit_of_work import Unit
from engine.store.upsert import insert_and_change

EVENTS = frozenset({"boundaryEvent", "intermediateCatchEvent", "startEvent", "receiveTask"})
"""What may have a job of its own."""
_SUBSCRIBE = insert(Base.metadata.tables["subscription"])
SUBSCRIBED = ("message", "signal")
"""What an event waits for by a subscription; anything else by a job or by nothing."""


def arm(unit: Unit, instance: ProcessInstance, journal: Journal) -> dict[str, str]:
    """Jobs and subscriptions of what now waits; the job of each armed timer, by engine task."""
    timers = _timers(unit, instance, journal)
    unit.session.add_all([*timers, *_steps(unit, instance, journal)])
    waiting = [s for s in journal.subscriptions if not journal.closed(s.task_id)]
    if waiting:
        rows = [_subscription(unit, instance, one) for one in waiting]
        unit.session.connection().execute(_SUBSCRIBE, rows)
    return {job.task_id or "": job.id for job in timers}


def _subscription(unit: Unit, instance: ProcessInstance, one: Subscribed) -> dict[str, Any]:
    return {
        "id": one.task_id,
        "instance_id": instance.id,
        "agency_id": instance.agency_id,
        "kind": one.kind,
        "name": one.name,
        "business_key": instance.business_key,
        "element_id": one.element_id,
        "created_at": unit.now,
    }


def close(
    unit: Unit, instance: ProcessInstance, journal: Journal, deadline_ids: Sequence[str]
) -> None:
    """Nothing comes any more of what has ended, and no reminder of a duty that is done.

    A moved timer (a cycle armed again) is closed, too: its next turn is a job of its own, which
    is not written yet.
    """
    gone = [v for v in journal.visits.values() if v.ended and not v.opened_now]
    ended = {visit.task_id for visit in gone if visit.kind in EVENTS}
    moved = {timer.task_id for timer in journal.timers}
    _cancel_and_write(unit, instance.id, [*sorted(ended | moved), *deadline_ids])
    unheard = [visit.task_id for visit in gone if visit.event in SUBSCRIBED]
    if unheard:
        statement = delete(Subscription).where(Subscription.id.in_(unheard))
        unit.session.execute(statement, execution_options={"synchronize_session": False})


def cancel(unit: Unit, instance_id: str, of: Sequence[str]) -> None:
    """No waiting job of these engine tasks (timers, steps) and deadlines (ladders) comes."""
    if of:
        unit.session.execute(
            update(Job).where(*_waiting(instance_id, of)).values(state="cancelled"),
            execution_options={"synchronize_session": False},
        )


def _waiting(instance_id: str, of: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    """By the instance, whose jobs are indexed: by the task alone, all that wait are looked at."""
    kinds = ("timer", "async", "ladder")
    of_instance = Job.instance_id == instance_id, Job.state == "waiting"
    return *of_instance, Job.task_id.in_(of), Job.kind.in_(kinds)


def _cancel_and_write(unit: Unit, instance_id: str, of: Sequence[str]) -> None:
    """Cancel, and write the jobs of this run in the same statement, where there are both."""
    new = [row for row in unit.session.new if isinstance(row, Job)]
    if not (of and new):
        cancel(unit, instance_id, of)
        return
    cancelled = literal("cancelled", Job.state.type).label("state")
    columns = (cancelled if c.name == "state" else c for c in Job.__table__.columns)
    insert_and_change(
        unit.session, new, select(*columns).where(*_waiting(instance_id, of)), ("state",)
    )
    for job in new:
        unit.session.expunge(job)


def _timers(unit: Unit, instance: ProcessInstance, journal: Journal) -> list[Job]:
    latest = {timer.task_id: timer for timer in journal.timers}
    return [
        _job(unit, instance, "timer", timer, timer.due_at)
        for timer in latest.values()
        if timer.due_at is not None and not journal.closed(timer.task_id)
    ]


def _steps(unit: Unit, instance: ProcessInstance, journal: Journal) -> list[Job]:
    return [
        _job(unit, instance, "async", step, unit.now)
        for step in journal.async_steps
        if not journal.closed(step.task_id)
    ]


def _job(
    unit: Unit, instance: ProcessInstance, kind: str, of: ArmedTimer | AsyncStep, due_at: Any
) -> Job:
    job = Job(
        id=new_id(),
        kind=kind,
        instance_id=instance.id,
        task_id=of.task_id,
        element_id=of.element_id,
        due_at=due_at,
        # All jobs say the same of themselves: only so they go in one statement.
        detail={},
        created_at=unit.now,
    )
    if of.retry is not None:
        job.retries, job.detail = of.retry.attempts, {"retry_after": of.retry.pause}
    return job
