"""Outbound messages: text always first, and never an empty bubble or raw JSON."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

Message = dict[str, Any]


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
