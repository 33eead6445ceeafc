"""A line over Slack: events and presses as Slack posts them, and what a person sees of what Slack took."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from handrail.channels.guard import OnNewMessage
from handrail.channels.slack import SlackInput
from handrail.content.channel_words import NotText
from tests.channels.fake_slack import SECRET, TOKEN, FakeSlack, Posted, Webhook
from tests.channels.lines import Line, Seen, each_letter_changed, no_wait
from tests.channels.serving import served

ERRORS = {429: "ratelimited", 500: "internal_error", 503: "service_unavailable"}
FILES = {NotText.VOICE: "audio/webm", NotText.PICTURE: "image/png", NotText.FILE: "application/pdf"}


class SlackLine(Line):
    """People in direct chats with the bot."""

    name = "slack"

    def __init__(self, channel: SlackInput, platform: FakeSlack, address: str, client: aiohttp.ClientSession) -> None:
        self.channel = channel
        self.platform = platform
        self.style = channel.style
        self._address = f"{address}/webhook"
        self._client = client
        self._seen = 0
        self._last: dict[str, Any] = {}

    async def say(self, text: str, *, person: int = 1, again: bool = False) -> list[Seen]:
        return await self.take(self._last if again else self.message(text, person))

    async def choose(self, title: str, *, person: int = 1) -> list[Seen]:
        for posted in reversed(self.platform.posted):
            for button in posted.buttons:
                if button["title"] == title:
                    return await self.take(self.platform.press(button, channel=_chat(person), user=_user(person)))
            numbered = [line for line in posted.shown.splitlines() if line.endswith(f" {title}") and line[0].isdigit()]
            if numbered:
                return await self.say(numbered[0].split(" ")[0], person=person)
        raise AssertionError(f"'{title}' was not offered")

    async def send_payload(self, payload: str, *, person: int = 1) -> list[Seen]:
        button = {"title": "a button", "value": payload, "action_id": "choice_1"}
        return await self.take(self.platform.press(button, channel=_chat(person), user=_user(person)))

    async def send(self, what: NotText, *, person: int = 1) -> list[Seen] | None:
        if what in FILES:
            files = [
                {"id": "F1", "mimetype": FILES[what], "name": "a name", "url_private": "https://files.slack.com/x"}
            ]
            return await self.take(self.message("", person, subtype="file_share", files=files))
        if what is NotText.EDITED:
            stamp = self.platform.stamp()
            user = {"type": "message", "user": _user(person), "ts": stamp}
            before, after = {**user, "text": "naloxon"}, {**user, "text": "naloxone", "edited": {"ts": stamp}}
            event = {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "channel": _chat(person),
                "channel_type": "im",
                "ts": self.platform.stamp(),
                "message": after,
                "previous_message": before,
            }
            return await self.take(self.platform.event(event))
        if what is NotText.REACTION:
            item = {"type": "message", "channel": _chat(person), "ts": self.platform.stamp()}
            event = {"type": "reaction_added", "user": _user(person), "reaction": "heart", "item": item}
            return await self.take(self.platform.event({**event, "event_ts": self.platform.stamp()}))
        return await self.take(self.message("", person)) if what is NotText.OTHER else None

    async def forge(self) -> list[int]:
        body = self.message("hello", 1)
        good = self.platform.webhook(body)
        other = self.platform.webhook(self.message("goodbye", 1))
        forged = (
            Webhook(good.body, {"Content-Type": "application/json"}),
            Webhook(good.body, {**good.headers, "X-Slack-Signature": ""}),
            Webhook(good.body, {**good.headers, "X-Slack-Signature": "v0=é"}),
            Webhook(good.body, {**good.headers, "X-Slack-Request-Timestamp": "soon"}),
            Webhook(good.body, {**good.headers, "X-Slack-Request-Timestamp": "1"}),
            Webhook(other.body, good.headers),
            self.platform.webhook(body, secret="another app's"),
            self.platform.webhook(body, seconds_ago=301),
            self.platform.webhook({"type": "url_verification", "challenge": "x"}, secret="another app's"),
            *(
                Webhook(good.body, {**good.headers, "X-Slack-Signature": one})
                for one in each_letter_changed(good.headers["X-Slack-Signature"])
            ),
        )
        return [await self.post(request) for request in forged]

    def identity(self, person: int) -> str:
        return _user(person)

    def fail(self, *statuses: int) -> None:
        self.platform.fail(ERRORS[status] for status in statuses)

    def refuse_buttons(self) -> None:
        self.platform.refuses_blocks = True

    @property
    def faults(self) -> list[str]:
        return self.platform.faults

    def message(self, text: str, person: int = 1, **more: Any) -> dict[str, Any]:
        """Return the event of a message of `person` in their chat with the bot."""
        return self.platform.message(text, channel=_chat(person), user=_user(person), **more)

    async def take(self, body: dict[str, Any], **request: Any) -> list[Seen]:
        """Post an event or a press as Slack does; return what the person sees once the bot is done."""
        self._last = body
        assert await self.post(self.platform.webhook(body, **request)) == 200
        return [_seen(posted) for posted in await self.answered()]

    async def answered(self) -> list[Posted]:
        """Wait until the bot is done, and return what Slack has taken since the last time."""
        await self.channel.finish()
        new = self.platform.posted[self._seen :]
        self._seen += len(new)
        return new

    async def post(self, request: Webhook) -> int:
        """Post any request to the webhook; return the HTTP status."""
        async with self._client.post(self._address, data=request.body, headers=request.headers) as reply:
            return reply.status


@asynccontextmanager
async def over_slack(
    platform: FakeSlack, channel: SlackInput, on_new_message: OnNewMessage, agent: Any = None
) -> AsyncIterator[SlackLine]:
    """Open a channel that is set up already."""
    async with served(channel, on_new_message, agent) as address, aiohttp.ClientSession() as client:
        yield SlackLine(channel, platform, address, client)


@asynccontextmanager
async def slack_line(on_new_message: OnNewMessage, agent: Any = None) -> AsyncIterator[SlackLine]:
    """Open the channel over a fake Slack."""
    async with FakeSlack() as platform:
        channel = SlackInput(TOKEN, SECRET, platform.url, sleep=no_wait)
        async with over_slack(platform, channel, on_new_message, agent) as line:
            yield line


def _chat(person: int) -> str:
    return f"D0DIRECT{person}"


def _user(person: int) -> str:
    return f"U0PERSON{person}"


def _seen(posted: Posted) -> Seen:
    return Seen(posted.shown, tuple(button["title"] for button in posted.buttons))
