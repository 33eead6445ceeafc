"""What a turn said, collected for the person, and what each platform takes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from rasa.core.channels.channel import OutputChannel

from handrail.channels.choices import Button

Message = dict[str, Any]

EMERGENCY_KINDS = frozenset({"emergency", "check"})


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
