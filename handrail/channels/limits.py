"""How many requests an address may send, and how often the log tells of those that were refused."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from handrail.bounded import BoundedMap

BURST = 4.0
"""An address that was quiet may send what `per_second` allows in this many seconds at once."""
ADDRESSES = 20_000
"""How many addresses are remembered; an attacker who has more of them is the network's business."""
SECONDS_BETWEEN_LINES = 60.0


@dataclass
class _Bucket:
    tokens: float
    filled: float


class AddressLimit:
    """A token bucket for each address. Addresses are kept in memory, for as long as a bucket takes to fill.

    Enough for a whole school behind one address, too few to slow down others.
    """

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Allow `per_second` requests a second of each address, and four times as many at once."""
        self._per_second = per_second
        self._clock = clock
        self._buckets: BoundedMap[str, _Bucket] = BoundedMap(ADDRESSES, BURST, clock)

    def allows(self, address: str) -> bool:
        """Count a request of `address`, and say whether it is to be answered."""
        now, most = self._clock(), self._per_second * BURST
        bucket = self._buckets.get(address)
        if bucket is None:
            bucket = self._buckets[address] = _Bucket(most, now)
        bucket.tokens = min(most, bucket.tokens + (now - bucket.filled) * self._per_second)
        bucket.filled = now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True

    def forget_old(self) -> None:
        """Drop the addresses that have sent nothing for a while."""
        self._buckets.forget_old()


class Tally:
    """Counts what may happen hundreds of times a second, so that a flood cannot fill the disk with lines in the log."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Tell of the first one at once, and then of all since at most every `SECONDS_BETWEEN_LINES`."""
        self._clock = clock
        self._untold = 0
        self._next_line = clock()

    def add(self) -> int:
        """Count one more. Returns how many the log has to tell of now; 0 while its last line is not old enough."""
        self._untold += 1
        return self.due()

    def due(self) -> int:
        """Return how many the log has to tell of now, which counts as told; mostly 0."""
        if not self._untold or self._clock() < self._next_line:
            return 0
        told, self._untold = self._untold, 0
        self._next_line = self._clock() + SECONDS_BETWEEN_LINES
        return told
