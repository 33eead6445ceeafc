"""Stands between a channel and Rasa: bad input stops here, and no turn ends without an answer."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import UserMessage

from handrail import knowledge, logs
from handrail.bounded import BoundedMap
from handrail.channels.delivery import CollectedReply, Message
from handrail.content.words import Words
from handrail.emergencies import EmergencyScreen, Finding
from handrail.helplines import CountryLines, HelpLines, resolve_country, short_help
from handrail.nlg import COUNTRY_IN_METADATA, FORGOTTEN_IN_METADATA, REMINDER_IN_METADATA
from handrail.redaction import redact
from handrail.responses import Responses
from handrail.settings import settings

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

READ_AT_MOST = 2_000
"""Characters that the model reads. The encoder takes 256 word pieces, about 1,000 characters; of a longer
text the start and the end are kept, since people put the question in one of them. The screen reads it all."""
SCREENED_AT_ONCE, SCREENED_TWICE = 8_000, 1_000
"""Characters. The screen reads the two ends of a text above 10,000, so a longer one is screened in pieces. They
overlap by more than any sentence, so that none is cut in two."""
EMERGENCY_SECONDS = 1.0
"""A turn with an emergency in it that has sent nothing for this long gets the card from here."""
ANSWER_SECONDS = 1.8
"""Any other turn. A turn takes milliseconds, and an action is given up after 1.2 seconds (`endpoints.yml`): after
this the server is in trouble, and nobody in need waits longer than two seconds for a phone number."""
GRACE_SECONDS = 5.0
"""A turn that is late may still end, so that the bot remembers what was said. After this it is ended: it holds up
every later message of the same conversation."""
RUNNING_AT_MOST = 300
"""Turns that Rasa may have in hand at once. More can only be turns that hang: then the guard answers itself."""
REMEMBERED_CONVERSATIONS = 10_000

PAYLOADS = frozenset(
    {
        "show_topic",
        "tell_more",
        "none_of_these",
        "start_again",
        "change_country",
        "forget_me",
        "check_danger_now",
        "check_worried",
        "check_information",
        "follow_next",
        "follow_no_naloxone",
        "follow_breathing",
        "danger_over",
    }
)
"""What a button may send. Anything else with a slash, such as `/restart`, is read as plain text."""
PAYLOAD = re.compile(r"/(?P<intent>[a-z_]+)(?P<entities>\{.{0,200}\})?")
ENTITY_VALUE = re.compile(r"[A-Za-z0-9_/]{1,80}")


@dataclass(frozen=True)
class Turn:
    """The answer to one message.

    Attributes:
        messages: what the person will see; never empty.
        ok: False when Rasa did not answer and the guard did.
        lines: the help lines of the person's country.
        forgotten: the person asked to be forgotten, and Rasa has done it: nothing of the chat may be kept.
    """

    messages: list[Message]
    ok: bool
    lines: CountryLines
    forgotten: bool = False


class Guard:
    """Answers messages through Rasa, and itself when Rasa cannot. One a channel."""

    def __init__(
        self,
        channel: str,
        screen: EmergencyScreen,
        helplines: HelpLines,
        responses: Responses,
        words: Words,
        *,
        emergency_seconds: float = EMERGENCY_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        self._channel = channel
        self._screen = screen
        self._helplines = helplines
        self._responses = responses
        self._words = words
        self._emergency_seconds = emergency_seconds
        self._answer_seconds = answer_seconds
        self._grace_seconds = grace_seconds
        self._countries: BoundedMap[str, str] = BoundedMap(REMEMBERED_CONVERSATIONS)
        self._running: dict[asyncio.Task[Any], str] = {}

    @classmethod
    def load(cls, channel: str) -> Guard:
        """Return a guard for `channel` on the project's own data.

        Raises:
            DocumentError: a data file has a fault.
        """
        redact("1 my name is x", None)  # loads what it needs, so that the first message does not wait for it
        return cls(channel, knowledge.emergency_screen(), knowledge.helplines(), Responses.load(), knowledge.words())

    async def answer(
        self,
        on_new_message: OnNewMessage,
        conversation: str,
        text: str,
        *,
        payload: bool = False,
        country: str | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> Turn:
        """Answer one message; always with at least one message, and within `answer_seconds`.

        Args:
            on_new_message: Rasa's handler.
            conversation: the id of the conversation.
            text: what the person wrote or, with `payload`, what a button sent.
            payload: whether `text` comes from a button; it must then pass `is_payload`.
            country: the country that the channel knows, as an ISO 3166 code.
            metadata: further facts for Rasa about the message.
        """
        finding = None if payload else self.danger(text)
        output = CollectedReply(self._channel)
        message = UserMessage(
            text if payload else redact(self._readable(text, finding), self.lines(conversation, country).country),
            output,
            conversation,
            input_channel=self._channel,
            metadata={**(metadata or {}), COUNTRY_IN_METADATA: country},
        )
        seconds = self._emergency_seconds if finding else self._answer_seconds
        await self._run(on_new_message, message, seconds)
        output.close()
        ok = bool(output.messages)
        if not ok:
            output.messages.append(self._own_answer(finding, self.lines(conversation, country)))
        forgotten = any(message["metadata"].pop(FORGOTTEN_IN_METADATA, False) for message in output.messages)
        self._remember_country(conversation, output.messages)
        lines = self.lines(conversation, country)
        if not any(short_help(lines) in message["text"] for message in output.messages):
            logger.error("turn.without_help channel=%s", self._channel)
            output.messages.append({"text": short_help(lines), "metadata": {"kind": "help"}})
        if forgotten:
            self._countries.pop(conversation)
        _put_reminder_first(output.messages)
        return Turn(messages=output.messages, ok=ok, lines=lines, forgotten=forgotten)

    def danger(self, text: str) -> Finding | None:
        """Return the worst danger that `text` shows, however long it is, or None."""
        if len(text) <= SCREENED_AT_ONCE + SCREENED_TWICE:
            return self._screen.check(text)
        starts = range(0, len(text) - SCREENED_TWICE, SCREENED_AT_ONCE)
        found = [self._screen.check(text[start : start + SCREENED_AT_ONCE + SCREENED_TWICE]) for start in starts]
        return min((finding for finding in found if finding), key=self._rank, default=None)

    def _rank(self, finding: Finding) -> tuple[bool, int]:
        """Return what sorts the worst danger first, in the order of the screen."""
        orders = {file.record.kind: file.record.order for file in self._screen.files}
        return finding.level != "emergency", orders[finding.kind]

    def card(self, finding: Finding, lines: CountryLines) -> Message:
        """Return the card of a danger, with the help line below, made without asking Rasa."""
        card = self._responses.card(finding, lines)
        return {**card, "text": self.safe_text(card["text"], lines)}

    def lines(self, conversation: str | None, country: str | None) -> CountryLines:
        """Return the help lines for a conversation: those shown last, else the channel's, else the operator's."""
        shown = self._countries.get(conversation) if conversation else None
        return self._helplines.of(shown or resolve_country(None, country, settings().country))

    def safe_text(self, words: str, lines: CountryLines) -> str:
        """Return `words` with the help line below."""
        return f"{words}\n\n{short_help(lines)}"

    async def forget(self, conversation: str) -> None:
        """Drop what the guard knows of a conversation, and end its turns: one that goes on would be kept again."""
        self._countries.pop(conversation)
        turns = [task for task, whose in self._running.items() if whose == conversation]
        for task in turns:
            task.cancel()
        await asyncio.gather(*turns, return_exceptions=True)

    async def _run(self, on_new_message: OnNewMessage, message: UserMessage, seconds: float) -> None:
        if len(self._running) >= RUNNING_AT_MOST:
            logger.error("turn.refused channel=%s running=%s", self._channel, len(self._running))
            return
        with logs.hearing():
            task = asyncio.ensure_future(on_new_message(message))
        self._running[task] = message.sender_id
        task.add_done_callback(self._finished)
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if not done:
            logger.error("turn.too_slow channel=%s seconds=%s", self._channel, seconds)
            asyncio.get_running_loop().call_later(self._grace_seconds, task.cancel)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        del self._running[task]
        if task.cancelled():
            logger.warning("turn.cancelled channel=%s", self._channel)
        elif task.exception() is not None:
            # The type alone: an exception's text can hold what the person wrote.
            logger.error("turn.failed channel=%s error=%s", self._channel, type(task.exception()).__name__)

    def _own_answer(self, finding: Finding | None, lines: CountryLines) -> Message:
        logger.error("turn.empty channel=%s emergency=%s", self._channel, finding.kind if finding else None)
        if finding is None:
            return {"text": self.safe_text(self._words.safe_reply, lines), "metadata": {"kind": "fallback"}}
        return self.card(finding, lines)

    def _readable(self, text: str, finding: Finding | None) -> str:
        """Return what Rasa reads: never a command, never longer than the model can use."""
        # Half of a character that needs two, as a broken client may send it, is not text that can be encoded.
        text = text.encode("utf-8", "replace").decode().replace("\x00", " ").strip()
        while text.startswith("/"):
            text = text[1:].lstrip()
        if len(text) <= READ_AT_MOST:
            return text or " "
        half = READ_AT_MOST // 2
        shortened = f"{text[:half]} {text[-half:]}"
        if finding and not _same(finding, self.danger(shortened)):
            # The danger stands in the part that was cut: hand the finding over as it is.
            return f"/emergency_{finding.kind}" if finding.level == "emergency" else "/emergency_check"
        return shortened

    def _remember_country(self, conversation: str, messages: list[Message]) -> None:
        for message in messages:
            if COUNTRY_IN_METADATA in message["metadata"]:
                self._countries[conversation] = message["metadata"][COUNTRY_IN_METADATA]


def _put_reminder_first(messages: list[Message]) -> None:
    """Show what an emergency needs above the answer, not below it with the help line."""
    for message in list(messages):
        reminder = message["metadata"].pop(REMINDER_IN_METADATA, None)
        if reminder:
            message["text"] = message["text"].removeprefix(reminder).strip()
            messages.insert(0, {"text": reminder, "metadata": dict(message["metadata"])})


def _same(one: Finding, other: Finding | None) -> bool:
    return other is not None and (one.kind, one.level) == (other.kind, other.level)


def is_payload(text: str) -> bool:
    """Say whether `text` is something that one of the bot's buttons may send."""
    found = PAYLOAD.fullmatch(text)
    if not found or found["intent"] not in PAYLOADS:
        return False
    if not found["entities"]:
        return True
    try:
        entities = json.loads(found["entities"])
    except ValueError:
        return False
    return isinstance(entities, dict) and all(
        name in {"topic", "country"} and isinstance(value, str) and ENTITY_VALUE.fullmatch(value)
        for name, value in entities.items()
    )
