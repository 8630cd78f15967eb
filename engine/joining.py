"""On which requests somebody may start a further procedure (SEC-06, SEC-07).

Request numbers run on, so they can be guessed; whoever starts on a request reads its case file
and its messages from then on. Hence only where he sees the request already, or where the watch
list leads every police officer to it (procedures B6.5).
"""

from __future__ import annotations

from sqlalchemy import exists, or_, select

from engine import permissions
from engine.errors import NotFound
from engine.queries.watch_list import may_search
from engine.store.models import ProcessInstance, WatchEntry
from engine.store.unit_of_work import Unit


def require_joinable(unit: Unit, business_key: str) -> None:
    """Raises NotFound("instance.unknown") for people; programs and the engine number themselves."""
    if unit.actor.kind != "person" or sees_request(unit, business_key):
        return
    if not (may_search(unit.actor) and _is_looked_for(unit, business_key)):
        raise NotFound("instance.unknown", id=business_key)


def sees_request(unit: Unit, business_key: str) -> bool:
    """Whether the actor may see an instance of the request."""
    seen = exists().where(
        ProcessInstance.business_key == business_key, permissions.sees_instance(unit.actor)
    )
    return bool(unit.session.scalar(select(seen)))


def _is_looked_for(unit: Unit, business_key: str) -> bool:
    in_force = exists().where(
        WatchEntry.business_key == business_key,
        WatchEntry.agency_id == unit.actor.agency_id,
        WatchEntry.removed_at.is_(None),
        or_(WatchEntry.valid_to.is_(None), WatchEntry.valid_to > unit.now),
    )
    return bool(unit.session.scalar(select(in_force)))
