"""The faults of Rasa's own Telegram connector, each shown on it, and shown to be absent from ours.

If a test of the stock connector fails one day, the fault is gone there, and so may be a reason for our own.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import patch

import aiohttp
import pytest
from aiogram.bot.api import TelegramAPIServer
from rasa.core.channels.telegram import TelegramInput as StockInput
from rasa.core.channels.telegram import TelegramOutput as StockOutput

from handrail import knowledge
from handrail.helplines import short_help
from tests.channels.fake_telegram import NAME, TOKEN, FakeTelegram
from tests.channels.line_telegram import NOT_TEXT, TelegramLine, telegram_line
from tests.channels.lines import shown
from tests.channels.serving import served
from tests.handrail.channels.stand_ins import Rasa

HELP = short_help(knowledge.helplines().international)
ANSWER: dict[str, Any] = {"text": "IMPORTANT: call 988", "metadata": {"kind": "answer"}}
LONG_BUTTON = {"title": "Signs", "payload": '/show_topic{"topic": "' + "overdose/" + "a" * 60 + '"}'}


class Stock(TelegramLine):
    """Rasa's own connector, over the same fake."""

    def __init__(self, platform: FakeTelegram, address: str) -> None:
        self.platform = platform
        self._address = f"{address}/webhook"
        self._updates = iter(range(7_000, 8_000))

    async def statuses(self, *updates: dict[str, Any]) -> list[int]:
        """Send updates without any secret, as nobody checks one; return the status of each answer."""
        return [await self.post(update, {}) for update in updates]


def on_a_loop_of_its_own(scenario: Callable[[Stock], Any], rasa: Rasa, *, as_installed: bool = False) -> None:
    """Run `scenario` with the stock connector as Rasa makes it: before the server, and outside of its loop.

    Unless `as_installed`, its client is given a session in the server's loop, as a newer aiogram does by itself: then
    the faults show that lie behind the first.
    """
    channel = StockInput(TOKEN, NAME, "https://bot.example.org/webhooks/telegram/webhook")
    platform = FakeTelegram()

    async def run() -> None:
        await platform.start()
        made["output"].server = TelegramAPIServer.from_base(platform.url)
        if not as_installed:
            made["output"]._session = None
            made["output"]._main_loop = asyncio.get_running_loop()
        async with _served(channel, made["output"], rasa) as address:
            await scenario(Stock(platform, address))
        await platform.stop()

    made: dict[str, StockOutput] = {}
    with patch.object(StockOutput, "set_webhook", _opens_its_session):
        made["output"] = channel.get_output_channel()
    asyncio.run(run())


async def _opens_its_session(self: StockOutput, url: str) -> bool:
    """Do what every call of aiogram's does first: open the session that all later calls use."""
    await _session_of(self)
    return True


async def _session_of(output: StockOutput) -> aiohttp.ClientSession:
    get = getattr(output, "get_session", None)
    return await get() if get else output.session


@asynccontextmanager
async def _served(channel: StockInput, output: StockOutput, rasa: Rasa) -> AsyncIterator[str]:
    with patch.object(StockInput, "get_output_channel", lambda _: output):
        async with served(channel, rasa) as address:
            yield address


# -- F8: the session is bound to a loop that is closed ---------------------------------------------------------------


def test_f8_stock_answers_every_update_with_an_error() -> None:
    rasa = Rasa(ANSWER)

    async def scenario(line: Stock) -> None:
        assert await line.statuses(line.message(1, {"text": "help"}), line.message(1, {"text": "help"})) == [500, 500]
        assert line.platform.sent == []

    on_a_loop_of_its_own(scenario, rasa, as_installed=True)
    assert rasa.received == []


def test_f8_ours_is_made_outside_of_the_loop_and_answers() -> None:
    async def scenario() -> None:
        async with telegram_line(Rasa(ANSWER)) as line:
            assert ANSWER["text"] in shown(await line.say("help"))

    asyncio.run(scenario())
    asyncio.run(scenario())


# -- F9: what comes in, and what goes out ----------------------------------------------------------------------------


def test_f9_stock_takes_an_update_from_anyone() -> None:
    rasa = Rasa(ANSWER)

    async def scenario(line: Stock) -> None:
        assert await line.statuses(line.message(1, {"text": "forged"})) == [200]

    on_a_loop_of_its_own(scenario, rasa)
    assert rasa.texts == ["forged"]


async def test_f9_ours_takes_no_update_without_the_secret() -> None:
    rasa = Rasa(ANSWER)
    async with telegram_line(rasa) as line:
        assert set(await line.forge()) == {403}
    assert rasa.received == []


OF_THE_CHAT = (
    {"my_chat_member": {"chat": {"id": 1, "type": "private"}, "new_chat_member": {"status": "member"}}},
    {"channel_post": {"message_id": 1, "chat": {"id": -5, "type": "channel"}, "date": 1, "text": "hello"}},
)


def test_f9_stock_answers_what_is_no_message_with_an_error() -> None:
    async def scenario(line: Stock) -> None:
        updates = ({"update_id": number, **update} for number, update in enumerate(OF_THE_CHAT))
        assert await line.statuses(*updates) == [500, 500]

    on_a_loop_of_its_own(scenario, Rasa(ANSWER))


