"""Sends messages through Twilio's Messages API, without holding up anyone else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import aiohttp

from handrail.channels.platform_http import Connection, json_of, pause_of
from handrail.channels.sending import Refused, TryAgain

OFFICIAL = "https://api.twilio.com"
VERSION = "2010-04-01"
SECONDS = 10.0
"""For one attempt. An answer takes Twilio well under a second."""
FIRST_ERROR, TOO_MANY, FIRST_SERVER_ERROR = 400, 429, 500
OPTED_OUT = 21610
"""The person has sent a word such as STOP. Until they send START, nothing can be said to them."""
QUEUE_FULL = 21611
UNKNOWN = 0


@dataclass(frozen=True)
class Route:
    """Between whom a message goes.

    Attributes:
        to: the person.
        sender: the operator's number that they wrote to.
        service: the operator's Messaging Service that holds the number, if there is one.
    """

    to: str
    sender: str
    service: str | None = None

    def __str__(self) -> str:
        return " ".join((self.to, self.sender, self.service or "")).rstrip()

    @classmethod
    def read(cls, text: str) -> Route:
        """Return the route that `str` has written.

        Raises:
            ValueError: it has not.
        """
        to, sender, *service = text.split(" ")
        return cls(to, sender, service[0] if service else None)


class TwilioApi:
    """One account's access to the API. Errors carry Twilio's codes: twilio.com/docs/api/errors."""

    def __init__(self, account: str, token: str, address: str = OFFICIAL) -> None:
        self._address = f"{address.rstrip('/')}/{VERSION}/Accounts/{account}/Messages.json"
        self._login = aiohttp.BasicAuth(account, token)
        self._connection = Connection(SECONDS)

    async def send(self, route: Route, text: str) -> None:
        """Send `text` as one message.

        Raises:
            TryAgain: Twilio failed, or wants a pause. After a time-out it may have taken the message all the same:
                then the person gets it twice, which is better than not at all.
            Refused: Twilio does not take it.
        """
        fields = {"To": route.to, "From": route.sender, "Body": text}
        if route.service:
            fields["MessagingServiceSid"] = route.service
        try:
            async with self._connection.open().post(self._address, data=fields, auth=self._login) as answer:
                status, code, after = answer.status, await _code(answer), pause_of(answer)
        except (aiohttp.ClientError, asyncio.TimeoutError) as error:
            raise TryAgain(type(error).__name__) from None
        if status < FIRST_ERROR:
            return
        if status == TOO_MANY or status >= FIRST_SERVER_ERROR or code == QUEUE_FULL:
            raise TryAgain(f"{status}/{code}", after=after)
        raise Refused(f"{status}/{code}", gone=code == OPTED_OUT)

    async def close(self) -> None:
        """Close the connections."""
        await self._connection.close()


async def _code(answer: aiohttp.ClientResponse) -> int:
    """Return Twilio's code for what went wrong; what stands in front of Twilio answers without one."""
    code = (await json_of(answer)).get("code")
    return code if isinstance(code, int) else UNKNOWN
