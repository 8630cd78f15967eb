"""Notices: written by `Unit.notify`, listed by `engine.queries.notices`, marked as read here.

A notice to a role is one row, read when the first holder of the role has read it; who that was
is kept. A duty is taken over by one person: a notice that every holder had to tick off would
teach them all to tick without reading.
"""

from __future__ import annotations

from sqlalchemy import select, update

from engine.errors import NotFound
from engine.permissions import notified
from engine.store.models import Notification
from engine.store.unit_of_work import Unit
from engine.verbs import verb


@verb
def mark_notification_read(unit: Unit, notification_id: str) -> None:
    """Mark a notice to the actor, or to a role he holds, as read; a second time changes nothing.

    Raises `NotFound` for a notice that is not his.
    """
    his = select(Notification).where(Notification.id == notification_id, notified(unit.actor))
    notice = unit.session.scalars(his.with_for_update()).one_or_none()
    if notice is None:
        raise NotFound("notification.unknown", id=notification_id)
    if notice.read_at is None:
        notice.read_at, notice.read_by = unit.now, unit.actor.id


@verb
def mark_all_notifications_read(unit: Unit) -> None:
    """Mark every unread notice to the actor, or to a role he holds, as read."""
    unit.session.execute(
        update(Notification)
        .where(notified(unit.actor), Notification.read_at.is_(None))
        .values(read_at=unit.now, read_by=unit.actor.id)
        .execution_options(synchronize_session=False)
    )
