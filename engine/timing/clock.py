"""The only reader of the wall clock. Everything else is told the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from engine.errors import Refusal


class Clock(Protocol):
    """Tells the time once per unit of work; the unit passes the instant on."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SettableClock:
    """A clock that stands still until it is moved: tests, scenarios, rehearsal, demo mode."""

    def __init__(self, start: datetime) -> None:
        self._now = _aware(start)

    def now(self) -> datetime:
        return self._now

    def set(self, instant: datetime) -> None:
        """Jump to `instant`, backwards too: a stepped clock is a thing to rehearse."""
        self._now = _aware(instant)

    def advance(self, by: timedelta) -> datetime:
        """Move forward and return the new instant; a negative step is refused (use `set`)."""
        if by < timedelta(0):
            raise Refusal("clock.backwards", found=str(by))
        self._now += by
        return self._now


class OffsetClock:
    """Another clock that has been moved on: a demonstration's (D4)."""

    def __init__(self, base: Clock, offset: Callable[[], timedelta]) -> None:
        """`offset` is asked at every reading: other processes may move the clock."""
        self.base = base
        self._offset = offset

    def now(self) -> datetime:
        return self.base.now() + self._offset()


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise Refusal("clock.naive", found=instant.isoformat())
    return instant.astimezone(UTC)
