"""Any channel of Rasa's can stand behind the guard: never silent, nothing twice, whatever the platform takes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.core.run import _create_single_channel
from sanic import Blueprint

from handrail.channels import guarded as guarded_module
from handrail.channels.delivery import CAUTIOUS, LIMITS, Limits
from handrail.channels.guarded import Delivery, GuardedInput, guarded
from handrail.channels.sending import WAIT_SECONDS
from handrail.helplines import short_help
from handrail.knowledge import helplines, words
from tests.handrail.channels.stand_ins import ANY_TEXT, Rasa

WORDS = words()
HELP = short_help(helplines().international)
SAID = {"text": "Methadone is a medicine.", "metadata": {"kind": "answer"}}
BUTTONS = [{"title": f"Choice {number}", "payload": "/tell_more"} for number in range(1, 8)]
DANGER = "my nephew isnt breathing"


class Phone(OutputChannel):
    """A platform that notes what it gets, and refuses what it is told to refuse."""

    def __init__(self, refuse: Callable[[dict[str, Any]], bool] = lambda _: False) -> None:
        self.got: list[dict[str, Any]] = []
        self.tried = 0
        self._refuse = refuse

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.tried += 1
        if self._refuse(message):
            raise ConnectionError(message["text"])
        self.got.append(message)

    @property
    def text(self) -> str:
        return "\n".join(message["text"] for message in self.got)


class Platform(InputChannel):
    """A channel of somebody's own."""

    @classmethod
    def name(cls) -> str:
        return "platform"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> Platform:
        made = cls()
        made.credentials = credentials
        return made

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        self.on_new_message = on_new_message
        return Blueprint("platform")


@pytest.fixture
def channel() -> GuardedInput:
    return guarded(Platform).from_credentials({"key": "value"})


def message(text: str | None, phone: Phone, number: object = None) -> UserMessage:
    return UserMessage(text, phone, "a person", input_channel="platform", message_id=number)


async def say(channel: GuardedInput, rasa: Rasa, text: str | None, number: object = None) -> Phone:
    phone = Phone()
    await channel.answer(rasa, message(text, phone, number))
    return phone


async def no_wait(_: float) -> None:
    return None


# -- The channel -----------------------------------------------------------------------------------------------


def test_guarded_channel_is_the_channel_itself_but_for_the_guard(channel: GuardedInput) -> None:
    assert channel.name() == "platform"
    assert channel._inner.credentials == {"key": "value"}
    channel.blueprint(Rasa(SAID))
    assert channel._inner.on_new_message is not None


@pytest.mark.parametrize("name", ["rest", "slack", "telegram", "facebook", "twilio", "mattermost"])
def test_guarded_channel_is_named_in_the_credentials(name: str) -> None:
    assert issubclass(getattr(guarded_module, name), GuardedInput)
    assert getattr(guarded_module, name).name() == name


def test_guarded_channel_is_made_by_rasa_itself() -> None:
    made = _create_single_channel("handrail.channels.guarded.rest", {})
    assert isinstance(made, GuardedInput)
    assert made.url_prefix() == "rest"


def test_guarded_channel_that_is_none_is_refused() -> None:
    with pytest.raises(AttributeError, match="no channel 'carrier_pigeon'"):
        guarded_module.carrier_pigeon  # noqa: B018


async def test_guarded_channel_answers_through_rasa(channel: GuardedInput) -> None:
    phone = await say(channel, Rasa(SAID), "what is methadone")
    assert [message["text"] for message in phone.got] == [SAID["text"], HELP]


@pytest.mark.parametrize("rasa", [Rasa(), Rasa(fails=RuntimeError())], ids=["silent", "fails"])
async def test_guarded_channel_is_never_silent(channel: GuardedInput, rasa: Rasa) -> None:
    assert HELP in (await say(channel, rasa, "what is methadone")).text
    assert "emergency number" in (await say(channel, rasa, DANGER)).text


@pytest.mark.parametrize("text", [None, "", " "])
async def test_guarded_channel_answers_a_message_without_words(channel: GuardedInput, text: str | None) -> None:
    assert HELP in (await say(channel, Rasa(SAID), text)).text


async def test_guarded_channel_answers_a_message_that_comes_again_once(channel: GuardedInput) -> None:
    rasa = Rasa(SAID)
    assert (await say(channel, rasa, "hello", number=7)).got
    assert (await say(channel, rasa, "hello", number=7)).got == []
    assert (await say(channel, rasa, "hello", number=8)).got
    assert len(rasa.received) == 2


@pytest.mark.parametrize(
    "text", ["/restart", "/session_start", '/ask_dose{"subject": "heroin"}', "/emergency_overdose"]
)
async def test_guarded_channel_takes_no_command_from_outside(channel: GuardedInput, text: str) -> None:
    rasa = Rasa(SAID)
    await say(channel, rasa, text)
    assert not rasa.texts[0].startswith("/")


