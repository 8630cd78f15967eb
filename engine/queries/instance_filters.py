"""What a list of instances can be narrowed to, as conditions of its statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased

from engine.ledger import binding
from engine.queries.due_days import ends
from engine.store.models import Deadline, Incident, ProcessInstance

STATES = ("open", "active", "suspended", "completed", "cancelled", "terminated", "all")
DUE = ("overdue", "today", "soon", "provisional")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to. `due`: overdue · today · soon · provisional."""

    state: str = "open"
    procedure: str | None = None
    unit: str | None = None
    due: str | None = None
    incident: bool = False
    text: str = ""
    """A part of a case number or of a request number."""
    sort: str = "newest"


def conditions(agency_id: str, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    found = [ProcessInstance.agency_id == agency_id]
    if wanted.state == "open":
        found.append(ProcessInstance.ended_at.is_(None))
    elif wanted.state != "all":
        found.append(ProcessInstance.state == wanted.state)
    if wanted.procedure:
        found.append(ProcessInstance.process_key == wanted.procedure)
    if wanted.unit:
        found.append(ProcessInstance.unit_id == wanted.unit)
    if wanted.due:
        found.append(ProcessInstance.id.in_(_due(agency_id, wanted.due, now)))
    if wanted.incident:
        found.append(ProcessInstance.id.in_(with_incident(agency_id)))
    if wanted.text.strip():
        found.append(_numbered(agency_id, wanted.text.strip()))
    return found


def _due(agency_id: str, due: str, now: datetime) -> Select[str]:
    provisional = due == "provisional"
    narrowed = Deadline.provisional if provisional else ends(Deadline.due_at, due, now)
    return select(Deadline.instance_id).where(*running(agency_id), narrowed)


def running(agency_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Deadline.agency_id == agency_id, binding()


def with_incident(agency_id: str) -> Select[str | None]:
    stopped = aliased(ProcessInstance)
    return (
        select(Incident.instance_id)
        .join(stopped, stopped.id == Incident.instance_id)
        .where(Incident.state == "open", stopped.agency_id == agency_id)
    )


def _numbered(agency_id: str, text: str) -> ColumnElement[bool]:
    """The part is looked for in an index that holds both numbers, not in the rows."""
    part = text.upper().replace("(", "（").replace(")", "）")
    numbered = aliased(ProcessInstance)
    found = select(numbered.id).where(
        numbered.agency_id == agency_id,
        or_(
            numbered.business_key.contains(part, autoescape=True),
            numbered.case_no.contains(part, autoescape=True),
        ),
    )
    return ProcessInstance.id.in_(found)
