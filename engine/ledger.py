"""The ledger of a deadline: facts that are only ever added; the row is their fold (D4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_

from engine.store.models import Deadline, DeadlineEntry, ProcessInstance
from engine.store.unit_of_work import Unit

OPEN = ("running", "overdue")
"""States of a deadline whose duty is not done."""


def binding() -> ColumnElement[bool]:
    """Open deadlines that can be missed: a hint (提示) cannot, another limit of its duty binds."""
    return and_(Deadline.state.in_(OPEN), Deadline.kind != "hint")


def enter(
    unit: Unit,
    deadline: Deadline,
    kind: str,
    *,
    happened_at: datetime | None = None,
    ground: str | None = None,
    clause: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> DeadlineEntry:
    """Add a fact; `happened_at` is when it was so, the unit's instant when it was written down."""
    entry = DeadlineEntry(
        deadline_id=deadline.id,
        kind=kind,
        happened_at=happened_at or unit.now,
        recorded_at=unit.now,
        due_at=deadline.due_at,
        actor=unit.actor.id,
        ground=ground,
        clause=clause,
        detail=dict(detail or {}),
    )
    unit.session.add(entry)
    return entry


def pass_due(unit: Unit, deadline: Deadline, at: datetime) -> None:
    """The due instant `at` has passed and the duty is not done; once, whoever notices first.

    A hint is never overdue: another limit of the duty was lawfully extended.
    """
    if deadline.state == "running" and deadline.kind != "hint":
        deadline.state = "overdue"
        enter(unit, deadline, "overdue", happened_at=at)


def meet(
    unit: Unit, instance: ProcessInstance, deadline: Deadline, at: datetime | None
) -> DeadlineEntry:
    """The duty is done, in time or late. `at`: 发生时间 where the form told it, else now."""
    done = at if at is not None and deadline.started_at <= at <= unit.now else unit.now
    late = done >= deadline.due_at and deadline.kind != "hint"
    deadline.state = "met_late" if late else "met"
    deadline.met_at = done
    instance.open_deadlines -= 1
    return enter(unit, deadline, "met", happened_at=done)


def void(unit: Unit, instance: ProcessInstance, deadline: Deadline) -> None:
    """There is no duty any more: lifted, withdrawn, cancelled."""
    deadline.state = "void"
    instance.open_deadlines -= 1
    enter(unit, deadline, "void")
