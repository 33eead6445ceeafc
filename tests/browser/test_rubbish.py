"""A server that dies, dawdles, or answers nonsense: words, numbers and a way on, at every turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import stub_server
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.states import BY_NAME, ODD, RUBBISH, answering, raw, staged
from tests.browser.stub_server import Stub

pytestmark = pytest.mark.browser


def expect_help(chat: ChatPage, stub: Stub) -> None:
    """The newest message is the page's own, and carries the numbers of the country."""
    expect(chat.bot.last).to_contain_text("I could not get an answer just now")
    for row in stub.help_line()["text"].split("\n"):
        expect(chat.bot.last).to_contain_text(row)
    assert "tel:911" in chat.links(chat.bot.last).values()
    expect(chat.help_bar.get_by_role("link", name="Call 911")).to_be_visible()
    expect(chat.button("Try again")).to_be_visible()


def test_every_kind_of_rubbish_gets_words_numbers_and_a_second_try(chat: ChatPage, stub: Stub) -> None:
    for status in (200, 502):
        for body in RUBBISH:
            stub.script = [raw(body, status)]
            chat.say("hello")
            expect_help(chat, stub)
    chat.button("Try again").click()
    expect(chat.bot.filter(has_text="Methadone is a medicine")).to_have_count(1)
    assert not [error for error in chat.errors if "Failed to load resource" not in error]


@pytest.mark.parametrize("message", ODD, ids=lambda message: message["text"])
def test_words_of_a_message_are_shown_whatever_else_is_wrong_with_it(
    message: dict[str, Any], chat: ChatPage, stub: Stub
) -> None:
    stub.script = [answering(message)]
    chat.say("hello")
    expect(chat.bot.filter(has_text=message["text"])).to_have_count(1)
    expect(chat.bot.last).to_contain_text("Someone in danger now?")
    shown = chat.bot.nth(1).inner_text()
    for slip in ("undefined", "null", "NaN", "[object"):
        assert slip not in shown
    assert not chat.errors


def test_quick_replies_and_custom_cards_of_other_channels_are_shown(chat: ChatPage, stub: Stub) -> None:
    """The three shapes in which Rasa's channels send choices and cards."""
    choice = [{"title": "Tell me more", "payload": "/tell_more"}]
    stub.script = [answering({"text": "Quick.", "quick_replies": choice})]
    chat.say("hello")
    chat.button("Tell me more").click()
    chat.answered()
    assert stub.messages()[-1]["payload"] == "/tell_more"


@pytest.mark.parametrize("help_data", [None, 5, [], {}, {"danger": 1, "short_help": 2, "lines": 3}, {"lines": [None]}])
def test_broken_help_data_never_takes_the_numbers_away(help_data: Any, chat: ChatPage, stub: Stub) -> None:
    before = chat.links(chat.help_bar)
    stub.script = [lambda stub, _: (200, stub.body([{"text": "Words.", "kind": "answer"}], help=help_data))]
    chat.say("hello")
    assert chat.links(chat.help_bar) == before
    expect(chat.bot.filter(has_text="Words.").or_(chat.bot.filter(has_text="could not get")).first).to_be_visible()


def test_server_killed_in_the_middle_of_a_chat(browser: Browser) -> None:
    with staged(BY_NAME["answer"], browser) as scene:
        before = scene.chat.links(scene.chat.help_bar)
        scene.kill()
        scene.chat.say("are you there")
        expect_help(scene.chat, scene.stub)
        assert scene.chat.links(scene.chat.help_bar) == before
        # What was said before is still there to be read.
        expect(scene.chat.bot.filter(has_text="Methadone is a medicine")).to_have_count(1)
        scene.panel("Overdose: what to do")
        expect(scene.chat.page.locator("#overdose")).to_contain_text("911")


def test_no_network_at_all_from_the_second_minute_on(browser: Browser) -> None:
    with staged(BY_NAME["answer"], browser) as scene:
        scene.chat.page.context.set_offline(True)
        scene.chat.say("are you there")
        expect_help(scene.chat, scene.stub)
        scene.panel("All help lines")
        expect(scene.chat.page.locator("#lines")).to_contain_text("988")
        scene.chat.page.keyboard.press("Escape")
        scene.chat.page.context.set_offline(False)
        scene.chat.button("Try again").click()
        expect(scene.chat.bot.filter(has_text="Methadone is a medicine")).to_have_count(2)
        # The message was not said twice.
        expect(scene.chat.mine).to_have_count(2)


def test_overdose_card_opens_with_one_press_offline_and_is_numbered(browser: Browser) -> None:
    with staged(BY_NAME["overdose_offline"], browser) as scene:
        card = scene.chat.page.locator("#overdose")
        expect(card).to_be_visible()
        steps = card.locator("ol > li")
        assert steps.count() >= 3
        assert "tel:911" in scene.chat.links(card).values()
        # Readable at arm's length: at least a quarter larger than the text of answers.
        size = "one => parseFloat(getComputedStyle(one).fontSize)"
        assert steps.first.evaluate(size) >= 1.25 * scene.chat.bot.first.locator("p").first.evaluate(size)
        assert not [request for request in scene.stub.received if request.path.endswith("/message")]


def test_slow_answer_is_shown_when_it_comes_and_the_person_was_told(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url)
    chat.page.clock.install()
    chat.open()
    chat.stop_time()
    stub.script = [stub_server.slow]
    chat.type("what is methadone")
    chat.page.clock.fast_forward(1_500)
    expect(chat.waiting).to_be_visible()
    chat.page.clock.fast_forward(2_000)
    expect(chat.waiting).to_contain_text("Still working")
    # The person may use everything else meanwhile.
    chat.page.get_by_role("button", name="Overdose: what to do", exact=True).click()
    expect(chat.page.locator("#overdose")).to_be_visible()
    chat.page.keyboard.press("Escape")
    stub.go_on.set()
    expect(chat.bot.filter(has_text="Methadone is a medicine")).to_have_count(1)


def test_answer_that_comes_after_giving_up_is_not_shown_twice(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url)
    chat.page.clock.install()
    chat.open()
    stub.script = [stub_server.slow]
    chat.type("what is methadone")
    expect(chat.waiting).to_be_visible()
    chat.page.clock.fast_forward(12_500)
    chat.answered()
    expect_help(chat, stub)
    chat.button("Try again").click()
    stub.go_on.set()
    expect(chat.bot.filter(has_text="Methadone is a medicine")).to_have_count(1)
    first, second = stub.messages()
    assert first["id"] == second["id"]


@pytest.mark.parametrize("session", [stub_server.empty, stub_server.broken, stub_server.not_json, stub_server.cut_off])
def test_session_that_cannot_be_opened_shows_the_numbers_of_the_country(
    session: Callable[[Stub, dict[str, Any]], Any], stub: Stub, open_page: OpenPage
) -> None:
    stub.session = session
    stub.extra["/host.html"] = (
        b'<!doctype html><html lang="en"><title>Site</title><link rel="icon" href="#">'
        b'<script type="module" src="handrail-chat.js"></script><handrail-chat country="US"></handrail-chat>',
        "text/html; charset=utf-8",
    )
    chat = open_page(f"{stub.url}host.html").open()
    expect(chat.bot.first).to_contain_text("988")
    stub.session = None
    chat.say("what is methadone")
    expect(chat.bot.filter(has_text="Methadone is a medicine")).to_have_count(1)
