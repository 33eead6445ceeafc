"""A strict stand-in for Slack: refuses what Slack refuses, by Slack's own models, and signs what it sends."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.signature import SignatureVerifier

TOKEN = "xoxb-a-bot-token"
SECRET = "the signing secret of the app"
TEAM, BOT_USER, BOT_ID, APP = "T0TEAM", "U0HANDRAIL", "B0HANDRAIL", "A0HANDRAIL"
PERSON, DIRECT, CHANNEL = "U0PERSON", "D0DIRECT", "C0CHANNEL"
PATIENCE = 60.0
"""Seconds that a test waits for what has to come."""
TEXT_CHARACTERS, BLOCKS = 40_000, 50
"""What a message may hold (docs.slack.dev/reference/methods/chat.postMessage and /reference/block-kit/blocks)."""
KNOWN_PARAMETERS = frozenset(
    {"channel", "text", "blocks", "thread_ts", "mrkdwn", "parse", "link_names", "unfurl_links", "unfurl_media"}
)
HTTP_FAILURES = {"ratelimited": 429, "internal_error": 500, "service_unavailable": 503}


@dataclass(frozen=True)
class Posted:
    """A message that Slack took."""

    channel: str
    text: str
    thread: str | None
    blocks: list[dict[str, Any]] = field(default_factory=list)
    formatted: bool = True

    @property
    def shown(self) -> str:
        """What a person sees in the chat: the blocks where there are some, else the text."""
        if not self.blocks:
            return unescaped(self.text)
        return "\n".join(block["text"]["text"] for block in self.blocks if block["type"] == "section")

    @property
    def buttons(self) -> list[dict[str, str]]:
        """Title, value and action id of each button."""
        return [
            {"title": element["text"]["text"], "value": element["value"], "action_id": element["action_id"]}
            for block in self.blocks
            if block["type"] == "actions"
            for element in block["elements"]
        ]


@dataclass(frozen=True)
class Webhook:
    """A request of Slack's to the bot."""

    body: bytes
    headers: dict[str, str]


def unescaped(text: str) -> str:
    """Return text as Slack shows it: it turns these three back, and takes any other `<` for a link or a mention."""
    bare = text.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert not set("&<>") & set(bare), f"Slack would read this as a link or a mention: {text!r}"
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


