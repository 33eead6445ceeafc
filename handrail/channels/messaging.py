"""The ground that all messaging channels stand on: what comes in is answered once, in order, and never with silence.

A channel of a platform is a subclass of `MessagingInput`. It checks who sends, turns what comes in into `Received`,
hands it to `take`, and says with `deliver` how one message goes out. docs/channels.md lists the channels.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint, Sanic

from handrail import knowledge, logs
from handrail.bounded import BoundedMap
from handrail.channels.choices import OpenChoices
from handrail.channels.delivery import EMERGENCY_KINDS, CollectedReply, Message
from handrail.channels.guard import Guard, OnNewMessage, is_payload
from handrail.channels.limits import AddressLimit
from handrail.channels.outgoing import MORE, Part, Style, render
from handrail.channels.pseudonyms import Pseudonyms
from handrail.channels.sending import Refused, Sender
from handrail.channels.turns import Turns
from handrail.channels.web_desk import TEXT_CHARACTERS
from handrail.content import ChannelWords, Words
from handrail.content.channel_words import NotText
from handrail.emergencies import Finding
from handrail.helplines import short_help
from handrail.settings import settings
from handrail.stores import erase

logger = logging.getLogger(__name__)

SEEN_IDS, SEEN_SECONDS = 20_000, 24 * 60 * 60.0
"""Platforms send a message again for up to a day when they believe that it was not taken."""
REMEMBERED_PEOPLE = 10_000
"""As many conversations as the tracker store keeps."""
MESSAGES_PER_SECOND = 5.0
"""Of one person, and four times as many at once. People in fear send their sentences in many small messages."""
SECONDS_BETWEEN_REFUSALS = 10.0
"""Who writes too fast is told so once in this time: a flood must not become a flood of answers, which cost on SMS."""
SECONDS_BETWEEN_CLEANINGS = 30.0
NEVER_A_QUESTION = frozenset({NotText.EDITED, NotText.REACTION})
"""What is not answered even where text comes with it: the new words of an old message, the sign of a reaction."""
SECONDS_TO_FINISH = 10.0
"""How long turns under way may go on when the server stops."""

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Received:
    """A message as it came in; the platform's signature has been checked.

    Attributes:
        person: the platform's id of who wrote; in a group with the group's id. Only its pseudonym is kept.
        address: where answers go, as `deliver` understands it.
        message_id: the platform's id of this message; one that came before is not answered again.
        text: what was written, pressed, or came with a picture; empty where there is none.
        payload: whether `text` is what a button sends, and nothing that was written.
        not_text: what it is if it is not text.
        country: ISO 3166 code of the country that the channel knows, such as that of a phone number.
        order: the platform's own count or time; of messages that wait, the lowest is answered first.
        in_group: whether others read along.
    """

    person: str
    address: str
    message_id: str | None
    text: str = ""
    payload: bool = False
    not_text: NotText | None = None
    country: str | None = None
    order: float = 0.0
    in_group: bool = False


@dataclass
class _Person:
    """What is known of someone who wrote within the idle time; in memory only."""

    address: str
    country: str | None = None
    greeted: bool = False


class MessagingInput(InputChannel):
    """A messaging channel behind the guard.

    Attributes:
        style: what the platform takes. A subclass sets it.
        body_bytes: how long its longest request can be. The server takes at least that much of anyone.
    """

    style: ClassVar[Style]
    body_bytes: ClassVar[int] = 100_000

    def __init__(
        self,
        guard: Guard | None = None,
        words: Words | None = None,
        channel_words: ChannelWords | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Set up the channel on the project's own data, or on what a test gives."""
        self._guard = guard or Guard.load(self.name())
        self._words = words or knowledge.words()
        self._channel_words = channel_words or knowledge.channel_words()
        self._sleep = sleep
        self._sender = Sender(self.name(), sleep)
        self._pseudonyms = Pseudonyms(self.name(), settings().secret)
        self._turns = Turns(self.name())
        self._choices = OpenChoices()
        self._held: BoundedMap[str, list[Message]] = BoundedMap(REMEMBERED_PEOPLE, settings().idle_seconds)
        self._people: BoundedMap[str, _Person] = BoundedMap(REMEMBERED_PEOPLE, settings().idle_seconds)
        self._seen: BoundedMap[str, bool] = BoundedMap(SEEN_IDS, SEEN_SECONDS)
        self._pace = AddressLimit(MESSAGES_PER_SECOND)
        self._refused: BoundedMap[str, bool] = BoundedMap(REMEMBERED_PEOPLE, SECONDS_BETWEEN_REFUSALS)

    # -- What a channel says about itself ------------------------------------------------------------------------

    async def deliver(self, address: str, part: Part) -> None:
        """Send one message to `address`; a subclass does it.

        Raises:
            TryAgain: the platform failed, or wants a pause.
            Refused: the platform does not take it.
        """
        raise NotImplementedError

    async def started(self) -> None:
        """Do what the platform needs once the server runs, in the background; a subclass may."""

    async def stopped(self) -> None:
        """Close what `deliver` holds open; a subclass may. All turns have ended."""

    # -- What a channel uses -------------------------------------------------------------------------------------

    def routes(self) -> Blueprint:
        """Return an empty set of routes, which starts and ends the channel with the server."""
        routes = Blueprint(f"handrail_{self.name()}")

        @routes.listener("after_server_start")
        async def start(app: Sanic, _: Any) -> None:
            # After the web channel, which has set the smallest that it needs.
            app.config.REQUEST_MAX_SIZE = max(app.config.REQUEST_MAX_SIZE, self.body_bytes)
            app.add_task(self.started())
            app.add_task(self._keep_clean())

        @routes.listener("before_server_stop")
        async def stop(app: Sanic, _: Any) -> None:
            await self.finish(SECONDS_TO_FINISH)
            await self.stopped()

        return routes

    def take(self, on_new_message: OnNewMessage, received: Received) -> None:
        """Take a message; its answer follows in the background. One that came before is not taken again."""
        conversation = self.conversation(received.person)
        if received.message_id is not None:
            key = f"{conversation} {received.message_id}"
            if self._seen.get(key):
                return
            self._seen[key] = True
        with logs.hearing():
            danger = None if received.payload else self._guard.danger(received.text[:TEXT_CHARACTERS])
            refused = not self._pace.allows(conversation)
            if refused and not self._may_refuse(conversation, danger):
                return

            async def turn() -> None:
                await self._turn(on_new_message, conversation, received, danger, refused)

            self._turns.add(conversation, turn, urgent=danger is not None, order=received.order)

    async def finish(self, seconds: float | None = None) -> None:
        """Wait until all that was taken is answered, for at most `seconds`."""
        await self._turns.finish(seconds)

    async def send_help(self, received: Received) -> None:
        """Send the help lines of the person's country, and nothing else."""
        conversation = self.conversation(received.person)
        help_lines = self._help(conversation, received.country)
        await self._send(conversation, received.address, [help_lines])

    async def forget(self, app: Sanic, person: str) -> None:
        """Forget all of a person's conversation, at once: they left, and nothing can be said to them."""
        conversation = self.conversation(person)
        await self._guard.forget(conversation)
        self._drop(conversation)
        agent = getattr(app.ctx, "agent", None)
        if agent is not None and agent.tracker_store is not None:
            erase(agent.tracker_store, conversation)

    def conversation(self, person: str) -> str:
        """Return the id of a person's conversation, which says nothing about who they are."""
        return self._pseudonyms.of(person)

    def get_output_channel(self) -> OutputChannel:
        """Return what Rasa sends through when it speaks by itself, outside of a turn."""
        return _Output(self)

    async def send_to(self, conversation: str, message: Message) -> None:
        """Send one message of Rasa's to someone who wrote within the idle time; to nobody else can it be sent."""
        person = self._people.get(conversation)
        if person is None:
            logger.error("delivery.nobody channel=%s", self.name())
            return
        await self._send(conversation, person.address, [message])

    # -- How a turn goes -----------------------------------------------------------------------------------------

    def _may_refuse(self, conversation: str, danger: Finding | None) -> bool:
        key = f"{conversation} {danger.kind if danger else None}"
        if self._refused.get(key):
            return False
        logger.warning("message.refused channel=%s reason=too_many", self.name())
        self._refused[key] = True
        return True

    async def _turn(
        self,
        on_new_message: OnNewMessage,
        conversation: str,
        received: Received,
        danger: Finding | None,
        refused: bool,
    ) -> None:
        person = self._people.get(conversation) or _Person(received.address)
        person.address, person.country = received.address, received.country
        self._people[conversation] = person
        forgotten = False
        try:
            messages, forgotten = await self._answer(on_new_message, conversation, received, danger, refused)
        except Exception as error:
            # The type alone: an exception's text can hold what the person wrote.
            logger.error("turn.failed channel=%s error=%s", self.name(), type(error).__name__)
            messages = self._instead(conversation, received, danger, self._words.safe_reply)
        if not person.greeted and not forgotten:
            person.greeted = True
            messages = self._with_notice(messages, received)
        taken = await self._send(conversation, received.address, messages)
        if forgotten or taken is None:
            self._drop(conversation)

    async def _answer(
        self,
        on_new_message: OnNewMessage,
        conversation: str,
        received: Received,
        danger: Finding | None,
        refused: bool,
    ) -> tuple[list[Message], bool]:
        """Return what to say, and whether the person asked to be forgotten."""
        text = received.text
        if refused:
            return self._instead(conversation, received, danger, self._words.too_many), False
        if len(text) > TEXT_CHARACTERS:
            return self._instead(conversation, received, danger, self._words.too_long), False
        if received.not_text and (not text.strip() or received.not_text in NEVER_A_QUESTION):
            words = self._channel_words.not_text[received.not_text]
            return self._instead(conversation, received, danger, words), False
        payload = self._payload(conversation, received)
        if payload == MORE:
            return [*(self._held.pop(conversation) or []), self._help(conversation, received.country)], False
        if received.payload and payload is None:
            return self._instead(conversation, received, None, self._words.bad_request), False
        turn = await self._guard.answer(
            on_new_message, conversation, payload or text, payload=payload is not None, country=received.country
        )
        messages = _help_apart(turn.messages, short_help(turn.lines))
        if received.not_text:
            messages.append({"text": self._channel_words.caption, "metadata": {"kind": "notice"}})
        return messages, turn.forgotten

    def _payload(self, conversation: str, received: Received) -> str | None:
        """Return what the person chose, or None when they wrote something else."""
        chosen = self._choices.chosen(conversation, received.text)
        if chosen is None and received.payload and received.text == MORE:
            chosen = MORE
        if chosen == MORE:
            return MORE if self._held.get(conversation) else None
        return chosen or (received.text if is_payload(received.text) else None)

    def _instead(self, conversation: str, received: Received, danger: Finding | None, words: str) -> list[Message]:
        """Return `words` and the help lines, unless the message speaks of a danger: then its card and these."""
        lines = self._guard.lines(conversation, received.country)
        if danger:
            return _help_apart([self._guard.card(danger, lines)], short_help(lines))
        return [{"text": self._guard.safe_text(words, lines), "metadata": {"kind": "help"}}]

    def _help(self, conversation: str, country: str | None) -> Message:
        return {"text": short_help(self._guard.lines(conversation, country)), "metadata": {"kind": "help"}}

    def _with_notice(self, messages: list[Message], received: Received) -> list[Message]:
        """Say in the first answer what the platform keeps; an emergency comes before that."""
        said = [self._channel_words.group] if received.in_group else []
        said += [words for name, words in self._channel_words.notices.items() if name == self.name()]
        if not said:
            return messages
        notice: Message = {"text": " ".join(said), "metadata": {"kind": "notice"}}
        urgent = any(message.get("metadata", {}).get("kind") in EMERGENCY_KINDS for message in messages)
        return [*messages, notice] if urgent else [notice, *messages]

    async def _send(self, conversation: str, address: str, messages: list[Message]) -> bool | None:
        """Send messages. Returns whether all were taken; None when the person cannot be reached any more."""
        rendered = render(messages, self.style, self._words.numbered_choices, self._channel_words.more)
        self._choices.forget(conversation)
        if rendered.choices:
            self._choices.offer(conversation, rendered.choices)
        self._held.pop(conversation)
        if rendered.held:
            self._held[conversation] = rendered.held

        async def deliver(part: Part) -> None:
            await self.deliver(address, part)

        try:
            return await self._sender.send(rendered.parts, deliver)
        except Refused:
            return None

    def _drop(self, conversation: str) -> None:
        """Drop what is known of a person."""
        self._choices.forget(conversation)
        self._held.pop(conversation)
        self._people.pop(conversation)

    async def _keep_clean(self) -> None:
        """Forget what is old also while nobody writes."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_CLEANINGS)
            self._choices.forget_old()
            for kept in (self._held, self._people, self._seen, self._refused):
                kept.forget_old()
            self._pace.forget_old()


class _Output(OutputChannel):
    """Sends what Rasa says by itself to someone who wrote before."""

    def __init__(self, channel: MessagingInput) -> None:
        self._channel = channel

    def name(self) -> str:
        """Return the name of the channel."""
        return str(self._channel.name())

    async def send_response(self, recipient_id: str, message: Message) -> None:
        """Send one message; one without words is dropped."""
        said = CollectedReply(self.name())
        await said.send_response(recipient_id, message)
        for kept in said.messages:
            await self._channel.send_to(recipient_id, kept)


def _help_apart(messages: list[Message], help_lines: str) -> list[Message]:
    """Return `messages` with the help lines in a message of their own, so that no long answer holds them back."""
    apart: list[Message] = []
    for message in messages:
        text = message["text"].removesuffix(help_lines).rstrip()
        if text and text != message["text"]:
            apart.append({**message, "text": text})
            apart.append({"text": help_lines, "metadata": {"kind": "help"}})
        else:
            apart.append(message)
    return apart
