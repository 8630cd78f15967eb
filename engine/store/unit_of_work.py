"""What every verb is given: one transaction, one instant, one actor, and pens for side effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from engine.actors import Actor
from engine.arrival import Arrival
from engine.store.models import Notification, Outbox, ProcessInstance
from engine.store.types import new_id

if TYPE_CHECKING:
    from engine.engine import Engine


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act to be chained when the unit ends."""

    action: str
    object_kind: str
    object_id: str
    instance: ProcessInstance | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseFileSeen:
    """A case file as it was read; `sealed` is None where there was none yet."""

    sealed: bytes | None
    values: dict[str, Any] | None = None
    """None until somebody opens it."""


@dataclass(slots=True)
class Unit:
    """A unit of work. Everything in it is committed together or not at all."""

    engine: Engine
    session: Session
    arrival: Arrival
    entries: list[AuditEntry] = field(default_factory=list)
    case_files: dict[tuple[str, str], CaseFileSeen] = field(default_factory=dict)
    """What this unit has read of them, by agency and request: opened once, folded into once."""

    @property
    def now(self) -> datetime:
        """Read once, aware, UTC: every row of this unit bears the same instant."""
        return self.arrival.now

    @property
    def actor(self) -> Actor:
        """For whom it is done."""
        return self.arrival.actor

    def acting_as(self, actor: Actor) -> Unit:
        """The same unit of work, done in the name of another."""
        return replace(self, arrival=self.arrival.of(actor))

    def audit(
        self,
        action: str,
        object_kind: str,
        object_id: str,
        *,
        instance: ProcessInstance | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Record an act or a reading; chained to the instance, else to the day.

        `action`: verb in the past tense with its noun (`task.completed`). `detail`: JSON values,
        never personal data. The rows are written just before the commit, with the heads of their
        chains, so that an act costs no statement of its own.
        """
        self.entries.append(
            AuditEntry(action, object_kind, object_id, instance, dict(detail or {}))
        )

    def notify(
        self,
        kind: str,
        *,
        agency_id: str,
        person_id: str | None = None,
        role: str | None = None,
        unit_id: str | None = None,
        instance: ProcessInstance | None = None,
        level: int = 0,
        params: Mapping[str, Any] | None = None,
    ) -> Notification:
        """Put a notice into the inbox of a person, or of whoever holds `role` (in `unit_id`).

        `kind`: see `Notification.kind`; `params` fill its sentence and hold no personal data.
        """
        notice = Notification(
            agency_id=agency_id,
            person_id=person_id,
            role=role,
            unit_id=unit_id,
            kind=kind,
            level=level,
            instance_id=instance.id if instance else None,
            business_key=instance.business_key if instance else None,
            params=dict(params or {}),
            at=self.now,
        )
        self.session.add(notice)
        return notice

    def outbox(self, channel: str, body: bytes) -> None:
        """Leave `body`, sealed, to be sent after the commit; `channel`: mail · webhook · push."""
        id = new_id()
        sealed = self.engine.crypto.seal(body, "outbox", id)
        self.session.add(Outbox(id=id, channel=channel, body=sealed, created_at=self.now))
