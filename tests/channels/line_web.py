"""A line over the web channel: what the chat page sends, and what it shows."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from handrail.channels.guard import OnNewMessage
from handrail.channels.limits import AddressLimit
from handrail.channels.web import WebInput
from handrail.content.channel_words import NotText
from tests.channels.lines import Line, Seen
from tests.channels.serving import served


class WebLine(Line):
    """People with the chat page open. There is no platform between them and the bot that could fail."""

    name = "web"
    style = None

    def __init__(self, channel: WebInput, client: aiohttp.ClientSession, address: str) -> None:
        self.channel = channel
        self._client = client
        self._address = f"{address}/webhooks/web"
        self._ids = itertools.count()
        self._tokens: dict[int, str] = {}
        self._offered: dict[int, dict[str, str]] = {}
        self._last: dict[str, Any] = {}
        self._failing: deque[int] = deque()

    async def say(self, text: str, *, person: int = 1, again: bool = False) -> list[Seen]:
        if again:
            seen = await self._message(person, self._last)
            # The page gets the answer once more, and shows it in the place of the first.
            assert seen
            return []
        return await self._message(person, {"text": text, "id": str(next(self._ids))})

    async def choose(self, title: str, *, person: int = 1) -> list[Seen]:
        return await self._message(person, {"payload": self._offered[person][title], "id": str(next(self._ids))})

    async def send_payload(self, payload: str, *, person: int = 1) -> list[Seen]:
        return await self._message(person, {"payload": payload, "id": str(next(self._ids))})

    async def send(self, what: NotText, *, person: int = 1) -> list[Seen] | None:
        return None

    async def forge(self) -> list[int]:
        body = {"id": "1", "text": "hello"}
        forged = ({}, {"token": ""}, {"token": "a.b"}, {"token": (await self._token(1))[:-2] + "AA"})
        return [(await self._post({**body, **token}))[0] for token in forged]

    def fail(self, *statuses: int) -> None:
        """Nothing stands between the bot and the page."""

    def refuse_buttons(self) -> None:
        """The page shows all buttons."""

    @property
    def faults(self) -> list[str]:
        return []

    async def _token(self, person: int) -> str:
        if person not in self._tokens:
            async with self._client.post(f"{self._address}/session", json={}) as reply:
                self._tokens[person] = (await reply.json())["token"]
        return self._tokens[person]

    async def _message(self, person: int, content: dict[str, Any]) -> list[Seen]:
        self._last = content
        status, body = await self._post({"token": await self._token(person), **content})
        assert status in (200, 413, 429)
        seen = []
        for message in body["messages"]:
            buttons = message.get("buttons", [])
            if buttons:
                self._offered[person] = {button["title"]: button["payload"] for button in buttons}
            seen.append(Seen(message["text"], tuple(button["title"] for button in buttons)))
        return seen

    async def _post(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        async with self._client.post(f"{self._address}/message", json=body) as reply:
            return reply.status, await reply.json()


@asynccontextmanager
async def web_line(on_new_message: OnNewMessage, agent: Any = None) -> AsyncIterator[WebLine]:
    """Open the web channel, without its limit for each address: all people of the tests share one."""
    channel = WebInput()
    channel._limit = AddressLimit(1_000_000)
    async with served(channel, on_new_message, agent) as address, aiohttp.ClientSession() as client:
        yield WebLine(channel, client, address)
