"""Sends messages through Slack's Web API."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from handrail.channels.platform_http import Connection, json_of, pause_of
from handrail.channels.sending import Refused, TryAgain

OFFICIAL = "https://slack.com/api"
METHOD = "chat.postMessage"
SECONDS = 10.0
"""For one attempt. Slack answers well under a second."""
TOO_MANY, FIRST_SERVER_ERROR = 429, 500
PASSING = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
"""Errors that pass; most come with the status 200 (docs.slack.dev/reference/methods/chat.postMessage)."""
GONE = frozenset(
    {"channel_not_found", "is_archived", "not_in_channel", "user_not_found", "user_disabled", "account_inactive"}
)
"""Errors that say that nobody reads this chat any more, or that the app was taken out of it."""


class SlackApi:
    """One app's access to one workspace."""

    def __init__(self, token: str, address: str = OFFICIAL) -> None:
        self._address = f"{address.rstrip('/')}/{METHOD}"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._connection = Connection(SECONDS)

    async def post(self, fields: dict[str, Any]) -> None:
        """Send one message.

        Raises:
            TryAgain: Slack failed, or wants a pause.
            Refused: Slack does not take it.
        """
        try:
            async with self._connection.open().post(self._address, json=fields, headers=self._headers) as answer:
                status, body, after = answer.status, await json_of(answer), pause_of(answer)
        except (aiohttp.ClientError, asyncio.TimeoutError) as failure:
            raise TryAgain(type(failure).__name__) from None
        if body.get("ok") is True:
            return
        error = _name(body.get("error"))
        if status == TOO_MANY or status >= FIRST_SERVER_ERROR or error in PASSING or not error:
            raise TryAgain(error or str(status), after=after)
        raise Refused(error, gone=error in GONE)

    async def close(self) -> None:
        """Close the connections."""
        await self._connection.close()


def _name(error: object) -> str:
    """Return the name of an error; whatever else stands there does not go into the log."""
    return error if isinstance(error, str) and error.replace("_", "").isalnum() else ""
