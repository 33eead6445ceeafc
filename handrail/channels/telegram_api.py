"""A client of Telegram's Bot API: just what the channel needs. See core.telegram.org/bots/api."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from handrail.channels.platform_http import Connection, json_of
from handrail.channels.sending import Refused, TryAgain

OFFICIAL = "https://api.telegram.org"
SECONDS = 10.0
"""How long one call may take: Telegram answers within a second, and the next attempt may fare better."""
FORBIDDEN, TOO_MANY, FIRST_SERVER_ERROR = 403, 429, 500
CHAT_NOT_FOUND = "chat not found"


class Moved(Exception):
    """A group became a supergroup, and has another id now.

    Attributes:
        chat: the new id.
    """

    def __init__(self, chat: int) -> None:
        super().__init__("moved")
        self.chat = chat


class TelegramApi:
    """Calls the methods of one bot. It opens its connections when it is first used, in the loop that uses it."""

    def __init__(self, token: str, address: str = OFFICIAL, seconds: float = SECONDS) -> None:
        """Set up the client.

        Args:
            token: the bot's token, as BotFather gives it.
            address: where the Bot API is served.
            seconds: how long one call may take.
        """
        self._address = f"{address.rstrip('/')}/bot{token}"
        self._connection = Connection(seconds)

    async def call(self, method: str, fields: dict[str, Any] | None = None) -> Any:
        """Call `method` and return its result.

        Raises:
            TryAgain: no answer came, Telegram failed, or it wants a pause.
            Refused: Telegram does not accept this; `gone` when the person blocked the bot or left.
            Moved: the chat has another id now.
        """
        try:
            async with self._connection.open().post(f"{self._address}/{method}", json=fields or {}) as answer:
                status, body = answer.status, await json_of(answer)
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            # Its text holds the address, and with it the token.
            raise TryAgain(f"{method} {type(error).__name__}") from None
        if body.get("ok") is True:
            return body.get("result")
        raise _failure(method, status, body)

    async def close(self) -> None:
        """Close the connections."""
        await self._connection.close()


def _failure(method: str, status: int, body: dict[str, Any]) -> Exception:
    """Return the exception for an answer that is no success. What Telegram says in words is not passed on."""
    code = body.get("error_code")
    code = code if isinstance(code, int) else status
    reason = f"{method} {code}"
    parameters = body.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    if isinstance(parameters.get("migrate_to_chat_id"), int):
        return Moved(parameters["migrate_to_chat_id"])
    if code == TOO_MANY:
        after = parameters.get("retry_after")
        return TryAgain(reason, after=float(after) if isinstance(after, (int, float)) else None)
    if code >= FIRST_SERVER_ERROR or code < 400:
        return TryAgain(reason)
    gone = code == FORBIDDEN or CHAT_NOT_FOUND in str(body.get("description", "")).lower()
    return Refused(reason, gone=gone)
