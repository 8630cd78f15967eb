"""Rate limits: a bucket of permits for each account, and one for each address that failed.

In memory, per process: the limit protects this server, it is no ration.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic


@dataclass(slots=True)
class _Bucket:
    permits: float
    at: float


class Buckets:
    """Each key has `burst` permits and gets `per_second` back, up to `burst`."""

    MOST = 10_000

    def __init__(
        self, burst: int, per_second: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._burst, self._per_second, self._clock = burst, per_second, clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str) -> float:
        """Take a permit: 0, or the seconds until there is one again."""
        with self._lock:
            bucket = self._filled(key)
            if bucket.permits >= 1:
                bucket.permits -= 1
                return 0
            return (1 - bucket.permits) / self._per_second

    def wait(self, key: str) -> float:
        """Seconds until there is a permit, without taking it."""
        with self._lock:
            missing = 1 - self._filled(key).permits
            return max(0.0, missing / self._per_second)

    def _filled(self, key: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(self._burst, now))
        gained = (now - bucket.at) * self._per_second
        bucket.permits, bucket.at = min(self._burst, bucket.permits + gained), now
        self._buckets.move_to_end(key)
        while len(self._buckets) > self.MOST:
            self._buckets.popitem(last=False)
        return bucket
