"""A strict stand-in for Twilio: refuses what Twilio refuses, with its error codes, and signs what it sends."""

from __future__ import annotations

import asyncio
import base64
import hmac
import itertools
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.test_utils import TestServer
from twilio.request_validator import RequestValidator

ACCOUNT = "AC" + "0" * 32
TOKEN = "a token that only the account and its owner know"
PUBLIC_URL = "https://bot.example.org"
SMS_NUMBER = "+15005550006"
WHATSAPP_NUMBER = f"whatsapp:{SMS_NUMBER}"
SERVICE = "MG" + "0" * 32
"""Twilio's own number for tests, which no person has."""
PATIENCE = 60.0
"""Seconds that a test waits for what has to come."""
BODY_CHARACTERS = 1_600
"""Longer is error 21617 (twilio.com/docs/api/errors/21617)."""
OPT_OUT = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
OPT_IN = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})
"""Keywords, when they stand alone, in any case (twilio.com/docs/messaging/tutorials/advanced-opt-out)."""
KNOWN_PARAMETERS = frozenset({"To", "From", "Body", "MessagingServiceSid"})
REASONS = {
    20003: (401, "Authenticate"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    20503: (503, "Service unavailable"),
    21211: (400, "Invalid 'To' Phone Number"),
    21602: (400, "Message body is required"),
    21603: (400, "A 'From' phone number is required"),
    21604: (400, "A 'To' phone number is required"),
    21606: (400, "The 'From' number is not a valid, SMS-capable inbound number of your account"),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21910: (400, "Invalid From and To pair. From and To should be of the same channel"),
    63016: (400, "Failed to send freeform message because you are outside the allowed window"),
}
"""Status and words by error code (twilio.com/docs/api/errors)."""


@dataclass(frozen=True)
class Sent:
    """A message that Twilio took."""

    to: str
    sender: str
    body: str
    service: str | None


@dataclass(frozen=True)
class Webhook:
    """A request of Twilio's to the bot."""

    body: bytes
    headers: dict[str, str]


class FakeTwilio:
    """The Messages API on a port of this machine, and the webhook requests that Twilio makes.

    Attributes:
        sent: what was taken, in order.
        faults: what it was sent and would not take; failures that a test asks for are not among them.
        attempts: how often the API was asked.
        failures: the error codes of the next answers; 0 drops the connection.
        retry_after: the header of the next 429, in seconds, or None.
    """

    def __init__(self, *, advanced_opt_out: bool = False, blocks: bool = True) -> None:
        """Stand in for an account whose numbers are in a Messaging Service with Advanced Opt-Out, or in none.

        Args:
            advanced_opt_out: whether the operator has switched on Advanced Opt-Out: then keywords carry `OptOutType`.
            blocks: whether a keyword to stop blocks the sender, as for all numbers but short codes.
        """
        self.sent: list[Sent] = []
        self.faults: list[str] = []
        self.attempts = 0
        self.failures: deque[int] = deque()
        self.retry_after: str | None = None
        self._held: set[str] = set()
        self._news = asyncio.Condition()
        self._advanced = advanced_opt_out
        self._blocks = blocks
        self._blocked: set[tuple[str, str]] = set()
        self._numbers = itertools.count(1)
        app = web.Application()
        app.router.add_post("/2010-04-01/Accounts/{account}/Messages.json", self._create)
        self._server = TestServer(app)

    async def __aenter__(self) -> FakeTwilio:
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    @property
    def url(self) -> str:
        """Where the API stands, in place of https://api.twilio.com."""
        return str(self._server.make_url("")).rstrip("/")

    @property
    def texts(self) -> list[str]:
        """The bodies of what was taken, in order."""
        return [sent.body for sent in self.sent]

    def fail(self, codes: Iterable[int]) -> None:
        """Answer the next requests with these error codes, one each."""
        self.failures.extend(codes)

    def hold(self, to: str) -> None:
        """Answer no request for `to` until `release`."""
        self._held.add(to)

    async def release(self) -> None:
        """Answer all that waits."""
        self._held.clear()
        async with self._news:
            self._news.notify_all()

    def texts_for(self, to: str) -> list[str]:
        """Return the bodies of what was taken for `to`, in order."""
        return [sent.body for sent in self.sent if sent.to == to]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until messages were taken that make `condition` true.

        Raises:
            TimeoutError: they do not come.
        """

        async def wait() -> None:
            async with self._news:
                await self._news.wait_for(condition)

        await asyncio.wait_for(wait(), PATIENCE)

    # -- What the bot receives -------------------------------------------------------------------------------------

    def parameters(self, text: str, sender: str = "+15005550100", to: str = SMS_NUMBER, **more: str) -> dict[str, str]:
        """Return what Twilio posts for a message, blank fields too, and block or unblock as it does."""
        sid = f"SM{next(self._numbers):032x}"
        found = {
            "ToCountry": "US",
            "ToState": "",
            "SmsMessageSid": sid,
            "NumMedia": "0",
            "ToCity": "",
            "FromZip": "",
            "SmsSid": sid,
            "FromState": "",
            "SmsStatus": "received",
            "FromCity": "",
            "Body": text,
            "FromCountry": "",
            "To": to,
            "ToZip": "",
            "NumSegments": "1",
            "MessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": sender,
            "ApiVersion": "2010-04-01",
        }
        if sender.startswith("whatsapp:"):
            found |= {"ProfileName": "A name that nobody may keep", "WaId": sender.removeprefix("whatsapp:+")}
        if self._advanced:
            found["MessagingServiceSid"] = SERVICE
        keyword = text.strip().upper()
        kind = next(
            (name for name, all_of in (("STOP", OPT_OUT), ("START", OPT_IN), ("HELP", HELP)) if keyword in all_of), None
        )
        if kind and self._advanced:
            found["OptOutType"] = kind
        if self._blocks and (self._advanced or not sender.startswith("whatsapp:")):
            if kind == "STOP":
                self._blocked.add((to, sender))
            elif kind == "START":
                self._blocked.discard((to, sender))
        return found | more

    def webhook(
        self,
        parameters: dict[str, str],
        path: str,
        *,
        token: str = TOKEN,
        public_url: str = PUBLIC_URL,
    ) -> Webhook:
        """Return the request for `parameters`, signed with Twilio's own code for the address that Twilio was given."""
        signature = RequestValidator(token).compute_signature(f"{public_url}{path}", parameters)
        return Webhook(
            body=urlencode(parameters).encode(),
            headers={
                "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
                "X-Twilio-Signature": signature,
                "I-Twilio-Idempotency-Token": parameters.get("MessageSid", ""),
                "User-Agent": "TwilioProxy/1.1",
            },
        )

    # -- What the bot sends ----------------------------------------------------------------------------------------

    async def _create(self, request: web.Request) -> web.Response:
        self.attempts += 1
        form = {name: str(value) for name, value in (await request.post()).items()}
        async with self._news:
            await self._news.wait_for(lambda: form.get("To") not in self._held)
        if self.failures:
            code = self.failures.popleft()
            if code == 0:
                assert request.transport
                request.transport.close()
            return self._refuse(code or 20500)
        unknown = set(form) - KNOWN_PARAMETERS
        if unknown:
            self.faults.append(f"parameters that nobody asked for: {sorted(unknown)}")
        code = self._fault(request, form)
        if code:
            self.faults.append(str(code))
            return self._refuse(code)
        answer = self._take(form)
        async with self._news:
            self._news.notify_all()
        return answer

    def _fault(self, request: web.Request, form: dict[str, str]) -> int:
        """Return the error code for a request that Twilio would not take, else 0."""
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
        checks = (
            (not hmac.compare_digest(request.headers.get("Authorization", ""), f"Basic {expected}"), 20003),
            (request.match_info["account"] != ACCOUNT, 20003),
            (not to, 21604),
            (not sender and not form.get("MessagingServiceSid"), 21603),
            (not to.removeprefix("whatsapp:").startswith("+"), 21211),
            (bool(sender) and sender not in (SMS_NUMBER, WHATSAPP_NUMBER), 21606),
            (bool(sender) and to.startswith("whatsapp:") != sender.startswith("whatsapp:"), 21910),
            (not body.strip(), 21602),
            (len(body) > BODY_CHARACTERS, 21617),
            ((sender, to) in self._blocked, 21610),
        )
        return next((code for fails, code in checks if fails), 0)

    def _take(self, form: dict[str, str]) -> web.Response:
        self.sent.append(Sent(form["To"], form.get("From", ""), form["Body"], form.get("MessagingServiceSid")))
        return web.json_response(
            {"sid": f"SM{next(self._numbers):032x}", "status": "queued", "error_code": None}, status=201
        )

    def _refuse(self, code: int) -> web.Response:
        status, words = REASONS[code]
        headers: dict[str, str] = {}
        if status == 429 and self.retry_after is not None:
            headers["Retry-After"] = self.retry_after
        answer: dict[str, Any] = {
            "code": code,
            "message": words,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }
        return web.json_response(answer, status=status, headers=headers)
