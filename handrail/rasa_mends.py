"""Mends faults of Rasa 3.6 that would leave a person waiting. Each has a test that Rasa's own code fails.

Rasa Open Source 3.6 is the last of its line, so none of this can be mended upstream.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import wraps

import aiohttp
from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockStore
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.utils.endpoints import EndpointConfig

from handrail import logs
from handrail.stores import KeepsNothing

TIMEOUT = "timeout_seconds"
"""How long an answer may take, in seconds: a key of an endpoint in `endpoints.yml`."""
LOOK_AGAIN_SECONDS = 0.02
"""How often a message looks whether the one before it in the same conversation is answered."""

Lock = Callable[..., AbstractAsyncContextManager[TicketLock]]


def apply() -> None:
    """Put all mends in place, once a process. Calling it again changes nothing."""
    if getattr(EndpointConfig, "_handrail_mends", False):
        return
    EndpointConfig._handrail_mends = True
    EndpointConfig.session = _with_timeout(EndpointConfig.session)
    LockStore.lock = _looking_often(LockStore.lock)
    FailSafeTrackerStore.fallback_tracker_store = property(_keeping_nothing)
    logs.keep_discreet()


def _with_timeout(
    original: Callable[[EndpointConfig], aiohttp.ClientSession],
) -> Callable[[EndpointConfig], aiohttp.ClientSession]:
    """Let `timeout_seconds` in `endpoints.yml` decide how long an endpoint may take.

    Rasa waits 300 seconds for an action, and all that time no other message of the same person is read.
    """

    @wraps(original)
    def session(self: EndpointConfig) -> aiohttp.ClientSession:
        made = original(self)
        if TIMEOUT in self.kwargs:
            # The session takes it only when it is made, and Rasa makes it.
            made._timeout = aiohttp.ClientTimeout(total=float(self.kwargs[TIMEOUT]))
        return made

    return session


def _keeping_nothing(self: FailSafeTrackerStore) -> TrackerStore:
    """Return what takes conversations while the tracker store fails.

    Rasa keeps them in memory for good, where nothing reads or erases them.
    """
    if self._fallback_tracker_store is None:
        self._fallback_tracker_store = KeepsNothing(self.domain)
    kept: TrackerStore = self._fallback_tracker_store
    return kept


def _looking_often(original: Lock) -> Lock:
    """Let the next message of a conversation in as soon as the one before is answered.

    Rasa looks once a second.
    """

    @wraps(original)
    def lock(
        self: LockStore,
        conversation_id: str,
        lock_lifetime: float = LOCK_LIFETIME,
        wait_time_in_seconds: float = LOOK_AGAIN_SECONDS,
    ) -> AbstractAsyncContextManager[TicketLock]:
        return original(self, conversation_id, lock_lifetime, wait_time_in_seconds)

    return lock
