"""Whose browser it was, after a session has gone idle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.store.crypto import sm3
from engine.store.models import WebSession

if TYPE_CHECKING:
    from engine.engine import Engine


def owner_of_idle_session(engine: Engine, session_key: str) -> str | None:
    """The person whose session this was, as long as it is not over by age; None otherwise.

    It opens nothing: it serves only to keep what the person had typed as his own draft.
    """
    with engine.database.read() as session:
        found = session.get(WebSession, sm3(session_key.encode()))
    if found is None or found.expires_at <= engine.clock.now():
        return None
    return found.person_id
