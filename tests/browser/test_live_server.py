"""The page on the live server: the whole way from the keyboard to the topic and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.live import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture
def live_chat(server_url: str, open_page: OpenPage) -> ChatPage:
    """The page on the live server, with the help lines of the US."""
    chat = open_page(server_url).open()
    chat.choose_country("US", "Call 911")
    return chat


def test_question_gets_its_answer_its_source_and_the_help_line(live_chat: ChatPage, server_url: str) -> None:
    live_chat.say("what is methadone")
    answer = live_chat.bot.filter(has_text="Methadone is a medicine")
    expect(answer).to_have_count(1)
    answer.get_by_text("Where this comes from").click()
    assert [address for address in live_chat.links(answer).values() if address.startswith("https://")]
    assert "Source:" not in answer.inner_text()
    expect(live_chat.bot.last).to_contain_text("Someone in danger now?")
    assert "tel:911" in live_chat.links(live_chat.bot.last).values()
    assert not live_chat.errors
    assert not live_chat.page.evaluate("window.violations")
    assert not [url for url in live_chat.requests if not url.startswith(server_url)]
    assert not live_chat.page.context.cookies()


def test_emergency_shows_its_card(live_chat: ChatPage) -> None:
    live_chat.say("my son won't wake up and his lips are blue")
    card = live_chat.page.get_by_role("alert")
    expect(card).to_contain_text("Naloxone (Narcan)")
    assert "tel:911" in live_chat.links(card).values()


def test_forgetting_starts_a_new_chat(live_chat: ChatPage) -> None:
    live_chat.say("what is methadone")
    live_chat.menu()
    live_chat.button("Forget this chat").click()
    expect(live_chat.bot.first).to_contain_text("This chat is forgotten, here and on the server")
    expect(live_chat.help_bar.get_by_role("link", name="Call 911")).to_be_visible()


@pytest.mark.parametrize("text", ["what is methadone", "my son won't wake up and his lips are blue"])
def test_without_actions_every_message_still_gets_the_numbers(
    text: str, live_chat: ChatPage, without_actions: LiveServer
) -> None:
    live_chat.say(text)
    expect(live_chat.bot.last).to_contain_text("Someone in danger now? Call 911.")
    assert "tel:911" in live_chat.links(live_chat.bot.last).values()
