"""Lines over SMS and WhatsApp: webhooks as Twilio posts them, and what a person sees of what Twilio took."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from handrail.channels.guard import OnNewMessage
from handrail.channels.twilio import SIGNATURE_HEADER, SmsInput, TwilioInput, WhatsAppInput
from handrail.content.channel_words import NotText
from tests.channels.fake_twilio import (
    ACCOUNT,
    PUBLIC_URL,
    SMS_NUMBER,
    TOKEN,
    WHATSAPP_NUMBER,
    FakeTwilio,
    Webhook,
)
from tests.channels.lines import Line, Seen, each_letter_changed, no_wait
from tests.channels.serving import served

CODES = {429: 20429, 500: 20500, 503: 20503}
MEDIA = {
    NotText.VOICE: "audio/ogg",
    NotText.PICTURE: "image/jpeg",
    NotText.CONTACT: "text/vcard",
    NotText.FILE: "application/pdf",
}
ON_WHATSAPP: dict[NotText, dict[str, str]] = {
    NotText.STICKER: {"MessageType": "sticker", "NumMedia": "1", "MediaContentType0": "image/webp"},
    NotText.LOCATION: {"MessageType": "location", "Latitude": "1.0", "Longitude": "2.0"},
    NotText.REACTION: {"MessageType": "reaction"},
}


class TwilioLine(Line):
    """People with phones."""

    country = "US"

    def __init__(self, channel: TwilioInput, platform: FakeTwilio, address: str, client: aiohttp.ClientSession) -> None:
        self.name = channel.name()
        self.channel = channel
        self.platform = platform
        self.style = channel.style
        self._address = f"{address}/webhook"
        self._client = client
        self._seen = 0
        self._last: dict[str, str] = {}

    async def say(self, text: str, *, person: int = 1, again: bool = False) -> list[Seen]:
        return await self.take(self._last if again else self.message(text, person))

    async def choose(self, title: str, *, person: int = 1) -> list[Seen]:
        for text in reversed(self.platform.texts):
            numbered = [line for line in text.splitlines() if line.endswith(f" {title}") and line[0].isdigit()]
            if numbered:
                return await self.say(numbered[0].split(" ")[0], person=person)
        raise AssertionError(f"'{title}' was not offered")

    async def send(self, what: NotText, *, person: int = 1) -> list[Seen] | None:
        if what in MEDIA:
            more = {"NumMedia": "1", "MediaContentType0": MEDIA[what], "MediaUrl0": "https://api.twilio.com/media"}
            return await self.take(self.message("", person, **more))
        if self.name == "whatsapp" and what in ON_WHATSAPP:
            return await self.take(self.message("", person, **ON_WHATSAPP[what]))
        return await self.take(self.message("", person)) if what is NotText.OTHER else None

    async def forge(self) -> list[int]:
        form = self.message("hello", 1)
        good = self.webhook(form)
        signature = good.headers[SIGNATURE_HEADER]
        changed = self.webhook({**form, "Body": "goodbye"})
        forged = (
            Webhook(good.body, {name: text for name, text in good.headers.items() if name != SIGNATURE_HEADER}),
            Webhook(good.body, {**good.headers, SIGNATURE_HEADER: ""}),
            Webhook(good.body, {**good.headers, SIGNATURE_HEADER: signature.swapcase()}),
            Webhook(changed.body, good.headers),
            self.webhook(form, token="another account's"),
            self.webhook(form, public_url="https://elsewhere.example.org"),
            self.webhook({**form, "AccountSid": ACCOUNT[:-1] + "9"}),
            *(Webhook(good.body, {**good.headers, SIGNATURE_HEADER: one}) for one in each_letter_changed(signature)),
        )
        return [await self.post(request) for request in forged]

    def identity(self, person: int) -> str:
        return phone(person)

    def fail(self, *statuses: int) -> None:
        self.platform.fail(CODES[status] for status in statuses)

    def refuse_buttons(self) -> None:
        """There are none."""

    @property
    def faults(self) -> list[str]:
        return self.platform.faults

    def message(self, text: str, person: int = 1, **more: str) -> dict[str, str]:
        """Return what Twilio posts for a message of `person`."""
        prefix, to = ("whatsapp:", WHATSAPP_NUMBER) if self.name == "whatsapp" else ("", SMS_NUMBER)
        return self.platform.parameters(text, f"{prefix}{phone(person)}", to, **more)

    def webhook(self, form: dict[str, str], **changes: str) -> Webhook:
        """Return the signed request for `form`."""
        return self.platform.webhook(form, f"/webhooks/{self.name}/webhook", **changes)

    async def take(self, form: dict[str, str]) -> list[Seen]:
        """Post a message as Twilio does; return what the person sees once the bot is done."""
        self._last = form
        assert await self.post(self.webhook(form)) == 204
        await self.channel.finish()
        new = self.platform.sent[self._seen :]
        self._seen += len(new)
        return [Seen(sent.body) for sent in new]

    async def post(self, request: Webhook) -> int:
        """Post any request to the webhook; return the HTTP status."""
        async with self._client.post(self._address, data=request.body, headers=request.headers) as reply:
            return reply.status


def phone(person: int) -> str:
    """Return a number of the range that is kept for stories: nobody has it."""
    return f"+120155501{person:02d}"


@asynccontextmanager
async def over_twilio(
    platform: FakeTwilio, channel: TwilioInput, on_new_message: OnNewMessage, agent: Any = None
) -> AsyncIterator[TwilioLine]:
    """Open a channel that is set up already."""
    async with served(channel, on_new_message, agent) as address, aiohttp.ClientSession() as client:
        yield TwilioLine(channel, platform, address, client)


@asynccontextmanager
async def twilio_line(
    kind: type[TwilioInput], on_new_message: OnNewMessage, agent: Any = None, **twilio: bool
) -> AsyncIterator[TwilioLine]:
    """Open a channel over a fake Twilio."""
    async with FakeTwilio(**twilio) as platform:
        channel = kind(ACCOUNT, TOKEN, PUBLIC_URL, platform.url, sleep=no_wait)
        async with over_twilio(platform, channel, on_new_message, agent) as line:
            yield line


@asynccontextmanager
async def sms_line(on_new_message: OnNewMessage, agent: Any = None) -> AsyncIterator[TwilioLine]:
    """Open the SMS channel."""
    async with twilio_line(SmsInput, on_new_message, agent) as line:
        yield line


@asynccontextmanager
async def whatsapp_line(on_new_message: OnNewMessage, agent: Any = None) -> AsyncIterator[TwilioLine]:
    """Open the WhatsApp channel."""
    async with twilio_line(WhatsAppInput, on_new_message, agent) as line:
        yield line
