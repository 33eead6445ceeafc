"""Leaving quickly, and forgetting the chat."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import stub_server
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.stub_server import Stub

pytestmark = pytest.mark.browser

EXIT = "https://www.bbc.com/weather"


@pytest.fixture
def chat(stub: Stub, open_page: OpenPage) -> ChatPage:
    """The page with a chat on it, a clock that stands until it is moved, and a page to leave for."""
    chat = open_page(stub.url)
    chat.page.route("https://www.bbc.com/**", lambda route: route.fulfill(body="weather", content_type="text/html"))
    chat.page.clock.install()
    chat.open()
    chat.say("what is methadone")
    chat.stop_time()
    return chat


def has_left(chat: ChatPage, stub: Stub) -> None:
    chat.page.wait_for_url(EXIT)
    expect(chat.page.get_by_text("weather")).to_be_visible()
    # Sent while the page goes away: the server may get it after the next page is there.
    chat.until(lambda: bool(stub.forgotten()))
    assert stub.forgotten() == ["token-1"]
    chat.page.go_back()
    assert chat.page.url == "about:blank"


def test_button_leaves_and_going_back_does_not_return(chat: ChatPage, stub: Stub) -> None:
    chat.leave.click()
    has_left(chat, stub)


def test_shift_three_times_leaves(chat: ChatPage, stub: Stub) -> None:
    chat.page.keyboard.press("Shift")
    expect(chat.page.locator("#leave-hint")).to_have_text("Press Shift 2 more times to leave.")
    chat.page.keyboard.press("Shift")
    chat.page.keyboard.press("Shift")
    has_left(chat, stub)


def test_leaving_hides_everything_before_the_next_page_is_there(chat: ChatPage) -> None:
    chat.page.unroute_all()
    # "No content" keeps the browser where it is.
    chat.page.route("https://www.bbc.com/**", lambda route: route.fulfill(status=204))
    with chat.page.expect_request(EXIT):
        chat.leave.click()
    expect(chat.page.locator("body > *")).to_have_count(1)
    expect(chat.page.get_by_role("alert")).to_have_text("Loading")
    assert chat.page.title().strip() == ""


def test_shift_in_capitals_or_too_slow_does_not_leave(chat: ChatPage, stub: Stub) -> None:
    chat.input.focus()
    for letter in "HELP":
        chat.page.keyboard.press(f"Shift+{letter}")
    expect(chat.input).to_have_value("HELP")
    for _ in range(2):
        chat.page.keyboard.press("Shift")
    expect(chat.page.locator("#leave-hint")).to_have_text("Press Shift 1 more time to leave.")
    chat.page.clock.fast_forward(6_000)
    expect(chat.page.locator("#leave-hint")).to_be_empty()
    chat.page.keyboard.press("Shift")
    expect(chat.page.locator("#leave-hint")).to_have_text("Press Shift 2 more times to leave.")
    assert chat.page.url == stub.url


def test_forget_clears_the_page_and_the_server_and_keeps_the_numbers(chat: ChatPage, stub: Stub) -> None:
    chat.input.fill("a secret")
    chat.menu()
    chat.button("Forget this chat").click()
    expect(chat.bot.first).to_contain_text("This chat is forgotten")
    expect(chat.bot.nth(1)).to_contain_text("What is on your mind?")
    expect(chat.mine).to_have_count(0)
    expect(chat.input).to_have_value("")
    assert [request.body for request in stub.received if request.method == "DELETE"] == [{"token": "token-1"}]
    expect(chat.help_bar.get_by_role("link", name="Call 911")).to_be_visible()
    chat.say("hello")
    assert stub.messages()[-1]["token"] == "token-2"


def test_forget_says_so_when_the_server_could_not_be_asked(chat: ChatPage) -> None:
    chat.page.route("**/webhooks/web/session", lambda route: route.abort())
    chat.menu()
    chat.button("Forget this chat").click()
    expect(chat.bot.first).to_contain_text("It forgets a chat soon after the last message")
    expect(chat.mine).to_have_count(0)


def test_answer_that_comes_after_forgetting_is_not_shown(chat: ChatPage, stub: Stub) -> None:
    stub.script = [stub_server.slow]
    chat.type("a question")
    expect(chat.waiting).to_be_visible()
    chat.menu()
    chat.button("Forget this chat").click()
    expect(chat.bot.nth(1)).to_contain_text("What is on your mind?")
    stub.go_on.set()
    chat.say("hello")
    expect(chat.mine).to_have_count(1)
    expect(chat.bot.filter(has_text="Methadone is a medicine")).to_have_count(1)
