"""The Rasa server is killed while it answers: numbers at once, and the chat goes on when it is back."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from handrail.tools.processes import HOST, wait_until_ready
from tests.browser.chat_page import MILLISECONDS, ChatPage
from tests.browser.conftest import OpenPage
from tests.live import SECONDS_AT_MOST, START_SECONDS
from tests.running import Running, descendants, running

pytestmark = [pytest.mark.browser, pytest.mark.server]

SERVER = b"handrail.tools.serve"


@pytest.fixture(scope="module")
def bot(trained_model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("killed")) as started:
        yield started


@pytest.fixture
def chat(bot: Running, open_page: OpenPage) -> ChatPage:
    chat = open_page(f"http://{HOST}:{bot.port}/").open()
    chat.choose_country("US", "Call 911")
    return chat


def rasa_server(bot: Running) -> int:
    """Return the process of the Rasa server that `make run` watches over."""
    for pid in descendants(bot.process.pid):
        if SERVER in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
            return pid
    raise AssertionError("no Rasa server is running")


@pytest.mark.parametrize(
    ("text", "answer"),
    [("what is methadone", "Methadone is a medicine"), ("he is blue and wont wake up", "Naloxone (Narcan)")],
    ids=["question", "emergency"],
)
def test_killed_while_it_answers_the_numbers_are_there_and_the_chat_goes_on(
    text: str, answer: str, bot: Running, chat: ChatPage
) -> None:
    killed = rasa_server(bot)
    os.kill(killed, signal.SIGSTOP)  # it cannot have answered before it is killed
    sent = len(chat.requests)
    chat.type(text)
    chat.until(lambda: len(chat.requests) > sent)
    assert "tel:911" in chat.links(chat.help_bar).values()
    started = time.monotonic()
    os.kill(killed, signal.SIGKILL)
    expect(chat.bot.last).to_contain_text("I could not get an answer just now", timeout=SECONDS_AT_MOST * MILLISECONDS)
    assert time.monotonic() - started < SECONDS_AT_MOST
    assert "tel:911" in chat.links(chat.bot.last).values()
    assert text not in bot.log.read_text(errors="replace")

    assert wait_until_ready(bot.port, bot.process, START_SECONDS)
    assert rasa_server(bot) != killed
    chat.button("Try again").last.click()
    expect(chat.bot.filter(has_text=answer)).to_have_count(1)
    chat.answered()
    # It was said once, and what is written next is answered too.
    expect(chat.mine.filter(has_text=text)).to_have_count(1)
    chat.say("what is naloxone")
    expect(chat.bot.filter(has_text="Naloxone")).not_to_have_count(0)
