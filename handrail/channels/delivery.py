"""Outbound messages: text always first, and never an empty bubble, raw JSON or a lost phone number."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from rasa.core.channels.channel import OutputChannel

from handrail.channels.choices import Button, numbered
from handrail.channels.pieces import pieces

logger = logging.getLogger(__name__)

Message = dict[str, Any]

EMERGENCY_KINDS = frozenset({"emergency", "check"})
WAIT_SECONDS = (0.5, 2.0)
"""How long to wait before a message that was not taken is sent again, the first and the second time."""


class CollectedReply(OutputChannel):
    """Collects one turn's messages for a channel that answers a request with all of them at once.

    Attributes:
        messages: what the person will see, in order. Each has `text`; those with choices have `buttons`, and
            what the reply is (kind, topic, sources) stands under `metadata`.
    """

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.messages: list[Message] = []
        self._closed = False

    def name(self) -> str:
        """Return the name of the channel that the messages go to."""
        return self._channel

    def close(self) -> None:
        """Take no further messages: the person has been answered in another way."""
        self._closed = True

    async def send_response(self, recipient_id: str, message: Message) -> None:
        """Keep one message of the bot; a message without words is dropped."""
        text = (message.get("text") or "").strip()
        if not text or self._closed:
            return
        kept: Message = {"text": text, "metadata": message.get("metadata") or {}}
        buttons = message.get("buttons") or message.get("quick_replies")
        if buttons:
            kept["buttons"] = [{"title": button["title"], "payload": button["payload"]} for button in buttons]
        self.messages.append(kept)


@dataclass(frozen=True)
class Limits:
    """What a platform takes.

    Attributes:
        text: characters of a message.
        buttons: how many buttons may stand below one; 0 where there are none.
        title: characters of a button's title.
        payload: bytes of what a button sends.
    """

    text: int
    buttons: int = 0
    title: int = 0
    payload: int = 0

    def take(self, buttons: Sequence[Button]) -> bool:
        """Say whether all of `buttons` fit."""
        return len(buttons) <= self.buttons and all(
            len(button["title"]) <= self.title and len(button["payload"].encode()) <= self.payload for button in buttons
        )


CAUTIOUS = Limits(text=1_500)
"""For a platform that nothing is known of: plain text only, of a length that all take."""
LIMITS: Mapping[str, Limits] = MappingProxyType(
    {
        "rest": Limits(text=100_000, buttons=100, title=1_000, payload=1_000),
        "cmdline": Limits(text=100_000),
        "slack": Limits(text=3_000, buttons=5, title=75, payload=2_000),
        "telegram": Limits(text=4_096, buttons=8, title=40, payload=64),
        "facebook": Limits(text=2_000, buttons=3, title=20, payload=1_000),
        "twilio": Limits(text=1_500),
    }
)
"""By channel name: the platforms' documentation, and what Rasa's own connectors drop above it (five buttons on Slack,
three on Messenger)."""


class Delivery:
    """Sends a turn's messages to a person through one of Rasa's output channels, and never raises."""

    def __init__(
        self,
        channel: str,
        limits: Limits,
        invitation: str,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Set up the delivery of one channel.

        Args:
            channel: its name, for the log.
            limits: what its platform takes.
            invitation: the words above numbered choices.
            sleep: waits between two attempts.
        """
        self._channel = channel
        self._limits = limits
        self._invitation = invitation
        self._sleep = sleep

    async def send(self, output: OutputChannel, recipient: str, messages: Sequence[Message]) -> bool:
        """Send all messages in order. Returns whether the platform took every text.

        A text comes first and alone in an emergency, or when its buttons do not fit: what decorates it follows.
        """
        taken = True
        for message in messages:
            taken &= await self._send_one(output, recipient, message)
        return taken

    async def _send_one(self, output: OutputChannel, recipient: str, message: Message) -> bool:
        buttons: list[Button] = message.get("buttons") or []
        texts = pieces(message["text"], self._limits.text)
        urgent = message.get("metadata", {}).get("kind") in EMERGENCY_KINDS
        fit = bool(buttons) and not urgent and self._limits.take(buttons)
        *before, last = texts
        taken = True
        for text in before:
            taken &= await self._text(output, recipient, text)
        if fit and await self._attempt(output, recipient, {"text": last, "buttons": buttons}):
            return taken
        taken &= await self._text(output, recipient, last)
        for text in pieces(numbered(buttons, self._invitation), self._limits.text) if buttons else ():
            taken &= await self._text(output, recipient, text)
        return taken

    async def _text(self, output: OutputChannel, recipient: str, text: str) -> bool:
        for wait in (*WAIT_SECONDS, None):
            if await self._attempt(output, recipient, {"text": text}):
                return True
            if wait is not None:
                await self._sleep(wait)
        logger.critical("delivery.failed channel=%s characters=%s", self._channel, len(text))
        return False

    async def _attempt(self, output: OutputChannel, recipient: str, message: Message) -> bool:
        try:
            await output.send_response(recipient, message)
        except Exception as error:
            # The type alone: an exception's text can hold the message or the recipient.
            logger.error("delivery.attempt_failed channel=%s error=%s", self._channel, type(error).__name__)
            return False
        return True
