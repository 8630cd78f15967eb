"""What happened in the instances of a request, in order: facts as codes, sentences at the edge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.queries.deadlines import DeadlineView, LedgerEntry
from engine.queries.envelopes import EnvelopeView
from engine.store.models import (
    Activity,
    AuditRow,
    Document,
    Incident,
    ProcessInstance,
    Submission,
    UserTask,
)

_SHOWN_KINDS = ("serviceTask", "businessRuleTask", "callActivity", "endEvent")
"""Activities that are told although no person acted; messages are told by their envelopes."""
_INTERVENTIONS = (
    "instance.suspended",
    "instance.resumed",
    "instance.cancelled",
    "task.assigned",
    "task.unclaimed",
)
"""Acts that leave no row but their audit row; where no reason was asked for they are not told."""
_STATIONS = {
    "document.rendered": "document.draft",
    "document.edited": "document.edited",
    "document.final": "document.final",
    "document.sealed": "document.sealed",
    "document.issued": "document.issued",
}
"""Audit action of a document → how it is told."""


@dataclass(frozen=True)
class Event:
    """One line of the timeline. `person` and `agency` are ids; `params` hold no personal data."""

    at: datetime
    kind: str
    """instance.started · task.completed · envelope.sent · deadline.overdue · …"""
    element_id: str | None = None
    person: str | None = None
    tone: str = "done"
    """done · now · late"""
    params: dict[str, Any] = field(default_factory=dict)


def events(
    session: Session,
    instances: Sequence[ProcessInstance],
    deadlines: Sequence[DeadlineView],
    envelopes: Sequence[EnvelopeView],
    agency_id: str | None,
) -> list[Event]:
    """All events of these instances of one agency, the latest first."""
    ids = [instance.id for instance in instances]
    found = [
        *_of_instances(instances),
        *_of_tasks(session, ids),
        *_of_activities(session, ids),
        *_of_deadlines(deadlines),
        *_of_envelopes(envelopes, agency_id),
        *_of_incidents(session, ids),
        *_of_documents(session, ids),
        *_of_corrections(session, ids),
        *_of_interventions(session, ids),
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _of_instances(instances: Sequence[ProcessInstance]) -> Iterator[Event]:
    for one in instances:
        yield Event(one.started_at, "instance.started", person=one.started_by)
        if one.ended_at and one.state != "cancelled":
            yield Event(one.ended_at, f"instance.{one.state}", params={"outcome": one.outcome})


def _of_tasks(session: Session, ids: Sequence[str]) -> Iterator[Event]:
    for task in session.scalars(select(UserTask).where(UserTask.instance_id.in_(ids))):
        named = {"task": task.name, "role": task.role}
        if task.state == "completed" and task.completed_at:
            late = task.due_at is not None and task.completed_at >= task.due_at
            yield Event(
                task.completed_at,
                "task.completed_late" if late else "task.completed",
                task.element_id,
                task.completed_by,
                "late" if late else "done",
                named | {"due_at": task.due_at},
            )
        elif task.state == "open":
            kind = "task.claimed" if task.assignee else "task.waiting"
            since = task.claimed_at or task.created_at
            yield Event(since, kind, task.element_id, task.assignee, "now", named)


def _of_activities(session: Session, ids: Sequence[str]) -> Iterator[Event]:
    ended = select(Activity).where(
        Activity.instance_id.in_(ids),
        Activity.kind.in_(_SHOWN_KINDS),
        Activity.state == "completed",
        Activity.name != "",
    )
    for one in session.scalars(ended):
        at = one.ended_at or one.started_at
        yield Event(at, f"activity.{one.kind}", one.element_id, params={"name": one.name})


def _of_deadlines(deadlines: Sequence[DeadlineView]) -> Iterator[Event]:
    for deadline in deadlines:
        alarms = [entry for entry in deadline.entries if entry.kind == "escalation"]
        for entry in deadline.entries:
            if entry.kind != "escalation":
                yield _of_entry(deadline, entry)
        if alarms:
            yield _of_alarms(deadline, alarms)


def _of_entry(deadline: DeadlineView, entry: LedgerEntry) -> Event:
    told = {
        "period": deadline.period_id,
        "due_at": entry.due_at,
        "ground": entry.ground,
        "happened_at": entry.happened_at,
    }
    return Event(
        entry.recorded_at,
        f"deadline.{entry.kind}",
        deadline.duty_element_id,
        None if entry.actor == "system" else entry.actor,
        "late" if entry.kind == "overdue" else "done",
        entry.detail | told,
    )


def _of_alarms(deadline: DeadlineView, alarms: Sequence[LedgerEntry]) -> Event:
    """An alarm repeats every few minutes until the duty is done: one line, at its last time."""
    kind = "deadline.escalation" if len(alarms) == 1 else "deadline.escalations"
    last = max(alarm.recorded_at for alarm in alarms)
    told = {"period": deadline.period_id, "count": len(alarms), "last": last}
    return Event(last, kind, deadline.duty_element_id, tone="late", params=told)


def _of_envelopes(envelopes: Sequence[EnvelopeView], agency_id: str | None) -> Iterator[Event]:
    for one in envelopes:
        ours = one.from_agency == agency_id
        told = {"message": one.name, "from": one.from_name, "to": one.to_name}
        if ours:
            yield Event(one.sent_at, "envelope.sent", params=told)
        elif one.delivered_at:
            yield Event(one.delivered_at, "envelope.delivered", params=told)
        if one.acknowledged_at:
            yield Event(
                one.acknowledged_at,
                "envelope.acknowledged",
                person=None if ours else one.acknowledged_by,
                params=told | {"receipt_no": one.receipt_no},
            )


def _of_incidents(session: Session, ids: Sequence[str]) -> Iterator[Event]:
    for one in session.scalars(select(Incident).where(Incident.instance_id.in_(ids))):
        told = {"code": one.code, "params": one.params}
        yield Event(one.raised_at, "incident.raised", one.element_id, tone="late", params=told)
        if one.resolved_at:
            yield Event(
                one.resolved_at,
                "incident.resolved",
                one.element_id,
                one.resolved_by,
                params=told | {"resolution": one.resolution},
            )


def _of_documents(session: Session, ids: Sequence[str]) -> Iterator[Event]:
    """Each station of a document at its own time; a document keeps only when it was made."""
    made = (
        select(AuditRow.at, AuditRow.action, AuditRow.actor, Document.title, Document.number)
        .join(Document, Document.id == AuditRow.object_id)
        .where(AuditRow.chain.in_(ids), AuditRow.action.in_(_STATIONS))
    )
    for at, action, person, title, number in session.execute(made):
        params = {"title": title, "number": number}
        yield Event(at, _STATIONS[action], person=person, params=params)
    received = select(Document.made_at, Document.title, Document.number).where(
        Document.instance_id.in_(ids), Document.state == "received"
    )
    for at, title, number in session.execute(received):
        yield Event(at, "document.received", params={"title": title, "number": number})


def _of_corrections(session: Session, ids: Sequence[str]) -> Iterator[Event]:
    corrected = select(
        Submission.recorded_at, Submission.submitted_by, Submission.version, Submission.reason
    ).where(Submission.instance_id.in_(ids), Submission.version > 1)
    for at, person, version, reason in session.execute(corrected):
        params = {"version": version, "reason": reason}
        yield Event(at, "submission.corrected", person=person, params=params)


def _of_interventions(session: Session, ids: Sequence[str]) -> Iterator[Event]:
    """What supervisors did to an instance or a task, each with its reason."""
    rows = session.execute(
        select(AuditRow.at, AuditRow.action, AuditRow.actor, AuditRow.detail, UserTask.name)
        .outerjoin(UserTask, UserTask.id == AuditRow.object_id)
        .where(AuditRow.chain.in_(ids), AuditRow.action.in_(_INTERVENTIONS))
    )
    for at, action, person, detail, task in rows:
        if detail.get("reason"):
            told = {"reason": detail["reason"], "given_to": detail.get("to"), "task": task}
            yield Event(at, action, person=person, params=told)
