"""A reply that does not come, or comes broken: kind words, the numbers, and a way to try again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import stub_server
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.stub_server import Stub

pytestmark = pytest.mark.browser

LOST = [stub_server.empty, stub_server.broken, stub_server.not_json, stub_server.cut_off]


def expect_local_words(chat: ChatPage, stub: Stub) -> None:
    """The page's own words, with the numbers that it knew before."""
    expect(chat.bot.last).to_contain_text("I could not get an answer just now")
    for row in stub.help_line()["text"].split("\n"):
        expect(chat.bot.last).to_contain_text(row)


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault.__name__)
def test_lost_reply_shows_local_words_and_try_again_resends_the_same_id(
    fault: Callable[[Stub, dict[str, Any]], Any], chat: ChatPage, stub: Stub
) -> None:
    stub.script = [fault]
    chat.say("what is methadone")
    expect_local_words(chat, stub)
    chat.button("Try again").click()
    expect(chat.bot.filter(has_text="Methadone is a medicine")).to_have_count(1)
    first, second = stub.messages()
    assert first == second
    expect(chat.mine).to_have_count(1)
    expect(chat.button("Try again")).to_have_attribute("aria-disabled", "true")


def test_slow_reply_says_that_the_numbers_work(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url)
    chat.page.clock.install()
    chat.open()
    chat.stop_time()
    stub.script = [stub_server.slow]
    chat.type("what is methadone")
    expect(chat.waiting).to_be_visible()
    expect(chat.waiting).not_to_contain_text("Still working")
    chat.page.clock.fast_forward(3_000)
    expect(chat.waiting).to_contain_text("Still working. The numbers above work right now.")
    stub.go_on.set()
    expect(chat.bot.nth(1)).to_contain_text("Methadone is a medicine")
    chat.answered()


def test_reply_that_never_comes_is_given_up(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url)
    chat.page.clock.install()
    chat.open()
    stub.script = [stub_server.slow]
    chat.type("what is methadone")
    expect(chat.waiting).to_be_visible()
    chat.page.clock.fast_forward(12_000)
    chat.answered()
    expect_local_words(chat, stub)
    expect(chat.button("Try again")).to_be_visible()


def test_server_s_own_apology_is_shown_and_can_be_tried_again_as_a_new_message(chat: ChatPage, stub: Stub) -> None:
    stub.script = [stub_server.guarded]
    chat.say("what is methadone")
    expect(chat.bot.last).to_contain_text("I am sorry.")
    chat.button("Try again").click()
    expect(chat.bot.filter(has_text="Methadone is a medicine")).to_have_count(1)
    first, second = stub.messages()
    assert first["id"] != second["id"]
    assert first["text"] == second["text"]


def test_ended_session_is_renewed_and_the_message_sent_again(chat: ChatPage, stub: Stub) -> None:
    stub.script = [stub_server.ended]
    chat.say("what is methadone")
    expect(chat.bot.nth(1)).to_contain_text("Methadone is a medicine")
    first, second = stub.messages()
    assert (first["token"], second["token"]) == ("token-1", "token-2")
    assert first["id"] == second["id"]
    opened = [request.body for request in stub.received if request.path.endswith("/session")]
    assert opened[-1] == {"country": "US"}
    expect(chat.page.get_by_text("This chat has ended")).to_have_count(0)


def test_session_that_cannot_be_renewed_ends_with_words(chat: ChatPage, stub: Stub) -> None:
    stub.script = [stub_server.ended, stub_server.ended]
    chat.say("what is methadone")
    expect(chat.bot.last).to_contain_text("This chat has ended")
    assert len(stub.messages()) == 2


def test_session_that_could_not_be_opened_is_opened_with_the_first_message(stub: Stub, open_page: OpenPage) -> None:
    stub.session = stub_server.broken
    chat = open_page(stub.url).open()
    expect(chat.bot.first).to_contain_text("I cannot reach my server")
    stub.session = None
    chat.say("what is methadone")
    expect(chat.bot.nth(1)).to_contain_text("Methadone is a medicine")
    expect(chat.help_bar.get_by_role("link", name="Call 911")).to_be_visible()


def test_message_written_while_the_session_opens_waits_for_it(stub: Stub, open_page: OpenPage) -> None:
    def late(stub: Stub, body: dict[str, Any]) -> Any:
        stub.go_on.wait(60)
        return stub_server.open_session(stub, body)

    stub.session = late
    chat = open_page(stub.url)
    chat.page.goto(stub.url)
    chat.type("what is methadone")
    expect(chat.waiting).to_be_visible()
    stub.go_on.set()
    expect(chat.bot.filter(has_text="Methadone is a medicine")).to_have_count(1)
    assert stub.sessions == 1
    assert len(stub.messages()) == 1


def test_nothing_is_sent_twice(chat: ChatPage, stub: Stub) -> None:
    stub.script = [stub_server.slow]
    chat.type("what is methadone")
    expect(chat.page.get_by_role("button", name="Send")).to_have_attribute("aria-disabled", "true")
    chat.type("and another")
    chat.page.get_by_role("button", name="Send").click(force=True)
    chat.button("Finding treatment").click()
    expect(chat.input).to_have_value("and another")
    stub.go_on.set()
    chat.answered()
    assert [message["text"] for message in stub.messages()] == ["what is methadone"]
    chat.input.press("Enter")
    expect(chat.mine).to_have_count(2)
    chat.answered()
    assert len({message["id"] for message in stub.messages()}) == 2
