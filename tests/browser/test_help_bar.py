"""The help bar: always first, right for the country, and there when nothing else is."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from handrail import paths, widget
from handrail.helplines import HelpLines, widget_data
from tests.browser import stub_server
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.stub_server import Stub

pytestmark = pytest.mark.browser

LINES = HelpLines.load()
COUNTRIES = ["US", "CA", "GB", "IE", "AU", "NZ"]


def test_bar_is_painted_while_the_server_is_dead(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url)
    chat.page.route("**/webhooks/**", lambda route: route.abort())
    chat.open()
    expect(chat.help_bar).to_contain_text("Someone in danger now? Call your local emergency number.")
    assert {"https://findahelpline.com", "https://www.befrienders.org"} == set(chat.links(chat.help_bar).values())
    expect(chat.bot.first).to_contain_text("I cannot reach my server")
    expect(chat.bot.first).to_contain_text("Call your local emergency number.")


def test_bar_is_the_first_thing_on_the_page_and_stays_in_view(chat: ChatPage) -> None:
    for _ in range(3):
        chat.say("what is methadone")
    box = chat.help_bar.bounding_box()
    assert box is not None
    assert box["y"] < 20
    expect(chat.help_bar.get_by_role("link").first).to_be_in_viewport()
    first = "document.querySelector('handrail-chat').shadowRoot.querySelector('a, button, input, summary')"
    assert chat.page.evaluate(f"{first}.closest('#help') !== null")


def test_page_itself_says_no_number_that_could_be_dialed() -> None:
    shown = re.sub(r"<!--.*?-->|<[^>]*>", "", (paths.WEB / "index.html").read_text(), flags=re.DOTALL)
    script = (paths.WEB / widget.SCRIPT).read_text()
    said = script[script.index("const WORDS") : script.index("const EXIT")]
    assert not re.findall(r"\d{3,}", shown + said)
    assert "tel:" not in (paths.WEB / "index.html").read_text()


@pytest.mark.parametrize("country", COUNTRIES)
def test_bar_shows_the_emergency_number_and_the_first_lines_of_the_country(
    country: str, stub: Stub, open_page: OpenPage
) -> None:
    stub.country = country
    chat = open_page(stub.url).open()
    lines = LINES.of(country)
    data = widget_data(lines)
    by_id = {line["id"]: line for line in data["lines"]}
    links = chat.links(chat.help_bar)
    first = [by_id[line.id] for line in (lines.first_crisis, lines.first_drug_alcohol) if line]
    for number in [*data["emergency"]["numbers"], *(line["call"] for line in first)]:
        words = next(words for words, address in links.items() if address == number["href"])
        assert words.startswith(f"Call {number['display']}")
    for line in first:
        if line["text"] and not line["text"]["keyword"]:
            assert line["text"]["href"] in links.values()


def test_bar_without_a_country_shows_directories(stub: Stub, open_page: OpenPage) -> None:
    stub.country = None
    chat = open_page(stub.url).open()
    expect(chat.help_bar).to_contain_text("Call your local emergency number.")
    assert set(chat.links(chat.help_bar).values()) == {"https://findahelpline.com", "https://www.befrienders.org"}


def test_changing_the_country_changes_the_bar(chat: ChatPage, stub: Stub) -> None:
    chat.menu()
    chat.page.get_by_label("Help lines for").select_option("GB")
    chat.button("Change country").click()
    expect(chat.mine.last).to_contain_text("United Kingdom")
    chat.answered()
    assert stub.messages()[-1]["payload"] == '/change_country{"country": "GB"}'
    number = widget_data(LINES.of("GB"))["emergency"]["numbers"][0]
    assert number["href"] in chat.links(chat.help_bar).values()
    chat.menu()
    chat.page.get_by_label("Help lines for").select_option("elsewhere")
    chat.button("Change country").click()
    expect(chat.help_bar).to_contain_text("Call your local emergency number.")


def test_an_answer_that_does_not_know_the_country_leaves_the_bar(chat: ChatPage, stub: Stub) -> None:
    stub.script = [stub_server.ended]
    before = chat.links(chat.help_bar)
    chat.say("hello")
    assert chat.links(chat.help_bar) == before


def test_help_line_ends_every_turn(chat: ChatPage, stub: Stub) -> None:
    stub.script = [stub_server.normal, stub_server.emergency, stub_server.check, stub_server.guarded]
    for text in ("what is methadone", "he won't wake up", "I am scared for him", "hello", "and now"):
        chat.say(text)
        expect(chat.bot.last).to_contain_text("Someone in danger now?")
        expect(chat.bot.last).to_contain_text("Drugs or alcohol?")
        assert chat.links(chat.bot.last)


def test_page_without_javascript_shows_the_help(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url, java_script_enabled=False)
    chat.page.goto(stub.url)
    expect(chat.help_bar).to_contain_text("Call your local emergency number.")
    notice = chat.page.locator("noscript")
    expect(notice).to_be_visible()
    assert "The chat needs JavaScript" in (notice.text_content() or "")
    expect(chat.page.get_by_role("link", name="Leave this page quickly")).to_have_attribute(
        "href", "https://www.bbc.com/weather"
    )
    expect(chat.input).to_be_hidden()
