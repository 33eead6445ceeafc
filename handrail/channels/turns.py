"""One turn at a time for each person, in the order in which they wrote; a danger goes first."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)

Turn = Callable[[], Awaitable[None]]


class Turns:
    """Runs turns in the background, so that a platform gets its receipt at once."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._arrivals = itertools.count()
        self._waiting: dict[str, list[tuple[bool, float, int, Turn]]] = {}
        self._workers: set[asyncio.Task[None]] = set()

    def add(self, conversation: str, turn: Turn, *, urgent: bool = False, order: float = 0.0) -> None:
        """Let `turn` run when its conversation is free.

        Args:
            conversation: turns of one conversation never overlap.
            turn: what to run; must not raise.
            urgent: goes before all that wait and are not.
            order: the platform's own count or time of the message; of those that wait, the lowest goes first.
        """
        waiting = self._waiting.get(conversation)
        entry = (not urgent, order, next(self._arrivals), turn)
        if waiting is not None:
            heapq.heappush(waiting, entry)
            return
        self._waiting[conversation] = [entry]
        worker = asyncio.ensure_future(self._work(conversation))
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def finish(self, seconds: float | None = None) -> None:
        """Wait until nothing is waiting or running, for at most `seconds`; end what is still running then."""
        if not self._workers:
            return
        _, late = await asyncio.wait(set(self._workers), timeout=seconds)
        for worker in late:
            worker.cancel()
        if late:
            logger.critical("turns.cut_off channel=%s conversations=%s", self._channel, len(late))

    async def _work(self, conversation: str) -> None:
        waiting = self._waiting[conversation]
        try:
            while waiting:
                *_, turn = heapq.heappop(waiting)
                try:
                    await turn()
                except Exception as error:
                    # The type alone: an exception's text can hold what the person wrote.
                    logger.error("turn.failed channel=%s error=%s", self._channel, type(error).__name__)
        finally:
            del self._waiting[conversation]
