"""A tracker store that keeps conversations in memory only, for a while, and can forget one at once."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from handrail.settings import settings

FORGET_INTENT = "forget_me"
MAX_CONVERSATIONS = 10_000
"""At some 60 KB for a chat of three messages this is about 600 MB; the one idle for longest goes first."""
MAX_EVENTS = 300
"""About 25 turns. Rasa reads every event again on each turn, so long conversations grow slow."""
KEEP_EVENTS = 150


@dataclass
class _Kept:
    events: list[Event]
    last_used: float


class ForgettingTrackerStore(TrackerStore):
    """Holds the events of each conversation as they are: nothing is written to disk or turned into text.

    A conversation goes after `settings().idle_seconds` without a message, when there are more than
    `MAX_CONVERSATIONS`, when `erase` is called, or when the person says "forget me".
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        clock: Callable[[], float] = time.monotonic,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._clock = clock

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the conversation, or drop it when the person has asked for that."""
        await self.stream_events(tracker)
        if asks_to_be_forgotten(tracker):
            self.erase(tracker.sender_id)
            return
        self._kept[tracker.sender_id] = _Kept(events=_bounded(tracker), last_used=self._clock())
        self._kept.move_to_end(tracker.sender_id)
        self.forget_old()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation, or None when it was never here or has been forgotten."""
        self.forget_old()
        kept = self._kept.get(sender_id)
        if kept is None:
            return None
        return DialogueStateTracker.from_events(
            sender_id, kept.events, slots=self.domain.slots, domain=self.domain, max_event_history=None
        )

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations that are kept now."""
        self.forget_old()
        return list(self._kept)

    def erase(self, sender_id: str) -> bool:
        """Forget one conversation at once. Returns whether there was one."""
        return self._kept.pop(sender_id, None) is not None

    def forget_old(self) -> None:
        """Forget the conversations that have been idle for too long, and those beyond the bound."""
        oldest = self._clock() - settings().idle_seconds
        while self._kept:
            kept = next(iter(self._kept.values()))
            if kept.last_used >= oldest and len(self._kept) <= MAX_CONVERSATIONS:
                return
            self._kept.popitem(last=False)


class KeepsNothing(TrackerStore):
    """Takes conversations and drops them: what Rasa falls back to while the configured store fails.

    Rasa's own fallback keeps every conversation for good, reads none of them again, and cannot erase any.
    """

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Drop the conversation."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return None."""
        return None

    async def keys(self) -> Iterable[str]:
        """Return nothing."""
        return []


def asks_to_be_forgotten(tracker: DialogueStateTracker) -> bool:
    """Say whether the latest message was "forget me"."""
    message = tracker.latest_message
    return message is not None and message.intent.get("name") == FORGET_INTENT


def _bounded(tracker: DialogueStateTracker) -> list[Event]:
    """Return the tracker's events; of a long conversation, the latest turns and what the slots hold."""
    events = list(tracker.events)
    if len(events) <= MAX_EVENTS:
        return events
    start = next(
        (
            number
            for number in range(len(events) - KEEP_EVENTS, len(events))
            if isinstance(events[number], ActionExecuted) and events[number].action_name == ACTION_LISTEN_NAME
        ),
        len(events),
    )
    values = [SlotSet(name, value) for name, value in tracker.current_slot_values().items()]
    return [*values, *events[start:]]


def erase(store: TrackerStore, conversation: str) -> bool:
    """Forget one conversation at once in the store that an agent holds. Returns whether there was one.

    Raises:
        TypeError: the configured store cannot erase.
    """
    erased: bool = _with(store, "erase").erase(conversation)
    return erased


def forget_old(store: TrackerStore) -> None:
    """Forget what is too old in the store that an agent holds.

    Raises:
        TypeError: the configured store cannot forget.
    """
    _with(store, "forget_old").forget_old()


def _with(store: TrackerStore, method: str) -> Any:
    """Return the configured store: Rasa wraps it in others that pass calls on but know only Rasa's own methods."""
    wrapped = store
    while not hasattr(wrapped, method):
        inner = getattr(wrapped, "_tracker_store", None)
        if inner is None:
            raise TypeError(f"{type(wrapped).__name__} has no '{method}': it cannot forget a conversation")
        wrapped = inner
    return wrapped
