"""Long polling: a worker's request waits until there is work, or until its time is over.

A waiting request holds a thread of the server; so only some may wait, the others are answered at
once and ask again. Looking costs one read per topic and locks nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic, sleep

PAUSE = 0.25
LONGEST = 25.0
"""Seconds; less than what the server grants a request that is under way when it stops."""
AT_ONCE = 8


class Polling:
    """Waits in turns of `PAUSE` seconds."""

    def __init__(
        self,
        pause: Callable[[float], None] = sleep,
        clock: Callable[[], float] = monotonic,
        at_once: int = AT_ONCE,
    ) -> None:
        self._pause, self._clock = pause, clock
        self._places = threading.BoundedSemaphore(at_once)

    def until(self, there_is: Callable[[], bool], seconds: float) -> bool:
        """Whether it came within so many seconds, at most `LONGEST`."""
        if there_is():
            return True
        if seconds <= 0 or not self._places.acquire(blocking=False):
            return False
        try:
            return self._wait(there_is, min(seconds, LONGEST))
        finally:
            self._places.release()

    def _wait(self, there_is: Callable[[], bool], seconds: float) -> bool:
        end = self._clock() + seconds
        while self._clock() < end:
            self._pause(min(PAUSE, seconds))
            if there_is():
                return True
        return False