async def test_f9_ours_takes_what_is_no_message() -> None:
    async with telegram_line(Rasa(ANSWER)) as line:
        for update in OF_THE_CHAT:
            assert await line.update(dict(update)) == []


def test_f9_stock_is_silent_on_what_is_not_text() -> None:
    async def scenario(line: Stock) -> None:
        for content in NOT_TEXT.values():
            if "location" not in content:
                assert await line.statuses(line.message(1, content)) == [200]
        assert line.platform.sent == []

    on_a_loop_of_its_own(scenario, Rasa(ANSWER))


async def test_f9_ours_answers_what_is_not_text() -> None:
    async with telegram_line(Rasa(ANSWER)) as line:
        for content in NOT_TEXT.values():
            assert HELP in shown(await line.update(line.message(1, content)))


def test_f9_stock_leaves_the_pressed_button_turning() -> None:
    async def scenario(line: Stock) -> None:
        assert await line.statuses(line.press(1, "/tell_more")) == [200]
        assert line.platform.called("answerCallbackQuery") == []

    on_a_loop_of_its_own(scenario, Rasa(ANSWER))


async def test_f9_ours_gives_a_receipt_for_the_press() -> None:
    async with telegram_line(Rasa(ANSWER)) as line:
        await line.update(line.press(1, "/tell_more"))
        assert line.platform.called("answerCallbackQuery")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({**ANSWER, "text": f"{ANSWER['text']} {'x ' * 2_500}"}, id="over 4,096 characters"),
        pytest.param({**ANSWER, "buttons": [LONG_BUTTON]}, id="payload over 64 bytes"),
    ],
)
def test_f9_stock_loses_a_message_that_does_not_fit(said: dict[str, Any]) -> None:
    async def scenario(line: Stock) -> None:
        assert await line.statuses(line.message(1, {"text": "help"})) == [500]
        assert line.platform.sent == []

    on_a_loop_of_its_own(scenario, Rasa(said))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({**ANSWER, "text": f"{ANSWER['text']} {'x ' * 2_500}"}, id="over 4,096 characters"),
        pytest.param({**ANSWER, "buttons": [LONG_BUTTON]}, id="payload over 64 bytes"),
    ],
)
async def test_f9_ours_delivers_what_does_not_fit(said: dict[str, Any]) -> None:
    async with telegram_line(Rasa(said)) as line:
        seen = shown(await line.say("help"))
        assert ANSWER["text"] in seen
        assert len(re.findall(r"\bx\b", seen)) == said["text"].count("x ")
        assert line.faults == []


SIX = [{"title": f"Choice {number}", "payload": "/tell_more"} for number in range(6)]


def test_f9_stock_puts_all_buttons_into_one_row() -> None:
    async def scenario(line: Stock) -> None:
        await line.statuses(line.message(1, {"text": "help"}))
        (row,) = line.platform.sent[0]["reply_markup"]["inline_keyboard"]
        assert len(row) == 6

    on_a_loop_of_its_own(scenario, Rasa({**ANSWER, "buttons": SIX}))


async def test_f9_ours_puts_each_button_into_a_row_of_its_own() -> None:
    async with telegram_line(Rasa({**ANSWER, "buttons": SIX})) as line:
        await line.say("help")
        (rows,) = [sent["reply_markup"]["inline_keyboard"] for sent in line.platform.sent if "reply_markup" in sent]
        assert [len(row) for row in rows] == [1] * 6


def test_f9_stock_takes_words_out_of_what_people_write() -> None:
    rasa = Rasa(ANSWER)

    async def scenario(line: Stock) -> None:
        await line.statuses(line.message(1, {"text": "a/bottle of vodka"}))

    on_a_loop_of_its_own(scenario, rasa)
    assert rasa.texts == ["atle of vodka"]


async def test_f9_ours_reads_what_people_write() -> None:
    rasa = Rasa(ANSWER)
    async with telegram_line(rasa) as line:
        await line.say("a/bottle of vodka")
    assert rasa.texts == ["a/bottle of vodka"]


def test_f9_stock_asks_telegram_who_it_is_for_each_update() -> None:
    async def scenario(line: Stock) -> None:
        await line.statuses(*(line.message(1, {"text": "help"}) for _ in range(3)))
        assert len(line.platform.called("getMe")) == 3

    on_a_loop_of_its_own(scenario, Rasa(ANSWER))


async def test_f9_ours_asks_telegram_who_it_is_once() -> None:
    async with telegram_line(Rasa(ANSWER)) as line:
        for _ in range(3):
            await line.say("help")
        assert len(line.platform.called("getMe")) == 1


# -- F10: speaking without having been asked -------------------------------------------------------------------------


async def test_f10_stock_cannot_speak_by_itself_while_the_server_runs() -> None:
    channel = StockInput(TOKEN, NAME, "https://bot.example.org/webhooks/telegram/webhook")
    with pytest.raises(RuntimeError, match="running event loop"):
        channel.get_output_channel()


async def test_f10_ours_can_speak_by_itself_while_the_server_runs() -> None:
    rasa = Rasa(ANSWER)
    async with telegram_line(rasa) as line:
        await line.say("hello")
        output = line.channel.get_output_channel()
        await output.send_response(rasa.received[0].sender_id, {"text": "How are you today?"})
        assert line.platform.sent[-1]["text"] == "How are you today?"
        assert output.name() == "telegram"
