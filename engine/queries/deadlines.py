"""The time limits of an instance, each with its ledger, its derivation and its clause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.models import Deadline, DeadlineEntry

_OPEN_FIRST = {"overdue": 0, "running": 1}


@dataclass(frozen=True)
class LedgerEntry:
    """One fact of a ledger: when it happened, when it was recorded, the due instant after it."""

    kind: str
    happened_at: datetime
    recorded_at: datetime
    due_at: datetime | None
    actor: str
    ground: str | None
    clause: str | None
    detail: dict[str, Any]


@dataclass(frozen=True)
class DeadlineView:
    """A time limit as the instance page shows it. `due_at` is the exclusive end."""

    id: str
    instance_id: str
    period_id: str
    element_id: str
    duty_element_id: str
    kind: str
    state: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    provisional: bool
    profile: str
    calendar_version: str
    derivation: list[dict[str, Any]]
    clause: str
    entries: Sequence[LedgerEntry]

    @property
    def running(self) -> bool:
        """Neither met nor void."""
        return self.state in _OPEN_FIRST


def of_instances(session: Session, instance_ids: Sequence[str]) -> list[DeadlineView]:
    """All limits of these instances: overdue, running, then the rest; two statements."""
    found = session.scalars(select(Deadline).where(Deadline.instance_id.in_(instance_ids))).all()
    entries = _entries(session, [deadline.id for deadline in found])
    views = [_view(deadline, entries[deadline.id]) for deadline in found]
    return sorted(views, key=lambda one: (_OPEN_FIRST.get(one.state, 2), one.due_at, one.id))


def _entries(session: Session, ids: Sequence[str]) -> dict[str, list[LedgerEntry]]:
    by_deadline: dict[str, list[LedgerEntry]] = defaultdict(list)
    statement = (
        select(DeadlineEntry)
        .where(DeadlineEntry.deadline_id.in_(ids))
        .order_by(DeadlineEntry.recorded_at, DeadlineEntry.id)
    )
    for entry in session.scalars(statement) if ids else ():
        by_deadline[entry.deadline_id].append(
            LedgerEntry(
                kind=entry.kind,
                happened_at=entry.happened_at,
                recorded_at=entry.recorded_at,
                due_at=entry.due_at,
                actor=entry.actor,
                ground=entry.ground,
                clause=entry.clause,
                detail=entry.detail,
            )
        )
    return by_deadline


def _view(deadline: Deadline, entries: Sequence[LedgerEntry]) -> DeadlineView:
    return DeadlineView(
        id=deadline.id,
        instance_id=deadline.instance_id,
        period_id=deadline.period_id,
        element_id=deadline.element_id,
        duty_element_id=deadline.duty_element_id,
        kind=deadline.kind,
        state=deadline.state,
        started_at=deadline.started_at,
        due_at=deadline.due_at,
        met_at=deadline.met_at,
        provisional=deadline.provisional,
        profile=deadline.profile,
        calendar_version=deadline.calendar_version,
        derivation=deadline.derivation,
        clause=deadline.clause,
        entries=entries,
    )
