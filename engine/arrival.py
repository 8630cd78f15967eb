"""Who acts and at what instant: one statement, or none beside the first rows a verb reads.

Both come from the database in the transaction of the verb: a post lost a moment ago does not
count, and on PostgreSQL all processes share the database's clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, func
from sqlalchemy.orm import Session

from engine.actors import PERSON, Actor, acting, alongside, is_person, load_actor
from engine.store.database import DatabaseClock
from engine.timing.clock import Clock


class Arrival:
    """The actor and the instant of one unit of work, read when first asked for.

    Raises `Forbidden` for an actor who does not exist, has left, or was shut out.
    """

    def __init__(
        self, session: Session, clock: Clock, actor: Actor | str, address: str | None
    ) -> None:
        self._session = session
        self._clock = clock
        self._id = actor if isinstance(actor, str) else actor.id
        self._address = address
        self._actor = actor if isinstance(actor, Actor) else None
        self._now: datetime | None = None

    @property
    def now(self) -> datetime:
        """Aware, UTC, the same throughout the unit."""
        if self._now is None:
            self.settle()
        assert self._now is not None
        return self._now

    @property
    def actor(self) -> Actor:
        if self._actor is None:
            self.settle()
        assert self._actor is not None
        return self._actor

    def of(self, actor: Actor) -> Arrival:
        """The same instant with another actor."""
        other = Arrival(self._session, self._clock, actor, self._address)
        other._now = self.now
        return other

    def settle(self) -> None:
        """Read both now, unless they are known."""
        if self._actor is None and is_person(self._id):
            self._take(self._ask(PERSON, {}))
        if self._now is None:
            self._now = self._read_clock()
        if self._actor is None:
            self._actor = load_actor(self._session, self._id, self._now, self._address)

    def rows(self, query: Select[Any], values: Mapping[str, Any]) -> Sequence[Any]:
        """What `query` finds, and beside it, where nobody has asked yet, who acts and when.

        Each row may come several times, once for each post of the actor.
        """
        if self._actor is not None or not is_person(self._id):
            self.settle()
            return self._session.execute(query, values).all()
        found = self._ask(_alongside(query), values)
        if found:
            self._take(found)
        self.settle()
        return found

    def _ask(self, query: Select[Any], values: Mapping[str, Any]) -> Sequence[Row[Any]]:
        """Rows with the actor in them; on PostgreSQL the clock is read with them."""
        if isinstance(self._clock, DatabaseClock):
            query = _timed(query)
        return self._session.execute(query, {**values, "person": self._id}).all()

    def _take(self, found: Sequence[Row[Any]]) -> None:
        if found and isinstance(self._clock, DatabaseClock):
            self._now = found[0].read_at.astimezone(UTC)
        else:
            self._now = self._read_clock()
        self._actor = acting(self._session, found, self._now, self._address)

    def _read_clock(self) -> datetime:
        clock = self._clock
        return clock.now_within(self._session) if isinstance(clock, DatabaseClock) else clock.now()


@cache
def _alongside(query: Select[Any]) -> Select[Any]:
    return alongside(query)


@cache
def _timed(query: Select[Any]) -> Select[Any]:
    return query.add_columns(func.clock_timestamp().label("read_at"))
