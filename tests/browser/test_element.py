"""The element on a host page: the bubble, its attributes, its languages, and what shows when it cannot start."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import stub_server
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.stub_server import Stub

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
HOST = (
    '<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="#">'
    '<script type="module" src="handrail-chat.js"></script>'
    '<p><a href="#x" id="host-link">A link of the page</a></p>{chat}</html>'
)
LINKS = '<a href="https://findahelpline.com">A line to call</a>'


def host(stub: Stub, attributes: str) -> str:
    page = HOST.replace("{chat}", f"<handrail-chat {attributes}>{LINKS}</handrail-chat>")
    return stub.host(page)


@pytest.fixture
def bubble(stub: Stub, open_page: OpenPage) -> ChatPage:
    """The bubble on a page of a charity, closed."""
    chat = open_page(f"{stub.url}demo.html", viewport=WIDE)
    chat.page.goto(chat.url)
    expect(chat.page.locator("#launcher")).to_be_visible()
    return chat


def test_bubble_asks_nothing_until_it_is_opened(bubble: ChatPage, stub: Stub) -> None:
    assert not stub.received
    expect(bubble.help_bar).to_be_hidden()
    bubble.page.locator("#launcher").click()
    expect(bubble.bot.first).to_contain_text("What is on your mind?")
    assert [request.path for request in stub.received] == ["/webhooks/web/session"]
    expect(bubble.input).to_be_focused()


def test_closed_bubble_comes_back_with_its_chat_and_gives_the_focus_to_its_button(bubble: ChatPage, stub: Stub) -> None:
    bubble.page.locator("#launcher").click()
    bubble.say("what is methadone")
    bubble.menu()
    bubble.page.keyboard.press("Escape")
    expect(bubble.button("Menu")).to_be_focused()
    bubble.page.keyboard.press("Escape")
    expect(bubble.page.locator("#launcher")).to_be_focused()
    expect(bubble.help_bar).to_be_hidden()
    bubble.page.keyboard.press("Enter")
    expect(bubble.bot.filter(has_text="Methadone is a medicine")).to_be_visible()
    bubble.button("Close chat").click()
    expect(bubble.page.locator("#launcher")).to_be_focused()
    assert stub.sessions == 1


def test_bubble_on_a_phone_fills_the_screen_and_holds_the_focus(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(f"{stub.url}demo.html", viewport=PHONE)
    chat.page.goto(chat.url)
    chat.page.locator("#launcher").click()
    box = chat.page.locator("#shell").bounding_box()
    assert box == {"x": 0, "y": 0, **PHONE}
    assert chat.page.locator("#shell").evaluate("shell => shell.matches(':modal')")
    chat.page.get_by_role("link", name="Groups").focus()
    assert chat.page.evaluate("document.activeElement.localName") != "a"
    chat.page.keyboard.press("Escape")
    expect(chat.page.locator("#launcher")).to_be_visible()


def test_bubble_that_the_page_opens_leaves_the_focus_where_it_is(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(host(stub, 'mode="bubble" open'), viewport=PHONE).open()
    assert chat.page.evaluate("document.activeElement === document.body")
    assert not chat.page.locator("#shell").evaluate("shell => shell.matches(':modal')")
    chat.page.locator("handrail-chat").evaluate("chat => chat.removeAttribute('open')")
    expect(chat.help_bar).to_be_hidden()


def test_country_of_the_page_is_shown_before_any_answer_and_told_to_the_bot(stub: Stub, open_page: OpenPage) -> None:
    stub.session = stub_server.slow
    chat = open_page(host(stub, 'mode="page" country="uk"'))
    chat.page.goto(chat.url)
    expect(chat.help_bar.get_by_role("link", name="Call 999")).to_be_visible()
    expect(chat.bot).to_have_count(0)
    stub.go_on.set()
    expect(chat.bot).to_have_count(1)
    assert [one.body for one in stub.received if one.path.endswith("/session")] == [{"country": "GB"}]


def test_links_of_the_page_show_when_the_element_cannot_start(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(host(stub, 'mode="page"'))
    chat.page.add_init_script("delete window.CSSStyleSheet")
    chat.page.goto(chat.url)
    expect(chat.page.get_by_role("link", name="A line to call")).to_be_visible()
    assert any("could not start" in error for error in chat.errors)
    expect(chat.page.locator("#help")).to_have_count(0)


def test_links_of_the_page_show_when_the_script_is_lost(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(host(stub, 'mode="bubble"'))
    chat.page.route("**/handrail-chat.js", lambda route: route.abort())
    chat.page.goto(chat.url)
    expect(chat.page.get_by_role("link", name="A line to call")).to_be_visible()


def test_page_of_its_own_shows_help_when_the_script_is_lost(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url)
    chat.page.route("**/handrail-chat.js", lambda route: route.abort())
    chat.page.goto(chat.url)
    expect(chat.help_bar).to_contain_text("Call your local emergency number.")
    assert "https://findahelpline.com" in chat.links(chat.help_bar).values()


def test_other_site_cannot_show_the_page_in_a_frame(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page("http://other.example/")
    frame = f'<!doctype html><title>Other</title><iframe src="{stub.url}"></iframe>'
    chat.page.route("http://other.example/", lambda route: route.fulfill(body=frame, content_type="text/html"))
    chat.page.goto(chat.url)
    chat.page.wait_for_function("document.querySelector('iframe').contentDocument === null")
    error = ["chrome-error://chromewebdata/"]
    chat.until(lambda: [frame.url for frame in chat.page.frames[1:]] == error)
    assert [frame.url for frame in chat.page.frames[1:]] == error
    assert not [one for one in stub.received if one.path.endswith("/session")]


def test_exit_of_the_page_is_used_only_when_it_is_a_site(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(host(stub, 'mode="page" exit-url="https://www.example.org/news"')).open()
    expect(chat.leave).to_have_attribute("href", "https://www.example.org/news")
    chat = open_page(host(stub, 'mode="page" exit-url="javascript:alert(1)"')).open()
    expect(chat.leave).to_have_attribute("href", "https://www.bbc.com/weather")


def test_closed_bubble_that_nobody_used_leaves_shift_to_the_page(bubble: ChatPage) -> None:
    for _ in range(3):
        bubble.page.keyboard.press("Shift")
    assert bubble.page.url.endswith("demo.html")
    expect(bubble.page.get_by_role("heading", name="Someone you love")).to_be_visible()


def test_language_of_the_element_can_be_added_and_chosen_with_the_chat_kept(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url).open()
    chat.say("what is methadone")
    chat.input.fill("half a message")
    chat.page.evaluate(
        "customElements.get('handrail-chat').words.ar = {language: 'العربية', menu: 'القائمة', send: 'إرسال',"
        " tongue: 'اللغة', left: {other: '{n}'}}"
    )
    chat.page.locator("handrail-chat").evaluate("chat => chat.setAttribute('lang', 'ar')")
    expect(chat.page.get_by_role("button", name="إرسال")).to_be_visible()
    assert chat.page.locator(".root").evaluate("root => [root.lang, getComputedStyle(root).direction]") == ["ar", "rtl"]
    expect(chat.bot.filter(has_text="Methadone is a medicine")).to_have_count(1)
    expect(chat.input).to_have_value("half a message")
    chat.page.get_by_role("button", name="القائمة").click()
    chat.page.get_by_label("اللغة").select_option("en")
    expect(chat.page.get_by_label("Language")).to_be_focused()
    chat.page.keyboard.press("Escape")
    chat.say("and naloxone")
    expect(chat.mine).to_have_count(2)


def test_themes_and_dark_can_be_asked_for_and_follow_the_device_otherwise(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url).open()
    shell = chat.page.locator("#shell")
    light = shell.evaluate("shell => getComputedStyle(shell).backgroundColor")
    chat.page.emulate_media(color_scheme="dark")
    expect(shell).not_to_have_css("background-color", light)
    dark = shell.evaluate("shell => getComputedStyle(shell).backgroundColor")
    element = chat.page.locator("handrail-chat")
    element.evaluate("chat => chat.setAttribute('theme', 'light sea')")
    expect(shell).to_have_css("background-color", light)
    chat.page.emulate_media(color_scheme="light")
    element.evaluate("chat => chat.setAttribute('theme', 'dark')")
    expect(shell).to_have_css("background-color", dark)


def test_choices_and_cards_of_rasa_s_other_shapes_are_shown(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url).open()
    quick = {"text": "Choose.", "quick_replies": [{"title": "One", "payload": "/one"}, {"title": "Two words"}]}
    card = {"custom": {"data": {"text": "From a card.", "kind": "answer", "title": "A card"}}}
    stub.script = [lambda stub, _: (200, stub.body([quick, card, {"custom": {"text": "A flat one."}}]))]
    chat.say("hello")
    expect(chat.bot.filter(has_text="From a card.")).to_contain_text("A card")
    expect(chat.bot.filter(has_text="A flat one.")).to_be_visible()
    chat.button("Two words").click()
    chat.answered()
    assert stub.messages()[-1]["text"] == "Two words"


def test_plan_and_chat_are_cleared_when_the_chat_is_forgotten(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url).open()
    chat.menu()
    chat.button("Keep or print").click()
    chat.page.get_by_label("People I can call").fill("my sister")
    chat.page.keyboard.press("Escape")
    chat.menu()
    chat.button("Forget this chat").click()
    expect(chat.bot.first).to_contain_text("This chat is forgotten")
    chat.menu()
    chat.button("Keep or print").click()
    expect(chat.page.get_by_label("People I can call")).to_have_value("")
