"""Rasa's SQL tracker store, for several servers on one PostgreSQL database, which can also forget."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker

from handrail.settings import settings
from handrail.stores import asks_to_be_forgotten


class ForgettingSQLTrackerStore(SQLTrackerStore):
    """Keeps each event as a row, until the conversation is erased or has been idle for too long.

    `endpoints.yml` names this class where conversations have to outlive one process; `docs/privacy.md` says what
    that means. A conversation goes after `settings().idle_seconds` without a message, when `erase` is called, or
    when the person says "forget me". No other table holds anything.
    """

    def __init__(self, *arguments: Any, clock: Callable[[], float] = time.time, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._clock = clock

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the conversation's new events, or delete it when the person has asked for that."""
        if asks_to_be_forgotten(tracker):
            self.erase(tracker.sender_id)
            return
        await super().save(tracker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation, or None when it was never here, was erased or is too old."""
        tracker = await super().retrieve(sender_id)
        if tracker and tracker.events and tracker.events[-1].timestamp < self._oldest():
            self.erase(sender_id)
            return None
        return tracker

    def erase(self, sender_id: str) -> bool:
        """Delete every event of one conversation at once. Returns whether there was one."""
        event = self.SQLEvent
        return self._delete(event.sender_id == sender_id) > 0

    def forget_old(self) -> None:
        """Delete every conversation that has been idle for too long."""
        event = self.SQLEvent
        old = (
            sa.select([event.sender_id]).group_by(event.sender_id).having(sa.func.max(event.timestamp) < self._oldest())
        )
        self._delete(event.sender_id.in_(old))

    def _oldest(self) -> float:
        return self._clock() - settings().idle_seconds

    def _delete(self, which: Any) -> int:
        with self.session_scope() as session:
            deleted: int = session.query(self.SQLEvent).filter(which).delete(synchronize_session=False)
            session.commit()
        return deleted
