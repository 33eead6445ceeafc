"""Mends faults of Rasa 3.6 that would leave a person waiting. Each has a test that Rasa's own code fails.

Rasa Open Source 3.6 is the last of its line, so none of this can be mended upstream.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from contextvars import copy_context
from functools import partial, wraps
from typing import Any

import aiohttp
from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockStore
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP
from rasa.utils.endpoints import EndpointConfig

from handrail import logs
from handrail.stores import KeepsNothing

TIMEOUT = "timeout_seconds"
"""How long an answer may take, in seconds: a key of an endpoint in `endpoints.yml`."""
WORDS_AT_MOST = 20_000
"""Words that spaCy may hold. Each takes about 500 bytes, and loading the pipeline anew 0.3 seconds."""
LOOK_AGAIN_SECONDS = 0.02
"""How often a message looks whether the one before it in the same conversation is answered."""

Parse = Callable[..., Coroutine[Any, Any, dict[str, Any]]]
Lock = Callable[..., AbstractAsyncContextManager[TicketLock]]


def apply() -> None:
    """Put all mends in place, once a process. Calling it again changes nothing."""
    if getattr(EndpointConfig, "_handrail_mends", False):
        return
    EndpointConfig._handrail_mends = True
    EndpointConfig.session = _with_timeout(EndpointConfig.session)
    LockStore.lock = _looking_often(LockStore.lock)
    MessageProcessor.parse_message = _beside_the_server(MessageProcessor.parse_message)
    FailSafeTrackerStore.fallback_tracker_store = property(_keeping_nothing)
    SpacyNLP.provide = _forgetting_words(SpacyNLP.provide)
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


def _beside_the_server(original: Parse) -> Parse:
    """Let the model read messages in a thread of its own, one after the other.

    Rasa reads them in the server's own loop: while one takes long, nothing else is answered, no watch runs out, and
    a person in danger waits with all others.
    """
    readers = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")

    @wraps(original)
    async def parse(self: MessageProcessor, *arguments: Any, **keywords: Any) -> dict[str, Any]:
        if self.http_interpreter:
            return await original(self, *arguments, **keywords)
        read = partial(_finish, original(self, *arguments, **keywords))
        return await asyncio.get_running_loop().run_in_executor(readers, copy_context().run, read)

    return parse


def _finish(never_waits: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
    """Run a coroutine that awaits nothing, as Rasa's parsing is one, without an event loop.

    Raises:
        RuntimeError: it does await something.
    """
    try:
        never_waits.send(None)
    except StopIteration as finished:
        result: dict[str, Any] = finished.value
        return result
    raise RuntimeError("Parsing a message waits for something, so it cannot run in a thread of its own")


def _keeping_nothing(self: FailSafeTrackerStore) -> TrackerStore:
    """Return what takes conversations while the tracker store fails.

    Rasa keeps them in memory for good, where nothing reads or erases them.
    """
    if self._fallback_tracker_store is None:
        self._fallback_tracker_store = KeepsNothing(self.domain)
    kept: TrackerStore = self._fallback_tracker_store
    return kept


def _forgetting_words(original: Callable[[SpacyNLP], SpacyModel]) -> Callable[[SpacyNLP], SpacyModel]:
    """Load spaCy's pipeline anew once it holds very many words.

    It keeps every word that anybody ever wrote, names among them, and made-up words could fill the memory.
    """

    @wraps(original)
    def provide(self: SpacyNLP) -> SpacyModel:
        provided = original(self)
        if len(provided.model.vocab.strings) > WORDS_AT_MOST:
            self._model = provided = self.load_model(provided.model_name)
        return provided

    return provide


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
