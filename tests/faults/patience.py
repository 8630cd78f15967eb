"""Waiting for what other threads and processes do, without a fixed time."""

import time
from collections.abc import Callable

MOST = 60.0
PAUSE = 0.02


def wait_for(true: Callable[[], object], what: str, most: float = MOST) -> float:
    """Seconds until it was true; an AssertionError says what was waited for in vain."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < most, f"waited {most} s in vain for: {what}"
        time.sleep(PAUSE)
    return time.monotonic() - begun
