"""What there is at a moment of a scenario: for the report of a failure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.models import (
    Activity,
    Deadline,
    Envelope,
    Incident,
    Job,
    ProcessInstance,
    UserTask,
)
from web.rehearsal.cast import alias_of
from web.rehearsal.stage import House

_WAITING = ("intermediateCatchEvent", "receiveTask", "serviceTask", "sendTask")
Line = tuple[str, dict[str, Any]]
"""Code of a sentence and what fills it."""


@dataclass(frozen=True)
class Situation:
    """The instant and one line for everything that is open."""

    at: datetime
    lines: list[Line]


def look(house: House) -> Situation:
    """Instances, open tasks, deadlines, messages nobody has taken, faults."""
    with house.engine.database.read() as session:
        found = [line for part in _PARTS for line in part(session)]
    return Situation(house.clock.now(), found)


def _instances(session: Session) -> Iterator[Line]:
    for row in session.scalars(select(ProcessInstance).order_by(ProcessInstance.started_at)):
        params = {"process": row.process_key, "request": row.business_key, "state": row.state}
        yield "situation.instance", {**params, "outcome": row.outcome or "—"}


def _tasks(session: Session) -> Iterator[Line]:
    query = select(UserTask).where(UserTask.state == "open").order_by(UserTask.created_at)
    for row in session.scalars(query):
        who = row.assignee or "/".join(part for part in (row.role, row.unit_id) if part)
        params = {"task": row.element_id, "name": row.name, "agency": alias_of(row.agency_id)}
        yield "situation.task", {**params, "who": who, "due": row.due_at or "—"}


def _waiting(session: Session) -> Iterator[Line]:
    """Events and external tasks: what an instance waits for besides people."""
    query = select(Activity).where(Activity.state == "active", Activity.kind.in_(_WAITING))
    for row in session.scalars(query.order_by(Activity.started_at)):
        params = {"element": row.element_id, "name": row.name, "kind": row.kind}
        yield "situation.waiting", params


def _deadlines(session: Session) -> Iterator[Line]:
    for row in session.scalars(select(Deadline).order_by(Deadline.started_at)):
        params = {"period": row.period_id, "state": row.state, "due": row.due_at}
        yield "situation.deadline", {**params, "started": row.started_at}


def _envelopes(session: Session) -> Iterator[Line]:
    query = select(Envelope).where(Envelope.state != "correlated").order_by(Envelope.sent_at)
    for row in session.scalars(query):
        ends = {"from": alias_of(row.from_agency), "to": alias_of(row.to_agency)}
        yield "situation.message", {"message": row.name, "state": row.state, **ends}


def _incidents(session: Session) -> Iterator[Line]:
    for row in session.scalars(select(Incident).where(Incident.state == "open")):
        params = {"element": row.element_id or "—", "code": row.code, "params": row.params}
        yield "situation.incident", params


def _failed_jobs(session: Session) -> Iterator[Line]:
    failing = Job.error.is_not(None) & (Job.state == "waiting")
    for row in session.scalars(select(Job).where(failing)):
        params = {"kind": row.kind, "element": row.element_id or "—", "code": row.error}
        yield "situation.job", params


_PARTS = (_instances, _tasks, _waiting, _deadlines, _envelopes, _incidents, _failed_jobs)


def faults(house: House) -> list[Line]:
    """Open incidents that no check has asked for, and jobs that fail."""
    with house.engine.database.read() as session:
        found = [*_incidents(session), *_failed_jobs(session)]
    return [line for line in found if line[1]["code"] not in house.excused]
