"""The `telegram` channel: Telegram's Bot API by webhook. docs/channels.md says how to switch it on.

Rasa's own Telegram connector is not used: as installed it answers each update with an error, it takes messages from
anyone, and it loses a whole message when a button's payload is too long.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import re
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from handrail.channels.credentials import PUBLIC, Setting, read
from handrail.channels.delivery import LIMITS
from handrail.channels.guard import OnNewMessage
from handrail.channels.messaging import MessagingInput
from handrail.channels.outgoing import Part, Style
from handrail.channels.sending import WAIT_AT_MOST, Refused, TryAgain
from handrail.channels.telegram_api import OFFICIAL, Moved, TelegramApi
from handrail.channels.telegram_updates import KINDS_OF_UPDATES, Bot
from handrail.channels.telegram_updates import read as read_update

logger = logging.getLogger(__name__)

CHANNEL = "telegram"
TOKEN = Setting(
    "HANDRAIL_TELEGRAM_TOKEN",
    "the token that BotFather gave you, numbers and letters with a colon between",
    re.compile(r"\d{1,20}:[A-Za-z0-9_-]{1,200}"),
)
SECRET = Setting(
    "HANDRAIL_TELEGRAM_SECRET",
    "a long random text of your own, at least 16 letters, digits, '_' or '-'",
    re.compile(r"[A-Za-z0-9_-]{16,256}"),
)
"""Telegram takes 1 to 256 of these characters; fewer than 16 could be guessed."""
API_ADDRESS = "HANDRAIL_TELEGRAM_API"
"""Where the Bot API is served, for those who run a Bot API server of their own."""
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
WEBHOOK = "/webhook"
BEYOND_BASIC = re.compile("[\U00010000-\U0010ffff]")
FORBIDDEN = 403


class TelegramInput(MessagingInput):
    """Telegram. `credentials.yml` names this class; its secrets are in the environment."""

    style = Style(
        limits=LIMITS[CHANNEL],
        # Telegram counts the units of UTF-16; letters beyond the basic plane, such as emoji, take two.
        room=lambda text: LIMITS[CHANNEL].text // 2 if BEYOND_BASIC.search(text) else LIMITS[CHANNEL].text,
    )

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TelegramInput:
        """Return the channel, set up from the environment.

        Raises:
            MissingSetting: a variable is missing or cannot be right.
        """
        token, secret, address = read(CHANNEL, TOKEN, SECRET, PUBLIC)
        return cls(token, secret, address, os.environ.get(API_ADDRESS) or OFFICIAL)

    def __init__(self, token: str, secret: str, address: str, api: str = OFFICIAL, **base: Any) -> None:
        """Set up the channel; nothing is called before the server runs.

        Args:
            token: the bot's token.
            secret: what Telegram has to send along with each update.
            address: the https address at which Telegram reaches this server.
            api: where the Bot API is served.
            base: what `MessagingInput` takes.
        """
        super().__init__(**base)
        self._api = TelegramApi(token, api)
        self._bot = Bot(int(token.partition(":")[0]))
        self._secret = secret.encode()
        self._webhook = f"{address.rstrip('/')}/webhooks/{self.url_prefix()}{WEBHOOK}"
        self._receipts: set[asyncio.Task[None]] = set()
        self.ready = asyncio.Event()

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the route that Telegram calls."""
        routes = self.routes()

        @routes.post(WEBHOOK)
        async def webhook(request: Request) -> HTTPResponse:
            if not self._is_telegram(request):
                logger.warning("request.refused channel=%s reason=secret", CHANNEL)
                return response.empty(status=FORBIDDEN)
            update = read_update(_json(request), self._bot)
            if update.pressed:
                self._confirm(update.pressed)
            if update.left:
                await self.forget(request.app, update.left)
            if update.received:
                self.take(on_new_message, update.received)
            return response.empty(status=200)

        return routes

    async def deliver(self, address: str, part: Part) -> None:
        """Send one message; in a group as a reply, so that it is plain whom it answers."""
        chat, _, replies_to = address.partition("/")
        fields: dict[str, Any] = {
            "chat_id": int(chat),
            "text": part.text,
            # Nobody needs Telegram to fetch the pages that an answer cites.
            "link_preview_options": {"is_disabled": True},
        }
        if replies_to:
            fields["reply_parameters"] = {"message_id": int(replies_to), "allow_sending_without_reply": True}
        if part.buttons:
            rows = [[{"text": button["title"], "callback_data": button["payload"]}] for button in part.buttons]
            fields["reply_markup"] = {"inline_keyboard": rows}
        try:
            await self._api.call("sendMessage", fields)
        except Moved as moved:
            fields.pop("reply_parameters", None)
            await self._api.call("sendMessage", {**fields, "chat_id": moved.chat})

    async def started(self) -> None:
        """Tell Telegram where to send updates, and learn the bot's name; until that works, try again and again."""
        commands = [
            {"command": command, "description": does} for command, does in self._channel_words.telegram_commands.items()
        ]
        webhook = {
            "url": self._webhook,
            "secret_token": self._secret.decode(),
            "allowed_updates": list(KINDS_OF_UPDATES),
        }
        await self._until_done("setWebhook", webhook)
        known = await self._until_done("getMe")
        if isinstance(known, dict) and isinstance(known.get("username"), str):
            self._bot = Bot(self._bot.id, known["username"])
        await self._until_done("setMyCommands", {"commands": commands})
        self.ready.set()
        logger.info("channel.ready channel=%s", CHANNEL)

    async def stopped(self) -> None:
        """Close the connections to Telegram."""
        await self._api.close()

    async def finish(self, seconds: float | None = None) -> None:
        """Wait until all that was taken is answered, for at most `seconds`."""
        await super().finish(seconds)
        if self._receipts:
            await asyncio.wait(set(self._receipts), timeout=seconds)

    async def _until_done(self, method: str, fields: dict[str, Any] | None = None) -> Any:
        """Call a method until Telegram takes it; one that it refuses is logged, and not called again."""
        wait = 1.0
        while True:
            try:
                return await self._api.call(method, fields)
            except (Refused, Moved) as refusal:
                logger.critical(
                    "channel.refused channel=%s reason='%s' what_to_do='check %s and %s'",
                    *(CHANNEL, refusal, TOKEN.name, PUBLIC.name),
                )
                return None
            except TryAgain as failure:
                logger.error("channel.not_ready channel=%s reason='%s'", CHANNEL, failure)
                await self._sleep(max(wait, failure.after or 0.0))
                wait = min(2 * wait, WAIT_AT_MOST)

    def _is_telegram(self, request: Request) -> bool:
        """Say whether a request carries the secret; it takes as long for a wrong one as for a right one."""
        given = request.headers.get(SECRET_HEADER, "")
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._secret)

    def _confirm(self, pressed: str) -> None:
        """Stop the turning circle on a button that was pressed; if that fails, it stops by itself."""

        async def confirm() -> None:
            try:
                await self._api.call("answerCallbackQuery", {"callback_query_id": pressed})
            except (TryAgain, Refused, Moved) as failure:
                logger.warning("receipt.failed channel=%s reason='%s'", CHANNEL, failure)

        receipt = asyncio.ensure_future(confirm())
        self._receipts.add(receipt)
        receipt.add_done_callback(self._receipts.discard)


def _json(request: Request) -> object:
    try:
        return json.loads(request.body or b"null")
    except (ValueError, RecursionError):
        return None
