"""Everything with the keyboard alone: the order of the page, each way in and out, and a focus that can be seen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import measures, stub_server
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.states import BY_NAME, DESKTOP, NARROW, SIDEWAYS, STATES, ZOOMED, visited
from tests.browser.states import staged as stage
from tests.browser.stub_server import Stub

pytestmark = pytest.mark.browser

EXIT = "https://www.bbc.com/weather"
MOST_STEPS = 150
ON_THE_HOST = "!['body', 'handrail-chat'].includes(document.activeElement.localName)"
"""Whether the focus is on something of the page around the chat."""
RING = 2
"""Pixels. WCAG 2.2 (2.4.13) asks for a ring of two."""


def focus(page: Page) -> dict[str, Any] | None:
    """Return what has the focus, or None when nothing has."""
    found: dict[str, Any] | None = measures.measure(page, measures.FOCUS)
    return found


def name(page: Page) -> str:
    found = focus(page)
    return str(found["name"]) if found else ""


def go_to(page: Page, wanted: str, key: str = "Tab") -> None:
    """Press Tab until something with this name has the focus."""
    seen = []
    for _ in range(MOST_STEPS):
        page.keyboard.press(key)
        seen.append(name(page))
        if wanted in seen[-1]:
            return
    pytest.fail(f"{wanted!r} cannot be reached with {key}: {seen}")


def walk(page: Page) -> list[dict[str, Any]]:
    """Press Tab through the whole page once; returns each stop."""
    found: list[dict[str, Any]] = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        stop = focus(page)
        if stop is None:
            # Past the last stop lies the browser itself, then the first one again.
            continue
        if len(found) > 1 and stop["what"] == found[0]["what"] and stop["name"] == found[0]["name"]:
            return found
        found.append(stop)
    pytest.fail("The focus goes round without an end.")


def lead_out(chat: ChatPage) -> None:
    chat.page.route("https://www.bbc.com/**", lambda route: route.fulfill(body="weather", content_type="text/html"))


def test_order_of_the_page_is_help_leaving_chat_choices_field_menu(chat: ChatPage) -> None:
    stops = [stop["name"] for stop in walk(chat.page)]
    welcome = chat.bot.first.get_by_role("button").all_inner_texts()

    def at(words: str) -> int:
        return next(place for place, stop in enumerate(stops) if stop.startswith(words))

    # Help first, then the way out, then the talk (WCAG 3.2.6 and 2.4.3).
    assert stops[0].startswith("Call 911")
    order = [
        "Call 911",
        "Overdose: what to do",
        "Leave this page quickly",
        welcome[0],
        welcome[-1],
        "Your message",
        "Send",
    ]
    places = [at(words) for words in order]
    assert places == sorted(places), stops
    assert at("Leave this page quickly") < at("Chat") < at(welcome[0])
    assert at("Menu") > at("Send")


@pytest.mark.parametrize(
    "state", ["answer", "emergency", "menu", "keep", "overdose_offline", "help_lines", "bubble_open"]
)
def test_every_stop_can_be_seen_and_is_named(state: str, browser: Browser) -> None:
    with stage(BY_NAME[state], browser) as scene:
        stops = [stop for stop in walk(scene.chat.page) if stop["ours"]]
        assert len(stops) > 5
        for stop in stops:
            assert stop["name"] or stop["tag"] in ("textarea", "select", "input"), stop
            assert stop["seen"], stop
            assert stop["ring"] >= RING, stop
            assert stop["contrast"] >= measures.SHAPE_CONTRAST, stop


@pytest.mark.parametrize("window", [NARROW, ZOOMED, SIDEWAYS], ids=["narrow", "zoomed", "sideways"])
def test_bar_does_not_cover_what_has_the_focus(window: dict[str, int], stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url, viewport=window, reduced_motion="reduce").open()
    chat.say("what is methadone")
    for key in ("Tab", "Shift+Tab"):
        for _ in range(40):
            chat.page.keyboard.press(key)
            stop = focus(chat.page)
            assert stop is None or stop["seen"], (key, stop)


@pytest.mark.parametrize("state", [state.name for state in STATES])
def test_nothing_jumps_the_queue(state: str, browser: Browser) -> None:
    assert not visited(state, browser).tab_indexes


def test_question_answer_choice_sources_and_forgetting_without_a_mouse(chat: ChatPage, stub: Stub) -> None:
    page = chat.page
    go_to(page, "Your message")
    page.keyboard.type("what is methadone")
    page.keyboard.press("Enter")
    expect(chat.bot.nth(1)).to_contain_text("Methadone is a medicine")
    chat.answered()
    # The focus stayed in the field: the answer lies before it.
    assert name(page) == "Your message"
    go_to(page, "Where this comes from", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Example Medicines Agency")).to_be_visible()
    go_to(page, "Finding treatment")
    page.keyboard.press("Space")
    expect(chat.mine.last).to_contain_text("Finding treatment")
    chat.answered()
    assert stub.messages()[-1]["payload"].startswith("/show_topic")
    go_to(page, "Menu")
    page.keyboard.press("Enter")
    go_to(page, "Forget this chat")
    page.keyboard.press("Enter")
    expect(chat.bot.first).to_contain_text("This chat is forgotten")
    expect(chat.mine).to_have_count(0)
    assert [request.method for request in stub.received].count("DELETE") == 1


@pytest.mark.parametrize(
    ("opener", "panel"), [("Overdose: what to do", "#overdose"), ("Menu", "#menu"), ("All help lines", "#lines")]
)
def test_panel_takes_the_focus_and_escape_gives_it_back(opener: str, panel: str, chat: ChatPage) -> None:
    page = chat.page
    go_to(page, opener)
    page.keyboard.press("Enter")
    expect(page.locator(panel)).to_be_visible()
    inside = page.locator(panel).evaluate("panel => panel.contains(panel.getRootNode().activeElement)")
    assert inside
    page.keyboard.press("Escape")
    expect(page.locator(panel)).to_be_hidden()
    assert name(page).startswith(opener)
    page.keyboard.press("Enter")
    expect(page.locator(panel)).to_be_visible()
    go_to(page, "Close")
    page.keyboard.press("Enter")
    expect(page.locator(panel)).to_be_hidden()
    assert name(page).startswith(opener)


def test_help_bar_can_be_reached_while_a_panel_is_open(chat: ChatPage) -> None:
    go_to(chat.page, "Overdose: what to do")
    chat.page.keyboard.press("Enter")
    expect(chat.page.locator("#overdose")).to_be_visible()
    stops = [stop["name"] for stop in walk(chat.page)]
    assert [stop for stop in stops if stop.startswith("Call 911")]
    assert [stop for stop in stops if stop.startswith("Leave this page quickly")]
    # What the panel covers cannot be reached by accident.
    assert "Your message" not in stops
    assert "Send" not in stops


def test_bubble_opens_talks_and_closes_without_a_mouse(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(f"{stub.url}demo.html", viewport=DESKTOP)
    page = chat.page
    page.goto(chat.url)
    expect(page.locator("#launcher")).to_be_visible()
    assert not stub.received
    launcher = page.locator("#launcher").inner_text().strip()
    go_to(page, launcher)
    page.keyboard.press("Enter")
    expect(chat.bot.first).to_be_visible()
    assert page.locator("handrail-chat").evaluate("chat => Boolean(chat.shadowRoot.activeElement)")
    go_to(page, "Your message")
    page.keyboard.type("what is methadone")
    page.keyboard.press("Enter")
    expect(chat.bot.nth(1)).to_contain_text("Methadone is a medicine")
    go_to(page, "Menu")
    page.keyboard.press("Enter")
    expect(page.locator("#menu")).to_be_visible()
    # Escape closes one thing at a time.
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_hidden()
    expect(chat.input).to_be_visible()
    page.keyboard.press("Escape")
    expect(chat.input).to_be_hidden()
    assert name(page) == launcher
    page.keyboard.press("Enter")
    expect(chat.mine).to_have_count(1)
    go_to(page, "Close chat")
    page.keyboard.press("Space")
    expect(chat.input).to_be_hidden()
    assert name(page) == launcher


def test_open_bubble_does_not_trap_the_focus_on_a_desktop(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(f"{stub.url}demo.html", viewport=DESKTOP)
    chat.page.goto(chat.url)
    chat.page.locator("#launcher").click()
    expect(chat.bot.first).to_be_visible()
    for _ in range(MOST_STEPS):
        chat.page.keyboard.press("Tab")
        if chat.page.evaluate(ON_THE_HOST):
            return
    pytest.fail("The focus never leaves the bubble for the page around it.")


def test_full_screen_bubble_keeps_the_focus_on_a_phone(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(f"{stub.url}demo.html", viewport=NARROW)
    chat.page.goto(chat.url)
    chat.page.locator("#launcher").click()
    expect(chat.bot.first).to_be_visible()
    for _ in range(60):
        chat.page.keyboard.press("Tab")
        assert not chat.page.evaluate(ON_THE_HOST), "The focus went behind the chat that covers the screen."


def test_hidden_way_out_is_met_before_the_field_and_shows_itself(chat: ChatPage, stub: Stub) -> None:
    lead_out(chat)
    go_to(chat.page, "Your message")
    chat.page.keyboard.press("Shift+Tab")
    stop = focus(chat.page)
    assert stop is not None
    assert stop["what"].startswith("a#leave-again")
    assert stop["seen"]
    chat.page.keyboard.press("Enter")
    chat.page.wait_for_url(EXIT)


def test_shift_three_times_leaves_and_back_does_not_bring_the_chat_back(chat: ChatPage, stub: Stub) -> None:
    lead_out(chat)
    chat.say("a secret")
    for _ in range(3):
        chat.page.keyboard.press("Shift")
    chat.page.wait_for_url(EXIT)
    chat.page.go_back()
    assert chat.page.url == "about:blank"


def test_shift_three_times_leaves_from_within_the_bubble_and_a_panel(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(f"{stub.url}demo.html", viewport=DESKTOP)
    lead_out(chat)
    chat.page.goto(chat.url)
    chat.page.locator("#launcher").click()
    expect(chat.bot.first).to_be_visible()
    go_to(chat.page, "Menu")
    chat.page.keyboard.press("Enter")
    for _ in range(3):
        chat.page.keyboard.press("Shift")
    chat.page.wait_for_url(EXIT)


def test_emergency_does_not_move_the_focus_from_a_half_written_message(chat: ChatPage, stub: Stub) -> None:
    stub.script = [stub_server.slow, stub_server.emergency]
    go_to(chat.page, "Your message")
    chat.page.keyboard.type("first")
    chat.page.keyboard.press("Enter")
    chat.page.keyboard.type("half a sen")
    stub.go_on.set()
    chat.answered()
    chat.page.keyboard.type("tence")
    expect(chat.input).to_have_value("half a sentence")
