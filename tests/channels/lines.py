"""What the conformance suite asks of each channel: a line between a person and the bot, over a strict fake platform."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from handrail.channels.guard import OnNewMessage
from handrail.channels.outgoing import Style
from handrail.content.channel_words import NotText


@dataclass(frozen=True)
class Seen:
    """A message as the person sees it: its words, and the titles of its buttons."""

    text: str
    buttons: tuple[str, ...] = ()


class Line(ABC):
    """An open channel with people at the other end. All waits inside end when the bot has answered, never by a clock.

    Attributes:
        name: of the channel.
        style: what the channel sends by; None where nothing is cut, as on the web.
        channel: the channel itself.
        country: the country that the channel knows of its people, as an ISO 3166 code.
    """

    name: str
    channel: Any
    style: Style | None
    country: str | None = None

    @abstractmethod
    async def say(self, text: str, *, person: int = 1, again: bool = False) -> list[Seen]:
        """Let `person` write `text`, and return what they see. With `again`, the last message comes a second time."""

    @abstractmethod
    async def choose(self, title: str, *, person: int = 1) -> list[Seen]:
        """Let `person` choose what was offered last: by its button where there is one, else by its number."""

    @abstractmethod
    async def send(self, what: NotText, *, person: int = 1) -> list[Seen] | None:
        """Let `person` send what is not text, and return what they see. None: this platform has no such thing."""

    @abstractmethod
    async def forge(self) -> list[int]:
        """Send forged and unsigned requests, and return the HTTP status of each."""

    @abstractmethod
    def fail(self, *statuses: int) -> None:
        """Let the platform answer the next calls with these statuses, one after the other, and take nothing."""

    @abstractmethod
    def refuse_buttons(self) -> None:
        """Let the platform take no message with buttons from here on."""

    async def send_payload(self, payload: str, *, person: int = 1) -> list[Seen]:
        """Let `person` press a button that sends `payload`; where there are no buttons, as if they had typed it."""
        return await self.say(payload, person=person)

    def identity(self, person: int) -> str:
        """Return what the platform calls `person`; nothing but the channel may come to know it."""
        return f"the web knows no {person}"

    @property
    @abstractmethod
    def faults(self) -> list[str]:
        """What the channel sent that the platform does not take, since the line was opened."""


OpenLine = Callable[..., AbstractAsyncContextManager[Line]]
"""Called with Rasa's handler, and with `agent=` where there is one; gives an open line."""


def lines() -> Mapping[str, OpenLine]:
    """Return every supported channel by its name. A new channel is added here."""
    from tests.channels.line_slack import slack_line
    from tests.channels.line_telegram import telegram_line
    from tests.channels.line_twilio import sms_line, whatsapp_line
    from tests.channels.line_web import web_line

    return {
        "web": web_line,
        "telegram": telegram_line,
        "sms": sms_line,
        "whatsapp": whatsapp_line,
        "slack": slack_line,
    }


async def no_wait(_: float) -> None:
    """Stand in for waiting."""


def each_letter_changed(secret: str) -> list[str]:
    """Return `secret` with one letter changed, once for each of its letters."""
    changed = ("b" if letter == "a" else "a" for letter in secret)
    return [secret[:place] + letter + secret[place + 1 :] for place, letter in enumerate(changed)]


def shown(seen: list[Seen]) -> str:
    """Return all words that a person sees."""
    return "\n".join(message.text for message in seen)


__all__ = [
    "Line",
    "NotText",
    "OnNewMessage",
    "OpenLine",
    "Seen",
    "Style",
    "each_letter_changed",
    "lines",
    "no_wait",
    "shown",
]
