"""What stands in for Rasa and for the clock in the tests of the channels."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage

ANY_TEXT = st.tuples(
    st.sampled_from(["", "/", " /", "//", "/restart", "\x00/", "\ufeff/"]),
    st.text(st.characters(exclude_categories=()), max_size=80),
).map("".join)
"""Any text that JSON can carry, half surrogate pairs too, often with a command in front."""


class Clock:
    """A clock that stands still until it is told to move on."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Rasa:
    """Says `messages` to each message that comes in; then raises `fails`, or waits for `release`, if given."""

    def __init__(
        self,
        *messages: Mapping[str, Any],
        fails: Exception | None = None,
        release: asyncio.Event | None = None,
        late: Mapping[str, Any] | None = None,
    ) -> None:
        self.received: list[UserMessage] = []
        self.finished = asyncio.Event()
        self.cancelled = False
        self._messages = messages
        self._fails = fails
        self._release = release
        self._late = late

    async def __call__(self, message: UserMessage) -> None:
        self.received.append(message)
        for said in self._messages:
            await message.output_channel.send_response(message.sender_id, dict(said))
        if self._release:
            try:
                await self._release.wait()
            except asyncio.CancelledError:
                self.cancelled = True
                raise
        if self._late:
            await message.output_channel.send_response(message.sender_id, dict(self._late))
        self.finished.set()
        if self._fails:
            raise self._fails

    @property
    def texts(self) -> list[str]:
        """What reached Rasa."""
        return [message.text for message in self.received]
