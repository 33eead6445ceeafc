"""A line over Telegram: updates as Telegram sends them, and what a person sees of the bot's calls."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from handrail.channels.guard import OnNewMessage
from handrail.channels.telegram import SECRET_HEADER, TelegramInput
from handrail.content.channel_words import NotText
from tests.channels.fake_telegram import TOKEN, FakeTelegram
from tests.channels.lines import Line, Seen, each_letter_changed, no_wait
from tests.channels.serving import served

SECRET = "a-secret-of-the-tests_0123456789"
PLACE = {"latitude": 1.0, "longitude": 2.0}
FILE = {"file_id": "a", "file_unique_id": "b"}
NOT_TEXT: dict[NotText, dict[str, Any]] = {
    NotText.VOICE: {"voice": {**FILE, "duration": 3}},
    NotText.PICTURE: {"photo": [{**FILE, "width": 1, "height": 1}]},
    NotText.STICKER: {"sticker": {**FILE, "type": "regular"}},
    NotText.LOCATION: {"location": PLACE},
    NotText.CONTACT: {"contact": {"phone_number": "1", "first_name": "A"}},
    NotText.FILE: {"document": FILE},
    NotText.OTHER: {"poll": {"id": "1", "question": "?"}},
}


class TelegramLine(Line):
    """People in private chats with the bot."""

    name = "telegram"

    def __init__(self, channel: TelegramInput, platform: FakeTelegram, address: str) -> None:
        self.channel = channel
        self.platform = platform
        self.style = channel.style
        self._address = f"{address}/webhook"
        self._updates = itertools.count(7_000)
        self._seen = 0
        self._last: dict[str, Any] = {}

    async def say(self, text: str, *, person: int = 1, again: bool = False) -> list[Seen]:
        return await self.update(self._last if again else self.message(person, {"text": text}))

    async def choose(self, title: str, *, person: int = 1) -> list[Seen]:
        for message in reversed(self.platform.sent):
            for row in (message.get("reply_markup") or {}).get("inline_keyboard", []):
                if row[0]["text"] == title:
                    return await self.update(self.press(person, row[0]["callback_data"]))
            numbered = [line for line in message["text"].splitlines() if line.endswith(f" {title}")]
            if numbered:
                return await self.say(numbered[0].split(" ")[0], person=person)
        raise AssertionError(f"'{title}' was not offered")

    async def send_payload(self, payload: str, *, person: int = 1) -> list[Seen]:
        return await self.update(self.press(person, payload))

    async def send(self, what: NotText, *, person: int = 1) -> list[Seen] | None:
        if what is NotText.EDITED:
            edited = self.message(person, {"text": "what is naloxon", "edit_date": 2})
            return await self.update({"edited_message": edited.pop("message"), **edited})
        if what is NotText.REACTION:
            heart = {"type": "emoji", "emoji": "❤"}
            reaction = {"chat": _chat(person), "message_id": 5, "old_reaction": [], "new_reaction": [heart]}
            return await self.update({"message_reaction": reaction})
        return await self.update(self.message(person, NOT_TEXT[what]))

    async def forge(self) -> list[int]:
        update = self.message(1, {"text": "hello"})
        wrong = ({}, {SECRET_HEADER: ""}, {SECRET_HEADER: SECRET[:-1]}, {SECRET_HEADER: SECRET.upper()})
        wrong = (*wrong, *({SECRET_HEADER: one} for one in each_letter_changed(SECRET)), {SECRET_HEADER: f"{SECRET}0"})
        return [await self.post(update, headers) for headers in wrong]

    def identity(self, person: int) -> str:
        return str(_number(person))

    def fail(self, *statuses: int) -> None:
        self.platform.failing.extend(statuses)

    def refuse_buttons(self) -> None:
        self.platform.refuses = lambda fields: "reply_markup" in fields

    @property
    def faults(self) -> list[str]:
        return self.platform.faults

    def message(self, person: int, content: dict[str, Any], chat: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return an update with a message of `person`."""
        number = next(self._updates)
        message = {"message_id": number, "from": _user(person), "chat": chat or _chat(person), "date": 1, **content}
        return {"update_id": number, "message": message}

    def press(self, person: int, data: str, chat: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return an update that tells of a press of a button."""
        message = {"message_id": 9, "chat": chat or _chat(person), "date": 1, "text": "..."}
        press = {"id": "77", "from": _user(person), "chat_instance": "1", "message": message, "data": data}
        return {"update_id": next(self._updates), "callback_query": press}

    async def update(self, update: dict[str, Any]) -> list[Seen]:
        """Send an update as Telegram does; return what the person sees once the bot is done."""
        update.setdefault("update_id", next(self._updates))
        self._last = update
        assert await self.post(update) == 200
        await self.channel.finish()
        new = self.platform.sent[self._seen :]
        self._seen += len(new)
        return [_seen(message) for message in new]

    async def post(self, update: object, headers: dict[str, str] | None = None) -> int:
        """Post any JSON to the webhook, by default with the right secret; return the HTTP status."""
        headers = {SECRET_HEADER: SECRET} if headers is None else headers
        async with aiohttp.ClientSession() as client, client.post(self._address, json=update, headers=headers) as reply:
            return reply.status


@asynccontextmanager
async def telegram_line(on_new_message: OnNewMessage, agent: Any = None) -> AsyncIterator[TelegramLine]:
    """Open the channel over a fake Telegram; the bot is known there when this gives the line."""
    platform = FakeTelegram()
    await platform.start()
    channel = TelegramInput(TOKEN, SECRET, "https://bot.example.org", platform.url, sleep=no_wait)
    async with served(channel, on_new_message, agent) as address:
        await channel.ready.wait()
        yield TelegramLine(channel, platform, address)
    await platform.stop()


def _number(person: int) -> int:
    return 7_700_000_000 + person


def _user(person: int) -> dict[str, Any]:
    return {"id": _number(person), "is_bot": False, "first_name": "Ada", "language_code": "en"}


def _chat(person: int) -> dict[str, Any]:
    return {"id": _number(person), "type": "private", "first_name": "Ada"}


def _seen(message: dict[str, Any]) -> Seen:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    return Seen(message["text"], tuple(button["text"] for row in rows for button in row))
