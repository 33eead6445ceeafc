"""What works with no server at all: every number, every line and the overdose card of every country."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from handrail.helplines import HelpLines, short_help, widget_data
from handrail.responses import Responses
from tests.browser import stub_server
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.stub_server import Stub

pytestmark = pytest.mark.browser

LINES = HelpLines.load()
COUNTRIES = [None, *LINES.countries]


@pytest.fixture
def chat(stub: Stub, open_page: OpenPage) -> ChatPage:
    """The page with a server that cannot be reached."""
    chat = open_page(stub.url)
    chat.page.route("**/webhooks/**", lambda route: route.abort())
    return chat.open()


def set_country(page: Page, country: str | None) -> None:
    page.locator("handrail-chat").evaluate("(chat, country) => chat.setAttribute('country', country ?? '')", country)


def hrefs(chat: ChatPage, place: str) -> list[str]:
    found: list[str] = chat.page.locator(f"{place} a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return found


def test_each_country_has_its_numbers_in_the_bar_and_all_its_lines_in_the_list(chat: ChatPage) -> None:
    chat.button("All help lines").click()
    for country in COUNTRIES:
        set_country(chat.page, country)
        lines = LINES.of(country)
        data = widget_data(lines)
        emergency = [number["href"] for number in (data["emergency"] or {"numbers": []})["numbers"]]
        ways = [
            line[way]["href"] if way in ("call", "text") else line[way]
            for line in data["lines"]
            for way in ("call", "text", "chat", "web")
            if line[way]
        ]
        assert hrefs(chat, "#all") == [*emergency, *ways], country
        assert hrefs(chat, "#help")[: len(emergency)] == emergency, country
        first = [line for line in (lines.first_crisis, lines.first_drug_alcohol) if line and line.call]
        assert all(line.call in chat.help_bar.inner_text() for line in first), country
        shown = chat.page.locator("#all").inner_text()
        for line in data["lines"]:
            assert line["name"] in shown
            assert line["serves"] in shown
            assert not line["hours"] or line["hours"] in shown
            assert not line["cost"] or line["cost"] in shown
            assert not line["not_for"] or line["not_for"] in shown
            assert not line["tty"] or line["tty"]["display"] in shown


def test_lost_message_brings_the_short_help_of_the_chosen_country(chat: ChatPage) -> None:
    for number, country in enumerate(("GB", "JM", "GH", "NO", None)):
        set_country(chat.page, country)
        chat.say(f"message {number}")
        shown = (chat.bot.last.text_content() or "").replace(" (opens a new tab)", "")
        for row in short_help(LINES.of(country)).split("\n"):
            assert row in shown


def test_choosing_a_country_shows_its_numbers_though_nobody_answers(chat: ChatPage) -> None:
    chat.page.get_by_role("button", name="Choose your country").click()
    expect(chat.page.get_by_label("Help lines for")).to_be_focused()
    chat.page.get_by_label("Help lines for").select_option("GB")
    chat.button("Change country").click()
    expect(chat.help_bar.get_by_role("link", name="Call 999")).to_be_visible()
    expect(chat.page.get_by_role("button", name="Choose your country")).to_have_count(0)
    chat.answered()
    expect(chat.help_bar.get_by_role("link", name="Call 999")).to_be_visible()


@pytest.mark.parametrize("country", ["US", "GB", "UK", None, "XX"])
def test_overdose_card_opens_with_one_tap_and_says_what_the_bot_says(country: str | None, chat: ChatPage) -> None:
    set_country(chat.page, country)
    chat.button("Overdose: what to do").click()
    lines = LINES.of({"UK": "GB", "XX": None}.get(country or "", country))
    card = chat.panel("Overdose: what to do")
    for row in Responses.load().message("utter_emergency_overdose", lines)["text"].split("\n"):
        expect(card).to_contain_text(row)
    expect(card.locator("ol > li")).to_have_count(4)
    numbers = [f"tel:{number}" for number in lines.emergency.numbers] if lines.emergency else []
    assert hrefs(chat, "#overdose") == numbers * 2
    expect(chat.help_bar).to_be_visible()


@pytest.mark.parametrize("size", [(390, 844), (360, 640), (320, 568), (1280, 800)])
def test_overdose_card_is_on_one_screen_and_big(size: tuple[int, int], chat: ChatPage) -> None:
    chat.page.set_viewport_size({"width": size[0], "height": size[1]})
    set_country(chat.page, "US")
    chat.button("Overdose: what to do").click()
    expect(chat.page.locator("#steps li").last).to_be_in_viewport(ratio=1)
    assert chat.page.locator("#steps li").last.evaluate("step => parseFloat(getComputedStyle(step).fontSize)") >= 16.8


def test_menu_offers_each_country_by_name(chat: ChatPage) -> None:
    chat.menu()
    options = chat.page.locator("#country option").evaluate_all("all => all.map(one => [one.value, one.text])")
    named = [(code, name) for code, name in options if code not in ("", "elsewhere")]
    assert {code for code, _ in named} == set(LINES.countries)
    assert [name for _, name in named] == sorted(name for _, name in named)
    assert all(LINES.of(code).name.removeprefix("the ") == name for code, name in named)
    assert options[0][0] == ""
    assert options[-1][0] == "elsewhere"


def test_country_chosen_while_the_server_is_away_stays_and_is_told_with_the_next_message(
    stub: Stub, open_page: OpenPage
) -> None:
    chat = open_page(stub.url).open()
    stub.script = [stub_server.cut_off]
    chat.menu()
    chat.page.get_by_label("Help lines for").select_option("GB")
    chat.button("Change country").click()
    chat.answered()
    expect(chat.bot.last).to_contain_text("I could not get an answer")
    chat.say("what is methadone")
    payloads = [message.get("payload") for message in stub.messages()]
    assert payloads == ['/change_country{"country": "GB"}', '/change_country{"country": "GB"}', None]
    expect(chat.help_bar.get_by_role("link", name="Call 999")).to_be_visible()
    expect(chat.bot.last).to_contain_text("Call 999")


def test_country_chosen_while_an_answer_is_under_way_is_not_undone_by_it(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url).open()
    stub.script = [stub_server.slow]
    chat.type("what is methadone")
    expect(chat.waiting).to_be_visible()
    chat.page.locator("handrail-chat").evaluate("chat => chat.setAttribute('country', 'GB')")
    expect(chat.help_bar.get_by_role("link", name="Call 999")).to_be_visible()
    stub.go_on.set()
    chat.answered()
    expect(chat.help_bar.get_by_role("link", name="Call 999")).to_be_visible()
    chat.say("and naloxone")
    assert [message.get("payload") for message in stub.messages()][1] == '/change_country{"country": "GB"}'
    expect(chat.bot.last).to_contain_text("Call 999")
