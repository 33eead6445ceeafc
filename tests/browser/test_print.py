"""What comes out of a printer, a copy and a saved file: what was asked for, and nothing of the chat besides."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import measures
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.states import BY_NAME, DESKTOP, staged
from tests.browser.stub_server import Stub

pytestmark = pytest.mark.browser

WATCH_PRINTING = """
window.printed = [];
window.print = () => {
  const sheet = document.querySelector("[data-handrail-print]");
  window.printed.push(sheet ? sheet.shadowRoot.textContent : null);
};
"""
SHOWN_TEXT = """
return everything(document.body).filter((one) => shown(one)).flatMap((one) => [...one.childNodes]
  .filter((node) => node.nodeType === 3 && node.data.trim()).map((node) => node.data.trim())).join(" ");
"""
SHOWN_CONTROLS = """
return everything(document.body).filter((one) => one.matches("button, textarea, select, input") && shown(one))
  .map(describe);
"""
OUTSIDE_THE_FLOW = """
return everything(document.body).filter((one) => shown(one) && one.clientHeight > 0
  && one.scrollHeight > one.clientHeight + 1 && getComputedStyle(one).overflowY !== "visible").map(describe);
"""
"""What scrolls on a screen is cut on paper."""
SECRET = "the thing about my brother"


def with_plan(chat: ChatPage) -> ChatPage:
    """Open the plan of a chat that has begun, with a word in its first field."""
    chat.page.add_init_script(WATCH_PRINTING)
    chat.open()
    chat.say(SECRET)
    chat.menu()
    chat.button("Keep or print").click()
    expect(chat.page.locator("#keep")).to_be_visible()
    chat.page.locator("#keep textarea").first.fill("Walk to the river\nCall Sam")
    return chat


@pytest.fixture
def plan(stub: Stub, open_page: OpenPage) -> ChatPage:
    return with_plan(open_page(stub.url))


def paper(chat: ChatPage) -> str:
    """Return all that would be on the paper."""
    chat.page.emulate_media(media="print")
    found: str = measures.measure(chat.page, SHOWN_TEXT)
    chat.page.emulate_media(media="screen")
    return " ".join(found.split())


def test_browser_s_own_print_of_the_full_page_has_the_help_and_the_talk(chat: ChatPage) -> None:
    for _ in range(8):
        chat.say("what is methadone")
    chat.page.emulate_media(media="print")
    shown = measures.measure(chat.page, SHOWN_TEXT)
    assert "911" in shown
    assert "988" in shown
    assert shown.count("Methadone is a medicine") == 8
    assert not measures.measure(chat.page, SHOWN_CONTROLS)
    assert not measures.measure(chat.page, OUTSIDE_THE_FLOW)
    # A4. Eight answers do not fit on one sheet; were they cut, there would be one.
    pdf = chat.page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 2


def test_print_is_dark_on_white_whatever_the_screen_was(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(stub.url, color_scheme="dark").open()
    chat.say("what is methadone")
    chat.page.emulate_media(media="print")
    ink = chat.page.locator(".bubble p").first.evaluate("one => getComputedStyle(one).color")
    red, green, blue = (int(part) for part in re.findall(r"\d+", ink)[:3])
    assert max(red, green, blue) < 110, ink


def test_browser_s_own_print_of_a_page_with_the_bubble_has_nothing_of_the_chat(browser: Browser) -> None:
    with staged(BY_NAME["bubble_answer"], browser) as scene:
        shown = paper(scene.chat)
    assert "Methadone is a medicine" not in shown
    assert "Leave this page quickly" not in shown
    assert len(shown) > 200, "the page itself is to be printed"


def test_printed_plan_has_the_numbers_and_what_was_written_but_not_the_chat(plan: ChatPage, stub: Stub) -> None:
    plan.page.locator("#keep").get_by_role("button", name="Print", exact=True).click()
    (sheet,) = plan.page.evaluate("window.printed")
    assert "Walk to the river" in sheet
    assert "911" in sheet
    assert "988" in sheet
    assert SECRET not in sheet
    assert "Methadone is a medicine" not in sheet
    on_paper = paper(plan)
    assert "Walk to the river" in on_paper
    assert SECRET not in on_paper
    assert "Leave this page quickly" not in on_paper
    plan.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(plan.page.locator("[data-handrail-print]")).to_have_count(0)


def test_printed_lines_end_in_one_full_stop(plan: ChatPage) -> None:
    plan.page.locator("#keep").get_by_role("button", name="Print", exact=True).click()
    (sheet,) = plan.page.evaluate("window.printed")
    assert "Text HOME to 741741. For anyone" in sheet
    assert not re.findall(r".{0,30}\.[.,].{0,10}", sheet)


def test_chat_is_printed_only_when_it_is_asked_for(plan: ChatPage) -> None:
    plan.page.get_by_label("Add this chat").check()
    plan.page.locator("#keep").get_by_role("button", name="Print", exact=True).click()
    (sheet,) = plan.page.evaluate("window.printed")
    assert SECRET in sheet
    assert "Methadone is a medicine" in sheet
    plan.page.emulate_media(media="print")
    assert not measures.measure(plan.page, OUTSIDE_THE_FLOW)


def test_plan_of_the_bubble_is_printed_without_the_page_around_it(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(f"{stub.url}demo.html", viewport=DESKTOP)
    chat.page.add_init_script(WATCH_PRINTING)
    chat.page.goto(chat.url)
    around = chat.page.locator("h1").first.inner_text()
    chat.page.locator("#launcher").click()
    expect(chat.bot.first).to_be_visible()
    chat.menu()
    chat.button("Keep or print").click()
    chat.page.locator("#keep textarea").first.fill("Walk to the river")
    chat.page.locator("#keep").get_by_role("button", name="Print", exact=True).click()
    on_paper = paper(chat)
    assert "Walk to the river" in on_paper
    assert around not in on_paper
    chat.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert around in paper(chat)


def test_saved_file_has_what_was_asked_for(plan: ChatPage) -> None:
    with plan.page.expect_download() as saving:
        plan.page.get_by_role("button", name="Save as a text file").click()
    path = saving.value.path()
    text = path.read_text(encoding="utf-8")
    assert "Walk to the river\nCall Sam" in text.replace("\r\n", "\n")
    assert "911" in text
    assert SECRET not in text
    # The file's name tells nothing to who looks into the folder.
    assert not re.search(
        r"drug|alcohol|addict|handrail|overdose|recover", saving.value.suggested_filename, re.IGNORECASE
    )
    assert measures.measure(plan.page, measures.STORED) == measures.NOTHING_STORED


def test_copy_has_what_was_asked_for(plan: ChatPage) -> None:
    plan.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    plan.page.get_by_label("Add this chat").check()
    plan.page.locator("#keep").get_by_role("button", name="Copy", exact=True).click()
    plan.page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('river'))")
    text = plan.page.evaluate("navigator.clipboard.readText()")
    assert "Walk to the river" in text
    assert SECRET in text
    assert "Methadone is a medicine" in text


def test_person_is_told_that_others_can_see_what_is_kept(plan: ChatPage) -> None:
    expect(plan.page.locator("#keep")).to_contain_text(
        re.compile(r"(others|other people|anyone|someone else).*see|read it", re.I)
    )


def test_plan_is_gone_after_forgetting(plan: ChatPage) -> None:
    plan.page.keyboard.press("Escape")
    plan.menu()
    plan.button("Forget this chat").click()
    expect(plan.bot.first).to_contain_text("This chat is forgotten")
    plan.menu()
    plan.button("Keep or print").click()
    expect(plan.page.locator("#keep textarea").first).to_have_value("")
