"""How answers, sources, choices and emergencies are shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import stub_server
from tests.browser.chat_page import ChatPage
from tests.browser.stub_server import SOURCES, Stub

pytestmark = pytest.mark.browser


def test_answer_is_shown_with_its_sources_folded(chat: ChatPage) -> None:
    chat.say("what is methadone")
    answer = chat.bot.nth(1)
    expect(answer).to_contain_text("Methadone is a medicine for opioid use disorder.")
    expect(answer.locator(".bubble > ul > li")).to_have_count(2)
    assert "Source:" not in answer.inner_text()
    expect(answer.get_by_text(SOURCES[0]["organisation"])).to_be_hidden()
    answer.get_by_text("Where this comes from").click()
    for source in SOURCES:
        expect(answer.get_by_text(source["organisation"])).to_be_visible()
        assert source["address"] in chat.links(answer).values()
    expect(answer.get_by_text("checked November 21, 2026")).to_be_visible()


def test_source_line_stays_when_no_sources_come_with_it(chat: ChatPage, stub: Stub) -> None:
    stub.script = [stub_server.saying("A fact.\n\nSource: Somebody, https://example.org")]
    chat.say("hello")
    expect(chat.bot.nth(1)).to_contain_text("Source: Somebody, https://example.org")


def test_source_with_another_scheme_is_not_linked(chat: ChatPage, stub: Stub) -> None:
    bad = {**SOURCES[0], "address": "javascript:alert(1)"}
    stub.script = [stub_server.saying("A fact.", sources=[bad])]
    chat.say("hello")
    chat.page.get_by_text("Where this comes from").click()
    expect(chat.bot.nth(1).get_by_text(SOURCES[0]["title"])).to_be_visible()
    assert not chat.links(chat.bot.nth(1))


def test_emergency_is_an_alert_with_its_steps_and_number(chat: ChatPage, stub: Stub) -> None:
    stub.script = [stub_server.emergency]
    chat.say("he won't wake up")
    card = chat.page.get_by_role("alert")
    expect(card).to_have_count(1)
    steps = card.locator("ol > li").all_inner_texts()
    assert [step[:2] for step in steps] == ["1.", "2.", "3.", "4."]
    number = stub.lines.emergency.numbers[0] if stub.lines.emergency else ""
    assert chat.links(card) == {number: f"tel:{number}"}
    red = card.evaluate("card => getComputedStyle(card).borderInlineStartColor")
    assert red != chat.bot.first.locator(".bubble").evaluate("card => getComputedStyle(card).borderInlineStartColor")


def test_numbers_in_the_bot_s_words_are_links_only_where_they_are_numbers(chat: ChatPage, stub: Stub) -> None:
    stub.script = [
        stub_server.saying("Call 911 or text 988. The 988 Lifeline. 911 people. 1-800-662-4357, not 91 1 or 9119.")
    ]
    chat.say("hello")
    answer = chat.bot.nth(1)
    links = answer.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert links == ["tel:911", "tel:988", "tel:+18006624357"]


def test_numbers_in_the_person_s_words_are_not_linked(chat: ChatPage) -> None:
    chat.say("call 911")
    assert not chat.links(chat.mine.first)


def test_choice_sends_its_payload_and_shows_its_title(chat: ChatPage, stub: Stub) -> None:
    chat.button("Signs of an overdose").click()
    expect(chat.mine.first).to_contain_text("Signs of an overdose")
    chat.answered()
    sent = stub.messages()[0]
    assert sent["payload"] == '/show_topic{"topic": "overdose/signs"}'
    assert "text" not in sent


def test_used_choices_stay_readable_and_do_nothing(chat: ChatPage, stub: Stub) -> None:
    first = chat.bot.first.get_by_role("button")
    names = first.all_inner_texts()
    chat.button("Finding treatment").click()
    chat.answered()
    expect(first).to_have_count(len(names))
    for button in first.all():
        expect(button).to_have_attribute("aria-disabled", "true")
        button.click(force=True)
    expect(first.filter(has_text="(chosen)")).to_have_count(1)
    assert len(stub.messages()) == 1


def test_tell_more_of_an_earlier_answer_is_retired(chat: ChatPage) -> None:
    chat.say("what is methadone")
    more, topic = chat.button("Tell me more"), chat.button("Finding treatment")
    older_more, older_topic = more.element_handle(), topic.element_handle()
    chat.say("what is naloxone")
    assert older_more is not None
    assert older_topic is not None
    assert older_more.get_attribute("aria-disabled") == "true"
    assert older_topic.get_attribute("aria-disabled") is None


def test_start_again_is_sent_from_the_menu(chat: ChatPage, stub: Stub) -> None:
    chat.menu()
    chat.button("Start again").click()
    expect(chat.mine.last).to_contain_text("Start again")
    chat.answered()
    assert stub.messages()[-1]["payload"] == "/start_again"


def test_text_size_changes(chat: ChatPage) -> None:
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    before = chat.bot.first.evaluate(size)
    chat.menu()
    chat.page.get_by_label("Largest").check()
    chat.page.keyboard.press("Escape")
    assert chat.bot.first.evaluate(size) == pytest.approx(before * 2)


def test_shift_enter_writes_a_new_line_and_a_composition_is_not_cut_short(chat: ChatPage, stub: Stub) -> None:
    chat.input.fill("one")
    chat.input.press("End")
    chat.input.press("Shift+Enter")
    chat.input.evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    chat.input.press_sequentially("two")
    expect(chat.input).to_have_value("one\ntwo")
    assert not stub.messages()
    chat.input.press("Enter")
    chat.answered()
    assert stub.messages()[0]["text"] == "one\ntwo"


def test_counter_shows_near_the_limit_and_blank_text_is_not_sent(chat: ChatPage, stub: Stub) -> None:
    chat.input.fill("a" * 899)
    expect(chat.page.locator("#left")).to_be_empty()
    chat.input.fill("a" * 990)
    expect(chat.page.locator("#left")).to_have_text("10 characters left")
    chat.type("  \n ")
    assert not stub.messages()
    expect(chat.mine).to_have_count(0)
