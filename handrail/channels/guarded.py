"""Any of Rasa's channels behind the guard. In `credentials.yml`, name it here:

    handrail.channels.guarded.slack:
      slack_token: ...

`handrail.channels.guarded.<name>` stands for Rasa's built-in channel `<name>`. A channel class of your own becomes a
guarded one by `guarded(MyInput)`, in a module of your own. What the connector itself gets wrong stays
wrong: some of Rasa's do not check who sends, or lose what they cannot show.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint

from handrail import knowledge, logs
from handrail.bounded import BoundedMap
from handrail.channels.choices import OpenChoices
from handrail.channels.delivery import CAUTIOUS, LIMITS, Limits, Message
from handrail.channels.guard import Guard, OnNewMessage, is_payload
from handrail.channels.limits import AddressLimit, Tally
from handrail.channels.outgoing import Part, Style, render
from handrail.channels.sending import Sender
from handrail.channels.web_desk import MESSAGES, SECONDS, TEXT_CHARACTERS
from handrail.emergencies import Finding

logger = logging.getLogger(__name__)

SEEN_IDS, SEEN_SECONDS = 20_000, 24 * 60 * 60.0
"""Platforms send a message again for up to a day when they believe that it was not taken."""
ALL = 1_000_000
"""Pieces of an answer that are sent at once: no answer has more."""


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
        self._style = Style(limits, at_once=ALL)
        self._invitation = invitation
        self._sender = Sender(channel, sleep)

    async def send(self, output: OutputChannel, recipient: str, messages: Sequence[Message]) -> bool:
        """Send all messages in order. Returns whether the platform took every text."""

        async def deliver(part: Part) -> None:
            buttons = {"buttons": list(part.buttons)} if part.buttons else {}
            await output.send_response(recipient, {"text": part.text, **buttons})

        parts = render(messages, self._style, self._invitation, more="").parts
        return await self._sender.send(parts, deliver)


class GuardedInput(InputChannel):
    """A channel of Rasa's that answers through the guard: never silent, nothing twice, no command from outside."""

    inner_class: type[InputChannel]

    @classmethod
    def name(cls) -> str:
        """Return the name of the channel that is guarded."""
        return str(cls.inner_class.name())

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GuardedInput:
        """Return the guarded channel; the credentials are those of the channel itself."""
        return cls(cls.inner_class.from_credentials(credentials))

    def __init__(self, inner: InputChannel) -> None:
        self._inner = inner
        self._words = knowledge.words()
        self._guard = Guard.load(self.name())
        self._delivery = Delivery(self.name(), LIMITS.get(self.name(), CAUTIOUS), self._words.numbered_choices)
        self._choices = OpenChoices()
        self._seen: BoundedMap[str, bool] = BoundedMap(SEEN_IDS, SEEN_SECONDS)
        self._pace = AddressLimit(MESSAGES / SECONDS)
        self._refused = Tally()

    def url_prefix(self) -> str:
        """Return the prefix of the channel's routes."""
        return str(self._inner.url_prefix())

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the channel's own routes, with the guard in front of Rasa."""

        async def guarded_handler(message: UserMessage) -> None:
            await self.answer(on_new_message, message)

        return self._inner.blueprint(guarded_handler)

    def get_output_channel(self) -> OutputChannel | None:
        """Return the channel's own output."""
        return self._inner.get_output_channel()

    def get_metadata(self, request: Any) -> dict[str, Any] | None:
        """Return the channel's own metadata."""
        metadata: dict[str, Any] | None = self._inner.get_metadata(request)
        return metadata

    async def answer(self, on_new_message: OnNewMessage, message: UserMessage) -> None:
        """Answer a message that the channel has read; one that came before is answered once."""
        conversation = str(message.sender_id)
        with logs.hearing():
            key = f"{conversation} {message.message_id}"
            if self._seen.get(key):
                return
            self._seen[key] = True
            text = message.text if isinstance(message.text, str) else ""
            danger = self._guard.danger(text[:TEXT_CHARACTERS])
            if not self._pace.allows(conversation):
                refused = self._refused.add()
                if refused:
                    logger.warning("message.refused channel=%s reason=too_many count=%d", self.name(), refused)
                await self._refuse(message, self._words.too_many, danger)
                return
            if len(text) > TEXT_CHARACTERS:
                await self._refuse(message, self._words.too_long, danger)
                return
            payload = self._choices.chosen(conversation, text) or (text if is_payload(text) else None)
            turn = await self._guard.answer(
                on_new_message,
                conversation,
                payload or text,
                payload=payload is not None,
                metadata=message.metadata,
            )
            self._choices.forget(conversation)
            for said in turn.messages:
                if said.get("buttons"):
                    self._choices.offer(conversation, said["buttons"])
            await self._delivery.send(message.output_channel, conversation, turn.messages)
            if turn.forgotten:
                self._choices.forget(conversation)

    async def _refuse(self, message: UserMessage, words: str, danger: Finding | None) -> None:
        """Say that a message was not read, with the help line, unless it speaks of a danger: then show its card."""
        lines = self._guard.lines(str(message.sender_id), None)
        said = (
            self._guard.card(danger, lines)
            if danger
            else {"text": self._guard.safe_text(words, lines), "metadata": {"kind": "fallback"}}
        )
        await self._delivery.send(message.output_channel, str(message.sender_id), [said])


def guarded(channel: type[InputChannel]) -> type[GuardedInput]:
    """Return a channel class that does what `channel` does, behind the guard."""
    return type(f"Guarded{channel.__name__}", (GuardedInput,), {"inner_class": channel, "__module__": __name__})


def __getattr__(name: str) -> type[GuardedInput]:
    """Return Rasa's built-in channel `name` behind the guard.

    Raises:
        AttributeError: Rasa has no channel of that name.
    """
    from rasa.core.channels import BUILTIN_CHANNELS  # noqa: PLC0415  (seconds to import)

    if name not in BUILTIN_CHANNELS:
        raise AttributeError(f"Rasa has no channel '{name}'; it has {', '.join(sorted(BUILTIN_CHANNELS))}")
    return guarded(BUILTIN_CHANNELS[name])
