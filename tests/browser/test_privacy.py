"""Nothing is stored, nothing goes elsewhere, nothing is lost, and the strict policy holds."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import expect

from handrail import widget
from tests.browser import stub_server
from tests.browser.chat_page import ChatPage
from tests.browser.stub_server import Stub

pytestmark = pytest.mark.browser

PIECES = [
    *(
        "*",
        "**",
        "_",
        "__",
        "`",
        "```",
        "~",
        "#",
        "## ",
        "- ",
        "1. ",
        "> ",
        "[",
        "](",
        ")",
        "!",
        "|",
        "\\",
        "<3",
        "< ",
        "&",
    ),
    *(
        "<b>",
        "</b>",
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "&amp;",
        "&#60;",
        "{",
        "}",
        "${x}",
        "%s",
    ),
    *("call 911", "988", "1-800-662-4357", "findahelpline.com", "https://example.org/?a=b&c", "/restart", "Source: "),
    *("سلام", "שלום", "مرحبا 123", "\u200f", "\u202e", "你好", "नमस्ते", "ñ é ü", "e\u0301", "\u00a0", "\t"),
    *("😀", "👩‍👧", "🏳️‍🌈", "👍🏽", "word", "a", " ", "  ", "'", '"', "“”", "…", "–", "?"),
]
SCRIPTS_OF_A_SITE = (
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "eval(",
    "localStorage",
    "sessionStorage",
    "indexedDB",
    "document.cookie",
)


def odd_strings(count: int) -> list[str]:
    """Return strings of pieces that something between the keyboard and the screen may take for markup."""
    chance = random.Random(20261122)
    return ["x" + "".join(chance.choices(PIECES, k=chance.randint(1, 8))) for _ in range(count)]


def test_two_hundred_odd_strings_are_shown_as_typed_and_as_answered(chat: ChatPage, stub: Stub) -> None:
    strings = [
        string[1:] if number % 3 == 0 and string[1:].strip() else string
        for number, string in enumerate(odd_strings(200))
    ]
    for start in range(0, len(strings), 8):
        typed = "\n".join(strings[start : start + 8])
        stub.script = [stub_server.saying(typed)]
        chat.say(typed)
        assert stub.messages()[-1]["text"] == typed
        assert chat.mine.last.locator("p").text_content() == typed
        # The last but one: the help line comes last. What only screen readers hear is not part of the words.
        shown = (
            chat.bot.nth(-2)
            .locator(".bubble")
            .evaluate(
                "bubble => [...bubble.querySelectorAll('p, li')].map(one => [...one.childNodes].map(node =>"
                " node.nodeName === 'A' ? node.querySelector('bdi').textContent : node.textContent).join(''))"
            )
        )
        rows = [row.removeprefix("- ") for row in typed.strip().split("\n") if row.strip()]
        assert shown == rows
    assert not chat.page.evaluate("window.violations")
    assert not chat.errors


def test_a_chat_of_twenty_turns_leaves_nothing_behind(chat: ChatPage, stub: Stub) -> None:
    for number in range(20):
        stub.script = [stub_server.emergency] if number % 5 == 4 else []
        chat.say(f"question {number}")
    chat.menu()
    chat.button("Start again").click()
    chat.answered()
    stored = chat.page.evaluate(
        "async () => [localStorage.length, sessionStorage.length, document.cookie,"
        " (await indexedDB.databases()).length, (await caches.keys()).length]"
    )
    assert stored == [0, 0, "", 0, 0]
    assert not chat.page.context.cookies()
    assert not [url for url in chat.requests if not url.startswith(stub.url)]
    assert not [url for url in chat.requests if "question" in url]
    assert not chat.page.evaluate("window.violations")
    assert not chat.errors


def test_reload_starts_clean(chat: ChatPage) -> None:
    chat.say("a secret")
    chat.input.fill("half a secret")
    chat.page.reload()
    expect(chat.bot.first).to_contain_text("What is on your mind?")
    expect(chat.mine).to_have_count(0)
    expect(chat.input).to_have_value("")


def test_person_is_told_what_is_kept_how_long_and_that_a_reload_starts_anew(chat: ChatPage) -> None:
    chat.page.get_by_text("Privacy, and how to leave safely").click()
    note = chat.page.locator(".about details")
    for words in ("forgets a chat soon after the last message", "load the page again, a new chat starts"):
        expect(note).to_contain_text(words)


@pytest.mark.parametrize("word", SCRIPTS_OF_A_SITE)
def test_script_uses_nothing_that_makes_markup_from_text_or_stores(word: str) -> None:
    assert word not in widget.module()
