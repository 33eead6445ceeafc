"""A map that never grows beyond a bound, and lets go of what nobody has used for a while."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class BoundedMap(Generic[K, V]):
    """Keeps the `limit` entries used most recently, each for `seconds` after its latest use."""

    def __init__(self, limit: int, seconds: float = math.inf, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._entries: OrderedDict[K, tuple[V, float]] = OrderedDict()

    def __len__(self) -> int:
        self.forget_old()
        return len(self._entries)

    def __setitem__(self, key: K, value: V) -> None:
        self._entries[key] = value, self._clock()
        self._entries.move_to_end(key)
        if len(self._entries) > self._limit:
            self._entries.popitem(last=False)
        self.forget_old()

    def get(self, key: K) -> V | None:
        """Return the entry of `key`, or None."""
        self.forget_old()
        if key not in self._entries:
            return None
        value, _ = self._entries[key]
        self._entries[key] = value, self._clock()
        self._entries.move_to_end(key)
        return value

    def pop(self, key: K) -> V | None:
        """Take the entry of `key` out and return it, or None."""
        value, _ = self._entries.pop(key, (None, 0.0))
        return value

    def forget_old(self) -> None:
        """Let go of the entries that nobody has used for too long."""
        oldest = self._clock() - self._seconds
        while self._entries:
            _, used = next(iter(self._entries.values()))
            if used >= oldest:
                return
            self._entries.popitem(last=False)
