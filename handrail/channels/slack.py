"""The `slack` channel: the Events API, mentions and buttons. docs/channels.md says how to switch it on.

Rasa's own Slack connector is not used: it drops requests whose content type names a character set, shows no choices
where there are more than five, answers a message twice when Slack sends it again for any reason but one, and posts with
an argument that apps of today may not use. Most of that stands in one function that cannot be changed in part.
"""

from __future__ import annotations

import json
import logging
import os
import re
from typing import Any
from urllib.parse import parse_qsl

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_sdk.signature import SignatureVerifier

from handrail.channels.credentials import Setting, read
from handrail.channels.guard import OnNewMessage
from handrail.channels.messaging import MessagingInput
from handrail.channels.outgoing import Part, Style
from handrail.channels.slack_api import OFFICIAL, SlackApi
from handrail.channels.slack_blocks import LIMITS, message_fields
from handrail.channels.slack_messages import Address, action_payload, read_action, read_event

logger = logging.getLogger(__name__)

CHANNEL = "slack"
TOKEN = Setting(
    "HANDRAIL_SLACK_TOKEN",
    "the Bot User OAuth Token of the Slack app, which begins with 'xoxb-'",
    re.compile(r"xoxb-[A-Za-z0-9-]{1,200}"),
)
SECRET = Setting("HANDRAIL_SLACK_SECRET", "the Signing Secret of the Slack app, under Basic Information")
API_ADDRESS = "HANDRAIL_SLACK_API"
"""Where the Web API is served, for a workspace of GovSlack: https://slack-gov.com/api."""
WEBHOOK = "/webhook"
OK, FORBIDDEN = 200, 403
FORM = "application/x-www-form-urlencoded"


class SlackInput(MessagingInput):
    """Slack. `credentials.yml` names this class; its secrets are in the environment."""

    style = Style(limits=LIMITS)
    # 40,000 letters, twice in one event, each as an escape of six bytes; and room for the rest.
    body_bytes = 1_000_000

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SlackInput:
        """Return the channel, set up from the environment.

        Raises:
            MissingSetting: a variable is missing or cannot be right.
        """
        token, secret = read(CHANNEL, TOKEN, SECRET)
        return cls(token, secret, os.environ.get(API_ADDRESS) or OFFICIAL)

    def __init__(self, token: str, secret: str, api: str = OFFICIAL, **base: Any) -> None:
        """Set up the channel; nothing is called before someone writes.

        Args:
            token: the app's token for the Web API.
            secret: signs what Slack sends.
            api: where the Web API is served.
            base: what `MessagingInput` takes.
        """
        super().__init__(**base)
        self._api = SlackApi(token, api)
        self._verifier = SignatureVerifier(secret)

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the route that Slack calls, for events and for buttons."""
        routes = self.routes()

        @routes.post(WEBHOOK)
        async def webhook(request: Request) -> HTTPResponse:
            if not self._is_slack(request):
                logger.warning("request.refused channel=%s reason=signature", CHANNEL)
                return response.empty(status=FORBIDDEN)
            if _content_type(request) == FORM:
                received = read_action(action_payload(_form(request.body)))
            else:
                body = _json(request.body)
                if isinstance(body.get("challenge"), str):
                    return response.json({"challenge": body["challenge"]})
                if body.get("type") == "app_rate_limited":
                    logger.error("channel.rate_limited channel=%s", CHANNEL)
                received = read_event(body)
            if received:
                self.take(on_new_message, received)
            return response.empty(status=OK)

        return routes

    async def deliver(self, address: str, part: Part) -> None:
        """Send one message; in a channel into the thread of the message that it answers."""
        goes_to = Address.read(address)
        fields = {"channel": goes_to.channel, **message_fields(part)}
        if goes_to.thread:
            fields["thread_ts"] = goes_to.thread
        await self._api.post(fields)

    async def stopped(self) -> None:
        """Close the connections to Slack."""
        await self._api.close()

    def _is_slack(self, request: Request) -> bool:
        """Say whether Slack signed a request, within the last five minutes: an older one may be a recording."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            return self._verifier.is_valid_request(request.body, headers)
        except (ValueError, TypeError):
            # The signature is not of ASCII letters, the time no number, or the body no text.
            return False


def _content_type(request: Request) -> str:
    return str(request.headers.get("content-type", "")).split(";")[0].strip().lower()


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        return {}


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"null")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
