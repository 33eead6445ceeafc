"""Two tabs, the back button, two hands on the keyboard: chats do not mix, and nothing comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import measures, stub_server
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.states import DESKTOP, PHONE
from tests.browser.stub_server import Stub

pytestmark = pytest.mark.browser


def test_two_tabs_are_two_chats(stub: Stub, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE)
    one, other = ChatPage(context.new_page(), stub.url).open(), ChatPage(context.new_page(), stub.url).open()
    one.say("what is methadone")
    other.say("he is drunk again")
    assert {message["token"] for message in stub.messages()} == {"token-1", "token-2"}
    expect(one.mine).to_have_count(1)
    expect(other.mine).to_have_count(1)
    expect(one.page.get_by_text("drunk again")).to_have_count(0)
    one.menu()
    one.button("Forget this chat").click()
    expect(one.bot.first).to_contain_text("This chat is forgotten")
    expect(other.mine).to_have_count(1)
    other.say("and now")
    assert stub.messages()[-1]["token"] == "token-2"
    context.close()


def test_text_size_and_country_of_one_tab_stay_there(stub: Stub, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE)
    one, other = ChatPage(context.new_page(), stub.url).open(), ChatPage(context.new_page(), stub.url).open()
    height = "field => field.getBoundingClientRect().height"
    before = other.input.evaluate(height)
    one.menu()
    one.page.get_by_label("Largest", exact=True).check()
    assert other.input.evaluate(height) == before
    other.page.reload()
    expect(other.bot.first).to_be_visible()
    assert other.input.evaluate(height) == before
    context.close()


def test_going_back_to_the_page_starts_clean(chat: ChatPage, stub: Stub) -> None:
    chat.say("a secret")
    chat.input.fill("half a secret")
    stub.extra["/next.html"] = (b"<!doctype html><title>Next</title><p>next", "text/html; charset=utf-8")
    chat.page.goto(f"{stub.url}next.html")
    chat.page.go_back()
    expect(chat.bot.first).to_contain_text("What is on your mind?")
    expect(chat.mine).to_have_count(0)
    expect(chat.input).to_have_value("")
    expect(chat.page.get_by_text("a secret")).to_have_count(0)
    chat.say("hello")
    assert stub.messages()[-1]["token"] != stub.messages()[0]["token"]


def test_going_back_and_forth_with_the_bubble_starts_clean(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(f"{stub.url}demo.html", viewport=DESKTOP)
    chat.page.goto(chat.url)
    chat.page.locator("#launcher").click()
    expect(chat.bot.first).to_be_visible()
    chat.say("a secret")
    chat.page.goto(stub.url)
    chat.page.go_back()
    expect(chat.page.locator("#launcher")).to_be_visible()
    expect(chat.page.get_by_text("a secret")).to_have_count(0)
    assert measures.measure(chat.page, measures.STORED) == measures.NOTHING_STORED


def test_two_quick_presses_send_once(chat: ChatPage, stub: Stub) -> None:
    stub.script = [stub_server.slow]
    chat.input.fill("what is methadone")
    # In one task, as no person and no test driver could: nothing is drawn between the two.
    chat.page.locator("#send").evaluate("button => { button.click(); button.click(); }")
    chat.page.locator("#send").dblclick(force=True)
    expect(chat.mine).to_have_count(1)
    stub.go_on.set()
    chat.answered()
    assert [message["text"] for message in stub.messages()] == ["what is methadone"]


def test_two_quick_presses_on_a_choice_send_once(chat: ChatPage, stub: Stub) -> None:
    chat.button("Signs of an overdose").evaluate("button => { button.click(); button.click(); }")
    chat.answered()
    chat.bot.first.get_by_role("button").first.evaluate("button => button.click()")
    expect(chat.mine).to_have_count(1)
    assert len(stub.messages()) == 1


def test_try_again_pressed_twice_sends_once_more_and_with_the_same_id(chat: ChatPage, stub: Stub) -> None:
    stub.script = [stub_server.broken]
    chat.say("what is methadone")
    chat.button("Try again").evaluate("button => { button.click(); button.click(); }")
    chat.answered()
    first, second = stub.messages()
    assert first == second
