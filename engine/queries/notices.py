"""Notices: to a person by name, or to whoever holds the role in the unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import permissions
from engine.actors import Actor
from engine.store.models import Notification

if TYPE_CHECKING:
    from engine.engine import Engine

_SHOWN = 100


@dataclass(frozen=True)
class Notice:
    """A notice as the list shows it; the sentence is made of kind, level and params."""

    id: str
    kind: str
    level: int
    instance_id: str | None
    business_key: str | None
    params: Mapping[str, Any]
    at: datetime
    read_at: datetime | None


def notices(engine: Engine, actor: Actor, *, unread_only: bool = False) -> Sequence[Notice]:
    """The latest notices to the actor, unread ones first."""
    statement = (
        select(
            Notification.id,
            Notification.kind,
            Notification.level,
            Notification.instance_id,
            Notification.business_key,
            Notification.params,
            Notification.at,
            Notification.read_at,
        )
        .where(permissions.notified(actor))
        .order_by(Notification.read_at.isnot(None), Notification.at.desc(), Notification.id)
        .limit(_SHOWN)
    )
    if unread_only:
        statement = statement.where(Notification.read_at.is_(None))
    with engine.database.read() as session:
        return [Notice(*row) for row in session.execute(statement)]


def unread_count(session: Session, actor: Actor) -> int:
    """How many notices the actor has not read."""
    unread = (
        select(func.count())
        .select_from(Notification)
        .where(permissions.notified(actor), Notification.read_at.is_(None))
    )
    return session.scalar(unread) or 0
