"""Timers and asynchronous steps as rows with an absolute due instant."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, update

from engine.bpmn.journal import Journal
from engine.store.models import Job, ProcessInstance, Subscription
from engine.store.types import new_id
from engine.store.unit_of_work import Unit

EVENTS = frozenset(
    {"boundaryEvent", "intermediateCatchEvent", "startEvent", "receiveTask"}
)  # what may have a job or a subscription


def write(unit: Unit, instance: ProcessInstance, journal: Journal) -> dict[str, str]:
    """Jobs and subscriptions of what now waits; those of what has ended are gone.

    Returns the job of each timer that was armed, by engine task.
    """
    _close(unit, journal)
    timers = _timers(unit, instance, journal)
    rows = timers + _steps(unit, instance, journal)
    if rows:
        unit.session.execute(insert(Job), rows)
    waiting = [s for s in journal.subscriptions if not journal.closed(s.task_id)]
    if waiting:
        values = [
            {
                "id": s.task_id,
                "instance_id": instance.id,
                "agency_id": instance.agency_id,
                "kind": s.kind,
                "name": s.name,
                "business_key": instance.business_key,
                "element_id": s.element_id,
                "created_at": unit.now,
            }
            for s in waiting
        ]
        unit.session.execute(insert(Subscription), values)
    return {row["task_id"]: row["id"] for row in timers}


def _close(unit: Unit, journal: Journal) -> None:
    """A moved timer (a cycle armed again) is closed and written anew."""
    moved = {timer.task_id for timer in journal.timers}
    ended = {
        visit.task_id
        for visit in journal.visits.values()
        if visit.ended and not visit.opened_now and visit.kind in EVENTS
    }
    ids = sorted(ended | moved)
    if not ids:
        return
    silent = {"synchronize_session": False}
    waiting = (Job.task_id.in_(ids), Job.state == "waiting", Job.kind.in_(("timer", "async")))
    unit.session.execute(
        update(Job).where(*waiting).values(state="cancelled"), execution_options=silent
    )
    if ended:
        gone = Subscription.id.in_(sorted(ended))
        unit.session.execute(delete(Subscription).where(gone), execution_options=silent)


def _timers(unit: Unit, instance: ProcessInstance, journal: Journal) -> list[dict[str, Any]]:
    latest = {timer.task_id: timer for timer in journal.timers}
    return [
        _job(unit, instance, "timer", timer.task_id, timer.element_id, timer.due_at)
        for timer in latest.values()
        if timer.due_at is not None and not journal.closed(timer.task_id)
    ]


def _steps(unit: Unit, instance: ProcessInstance, journal: Journal) -> list[dict[str, Any]]:
    return [
        _job(unit, instance, "async", step.task_id, step.element_id, unit.now)
        for step in journal.async_steps
        if not journal.closed(step.task_id)
    ]


def _job(
    unit: Unit, instance: ProcessInstance, kind: str, task_id: str, element_id: str, due_at: Any
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": kind,
        "instance_id": instance.id,
        "task_id": task_id,
        "element_id": element_id,
        "due_at": due_at,
        "state": "waiting",
        "retries": 3,
        "created_at": unit.now,
        "detail": {},
    }
