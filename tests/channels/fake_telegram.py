"""A strict stand-in for Telegram's Bot API: it keeps Telegram's limits, and answers with Telegram's errors."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from handrail.tools.processes import HOST, free_port

TOKEN = "123456:fake-token-of-the-tests"
NAME = "handrail_test_bot"
TEXT, CALLBACK_BYTES, SECRET, RECEIPT = 4_096, 64, 256, 200
"""Limits of the Bot API: UTF-16 units of a text, bytes of callback data, characters of a secret and of a receipt."""


@dataclass
class Call:
    """One call that the bot made."""

    method: str
    fields: dict[str, Any]
    taken: bool


@dataclass
class FakeTelegram:
    """The server. `calls` holds all that was called; `faults` says what broke a limit.

    Attributes:
        failing: answers to give to the next calls of `sendMessage`: a status, or a whole answer.
        receipts_fail: whether to refuse receipts for presses of buttons, as Telegram does when they come late.
        refuses: which calls to refuse with the status 400, as Telegram does with what it does not take.
    """

    calls: list[Call] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    failing: deque[int | dict[str, Any]] = field(default_factory=deque)
    refuses: Callable[[dict[str, Any]], bool] = lambda _: False
    receipts_fail: bool = False
    webhook: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        self._message_ids = itertools.count(1_000)
        self._runner: web.AppRunner | None = None
        self._called = asyncio.Event()
        self.url = ""

    async def start(self) -> None:
        """Listen on a port of this machine."""
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        port = free_port()
        await web.TCPSite(self._runner, HOST, port).start()
        self.url = f"http://{HOST}:{port}"

    async def stop(self) -> None:
        """Stop listening."""
        assert self._runner is not None
        await self._runner.cleanup()

    async def until(self, holds: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait until something holds; it is looked at after each call that the bot makes.

        Raises:
            TimeoutError: it does not come to hold.
        """
        while not holds():
            self._called.clear()
            await asyncio.wait_for(self._called.wait(), seconds)

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The messages that were taken, in order."""
        return [call.fields for call in self.calls if call.method == "sendmessage" and call.taken]

    def called(self, method: str) -> list[dict[str, Any]]:
        """Return the fields of each call of `method`."""
        return [call.fields for call in self.calls if call.method == method.lower()]

    async def _answer(self, request: web.Request) -> web.Response:
        self._called.set()
        if request.match_info["token"] != TOKEN:
            return _error(401, "Unauthorized")
        method = request.match_info["method"].lower()
        fields = await _fields(request)
        if method == "sendmessage":
            return self._send(fields)
        self.calls.append(Call(method, fields, taken=True))
        if method == "setwebhook":
            return self._set_webhook(fields)
        if method == "getme":
            return _ok({"id": int(TOKEN.partition(":")[0]), "is_bot": True, "first_name": "Handrail", "username": NAME})
        if method == "answercallbackquery" and (self.receipts_fail or len(fields.get("text", "")) > RECEIPT):
            return _error(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        return _ok(True)

    def _send(self, fields: dict[str, Any]) -> web.Response:
        fault = _fault(fields)
        if self.failing:
            failure = self.failing.popleft()
            self.calls.append(Call("sendmessage", fields, taken=False))
            if isinstance(failure, dict):
                return web.json_response(failure, status=failure["error_code"])
            return _failure(failure)
        refused = fault or ("Bad Request: BUTTON_DATA_INVALID" if self.refuses(fields) else None)
        if fault:
            self.faults.append(fault)
        self.calls.append(Call("sendmessage", fields, taken=not refused))
        if refused:
            return _error(400, refused)
        return _ok({"message_id": next(self._message_ids), "date": 0, "chat": {"id": 1, "type": "private"}})

    def _set_webhook(self, fields: dict[str, Any]) -> web.Response:
        if not str(fields.get("url", "")).startswith("https://"):
            return _error(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        secret = fields.get("secret_token", "")
        if len(secret) > SECRET or not all(letter.isalnum() or letter in "_-" for letter in secret):
            return _error(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = fields
        return _ok(True)


def _fault(fields: dict[str, Any]) -> str | None:
    """Return what Telegram would say to a message that it does not take."""
    text, fault = fields.get("text"), None
    if not isinstance(fields.get("chat_id"), int):
        fault = "Bad Request: chat_id is empty"
    elif not isinstance(text, str) or not text.strip():
        fault = "Bad Request: message text is empty"
    elif len(text.encode("utf-16-le")) // 2 > TEXT:
        fault = "Bad Request: message is too long"
    for row in (fields.get("reply_markup") or {}).get("inline_keyboard", []):
        for button in row:
            if not button.get("text"):
                fault = "Bad Request: text buttons are unallowed in the inline keyboard"
            elif not 1 <= len(button.get("callback_data", "").encode()) <= CALLBACK_BYTES:
                fault = "Bad Request: BUTTON_DATA_INVALID"
    return fault


def _failure(status: int) -> web.Response:
    if status == 429:
        return _error(429, "Too Many Requests: retry after 3", {"retry_after": 3})
    if status == 403:
        return _error(403, "Forbidden: bot was blocked by the user")
    if status >= 500:
        # What stands in front of Telegram answers with a page.
        return web.Response(status=status, text="<html>Bad Gateway</html>", content_type="text/html")
    return _error(status, "Bad Request: something")


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _error(code: int, description: str, parameters: dict[str, Any] | None = None) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=code)


async def _fields(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        fields: dict[str, Any] = await request.json()
        return fields
    # aiogram, which Rasa's own connector uses, sends forms.
    import json

    form = dict(await request.post())
    fields = {name: value for name, value in form.items() if isinstance(value, str)}
    for name in ("reply_markup", "allowed_updates"):
        if name in fields:
            fields[name] = json.loads(fields[name])
    if fields.get("chat_id", "").lstrip("-").isdigit():
        fields["chat_id"] = int(fields["chat_id"])
    return fields
