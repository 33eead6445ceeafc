"""Screen readers, keyboards, small windows, high contrast."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import stub_server
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.stub_server import ANSWER, Stub

pytestmark = pytest.mark.browser

SMALL = {"width": 320, "height": 568}
PANELS = ("", "Menu", "All help lines", "Overdose: what to do")
ZOOMED = {"width": 320, "height": 256}
"""A window of 1280 by 1024 at 400 %."""

CONTRASTS = """
() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (color) => {
    const straight = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = color.map((part) => straight(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const color = rgba(getComputedStyle(element).backgroundColor);
    return color[3] === 255 || !element.parentElement ? color : behind(element.parentElement);
  };
  const found = [];
  for (const element of document.querySelector("handrail-chat").shadowRoot.querySelectorAll(".root *")) {
    const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!says || !element.checkVisibility() || element.closest(".unseen")) continue;
    const [one, other] = [light(rgba(getComputedStyle(element).color)), light(behind(element))].sort((a, b) => b - a);
    found.push([Math.round(((one + 0.05) / (other + 0.05)) * 100) / 100, element.textContent.trim().slice(0, 40)]);
  }
  return found;
}
"""


def fill_with_all_kinds(chat: ChatPage, stub: Stub) -> None:
    """Have an answer, an emergency, a check and a lost reply on the page, with the menu open."""
    stub.script = [stub_server.normal, stub_server.emergency, stub_server.check, stub_server.broken]
    for text in ("what is methadone", "he won't wake up", "I am scared " + "a" * 90, "hello"):
        chat.say(text)
    chat.page.get_by_text("Where this comes from").first.click()
    chat.input.fill("a" * 950)


def cover(chat: ChatPage, panel: str) -> None:
    """Open a panel with the button of that name; an empty name leaves the chat as it is."""
    if panel:
        chat.button(panel).click()


def test_each_message_is_read_aloud_once_and_the_region_is_emptied(chat: ChatPage, stub: Stub) -> None:
    stub.script = [stub_server.normal, stub_server.emergency]
    chat.say("what is methadone")
    chat.say("he won't wake up")
    expect(chat.live).to_be_empty()
    spoken = chat.page.evaluate("window.spoken")
    assert len([text for text in spoken if text.startswith("Hello. I am Handrail")]) == 1
    answers = [text for text in spoken if text.startswith("Methadone is a medicine")]
    assert len(answers) == 1
    assert answers[0].endswith(f"Choices: {', '.join(button['title'] for button in ANSWER['buttons'])}")
    assert spoken.count(stub.help_line()["text"]) == 2
    # The card is an alert: a second reading would only delay the person.
    assert not [text for text in spoken if "naloxone (Narcan)" in text]
    expect(chat.live).to_have_attribute("aria-live", "polite")


def test_messages_are_a_list_with_their_speakers(chat: ChatPage) -> None:
    chat.say("what is methadone")
    items = chat.page.get_by_role("list", name="Messages").locator("> li")
    expect(items).to_have_count(4)
    expect(items.nth(1)).to_have_text("You said: what is methadone")
    assert (items.nth(2).text_content() or "").startswith("Handrail said: Methadone")


def test_focus_stays_where_the_person_put_it(chat: ChatPage, stub: Stub) -> None:
    stub.script = [stub_server.slow, stub_server.emergency]
    chat.type("what is methadone")
    place = chat.leave
    place.focus()
    stub.go_on.set()
    chat.answered()
    expect(place).to_be_focused()
    chat.say("he won't wake up")
    expect(chat.input).to_be_focused()
    choice = chat.button("Finding treatment")
    choice.focus()
    choice.press("Enter")
    chat.answered()
    expect(chat.bot.get_by_role("button", name="Finding treatment (chosen)")).to_be_focused()


def test_everything_works_with_the_keyboard_alone_and_in_the_order_of_the_page(chat: ChatPage, stub: Stub) -> None:
    seen = []
    for _ in range(30):
        chat.page.keyboard.press("Tab")
        name = chat.page.evaluate(
            "const at = document.activeElement.shadowRoot.activeElement; (at.getAttribute('aria-label')"
            " ?? at.labels?.[0]?.innerText ?? at.innerText).split(', ')[0].replace(/\\s+/g, ' ').trim()"
        )
        seen.append(name)
        if name == "Menu":
            break
    welcome = chat.bot.first.get_by_role("button").all_inner_texts()
    bar = ["Call 911", "Call 988", "Text 988", "Call 1-800-662-4357"]
    leave = "Leave this page quickly"
    top = [*bar, "Overdose: what to do", leave, "Chat", "Privacy"]
    assert seen == [*top, "911", *welcome, leave, "Your message", "Send", "Menu"]
    chat.page.keyboard.press("Enter")
    expect(chat.page.get_by_role("heading", name="Menu")).to_be_focused()
    for _ in range(7):
        chat.page.keyboard.press("Tab")
    expect(chat.button("Forget this chat")).to_be_focused()
    chat.page.keyboard.press("Escape")
    expect(chat.button("Menu")).to_be_focused()
    expect(chat.button("Forget this chat")).to_have_count(0)
    chat.page.keyboard.press("Shift+Tab")
    chat.page.keyboard.press("Shift+Tab")
    chat.page.keyboard.type("what is methadone")
    chat.page.keyboard.press("Tab")
    chat.page.keyboard.press("Enter")
    expect(chat.bot.nth(1)).to_contain_text("Methadone is a medicine")


@pytest.mark.parametrize("viewport", [SMALL, ZOOMED], ids=["small", "zoomed"])
@pytest.mark.parametrize("size", ["Normal", "Largest"])
def test_nothing_is_cut_off_in_a_small_window(
    viewport: dict[str, int], size: str, stub: Stub, open_page: OpenPage
) -> None:
    chat = open_page(stub.url, viewport=viewport).open()
    fill_with_all_kinds(chat, stub)
    chat.menu()
    chat.page.get_by_label(size, exact=True).check()
    chat.page.keyboard.press("Escape")
    for panel in PANELS:
        cover(chat, panel)
        assert chat.page.evaluate("document.documentElement.scrollWidth") == 320
        assert chat.page.locator(".frame").evaluate("frame => frame.scrollWidth") <= 320
        wide = chat.page.locator(".frame *").evaluate_all(
            "all => all.filter(one => one.checkVisibility() && !one.closest('.unseen')"
            " && one.getBoundingClientRect().right > 320.5).map(one => one.outerHTML.slice(0, 80))"
        )
        assert not wide
        chat.page.keyboard.press("Escape")
    chat.button("Try again").scroll_into_view_if_needed()
    expect(chat.button("Try again")).to_be_in_viewport()


def test_emergency_number_stays_in_view_in_a_low_window(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url, viewport=ZOOMED).open()
    for _ in range(2):
        chat.say("what is methadone")
        expect(chat.help_bar.get_by_role("link", name="Call 911")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("viewport", [{"width": 390, "height": 844}, {"width": 1280, "height": 800}])
def test_targets_are_at_least_44_pixels(viewport: dict[str, int], stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url, viewport=viewport).open()
    fill_with_all_kinds(chat, stub)
    targets = "header a, button, textarea, select, summary, fieldset .pair label, .line a"
    for panel in PANELS:
        cover(chat, panel)
        small = chat.page.locator(targets).evaluate_all(
            "all => all.filter(one => one.checkVisibility()).map(one => [one.innerText, one.getBoundingClientRect()])"
            ".filter(([, box]) => box.width < 44 || box.height < 44).map(([text]) => text)"
        )
        assert not small
        chat.page.keyboard.press("Escape")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(scheme: Any, stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url, color_scheme=scheme, reduced_motion="reduce").open()
    fill_with_all_kinds(chat, stub)
    for panel in PANELS:
        cover(chat, panel)
        contrasts = chat.page.evaluate(CONTRASTS)
        assert len(contrasts) > 20
        assert not [pair for pair in contrasts if pair[0] < 4.5]
        chat.page.keyboard.press("Escape")


def test_nothing_moves_for_those_who_ask_for_less_motion(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url, reduced_motion="reduce").open()
    stub.script = [stub_server.slow]
    chat.type("what is methadone")
    expect(chat.waiting).to_be_visible()
    assert chat.page.evaluate("document.getAnimations().length") == 0


def test_choices_and_cards_have_edges_in_forced_colors(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url, forced_colors="active").open()
    fill_with_all_kinds(chat, stub)
    edged = ".bubble, .exact, .choice, .leave, .send, .help-ways a, textarea"
    bare = chat.page.locator(edged).evaluate_all(
        "all => all.filter(one => one.checkVisibility()"
        " && parseFloat(getComputedStyle(one).borderInlineStartWidth) < 1).map(one => one.outerHTML.slice(0, 80))"
    )
    assert not bare
