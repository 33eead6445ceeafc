"""The `sms` and `whatsapp` channels, both through Twilio. docs/channels.md says how to switch them on.

Rasa's own Twilio connector is not used: it takes messages from anyone, sends each button as an SMS with its raw
payload, fails on a message without words, and holds up everyone while it waits for Twilio.
"""

from __future__ import annotations

import logging
import os
import re
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from twilio.request_validator import RequestValidator

from handrail.channels.credentials import PUBLIC, Setting, read
from handrail.channels.delivery import Limits, Message
from handrail.channels.guard import OnNewMessage
from handrail.channels.messaging import MessagingInput, Received
from handrail.channels.outgoing import Part, Style
from handrail.channels.twilio_api import OFFICIAL, Route, TwilioApi
from handrail.channels.twilio_keywords import is_start, is_stop
from handrail.channels.twilio_messages import (
    Form,
    TwilioMessage,
    country_of,
    is_genuine,
    is_receipt,
    read_form,
    read_message,
)
from handrail.channels.twilio_sms import SEGMENTS, joined, room
from handrail.content.sms import GSM_PART, in_gsm
from handrail.emergencies import Finding

logger = logging.getLogger(__name__)

ACCOUNT = Setting(
    "HANDRAIL_TWILIO_ACCOUNT",
    "the Account SID from the Twilio console, 'AC' and 32 letters and digits",
    re.compile(r"AC[0-9a-fA-F]{32}"),
)
TOKEN = Setting("HANDRAIL_TWILIO_TOKEN", "the Auth Token that stands below the Account SID in the Twilio console")
API_ADDRESS = "HANDRAIL_TWILIO_API"
"""Where the API is served, for an account in another of Twilio's regions."""
SIGNATURE_HEADER = "X-Twilio-Signature"
WEBHOOK = "/webhook"
TAKEN, BAD_REQUEST, FORBIDDEN = 204, 400, 403
WHATSAPP_CHARACTERS = 1_500
"""Twilio takes 1,600 (twilio.com/docs/api/errors/21617). The rest is for what it may count as two, such as emoji."""
STOP_USING = '/show_topic{"topic": "recovery/i_want_to_stop"}'
STOPPED = "STOP"


class TwilioInput(MessagingInput):
    """What SMS and WhatsApp have in common: the webhook, its signature, and how a message is sent."""

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TwilioInput:
        """Return the channel, set up from the environment.

        Raises:
            MissingSetting: a variable is missing or cannot be right.
        """
        account, token, address = read(cls.name(), ACCOUNT, TOKEN, PUBLIC)
        return cls(account, token, address, os.environ.get(API_ADDRESS) or OFFICIAL)

    def __init__(self, account: str, token: str, address: str, api: str = OFFICIAL, **base: Any) -> None:
        """Set up the channel; nothing is called before someone writes.

        Args:
            account: the account's SID.
            token: its token, which signs what Twilio sends and opens the API.
            address: the https address at which Twilio reaches this server. The signature covers it, so it is asked for
                and not guessed from what a proxy says.
            api: where the API is served.
            base: what `MessagingInput` takes.
        """
        super().__init__(**base)
        self._account = account
        self._api = TwilioApi(account, token, api)
        self._validator = RequestValidator(token)
        self._webhook = f"{address.rstrip('/')}/webhooks/{self.url_prefix()}{WEBHOOK}"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the route that Twilio calls."""
        routes = self.routes()

        @routes.post(WEBHOOK)
        async def webhook(request: Request) -> HTTPResponse:
            try:
                form = read_form(request.body)
            except ValueError:
                return response.empty(status=BAD_REQUEST)
            if not self._is_twilio(request, form):
                logger.warning("request.refused channel=%s reason=signature", self.name())
                return response.empty(status=FORBIDDEN)
            if is_receipt(form):
                self._note(form)
                return response.empty(status=TAKEN)
            try:
                message = read_message(form)
            except ValueError:
                logger.error("request.not_read channel=%s", self.name())
                return response.empty(status=TAKEN)
            await self._take(on_new_message, request, message)
            return response.empty(status=TAKEN)

        return routes

    async def deliver(self, address: str, part: Part) -> None:
        """Send one message from the number that the person wrote to."""
        await self._api.send(Route.read(address), part.text)

    async def stopped(self) -> None:
        """Close the connections to Twilio."""
        await self._api.close()

    def _is_twilio(self, request: Request, form: Form) -> bool:
        address = f"{self._webhook}?{request.query_string}" if request.query_string else self._webhook
        signature = request.headers.get(SIGNATURE_HEADER)
        return is_genuine(self._validator, address, form, signature) and form.get("AccountSid") == self._account

    async def _take(self, on_new_message: OnNewMessage, request: Request, message: TwilioMessage) -> None:
        if message.keyword == STOPPED:
            # Twilio has answered with the operator's text, and lets nothing through any more.
            await self.forget(request.app, message.sender)
            return
        if not message.can_be_answered:
            logger.warning("message.ignored channel=%s reason=no_one_to_answer", self.name())
            return
        self.take(
            on_new_message,
            Received(
                person=message.sender,
                address=str(Route(message.sender, message.to, message.service)),
                message_id=message.sid,
                text=message.text,
                not_text=message.not_text,
                country=country_of(message.sender),
            ),
        )

    async def _answer(
        self,
        on_new_message: OnNewMessage,
        conversation: str,
        received: Received,
        danger: Finding | None,
        refused: bool,
    ) -> tuple[list[Message], bool]:
        """Answer the words STOP and START here: they are for the phone network, and say nothing to Rasa."""
        if refused or not (is_stop(received.text) or is_start(received.text)):
            return await super()._answer(on_new_message, conversation, received, danger, refused)
        words = self._channel_words.keywords
        if is_start(received.text):
            said: Message = {"text": words.started, "metadata": {"kind": "dialogue"}}
        else:
            said = {
                "text": words.stopped,
                "buttons": [{"title": words.stop_using, "payload": STOP_USING}],
                "metadata": {"kind": "dialogue"},
            }
        return [said, self._help(conversation, received.country)], False

    def _note(self, form: Form) -> None:
        """Log that a message did not arrive; Twilio says so where its operator has set this address for receipts."""
        code = form.get("ErrorCode", "")
        if code:
            logger.error("delivery.not_arrived channel=%s code=%s", self.name(), code if code.isdecimal() else "?")


class SmsInput(TwilioInput):
    """SMS. `credentials.yml` names this class; its secrets are in the environment."""

    style = Style(
        limits=Limits(text=SEGMENTS * GSM_PART),
        write=in_gsm,
        room=room,
        at_once=1,
        joined=joined,
    )

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "sms"


class WhatsAppInput(TwilioInput):
    """WhatsApp, through Twilio. `credentials.yml` names this class; its secrets are in the environment."""

    style = Style(
        limits=Limits(text=WHATSAPP_CHARACTERS),
        joined=lambda text: len(text) <= WHATSAPP_CHARACTERS,
    )

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "whatsapp"
