"""The ground of all messaging channels, on a channel that stands for any."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from handrail import knowledge
from handrail.channels.delivery import Limits
from handrail.channels.guard import Guard
from handrail.channels.limits import BURST, AddressLimit
from handrail.channels.messaging import MESSAGES_PER_SECOND, MessagingInput, Received
from handrail.channels.outgoing import Part, Style
from handrail.channels.sending import Refused
from handrail.helplines import short_help
from tests.handrail.channels.stand_ins import Clock, Rasa

WORDS, CHANNEL_WORDS = knowledge.words(), knowledge.channel_words()
ANSWER: dict[str, Any] = {"text": "Methadone is a medicine.", "metadata": {"kind": "answer"}}
LONG = {"text": " ".join(f"Sentence {number}." for number in range(100)), "metadata": {"kind": "answer"}}
BUTTONS = [{"title": "Tell me more", "payload": "/tell_more"}]
DANGER = "my nephew isnt breathing"


def help_in(country: str | None = None) -> str:
    return short_help(knowledge.helplines().of(country))


async def no_wait(_: float) -> None:
    return None


class Pager(MessagingInput):
    """A channel of short messages, without buttons."""

    style = Style(Limits(text=400), at_once=1)

    def __init__(self, **base: Any) -> None:
        super().__init__(sleep=no_wait, **base)
        self.sent: list[tuple[str, str]] = []
        self.gone = False

    @classmethod
    def name(cls) -> str:
        return "pager"

    async def deliver(self, address: str, part: Part) -> None:
        if self.gone:
            raise Refused("gone", gone=True)
        self.sent.append((address, part.text))

    async def get(self, rasa: Any, text: str, **more: Any) -> str:
        """Take a message, and return all that is said to it."""
        before = len(self.sent)
        self.take(rasa, Received(**{"person": "ada", "address": "to ada", "message_id": None, "text": text, **more}))
        await self.finish()
        return "\n".join(text for _, text in self.sent[before:])


@pytest.fixture
def pager() -> Pager:
    return Pager()


async def test_messaging_answers_where_the_message_says(pager: Pager) -> None:
    await pager.get(Rasa(ANSWER), "what is methadone", address="somewhere else")
    assert {address for address, _ in pager.sent} == {"somewhere else"}


async def test_messaging_uses_the_country_that_the_channel_knows(pager: Pager) -> None:
    assert help_in("GB") in await pager.get(Rasa(ANSWER), "what is methadone", country="GB")


async def test_messaging_answers_though_the_guard_itself_fails(
    pager: Pager, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("what somebody wrote")

    monkeypatch.setattr(Guard, "answer", fails)
    said = await pager.get(Rasa(ANSWER), "what is methadone")
    assert WORDS.safe_reply in said
    assert help_in() in said
    assert "Someone will not wake up" in await pager.get(Rasa(ANSWER), DANGER)
    assert "somebody" not in caplog.text


async def test_messaging_more_gives_the_rest_with_help_each_time(pager: Pager) -> None:
    rasa = Rasa({**LONG, "buttons": BUTTONS})
    said = await pager.get(rasa, "what is methadone")
    whole = [said]
    while "1 More" in whole[-1]:
        whole.append(await pager.get(rasa, "1"))
        assert help_in() in whole[-1]
    assert len(whole) > 2
    for number in range(100):
        assert sum(f"Sentence {number}." in one for one in whole) == 1
    assert f"{WORDS.numbered_choices}\n1 Tell me more" in whole[-1]
    assert len(rasa.received) == 1
    await pager.get(rasa, "1")
    assert rasa.texts[-1] == "/tell_more"


async def test_messaging_more_means_nothing_when_nothing_is_left(pager: Pager) -> None:
    rasa = Rasa(ANSWER)
    await pager.get(rasa, "1")
    await pager.get(rasa, "more")
    assert rasa.texts == ["1", "more"]


async def test_messaging_a_button_of_long_ago_is_answered_kindly(pager: Pager) -> None:
    said = await pager.get(Rasa(ANSWER), "/more_of_this", payload=True)
    assert WORDS.bad_request in said
    assert help_in() in said


async def test_messaging_the_first_danger_comes_before_the_notice(pager: Pager) -> None:
    channel_words = CHANNEL_WORDS.copy(update={"notices": {"pager": "The pager company keeps this."}})
    own = Pager(channel_words=channel_words)
    said = await own.get(Rasa(), DANGER)
    assert said.index("Someone will not wake up") < said.index("The pager company keeps this.")
    assert "The pager company" not in await own.get(Rasa(), "hello")


async def test_messaging_sends_help_alone(pager: Pager) -> None:
    await pager.send_help(Received("ada", "to ada", "1", country="US"))
    assert pager.sent == [("to ada", help_in("US"))]


async def test_messaging_speaks_by_itself_only_to_who_wrote(pager: Pager, caplog: pytest.LogCaptureFixture) -> None:
    output = pager.get_output_channel()
    await output.send_response("nobody", {"text": "Hello"})
    assert pager.sent == []
    assert "delivery.nobody channel=pager" in caplog.text
    await pager.get(Rasa(ANSWER), "what is methadone")
    await output.send_response(pager.conversation("ada"), {"text": "Hello", "quick_replies": BUTTONS})
    assert [text for _, text in pager.sent[-2:]] == ["Hello", f"{WORDS.numbered_choices}\n1 Tell me more"]


async def test_messaging_forgets_who_cannot_be_reached(pager: Pager) -> None:
    pager.gone = True
    await pager.get(Rasa(ANSWER), "what is methadone")
    assert len(pager._people) == 0


async def test_messaging_a_flood_gets_one_line_and_each_kind_of_danger_one_card(pager: Pager) -> None:
    rasa, clock = Rasa(ANSWER), Clock()
    pager._pace = AddressLimit(MESSAGES_PER_SECOND, clock)
    allowed = int(MESSAGES_PER_SECOND * BURST)
    said = [await pager.get(rasa, "hello") for _ in range(allowed)]
    assert all(said)
    for text in ("hello", "hello", DANGER, DANGER):
        said.append(await pager.get(rasa, text))
    assert WORDS.too_many in said[-4]
    assert said[-3] == ""
    assert "Someone will not wake up" in said[-2]
    assert said[-1] == ""


async def test_messaging_what_came_before_the_end_is_still_answered(pager: Pager) -> None:
    release = asyncio.Event()
    pager.take(Rasa(ANSWER, release=release), Received("ada", "to ada", "1", text="what is methadone"))
    ending = asyncio.ensure_future(pager.finish(30))
    release.set()
    await ending
    assert any("Methadone" in text for _, text in pager.sent)
