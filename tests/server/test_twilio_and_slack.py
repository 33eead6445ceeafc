"""SMS, WhatsApp and Slack in the real server: switched on in the credentials, set up from the environment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from handrail import knowledge
from handrail.content.sms import in_gsm, segments
from handrail.helplines import short_help
from handrail.tools.processes import Process, endpoints_for, free_port, rasa_server_command
from tests.channels import fake_slack, fake_twilio
from tests.channels.fake_slack import FakeSlack
from tests.channels.fake_twilio import ACCOUNT, PUBLIC_URL, WHATSAPP_NUMBER, FakeTwilio
from tests.channels.line_twilio import phone
from tests.live import LiveServer

pytestmark = pytest.mark.server

CREDENTIALS = (
    "handrail.channels.web.WebInput:\n"
    "handrail.channels.twilio.SmsInput:\n"
    "handrail.channels.twilio.WhatsAppInput:\n"
    "handrail.channels.slack.SlackInput:\n"
)
START_SECONDS = 120.0
DANGER = "my friend wont wake up he took pills"
US = in_gsm(short_help(knowledge.helplines().of("US")))
HELP = short_help(knowledge.helplines().international)


class WithMessaging(LiveServer):
    """A live server that answers by SMS, on WhatsApp and on Slack too."""

    def command(self, folder: Path) -> list[str]:
        credentials = folder / "credentials.yml"
        credentials.write_text(CREDENTIALS, encoding="utf-8")
        return [*super().command(folder), "--credentials", str(credentials)]


@dataclass(frozen=True)
class Running:
    """The server and both platforms."""

    server: LiveServer
    twilio: FakeTwilio
    slack: FakeSlack

    async def post(self, channel: str, request: fake_twilio.Webhook | fake_slack.Webhook) -> int:
        """Post a request to a channel's webhook; return the HTTP status."""
        address = f"{self.server.url}/webhooks/{channel}/webhook"
        async with (
            aiohttp.ClientSession() as client,
            client.post(address, data=request.body, headers=request.headers) as reply,
        ):
            return reply.status

    async def text(self, channel: str, form: dict[str, str]) -> int:
        """Let Twilio post a message."""
        return await self.post(channel, self.twilio.webhook(form, f"/webhooks/{channel}/webhook"))


@pytest.fixture
async def running(trained_model: None, tmp_path: Path) -> AsyncIterator[Running]:
    async with FakeTwilio() as twilio, FakeSlack() as slack:
        environment = {
            "HANDRAIL_TWILIO_ACCOUNT": ACCOUNT,
            "HANDRAIL_TWILIO_TOKEN": fake_twilio.TOKEN,
            "HANDRAIL_TWILIO_API": twilio.url,
            "HANDRAIL_PUBLIC_URL": PUBLIC_URL,
            "HANDRAIL_SLACK_TOKEN": fake_slack.TOKEN,
            "HANDRAIL_SLACK_SECRET": fake_slack.SECRET,
            "HANDRAIL_SLACK_API": slack.url,
        }
        server = await asyncio.to_thread(WithMessaging, tmp_path, environment)
        yield Running(server, twilio, slack)
        await asyncio.to_thread(server.stop)


async def test_sms_whatsapp_and_slack_in_the_real_server(running: Running) -> None:
    twilio, slack = running.twilio, running.slack

    # An emergency by SMS, while Twilio fails twice: the card comes first, whole, in two segments.
    twilio.fail([20500, 20429])
    assert await running.text("sms", twilio.parameters(DANGER, phone(1))) == 204
    await twilio.until(lambda: any(US in text for text in twilio.texts_for(phone(1))[1:]))
    card = twilio.texts_for(phone(1))[0]
    assert "Someone will not wake up" in card
    assert "Roll them on their side" in card
    assert segments(card) <= 2

    # WhatsApp, from a number of another country.
    sender = "whatsapp:+447400123456"
    form = twilio.parameters("what is naloxone", sender, WHATSAPP_NUMBER)
    assert await running.text("whatsapp", form) == 204
    british = short_help(knowledge.helplines().of("GB"))
    await twilio.until(lambda: any(british in text for text in twilio.texts_for(sender)))
    assert "naloxone" in "\n".join(twilio.texts_for(sender)).lower()
    answered = len(twilio.texts_for(sender))
    assert await running.text("whatsapp", form) == 204
    assert await running.text("whatsapp", twilio.parameters("and methadone?", sender, WHATSAPP_NUMBER)) == 204
    await twilio.until(lambda: sum(british in text for text in twilio.texts_for(sender)) == 2)
    assert "methadone" in "\n".join(twilio.texts_for(sender)[answered:]).lower()

    # Slack: a question, and a press of one of its buttons.
    assert await running.post("slack", slack.webhook(slack.message("what is naloxone"))) == 200
    await slack.until(lambda: any(HELP in text for text in slack.texts))
    button = next(button for posted in slack.posted for button in posted.buttons)
    assert await running.post("slack", slack.webhook(slack.press(button))) == 200
    await slack.until(lambda: sum(HELP in text for text in slack.texts) == 2)

    # Nobody else gets in, and nothing that was said is in the log.
    forged = twilio.webhook(twilio.parameters("hello", phone(2)), "/webhooks/sms/webhook", token="another")
    assert await running.post("sms", forged) == 403
    assert await running.post("slack", slack.webhook(slack.message("hello"), secret="another")) == 403
    assert twilio.faults == slack.faults == []
    logged = running.server.logged()
    for secret in (fake_twilio.TOKEN, fake_slack.SECRET, fake_slack.TOKEN, "naloxone", "wake up", phone(1)[1:]):
        assert secret not in logged


def test_sms_without_its_token_stops_the_start_and_says_what_to_set(tmp_path: Path) -> None:
    credentials, log = tmp_path / "credentials.yml", tmp_path / "rasa.log"
    credentials.write_text("handrail.channels.twilio.SmsInput:\n", encoding="utf-8")
    command = [
        *rasa_server_command(free_port(), endpoints_for(free_port(), tmp_path)),
        *("--credentials", str(credentials)),
    ]
    with Process(command, log, {"HANDRAIL_TWILIO_ACCOUNT": ACCOUNT, "HANDRAIL_PUBLIC_URL": PUBLIC_URL}) as server:
        assert server._process.wait(START_SECONDS) == 1
    said = log.read_text(encoding="utf-8")
    assert "HANDRAIL_TWILIO_TOKEN is missing: set it to the Auth Token" in said
    assert "Traceback" not in said
    assert ACCOUNT not in said
