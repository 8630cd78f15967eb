"""The least that verbs need of an engine: a database, a clock that stands still, keys."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.actors import Actor, PostHeld
from engine.store.crypto import CryptoProvider
from engine.store.database import Database
from engine.timing.clock import SettableClock

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
KEY = bytes(range(32))


@dataclass
class Installation:
    """Stands where an Engine stands; what a verb of these tests does not use is not there."""

    database: Database
    clock: SettableClock = field(default_factory=lambda: SettableClock(MORNING))
    crypto: CryptoProvider = field(default_factory=lambda: CryptoProvider([KEY]))


def actor(*posts: tuple[str, str, str], id: str = "officer", kind: str = "court") -> Actor:
    """An actor of the first post's agency; posts are (agency, unit, role)."""
    agency = posts[0][0] if posts else "court-1"
    return Actor(id, agency, kind, None, tuple(PostHeld(*post) for post in posts))
