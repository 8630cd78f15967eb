"""A cache that forgets what was asked for least recently, by weight."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class LeastRecent(Generic[V]):
    """Keeps values up to a total weight; safe to share between threads."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._weight = 0
        self._kept: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> V | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def keep(self, key: Hashable, value: V, weight: int) -> V:
        """The value that is kept under the key from now on: the first of two that race."""
        with self._lock:
            if key in self._kept:
                return self._kept[key][0]
            self._kept[key] = (value, weight)
            self._weight += weight
            while self._weight > self._capacity and len(self._kept) > 1:
                _, (_, lighter) = self._kept.popitem(last=False)
                self._weight -= lighter
            return value

    def __len__(self) -> int:
        return len(self._kept)