async def test_guarded_channel_slows_down_a_flood_and_still_shows_cards(
    channel: GuardedInput, caplog: pytest.LogCaptureFixture
) -> None:
    rasa = Rasa(SAID)
    said = [await say(channel, rasa, "hello") for _ in range(100)]
    assert [line for line in caplog.messages if "message.refused" in line] == [
        f"message.refused channel={channel.name()} reason=too_many count=1"
    ], "a flood must not fill the log"
    assert len(rasa.received) < len(said)
    assert WORDS.too_many in said[-1].text
    assert HELP in said[-1].text
    assert "Someone will not wake up" in (await say(channel, rasa, DANGER)).text


async def test_guarded_channel_shows_the_card_of_a_text_that_is_too_long(channel: GuardedInput) -> None:
    assert WORDS.too_long in (await say(channel, Rasa(SAID), "x " * 20_000)).text
    assert "Someone will not wake up" in (await say(channel, Rasa(SAID), f"{DANGER}. " + "x " * 20_000)).text


async def test_guarded_channel_understands_the_number_of_a_choice(channel: GuardedInput) -> None:
    rasa = Rasa({**SAID, "buttons": BUTTONS[:2]})
    phone = await say(channel, rasa, "what is methadone")
    assert f"{WORDS.numbered_choices}\n1 Choice 1\n2 Choice 2" in phone.text
    await say(channel, rasa, "2")
    await say(channel, rasa, "choice 1")
    assert rasa.texts == ["what is methadone", "/tell_more", "/tell_more"]


@given(text=ANY_TEXT)
@hypothesis_settings(deadline=None, max_examples=50)
def test_guarded_channel_answers_any_text(text: str) -> None:
    channel = guarded(Platform).from_credentials({})
    rasa = Rasa(fails=ValueError(text))
    assert HELP in asyncio.run(say(channel, rasa, text)).text
    assert not rasa.texts[0].startswith("/")


# -- The delivery ----------------------------------------------------------------------------------------------


def delivery(limits: Limits) -> Delivery:
    return Delivery("platform", limits, "Send a number:", no_wait)


async def test_delivery_sends_buttons_that_fit_with_the_text() -> None:
    phone = Phone()
    assert await delivery(LIMITS["slack"]).send(phone, "x", [{**SAID, "buttons": BUTTONS[:3]}])
    assert phone.got == [{"text": SAID["text"], "buttons": BUTTONS[:3]}]


@pytest.mark.parametrize(
    "buttons",
    [
        pytest.param(BUTTONS, id="too many"),
        pytest.param([{"title": "x" * 80, "payload": "/tell_more"}], id="title too long"),
        pytest.param([{"title": "x", "payload": "/tell_more" + "é" * 1_000}], id="payload too long"),
    ],
)
async def test_delivery_numbers_choices_that_do_not_fit(buttons: list[dict[str, str]]) -> None:
    phone = Phone()
    await delivery(LIMITS["slack"]).send(phone, "x", [{**SAID, "buttons": buttons}])
    assert phone.got[0] == {"text": SAID["text"]}
    assert all(button["title"] in phone.got[1]["text"] for button in buttons)


async def test_delivery_sends_an_emergency_first_and_alone() -> None:
    phone = Phone()
    card = {"text": "Call 911 now.", "buttons": BUTTONS[:2], "metadata": {"kind": "emergency"}}
    await delivery(LIMITS["slack"]).send(phone, "x", [card])
    assert phone.got[0] == {"text": "Call 911 now."}
    assert "Choice 2" in phone.got[1]["text"]


async def test_delivery_sends_the_text_when_the_buttons_are_not_taken() -> None:
    phone = Phone(refuse=lambda message: "buttons" in message)
    assert await delivery(LIMITS["slack"]).send(phone, "x", [{**SAID, "buttons": BUTTONS[:2]}])
    assert phone.got[0]["text"] == SAID["text"]
    assert "1 Choice 1" in phone.got[1]["text"]


async def test_delivery_tries_again_and_goes_on_with_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    phone = Phone(refuse=lambda message: "Methadone" in message["text"])
    assert not await delivery(CAUTIOUS).send(phone, "x", [SAID, {"text": HELP}])
    assert phone.tried == len(WAIT_SECONDS) + 1 + 1
    assert phone.text == HELP
    assert "delivery.failed" in caplog.text
    assert "Methadone" not in caplog.text


async def test_delivery_recovers_when_the_platform_does() -> None:
    failures = iter([True, True])
    phone = Phone(refuse=lambda _: next(failures, False))
    assert await delivery(CAUTIOUS).send(phone, "x", [SAID])
    assert phone.text == SAID["text"]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=3_000).filter(str.strip), max_size=4
    )
)
@hypothesis_settings(deadline=None)
@pytest.mark.parametrize("name", sorted(LIMITS))
def test_delivery_keeps_every_character_within_the_limits(name: str, texts: list[str]) -> None:
    phone = Phone()
    asyncio.run(delivery(LIMITS[name]).send(phone, "x", [{"text": text, "metadata": {}} for text in texts]))
    assert all(len(message["text"]) <= LIMITS[name].text for message in phone.got)
    assert re.sub(r"\s", "", "".join(m["text"] for m in phone.got)) == re.sub(r"\s", "", "".join(texts))