class FakeSlack:
    """`chat.postMessage` on a port of this machine, and the requests that Slack makes.

    Attributes:
        posted: what was taken, in order.
        faults: what it was sent and would not take. Failures that a test asks for are not among them.
        attempts: how often the API was asked.
        failures: the errors of the next answers; "" drops the connection.
        refuses_blocks: whether no message with blocks is taken.
        takes_as_user: whether the argument `as_user` is taken, as from the oldest apps.
        retry_after: the header of the next 429, in seconds; Slack always sends one.
    """

    def __init__(self) -> None:
        self.posted: list[Posted] = []
        self.faults: list[str] = []
        self.attempts = 0
        self.failures: deque[str] = deque()
        self.refuses_blocks = False
        self.takes_as_user = False
        self.retry_after = "1"
        self._news = asyncio.Condition()
        self._numbers = itertools.count(1)
        app = web.Application()
        app.router.add_post("/api/chat.postMessage", self._post)
        self._server = TestServer(app)

    async def __aenter__(self) -> FakeSlack:
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    @property
    def url(self) -> str:
        """Where the API stands, in place of https://slack.com/api."""
        return str(self._server.make_url("/api"))

    @property
    def texts(self) -> list[str]:
        """What a person sees of what was taken, in order."""
        return [posted.shown for posted in self.posted]

    def fail(self, errors: Iterable[str]) -> None:
        """Answer the next requests with these errors, one each."""
        self.failures.extend(errors)

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

    def stamp(self) -> str:
        """Return a new message id."""
        return f"1763800000.{next(self._numbers):06d}"

    def message(self, text: str, *, channel: str = DIRECT, user: str = PERSON, **more: Any) -> dict[str, Any]:
        """Return the event of a message: in a direct chat by the looks of `channel`, else in a channel."""
        kind = "im" if channel.startswith("D") else "channel"
        stamp = self.stamp()
        event = {"type": "message", "channel": channel, "channel_type": kind, "user": user, "text": text, "ts": stamp}
        return self.event({**event, "event_ts": stamp, "team": TEAM, **more})

    def mention(self, text: str, *, user: str = PERSON, **more: Any) -> dict[str, Any]:
        """Return the event of a message in a channel that names the bot."""
        stamp = self.stamp()
        event = {"type": "app_mention", "channel": CHANNEL, "user": user, "text": f"<@{BOT_USER}> {text}", "ts": stamp}
        return self.event({**event, "event_ts": stamp, "team": TEAM, **more})

    def event(self, event: dict[str, Any]) -> dict[str, Any]:
        """Return what Slack wraps around an event."""
        return {
            "token": "deprecated",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{next(self._numbers):08d}",
            "event_time": int(time.time()),
            "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
            "is_ext_shared_channel": False,
            "event_context": "4-context",
        }

    def press(
        self, button: dict[str, str], *, channel: str = DIRECT, user: str = PERSON, thread: str | None = None
    ) -> dict[str, Any]:
        """Return the payload of a button that was pressed."""
        message: dict[str, Any] = {"type": "message", "ts": self.stamp(), "text": "the question", "bot_id": BOT_ID}
        if thread:
            message["thread_ts"] = thread
        return {
            "type": "block_actions",
            "user": {"id": user, "username": "a name that nobody may keep", "team_id": TEAM},
            "api_app_id": APP,
            "token": "deprecated",
            "container": {"type": "message", "message_ts": message["ts"], "channel_id": channel, "is_ephemeral": False},
            "trigger_id": f"1.2.{next(self._numbers)}",
            "team": {"id": TEAM, "domain": "workspace"},
            "channel": {"id": channel, "name": "directmessage"},
            "message": message,
            "response_url": "https://hooks.slack.example/actions",
            "actions": [
                {
                    "type": "button",
                    "action_id": button["action_id"],
                    "block_id": "choices",
                    "text": {"type": "plain_text", "text": button["title"], "emoji": False},
                    "value": button["value"],
                    "action_ts": self.stamp(),
                }
            ],
        }

    def webhook(
        self,
        body: dict[str, Any],
        *,
        secret: str = SECRET,
        content_type: str = "application/json",
        seconds_ago: float = 0,
        retry: tuple[int, str] | None = None,
    ) -> Webhook:
        """Return the request for an event or, for `block_actions`, for a form; signed with Slack's own code.

        Args:
            body: what `message`, `mention`, `event` or `press` made.
            secret: the key of the signature.
            content_type: of an event.
            seconds_ago: how long ago it was signed.
            retry: number and reason, when Slack sends it again.
        """
        if body.get("type") == "block_actions":
            raw, content_type = urlencode({"payload": json.dumps(body)}), "application/x-www-form-urlencoded"
        else:
            raw = json.dumps(body)
        return self.sign(raw.encode(), content_type, secret=secret, seconds_ago=seconds_ago, retry=retry)

    def sign(
        self,
        raw: bytes,
        content_type: str,
        *,
        secret: str = SECRET,
        seconds_ago: float = 0,
        retry: tuple[int, str] | None = None,
    ) -> Webhook:
        """Return the request for any body."""
        moment = str(int(time.time() - seconds_ago))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": moment,
            "X-Slack-Signature": _signature(raw, moment, secret),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        return Webhook(raw, headers)

    # -- What the bot sends ----------------------------------------------------------------------------------------

    async def _post(self, request: web.Request) -> web.Response:
        self.attempts += 1
        if request.content_type == "application/json":
            sent: dict[str, Any] = await request.json()
        else:
            sent = dict(await request.post())
            if "blocks" in sent:
                sent["blocks"] = json.loads(sent["blocks"])
        if self.failures:
            error = self.failures.popleft()
            if not error:
                assert request.transport
                request.transport.close()
            return self._refuse(error or "internal_error")
        unknown = set(sent) - KNOWN_PARAMETERS
        if unknown:
            self.faults.append(f"parameters that nobody asked for: {sorted(unknown)}")
        if self.refuses_blocks and sent.get("blocks"):
            return self._refuse("invalid_blocks")
        fault = self._fault(request, sent)
        if fault:
            self.faults.append(fault)
        if fault:
            return self._refuse(fault)
        answer = self._take(sent)
        async with self._news:
            self._news.notify_all()
        return answer

    def _fault(self, request: web.Request, sent: dict[str, Any]) -> str | None:
        text, blocks = sent.get("text") or "", sent.get("blocks") or []
        checks = {
            "invalid_auth": request.headers.get("Authorization") != f"Bearer {TOKEN}",
            "as_user_not_supported": "as_user" in sent and not self.takes_as_user,
            "channel_not_found": not str(sent.get("channel")).startswith((DIRECT, CHANNEL)),
            # Slack takes blocks alone, but then a notification and a screen reader have nothing to say.
            "no_text": not text.strip(),
            "msg_too_long": len(text) > TEXT_CHARACTERS,
            "invalid_blocks": bool(blocks) and not _well_formed(blocks),
        }
        return next((error for error, found in checks.items() if found), None)

    def _take(self, sent: dict[str, Any]) -> web.Response:
        self.posted.append(
            Posted(
                sent["channel"],
                sent["text"],
                sent.get("thread_ts"),
                sent.get("blocks") or [],
                str(sent.get("mrkdwn", True)).lower() != "false",
            )
        )
        return web.json_response({"ok": True, "channel": sent["channel"], "ts": self.stamp()})

    def _refuse(self, error: str) -> web.Response:
        status = HTTP_FAILURES.get(error, 200)
        headers = {"Retry-After": self.retry_after} if status == 429 else {}
        return web.json_response({"ok": False, "error": error}, status=status, headers=headers)


def _signature(raw: bytes, moment: str, secret: str) -> str:
    try:
        return SignatureVerifier(secret).generate_signature(timestamp=moment, body=raw) or ""
    except UnicodeDecodeError:
        return "v0=none: Slack sends text only"


def _well_formed(blocks: list[dict[str, Any]]) -> bool:
    """Say whether Slack's own models take all of `blocks`, and each action id and block id is there once."""
    action_ids = [element.get("action_id") for block in blocks for element in block.get("elements", [])]
    block_ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(blocks) > BLOCKS or len(set(action_ids)) < len(action_ids) or len(set(block_ids)) < len(block_ids):
        return False
    parsed = Block.parse_all(blocks)
    try:
        made = [block.to_dict() for block in parsed]
    except SlackObjectFormationError:
        return False
    # What the models leave out is what Slack does not know; an empty text or title is refused too.
    texts = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    titles = [element["text"]["text"] for block in blocks for element in block.get("elements", [])]
    return len(made) == len(blocks) and all(text.strip() for text in (*texts, *titles))
