"""What the web channel does, without HTTP: opens chats, answers messages, forgets chats."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from handrail import knowledge
from handrail.bounded import BoundedMap
from handrail.channels.delivery import Message
from handrail.channels.guard import Guard, OnNewMessage, Turn, is_payload
from handrail.channels.sessions import Session, SessionTokens
from handrail.content.words import Words
from handrail.helplines import CountryLines, resolve_country, widget_data
from handrail.nlg import WELCOME, WELCOMED_IN_METADATA
from handrail.responses import Responses

CHANNEL = "web"

TEXT_CHARACTERS = 20_000
"""Far more than anyone types, and still cheap to screen for an emergency."""
ID_CHARACTERS = 64
REMEMBERED_CHATS, REMEMBERED_SECONDS = 2_000, 120.0
"""A browser that lost an answer asks again within seconds; older answers are not kept."""
MESSAGES, SECONDS = 20, 10.0
"""How many messages a chat may send in how many seconds: more than a frightened person can type."""

OK, BAD_REQUEST, SESSION_ENDED, TOO_LONG, TOO_MANY = 200, 400, 401, 413, 429


@dataclass(frozen=True)
class Answer:
    """An HTTP status and the JSON body that goes with it."""

    status: int
    body: dict[str, Any]


@dataclass
class _Chat:
    """What is known of one chat for two minutes: when it wrote, and its latest answers by message id."""

    times: deque[float] = field(default_factory=deque)
    answers: BoundedMap[str, asyncio.Future[Turn]] = field(default_factory=lambda: BoundedMap(20))


class WebDesk:
    """Answers the requests of the web page. Every body carries the help lines; none is ever empty."""

    def __init__(
        self,
        guard: Guard,
        tokens: SessionTokens,
        responses: Responses,
        words: Words,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._guard = guard
        self._tokens = tokens
        self._responses = responses
        self._words = words
        self._clock = clock
        self._chats: BoundedMap[str, _Chat] = BoundedMap(REMEMBERED_CHATS, REMEMBERED_SECONDS, clock)
        self._helps: dict[str, dict[str, Any]] = {}

    @classmethod
    def load(cls, secret: bytes, clock: Callable[[], float] = time.monotonic) -> WebDesk:
        """Return a desk on the project's own data; `secret` signs the tokens.

        Raises:
            DocumentError: a data file has a fault.
        """
        return cls(Guard.load(CHANNEL), SessionTokens(secret), Responses.load(), knowledge.words(), clock)

    def conversation(self, token: str) -> str | None:
        """Return the id of the conversation behind a token, or None when the token is not valid."""
        session = self._tokens.read(token)
        return session.conversation if session else None

    def open(self, body: object) -> Answer:
        """Open a chat. `body` may name a `country`; the answer holds the token and the welcome."""
        if not isinstance(body, dict) or not isinstance(body.get("country"), str | None):
            return self.refuse(BAD_REQUEST)
        token, session = self._tokens.open(resolve_country(None, body.get("country"), None))
        lines = self._guard.lines(None, session.country)
        welcome = self._responses.message(WELCOME, lines)
        return Answer(OK, {"token": token, "messages": [_shown(welcome)], "ok": True, "help": self._help(lines)})

    async def message(self, body: object, on_new_message: OnNewMessage) -> Answer:
        """Answer a message: `token`, `id`, and either `text` or the `payload` of a button."""
        if not isinstance(body, dict):
            return self.refuse(BAD_REQUEST)
        session = self._tokens.read(body.get("token"))
        if session is None:
            return self.refuse(SESSION_ENDED)
        text, payload, message_id = body.get("text"), body.get("payload"), body.get("id")
        sent = text if payload is None else payload
        if (
            not isinstance(message_id, str)
            or not 0 < len(message_id) <= ID_CHARACTERS
            or not isinstance(sent, str)
            or (payload is not None and (text is not None or not is_payload(sent)))
        ):
            return self.refuse(BAD_REQUEST, session)
        if len(sent) > TEXT_CHARACTERS:
            return self.refuse(TOO_LONG, session)
        chat = self._chat(session.conversation)
        answer = chat.answers.get(message_id)
        if answer is None:
            if not self._may_write(chat):
                return self._too_many(session, sent)
            answer = asyncio.ensure_future(self._turn(on_new_message, session, sent, payload is not None))
            chat.answers[message_id] = answer
        # Shielded: when a browser gives up, the turn goes on and the same id gets its answer later.
        turn = await asyncio.shield(answer)
        if turn.forgotten:
            self._chats.pop(session.conversation)
        return Answer(
            OK,
            {
                "messages": [_shown(message) for message in turn.messages],
                "ok": turn.ok,
                "help": self._help(turn.lines),
            },
        )

    async def close(self, body: object) -> tuple[Answer, str | None]:
        """End a chat: returns the answer, and the id of the conversation that is to be erased, if any."""
        session = self._tokens.read(body.get("token")) if isinstance(body, dict) else None
        if session is None:
            return self.refuse(SESSION_ENDED), None
        await self._guard.forget(session.conversation)
        self._chats.pop(session.conversation)
        lines = self._guard.lines(None, session.country)
        return Answer(OK, {"messages": [], "ok": True, "help": self._help(lines)}), session.conversation

    def refuse(self, status: int, session: Session | None = None) -> Answer:
        """Return the kind words and the help lines for a request that cannot be answered."""
        words = {
            BAD_REQUEST: self._words.bad_request,
            SESSION_ENDED: self._words.session_ended,
            TOO_LONG: self._words.too_long,
            TOO_MANY: self._words.too_many,
        }.get(status, self._words.safe_reply)
        lines = self._lines(session)
        message = {"text": self._guard.safe_text(words, lines), "kind": "fallback"}
        return Answer(status, {"messages": [message], "ok": False, "help": self._help(lines)})

    def forget_old(self) -> None:
        """Drop the answers that are kept for browsers that ask again, where none has for a while."""
        self._chats.forget_old()

    def _too_many(self, session: Session, sent: str) -> Answer:
        """Refuse a message of a chat that writes too fast, unless it speaks of a danger: then its card is shown."""
        danger = self._guard.danger(sent)
        if danger is None:
            return self.refuse(TOO_MANY, session)
        lines = self._lines(session)
        card = _shown(self._guard.card(danger, lines))
        return Answer(TOO_MANY, {"messages": [card], "ok": False, "help": self._help(lines)})

    def _help(self, lines: CountryLines) -> dict[str, Any]:
        """Return the country's help lines for the page, put together once a country."""
        country = str(lines.record.country)
        if country not in self._helps:
            self._helps[country] = widget_data(lines)
        return self._helps[country]

    def _lines(self, session: Session | None) -> CountryLines:
        if session is None:
            return self._guard.lines(None, None)
        return self._guard.lines(session.conversation, session.country)

    async def _turn(self, on_new_message: OnNewMessage, session: Session, sent: str, payload: bool) -> Turn:
        return await self._guard.answer(
            on_new_message,
            session.conversation,
            sent,
            payload=payload,
            country=session.country,
            metadata={WELCOMED_IN_METADATA: True},
        )

    def _chat(self, conversation: str) -> _Chat:
        chat = self._chats.get(conversation)
        if chat is None:
            chat = self._chats[conversation] = _Chat()
        return chat

    def _may_write(self, chat: _Chat) -> bool:
        now = self._clock()
        while chat.times and now - chat.times[0] > SECONDS:
            chat.times.popleft()
        if len(chat.times) >= MESSAGES:
            return False
        chat.times.append(now)
        return True


def _shown(message: Message) -> dict[str, Any]:
    """Return a message as the page gets it: flat, and without what only reviewers need."""
    metadata = {
        key: value
        for key, value in message["metadata"].items()
        if key in ("kind", "topic", "title", "areas", "choices", "sources", "emergency") and value
    }
    shown = {"text": message["text"], **metadata}
    if message.get("buttons"):
        shown["buttons"] = message["buttons"]
    return shown
