"""What is forgotten is gone on the live server too, from the menu and by leaving."""

from __future__ import annotations

import json
import time
import uuid

import pytest
from playwright.sync_api import Request, expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.live import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.server]

PATIENCE, PAUSE = 30.0, 1.0
"""Seconds. A chat may send no more than twenty messages in ten."""


@pytest.fixture
def tokens() -> list[str]:
    """The tokens of the page's chat, as they go over the wire."""
    return []


@pytest.fixture
def chat(server_url: str, open_page: OpenPage, tokens: list[str]) -> ChatPage:
    """The page on the live server, in the middle of a talk about methadone."""

    def note(request: Request) -> None:
        if request.url.endswith("/message") and request.post_data:
            tokens.append(json.loads(request.post_data)["token"])

    chat = open_page(server_url)
    chat.page.on("request", note)
    chat.open()
    chat.say("what is methadone")
    expect(chat.bot.filter(has_text="Methadone is a medicine")).to_have_count(1)
    return chat


def knows_the_topic(live_server: LiveServer, token: str) -> bool:
    """Ask for more about what was talked of, with the token of the chat: only who remembers it can say more."""
    # A new id each time: the server repeats its answer to one that it has seen.
    body = {"token": token, "id": uuid.uuid4().hex, "payload": "/tell_more"}
    answer = live_server.send("/webhooks/web/message", json.dumps(body).encode())
    assert answer.status == 200, answer
    return bool(answer.body["messages"][0].get("topic"))


def test_server_remembers_until_it_is_told_to_forget(
    chat: ChatPage, tokens: list[str], live_server: LiveServer
) -> None:
    assert knows_the_topic(live_server, tokens[0])


def test_forgetting_in_the_menu_empties_the_server_s_store(
    chat: ChatPage, tokens: list[str], live_server: LiveServer
) -> None:
    chat.menu()
    chat.button("Forget this chat").click()
    expect(chat.bot.first).to_contain_text("This chat is forgotten, here and on the server")
    assert not knows_the_topic(live_server, tokens[0])


def test_leaving_empties_the_server_s_store(chat: ChatPage, tokens: list[str], live_server: LiveServer) -> None:
    chat.page.route("https://www.bbc.com/**", lambda route: route.fulfill(body="weather", content_type="text/html"))
    chat.page.get_by_role("link", name="Leave this page quickly").first.click()
    chat.page.wait_for_url("https://www.bbc.com/weather")
    # The page is gone before the server has answered: there is nothing on it to wait for. The browser does not always
    # tell of a request that outlives its page either, so the server is asked.
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if not knows_the_topic(live_server, tokens[0]):
            return
        time.sleep(PAUSE)
    pytest.fail("The server still knows the chat after the person left.")
