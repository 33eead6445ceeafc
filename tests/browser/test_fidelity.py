"""Not one character is lost: 1,000 odd strings as typed and as answered, and every number of every country."""

from __future__ import annotations

import random
import string
from typing import Any

import pytest
from playwright.sync_api import expect

from handrail.helplines import HelpLines, widget_data
from tests.browser import stub_server
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.states import HOST, answering
from tests.browser.stub_server import Stub

pytestmark = pytest.mark.browser

SEED = 20261122
STRINGS = 1_000
BATCH = 25
MARKS = [
    "*",
    "**",
    "***",
    "_",
    "__",
    "`",
    "```",
    "~",
    "~~",
    "#",
    "## ",
    "- ",
    "+ ",
    "* ",
    "1. ",
    "12. ",
    "> ",
    "[",
    "]",
]
MARKS += [
    "](",
    "[a](b)",
    "![",
    ")",
    "!",
    "|",
    "\\",
    "\\*",
    "<3",
    "<",
    ">",
    "<!--",
    "-->",
    "&",
    "&amp;",
    "&#60;",
    "&lt;",
]
MARKS += [
    "<b>",
    "</b>",
    "<br>",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<a href='tel:1'>",
    "{",
    "}",
]
MARKS += [
    "${x}",
    "{n}",
    "{0}",
    "%s",
    "$&",
    "$1",
    "$$",
    "\\n",
    "\\u0041",
    "$`",
    "javascript:alert(1)",
    "'",
    '"',
    "`${1}`",
]
WORDS = ["word", "a", "I", "mg", "5 mg", "0.5", "911", "988", "call 911", "text 988", "1-800-662-4357", "tel:911", ":)"]
WORDS += [
    "findahelpline.com",
    "https://example.org/?a=b&c=%20#d",
    "a@b.org",
    "/restart",
    "Source: ",
    "Choices: x",
    "3 < 4",
]
SCRIPTS = [
    "سلام",
    "שלום",
    "مرحبا 123",
    "你好",
    "नमस्ते",
    "ñ é ü",
    "e\u0301",
    "ﷺ",
    "İı",
    "ß",
    "ﬁ",
    "日本語",
    "ไทย",
    "한국어",
]
SCRIPTS += [
    "😀",
    "👩‍👧",
    "🏳️‍🌈",
    "👍🏽",
    "🇬🇧",
    "\u200f",
    "\u200e",
    "\u202e",
    "\u2066",
    "\u2069",
    "\u200d",
    "\ufeff",
    "\u00ad",
]
GAPS = [" ", "  ", "   ", "\t", "\u00a0", "\u2003", "\u3000", "\u200b", "…", "–", "—", "“", "”"]
BLANK = f"{string.whitespace}\u00a0\u2003\u3000\ufeff"
"""What a browser counts as blank. Python does not count the byte-order mark."""
PIECES = MARKS + WORDS + SCRIPTS + GAPS

AS_SHOWN = """
messages => messages.map((message) => [...message.querySelectorAll(".bubble p, .bubble li, .exact")]
  .filter((row) => !row.closest(".unseen, details, .choices"))
  .map((row) => {
    let text = "";
    const pieces = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
    for (let piece; (piece = pieces.nextNode()); ) {
      if (piece.parentElement.closest(".unseen")) continue;
      const style = getComputedStyle(piece.parentElement);
      if (!piece.parentElement.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      if (style.textTransform !== "none" || parseFloat(style.fontSize) < 10) continue;
      const kept = ["pre", "pre-wrap", "break-spaces"].includes(style.whiteSpace)
        || ["preserve", "break-spaces"].includes(style.whiteSpaceCollapse);
      text += kept ? piece.data : piece.data.replace(/[ \\t\\n]+/g, " ");
    }
    return text;
  }))
"""
"""The rows of messages as they are drawn: what is hidden is left out, and gaps count only where they are kept."""

HELP_LINES = HelpLines.load()
COUNTRIES = [*sorted(HELP_LINES.countries)]


def odd_strings(count: int) -> list[str]:
    """Return strings out of which something between the keyboard and the screen may make something else."""
    chance = random.Random(SEED)
    found = []
    while len(found) < count:
        text = "".join(chance.choices(PIECES, k=chance.randint(1, 8)))
        if text.strip(BLANK):
            found.append(text)
    return found


def rows(text: str) -> list[str]:
    """Return the rows of a message as they are to be shown: a list's mark becomes a dot, blank rows a gap.

    Gaps around the whole message are not words.
    """
    return [row.removeprefix("- ") for row in text.strip(BLANK).split("\n") if row.strip(BLANK)]


