"""抽查: rows of the audit trail that a person should look at (procedures B28).

All that alarms by itself (refusals, locked accounts, who read far more than others), and a random
sample of the rest. A row is told by time, actor's id, act and object: no content is read for it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from random import Random
from statistics import median

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from engine.store.models import AuditRow

ALARMING = {"access.denied": "越权被拒", "sign_in.locked_out": "多次登录失败被锁定"}
READINGS = (
    "data.read", "task.read", "document.read", "file.read", "case_file.read", "receipt.read",
    "watch_list.searched",
)  # fmt: skip
MANY, TIMES = 50, 5
"""More readings than both this number and this multiple of the median draw attention."""


@dataclass(frozen=True, slots=True)
class Event:
    """A row to look at; `alarm` says why it was picked, empty where by chance."""

    id: str
    at: datetime
    actor: str
    action: str
    object: str
    alarm: str


def sample(
    session: Session, agency_id: str, start: datetime, end: datetime, size: int, seed: str
) -> list[Event]:
    """Every alarming row from `start` to `end` (not included), then `size` others by chance.

    `seed`: the same seed picks the same rows, so that a second look finds what the first did.
    """
    within = and_(AuditRow.agency_id == agency_id, AuditRow.at >= start, AuditRow.at < end)
    alarming = [*_refused(session, within), *_voracious(session, within)]
    picked = {event.id for event in alarming}
    ids = session.scalars(select(AuditRow.id).where(within).order_by(AuditRow.at, AuditRow.id))
    rest = [id for id in ids if id not in picked]
    # Not for secrets: a sample that can be repeated.
    chosen = Random(seed).sample(rest, min(size, len(rest)))
    return [*alarming, *_events(session, AuditRow.id.in_(chosen))]


def _refused(session: Session, within: ColumnElement[bool]) -> list[Event]:
    return _events(session, and_(within, AuditRow.action.in_(ALARMING)))


def _voracious(session: Session, within: ColumnElement[bool]) -> list[Event]:
    """The last reading of everybody who read far more than the others did."""
    readings = and_(within, AuditRow.action.in_(READINGS))
    query = select(AuditRow.actor, AuditRow.id).where(readings).order_by(AuditRow.at, AuditRow.id)
    rows = session.execute(query).all()
    numbers, last = Counter(row.actor for row in rows), {row.actor: row.id for row in rows}
    if not numbers:
        return []
    limit = max(MANY, TIMES * median(numbers.values()))
    ids = {last[actor]: f"查阅{number}次" for actor, number in numbers.items() if number > limit}
    return _events(session, AuditRow.id.in_(ids), ids)


def _events(
    session: Session, which: ColumnElement[bool], reasons: dict[str, str] | None = None
) -> list[Event]:
    query = select(AuditRow).where(which).order_by(AuditRow.at, AuditRow.id)
    return [_event(row, (reasons or {}).get(row.id)) for row in session.scalars(query)]


def _event(row: AuditRow, reason: str | None) -> Event:
    why = reason or ALARMING.get(row.action, "")
    return Event(row.id, row.at, row.actor, row.action, f"{row.object_kind} {row.object_id}", why)
