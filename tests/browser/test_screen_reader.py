"""What a screen reader is given: names, roles, one reading of each message, and a focus that is never stolen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import measures, stub_server
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.states import BY_NAME, DESKTOP, STATES, answering, staged, visited, which_of
from tests.browser.stub_server import ANSWER, Stub

pytestmark = pytest.mark.browser

FOCUS_MOVES = """
window.moves = [];
document.addEventListener("focusin", (event) => window.moves.push(event.composedPath()[0].id), true);
"""
QUESTION = which_of("ask_overdose_signs", "ask_withdrawal", "ask_signs")


def spoken(chat: ChatPage) -> list[str]:
    """Return all that the live region was given so far, in order."""
    expect(chat.live).to_be_empty()
    found: list[str] = chat.page.evaluate("window.spoken")
    return found


def test_each_message_is_spoken_once_and_the_region_is_emptied(chat: ChatPage, stub: Stub) -> None:
    expect(chat.live).to_have_attribute("aria-live", "polite")
    stub.script = [stub_server.saying("First answer."), stub_server.saying("Second answer.", "And one more.")]
    chat.say("one")
    chat.say("two")
    said = spoken(chat)
    for words in ("First answer.", "Second answer.", "And one more."):
        assert len([text for text in said if words in text]) == 1, said
    # What the person typed is not read back to them.
    assert not [text for text in said if text in ("one", "two")]


def test_message_is_spoken_whole_and_never_in_pieces(chat: ChatPage) -> None:
    chat.say("what is methadone")
    said = [text for text in spoken(chat) if "Methadone is a medicine" in text]
    assert len(said) == 1
    for row in ("People who stay on it cut their risk of death about in half.", "Ask a doctor about it."):
        assert row in said[0]
    assert said[0].rstrip().endswith(", ".join(button["title"] for button in ANSWER["buttons"]))


def test_what_is_said_next_does_not_repeat_what_was_said_before(chat: ChatPage) -> None:
    """A region that is read as a whole ("status" is) would be read from its start whenever something is added to it."""
    assert chat.live.get_attribute("role") not in ("status", "alert")
    assert chat.live.get_attribute("aria-atomic") != "true"
    expect(chat.live).to_have_attribute("aria-live", "polite")


def test_choices_are_spoken_with_the_question(chat: ChatPage, stub: Stub) -> None:
    stub.script = [answering(QUESTION)]
    chat.say("what should i look for")
    titles = ", ".join(button["title"] for button in QUESTION["buttons"])
    assert [text for text in spoken(chat) if QUESTION["text"] in text and f"Choices: {titles}" in text]


def test_emergency_is_one_alert_and_is_not_spoken_twice(chat: ChatPage, stub: Stub) -> None:
    stub.script = [stub_server.emergency]
    chat.say("he won't wake up")
    alert = chat.page.get_by_role("alert")
    expect(alert).to_have_count(1)
    words = alert.locator("p, li").first.inner_text()
    assert not [text for text in spoken(chat) if words in text]
    chat.say("and now")
    expect(alert).to_have_count(1)


def test_failure_slowness_and_the_shift_count_are_spoken(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url)
    chat.page.clock.install()
    chat.open()
    stub.script = [stub_server.slow]
    chat.type("hello")
    expect(chat.waiting).to_be_visible()
    chat.page.clock.fast_forward(3_500)
    expect(chat.waiting).to_contain_text("Still working")
    chat.page.clock.fast_forward(9_000)
    chat.answered()
    chat.page.keyboard.press("Shift")
    chat.page.clock.fast_forward(1_500)
    said = spoken(chat)
    assert len([text for text in said if "Still working" in text]) == 1
    assert len([text for text in said if "could not get an answer" in text]) == 1
    assert len([text for text in said if "Press Shift 2 more times" in text]) == 1


def test_focus_moves_only_when_the_person_moves_it(chat: ChatPage, stub: Stub) -> None:
    chat.page.evaluate(FOCUS_MOVES)
    chat.input.focus()
    stub.script = [
        stub_server.normal,
        stub_server.emergency,
        stub_server.check,
        stub_server.broken,
        answering(QUESTION),
    ]
    for _ in range(5):
        chat.page.keyboard.type("hello")
        chat.page.keyboard.press("Enter")
        chat.answered()
        expect(chat.input).to_have_value("")
    assert set(chat.page.evaluate("window.moves")) == {"words"}


def test_focus_is_not_lost_when_a_choice_is_made(chat: ChatPage) -> None:
    """A button that vanishes or is disabled drops the focus to the top of the page."""
    choice = chat.button("Finding treatment")
    choice.focus()
    choice.press("Enter")
    chat.answered()
    stop = measures.measure(chat.page, measures.FOCUS)
    assert stop is not None
    assert stop["what"].startswith("textarea#words") or "Finding treatment" in stop["name"]


def test_arriving_message_does_not_move_the_focus_to_another_page_part(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(f"{stub.url}demo.html", viewport=DESKTOP)
    chat.page.goto(chat.url)
    chat.page.locator("#launcher").click()
    expect(chat.bot.first).to_be_visible()
    stub.script = [stub_server.slow]
    chat.type("what is methadone")
    link = chat.page.locator("body > :not(handrail-chat) a").first
    link.focus()
    stub.go_on.set()
    expect(chat.bot.filter(has_text="Methadone is a medicine")).to_have_count(1)
    expect(link).to_be_focused()


def test_parts_of_the_page_have_their_roles_and_names(chat: ChatPage) -> None:
    chat.say("what is methadone")
    page = chat.page
    expect(page.get_by_role("region", name="Help right now")).to_be_visible()
    expect(page.get_by_role("list", name="Messages")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your message")).to_be_editable()
    for name in ("Send", "Menu", "Overdose: what to do", "All help lines"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Leave this page quickly").first).to_be_visible()
    expect(page.locator("#chat")).to_have_attribute("tabindex", "0")
    assert page.locator("#chat").get_attribute("aria-label")
    items = page.get_by_role("list", name="Messages").locator("> li")
    assert (items.nth(1).text_content() or "").startswith("You said:")
    assert (items.nth(2).text_content() or "").startswith("Handrail said:")


def test_number_links_say_whose_number_it_is(chat: ChatPage) -> None:
    """Out of their sentence, in a list of links, "Call 988" alone would not say who answers."""
    names = chat.help_bar.locator("a").evaluate_all("links => links.map(link => link.textContent)")
    assert [name for name in names if "988" in name and "Suicide" in name]
    assert [name for name in names if "1-800-662-4357" in name and "SAMHSA" in name]


@pytest.mark.parametrize(
    ("opener", "panel"), [("Overdose: what to do", "#overdose"), ("Menu", "#menu"), ("All help lines", "#lines")]
)
def test_opener_says_whether_its_panel_is_open(opener: str, panel: str, chat: ChatPage) -> None:
    button = chat.page.get_by_role("button", name=opener, exact=True)
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    expect(chat.page.locator(panel)).to_be_visible()
    # An opener that the panel covers has nothing to say then. What takes the focus names the panel.
    if button.is_visible():
        expect(button).to_have_attribute("aria-expanded", "true")
    assert chat.page.locator(panel).locator("h2").first.evaluate("title => title.getRootNode().activeElement === title")


def test_launcher_says_that_it_opens_a_dialog_and_the_panel_is_a_named_dialog(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(f"{stub.url}demo.html", viewport=DESKTOP)
    chat.page.goto(chat.url)
    launcher = chat.page.locator("#launcher")
    expect(launcher).to_have_attribute("aria-haspopup", "dialog")
    launcher.click()
    expect(chat.bot.first).to_be_visible()
    dialog = chat.page.get_by_role("dialog")
    expect(dialog).to_have_count(1)
    assert dialog.get_attribute("aria-label") or dialog.get_attribute("aria-labelledby")


@pytest.mark.parametrize("name", [state.name for state in STATES])
def test_regions_are_named_and_references_lead_somewhere(name: str, browser: Browser) -> None:
    assert not visited(name, browser).misnamed


def test_language_of_the_words_is_marked(browser: Browser) -> None:
    with staged(BY_NAME["pseudo_locale_answer"], browser) as scene:
        chat = scene.chat
        # The element's own words are in one language, the bot's and the help lines' in another (WCAG 3.1.2).
        of = "one => one.closest('[lang]')?.lang ?? one.getRootNode().host.lang"
        assert chat.page.locator("#send").evaluate(of) == "en-XA"
        assert chat.bot.first.locator(".bubble p").first.evaluate(of) == "en"