def test_a_thousand_odd_strings_are_shown_as_typed_and_as_answered(chat: ChatPage, stub: Stub) -> None:
    strings = odd_strings(STRINGS)
    assert len(set(strings)) > STRINGS * 0.9
    for start in range(0, STRINGS, BATCH):
        batch = strings[start : start + BATCH]
        # The person types all of them as one message; the bot says each as a message of its own.
        typed = "\n".join(batch)[:1_000]
        before = chat.bot.count()
        stub.script = [answering(*({"text": text, "kind": "answer"} for text in batch))]
        chat.say(typed)
        assert stub.messages()[-1]["text"] == typed
        assert chat.mine.last.evaluate(f"message => ({AS_SHOWN})([message])[0]") == [typed]
        shown = chat.bot.evaluate_all(f"(all, from) => ({AS_SHOWN})(all.slice(from))", before)
        assert len(shown) == BATCH + 1
        for text, lines in zip(batch, shown, strict=False):
            assert lines == rows(text), text
    assert not chat.page.evaluate("window.violations")
    assert not chat.errors


def test_many_rows_in_one_message_keep_their_order_and_their_marks(chat: ChatPage, stub: Stub) -> None:
    text = "First\n- one *star*\n- two _lines_\n\nSecond **bold?**\n1. step\n2. step\n\n\nThird\n> quote\n# not a title"
    stub.script = [stub_server.saying(text)]
    chat.say("hello")
    shown = chat.bot.nth(1).evaluate(f"message => ({AS_SHOWN})([message])[0]")
    assert "\n".join(shown).replace("**", "") == "\n".join(rows(text)).replace("**", "")
    # Numbers of steps are words here, so that they are read aloud and copied with the text.
    assert "1. step" in shown


def test_buttons_titles_and_sources_are_shown_as_they_come(chat: ChatPage, stub: Stub) -> None:
    odd = "<b>*a* & _b_ [c](d) {n} $&  😀 سلام"
    message = {
        "text": "Words.",
        "kind": "answer",
        "title": odd,
        "buttons": [{"title": odd, "payload": "/tell_more"}],
        "sources": [{"organisation": odd, "title": odd, "address": "https://example.org/a?b=c&d", "checked": odd}],
    }
    stub.script = [answering(message)]
    chat.say("hello")
    answer = chat.bot.nth(1)
    assert answer.locator(".choice").first.text_content() == odd
    answer.get_by_text("Where this comes from").click()
    assert (answer.locator("details li").first.text_content() or "").count(odd) >= 2


def plain(text: str) -> str:
    return " ".join(text.split())


def hrefs(place: Any) -> list[str]:
    found: list[str] = place.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return found


WORDS_SHOWN = """
one => {
  const copy = one.cloneNode(true);
  for (const hidden of copy.querySelectorAll(".unseen")) hidden.remove();
  return copy.textContent.replace(/\\s+/g, " ").trim();
}
"""
"""What a place says, without what only screen readers are told."""


def faults_of(country: str, chat: ChatPage) -> list[str]:
    """Return what differs between the help lines on the page and those in the files."""
    data = widget_data(HELP_LINES.of(country))
    emergency = data["emergency"] or {"numbers": [], "text": None}
    wrong = []
    bar = hrefs(chat.help_bar)
    wrong += [f"bar lacks {number}" for number in emergency["numbers"] if number["href"] not in bar]
    # The page's own words, with no server to ask, end with the same short help as the server's.
    said = chat.bot.first.evaluate(WORDS_SHOWN)
    wrong += [f"message lacks {row}" for row in data["short_help"].split("\n") if plain(row) not in said]
    chat.page.get_by_role("button", name="All help lines", exact=True).click()
    panel = chat.page.locator("#lines")
    shown, links = panel.evaluate(WORDS_SHOWN), hrefs(panel)
    for line in data["lines"]:
        texts = [line[part] for part in ("name", "hours", "cost", "serves", "region", "after_call", "not_for")]
        numbers = [number for number in (line["call"], line["text"], line["tty"]) if number]
        texts += [number["display"] for number in numbers] + [(line["text"] or {}).get("keyword")]
        wrong += [f"{line['id']} lacks {text!r}" for text in texts if text and plain(text).rstrip(".") not in shown]
        # A number for text phones is dialed with a device of its own: that it is shown is what counts.
        places = [number["href"] for number in (line["call"], line["text"]) if number] + [line["chat"], line["web"]]
        wrong += [f"{line['id']} lacks the link {place}" for place in places if place and place not in links]
    known = {number["href"] for line in data["lines"] for number in (line["call"], line["text"], line["tty"]) if number}
    known |= {number["href"] for number in [*emergency["numbers"], emergency["text"]] if number}
    dialed = [link for link in [*bar, *links, *hrefs(chat.bot.first)] if link.startswith(("tel:", "sms:"))]
    wrong += [f"{link} is in no file" for link in dialed if link not in known]
    return [f"{country}: {fault}" for fault in wrong]


def test_numbers_shown_without_a_server_are_those_of_the_files(stub: Stub, open_page: OpenPage) -> None:
    """The page carries the help lines in a short form: a wrong digit on the way would be the worst fault there is."""
    chat = open_page(stub.url)
    chat.page.route("**/webhooks/**", lambda route: route.abort())
    wrong = []
    for country in COUNTRIES:
        page = HOST.format(attributes=f'country="{country}"', more="", body="")
        chat.page.goto(stub.host(page))
        expect(chat.bot.first).to_be_visible()
        wrong += faults_of(country, chat)
    assert not wrong, "\n".join(wrong)
