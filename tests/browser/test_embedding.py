"""The element on other people's pages: strict policies, other origins, odd styles, and nothing left behind."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from handrail import paths, widget
from tests.browser import measures, stub_server
from tests.browser.chat_page import ChatPage
from tests.browser.conftest import OpenPage
from tests.browser.states import BY_NAME, DESKTOP, HOST, STATES, answering, staged, visited, which_of
from tests.browser.stub_server import Stub, start

pytestmark = pytest.mark.browser

GUIDE = (paths.ROOT / "docs" / "embedding.md").read_text()
EXAMPLE = "https://chat.example.org"
"""The bot's address in the guide."""
STRICTEST = (
    "default-src 'none'; script-src {bot}; style-src 'self'; connect-src {bot}; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""`img-src` is for the page's own icon; the element has no picture to load."""
FALLBACK = "Find a free help line"


def blocks(language: str) -> list[str]:
    """Return the guide's examples in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, flags=re.MULTILINE | re.DOTALL)


def serve_with_policy(chat: ChatPage, page: str, policy: str, address: str | None = None) -> None:
    """Have the browser get a page with a policy of its own, in place of what the server would give."""
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
    chat.page.route(address or chat.url, lambda route: route.fulfill(body=page, headers=headers))


def long_chat(chat: ChatPage, stub: Stub) -> None:
    """Twenty turns of all kinds, and everything that can be pressed."""
    kinds = [
        stub_server.normal,
        answering(which_of("ask_signs", "ask_withdrawal")),
        stub_server.emergency,
        stub_server.check,
        stub_server.guarded,
    ]
    for number in range(20):
        stub.script = [kinds[number % len(kinds)]]
        chat.say(f"question {number}")
    chat.page.get_by_text("Where this comes from").first.click()
    for opener in ("Overdose: what to do", "All help lines", "Menu"):
        chat.page.get_by_role("button", name=opener, exact=True).click()
        expect(chat.page.locator("section.panel:visible")).to_have_count(1)
        chat.page.keyboard.press("Escape")
    chat.menu()
    chat.page.get_by_label("Largest", exact=True).check()
    chat.page.get_by_label("Help lines for").select_option("GB")
    chat.button("Change country").click()
    chat.answered()
    chat.menu()
    chat.button("Keep or print").click()
    chat.page.locator("#keep textarea").first.fill("a plan")
    chat.page.get_by_label("Add this chat").check()
    with chat.page.expect_download():
        chat.page.get_by_role("button", name="Save as a text file").click()
    chat.page.evaluate("window.print = () => {}")
    chat.page.locator("#keep").get_by_role("button", name="Print", exact=True).click()
    chat.page.evaluate("dispatchEvent(new Event('afterprint'))")
    chat.page.keyboard.press("Escape")


def test_twenty_turns_under_the_strictest_policy_leave_nothing_behind(stub: Stub, open_page: OpenPage) -> None:
    chat = open_page(f"{stub.url}csp_strict.html")
    page = HOST.format(attributes='country="US"', more="", body="")
    serve_with_policy(chat, page, STRICTEST.format(bot="'self'"))
    chat.open()
    long_chat(chat, stub)
    assert not chat.page.evaluate("window.violations")
    assert not chat.errors
    assert not [url for url in chat.requests if not url.startswith((stub.url, "blob:"))]
    assert not [url for url in chat.requests if "question" in url or "?" in url]
    assert measures.measure(chat.page, measures.STORED) == measures.NOTHING_STORED
    assert not chat.page.context.cookies()


def test_policy_that_is_tested_is_watched(stub: Stub, open_page: OpenPage) -> None:
    """A policy that stopped nothing, or a watch that saw nothing, would pass every test."""
    chat = open_page(f"{stub.url}csp_strict.html")
    page = HOST.format(attributes='country="US"', more="", body="")
    serve_with_policy(chat, page, STRICTEST.format(bot="'self'"))
    chat.open()
    chat.page.evaluate("() => { try { document.body.innerHTML += 'x'; } catch {} }")
    chat.page.evaluate("() => { document.body.firstElementChild.setAttribute('style', 'color: red'); }")
    chat.page.wait_for_function("window.violations.length >= 2")


@pytest.mark.parametrize("name", [state.name for state in STATES])
def test_no_state_breaks_the_policy_stores_or_asks_elsewhere(name: str, browser: Browser) -> None:
    visit = visited(name, browser)
    assert not visit.policy
    assert not visit.errors
    assert not visit.elsewhere
    assert visit.stored == measures.NOTHING_STORED
    assert not visit.cookies


def test_element_works_on_another_origin(stub: Stub, open_page: OpenPage) -> None:
    site = Stub()
    server = start(site)
    origin = site.url.rstrip("/")
    bot = stub.url.rstrip("/")
    script = f'<script type="module" src="{bot}/handrail-chat.js"></script>'
    page = HOST.replace('<script type="module" src="handrail-chat.js"></script>', script)
    # Both are on this machine, which pages of the web may not reach: here they may.
    chat = open_page(f"{site.url}host.html", permissions=["local-network-access"])
    serve_with_policy(chat, page.format(attributes='country="GB"', more="", body=""), STRICTEST.format(bot=bot))
    stub.origins = (origin,)
    chat.open()
    chat.say("what is methadone")
    expect(chat.bot.filter(has_text="Methadone is a medicine")).to_have_count(1)
    # Nothing went to the site that only hosts the element: it must not learn of the talk.
    assert not [request for request in site.received if request.method != "GET"]
    assert next(one.body for one in stub.received if one.path.endswith("/session"))["country"] == "GB"
    assert not chat.page.evaluate("window.violations")
    assert not chat.errors
    # No cookie of the bot's either, and no address of the page in what the bot gets.
    assert not chat.page.context.cookies()
    server.shutdown()
    server.server_close()


def test_script_runs_only_with_the_right_hash(stub: Stub, open_page: OpenPage) -> None:
    whole = widget.integrity(widget.module())
    for hash_named, runs in ((whole, True), (f"sha384-{'A' * 64}", False)):
        page = HOST.replace('src="handrail-chat.js"', f'src="handrail-chat.js" integrity="{hash_named}"')
        stub.extra["/host.html"] = (
            page.format(attributes='country="US"', more="", body="").encode(),
            "text/html; charset=utf-8",
        )
        chat = open_page(f"{stub.url}host.html")
        chat.page.goto(chat.url)
        if runs:
            expect(chat.help_bar.get_by_role("link", name="Call 911")).to_be_visible()
        else:
            expect(chat.page.get_by_role("link", name=FALLBACK)).to_be_visible()
            expect(chat.help_bar).to_have_count(0)


BREAKS = {
    "no script": None,
    "no shadow trees": "Element.prototype.attachShadow = () => { throw new Error('no'); };",
    "no custom elements": "Object.defineProperty(window, 'customElements', { value: undefined });",
    "no style sheets": "Object.defineProperty(window, 'CSSStyleSheet', { value: undefined });",
    "no random numbers": "crypto.getRandomValues = () => { throw new Error('no'); };",
}


@pytest.mark.parametrize("fault", BREAKS, ids=list(BREAKS))
def test_help_is_there_when_the_browser_or_the_script_fails(fault: str, stub: Stub, open_page: OpenPage) -> None:
    page = HOST.format(attributes='country="US"', more="", body="")
    address = stub.host(page)
    chat = open_page(address)
    script = BREAKS[fault]
    if script:
        chat.page.add_init_script(script)
    else:
        chat.page.route("**/handrail-chat.js", lambda route: route.abort())
    chat.page.goto(chat.url)
    fallback = chat.page.get_by_role("link", name=FALLBACK)
    expect(fallback.or_(chat.help_bar.get_by_role("link", name="Call 911")).first).to_be_visible()


def test_host_s_styles_do_not_reach_in(stub: Stub, open_page: OpenPage) -> None:
    css = """
      html { font-size: 62.5%; }
      body { color: yellow; background: black; text-transform: uppercase; letter-spacing: 1em; line-height: 4;
        font: italic 900 40px/4 monospace; text-align: right; white-space: nowrap; word-spacing: 3em; cursor: none;
        text-shadow: 0 0 9px red; text-indent: 9em; list-style: square; visibility: visible; }
      * { border: 9px solid red !important; }
      p, a, button, li { display: none !important; color: yellow !important; }
      #help, .bubble, #words { display: none !important; }
    """
    stub.extra["/odd.css"] = (css.encode(), "text/css; charset=utf-8")
    looks = """
      const style = (selector) => {
        const one = everything(document.body).find((one) => one.matches(selector));
        const { color, fontSize, fontStyle, fontWeight, letterSpacing, textTransform, textAlign, display, lineHeight,
          whiteSpace, wordSpacing, textShadow, textIndent, cursor, borderTopColor } = getComputedStyle(one);
        return { color, fontSize, fontStyle, fontWeight, letterSpacing, textTransform, textAlign, display, lineHeight,
          whiteSpace, wordSpacing, textShadow, textIndent, cursor, borderTopColor };
      };
      return ["#help a", ".bubble p", "#words", "#send", ".choice"].map(style);
    """
    found = []
    for more in ("", '<link rel="stylesheet" href="odd.css">'):
        page = HOST.format(attributes='country="US" theme="light leaf"', more=more, body="")
        address = stub.host(page)
        found.append(measures.measure(open_page(address).open().page, looks))
    plain, odd = found
    assert odd == plain


LAYOUTS = {
    "beside other things": "body { display: flex; } body > div { width: 300px; }",
    "beside other things on a phone": "body { display: flex; }",
    "in the middle": "body { display: flex; flex-direction: column; align-items: center; }",
    "in a grid": "body { display: grid; place-items: center; }",
    "below a long text": "body { display: flex; flex-direction: column; height: 9em; } div { height: 99em; }",
    "to one side": "handrail-chat { float: right; }",
    "as high as it is": "handrail-chat { height: auto; }",
    "with all looks taken away": "* { all: unset; } button { display: none; }",
}


@pytest.mark.parametrize("layout", LAYOUTS, ids=list(LAYOUTS))
def test_chat_has_room_in_the_layouts_of_other_pages(layout: str, stub: Stub, open_page: OpenPage) -> None:
    """A part of a page without a size of its own gets none from many layouts: nothing at all would be seen."""
    stub.extra["/layout.css"] = (LAYOUTS[layout].encode(), "text/css; charset=utf-8")
    foreign = HOST.replace('href="page.css"', 'href="layout.css"')
    page = foreign.format(attributes='country="US"', more="", body="<div></div>")
    address = stub.host(page)
    window = {"width": 320, "height": 568} if "phone" in layout else DESKTOP
    # A chat that still glides to its newest message would carry off what was scrolled into view.
    chat = open_page(address, viewport=window, reduced_motion="reduce").open()
    box = chat.page.locator("#shell").bounding_box()
    assert box is not None
    assert box["width"] >= 280, box
    assert box["height"] >= 400, box
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= window["width"]
    chat.say("what is methadone")
    for part in ('#help a[href="tel:911"]', "#overdose-open", ".bot .bubble >> nth=-1", "#words", "#menu-open"):
        chat.page.locator(part).scroll_into_view_if_needed()
        expect(chat.page.locator(part)).to_be_in_viewport()
        # Were it cut off, the click would not get there.
        chat.page.locator(part).click(trial=True)


def test_chat_is_one_part_of_a_page_that_has_a_main_part(stub: Stub, open_page: OpenPage) -> None:
    for body, wholes in (("<main><h1>Site</h1></main>", 0), ("", 1)):
        page = HOST.format(attributes='country="US"', more="", body=body)
        address = stub.host(page)
        chat = open_page(address).open()
        inside = chat.page.locator("handrail-chat")
        for role in ("main", "banner", "contentinfo"):
            expect(inside.get_by_role(role)).to_have_count(wholes)
        expect(inside.get_by_role("heading", name="Handrail", level=1 if wholes else 2)).to_be_visible()


def test_two_chats_on_a_page_are_two_chats_and_leaving_forgets_both(stub: Stub, open_page: OpenPage) -> None:
    page = HOST.format(attributes='country="US"', more="", body='<handrail-chat country="GB"></handrail-chat>')
    address = stub.host(page)
    chat = open_page(address)
    chat.page.route("https://www.bbc.com/**", lambda route: route.fulfill(body="weather", content_type="text/html"))
    chat.page.goto(chat.url)
    chats = chat.page.locator("handrail-chat")
    for number in range(2):
        field = chats.nth(number).get_by_label("Your message")
        field.fill(f"question {number}")
        field.press("Enter")
        expect(chats.nth(number).locator(".mine")).to_have_text(f"You said: question {number}")
        expect(chats.nth(number).locator(".bot .title")).to_be_visible()
    assert {message["token"] for message in stub.messages()} == {"token-1", "token-2"}
    assert measures.measure(chat.page, measures.MISNAMED) == []
    for _ in range(3):
        chat.page.keyboard.press("Shift")
    chat.page.wait_for_url("https://www.bbc.com/weather")
    chat.until(lambda: len(stub.forgotten()) == 2)
    assert sorted(stub.forgotten()) == ["token-1", "token-2"]


def test_element_adds_nothing_to_the_page_around_it(stub: Stub, open_page: OpenPage) -> None:
    page = HOST.format(attributes='country="US"', more="", body='<p id="words">Mine</p>')
    address = stub.host(page)
    stub.extra["/none.html"] = (page.replace("handrail-chat.js", "none.js").encode(), "text/html; charset=utf-8")
    names = "() => Object.getOwnPropertyNames(window)"
    without = open_page(f"{stub.url}none.html")
    without.page.goto(without.url)
    before = set(without.page.evaluate(names))
    chat = open_page(address).open()
    chat.say("what is methadone")
    assert set(chat.page.evaluate(names)) - before <= {"spoken", "violations"}
    assert chat.page.evaluate("[...document.body.children].map(one => one.localName)") == ["p", "handrail-chat"]
    assert chat.page.evaluate("document.head.querySelectorAll('style').length") == 0
    assert chat.page.evaluate("document.getElementById('words').textContent") == "Mine"


def test_country_attribute_sets_the_numbers_and_can_be_changed(stub: Stub, open_page: OpenPage) -> None:
    page = HOST.format(attributes='country="GB"', more="", body="")
    address = stub.host(page)
    stub.country = "GB"
    chat = open_page(address).open()
    assert [one.body["country"] for one in stub.received if one.path.endswith("/session")] == ["GB"]
    expect(chat.help_bar.get_by_role("link", name="Call 999")).to_be_visible()
    chat.page.locator("handrail-chat").evaluate("chat => chat.setAttribute('country', 'AU')")
    expect(chat.help_bar.get_by_role("link", name="Call 000")).to_be_visible()
    expect(chat.help_bar.get_by_role("link", name="Call 999")).to_have_count(0)


@pytest.mark.parametrize("value", ["ZZ", "", "USA!", "../../x", "<b>"])
def test_country_that_is_not_known_shows_directories_and_no_number(value: str, stub: Stub, open_page: OpenPage) -> None:
    page = HOST.format(attributes=f'country="{value}"', more="", body="")
    address = stub.host(page)
    stub.country = None
    chat = open_page(address).open()
    addresses = chat.links(chat.help_bar).values()
    assert "https://findahelpline.com" in addresses
    assert not [address for address in addresses if address and address.startswith(("tel:", "sms:"))]


def test_country_is_never_guessed(stub: Stub, open_page: OpenPage) -> None:
    """Neither from the browser's language nor from its clock or place: the person or the site says it."""
    stub.country = None
    chat = open_page(stub.url, locale="de-DE", timezone_id="Europe/Berlin").open()
    assert [one.body.get("country") for one in stub.received if one.path.endswith("/session")] == [None]
    assert not [address for address in chat.links(chat.help_bar).values() if address and address.startswith("tel:")]


def test_links_for_leaving_and_privacy_come_from_the_site(stub: Stub, open_page: OpenPage) -> None:
    attributes = 'country="US" exit-url="https://example.org/recipes" privacy-url="https://example.org/privacy"'
    page = HOST.format(attributes=attributes, more="", body="")
    address = stub.host(page)
    chat = open_page(address).open()
    chat.page.route("https://example.org/**", lambda route: route.fulfill(body="recipes", content_type="text/html"))
    addresses = chat.page.locator("handrail-chat a").evaluate_all("links => links.map(link => link.href)")
    assert "https://example.org/privacy" in addresses
    chat.page.get_by_role("link", name="Leave this page quickly").first.click()
    chat.page.wait_for_url("https://example.org/recipes")


def test_label_and_open_belong_to_the_site(stub: Stub, open_page: OpenPage) -> None:
    page = HOST.format(attributes='country="US" mode="bubble" label="Talk to us"', more="", body="<h1>Site</h1>")
    address = stub.host(page)
    chat = open_page(address, viewport=DESKTOP)
    chat.page.goto(chat.url)
    expect(chat.page.locator("#launcher")).to_contain_text("Talk to us")
    assert not stub.received, "a bubble that nobody opened asked the server for something"
    element = chat.page.locator("handrail-chat")
    element.evaluate("chat => chat.setAttribute('open', '')")
    expect(chat.bot.first).to_be_visible()
    element.evaluate("chat => chat.removeAttribute('open')")
    expect(chat.input).to_be_hidden()
    chat.page.locator("#launcher").click()
    assert element.evaluate("chat => chat.hasAttribute('open')")
    assert len([one for one in stub.received if one.path.endswith("/session")]) == 1


def test_element_can_be_moved_and_taken_away(stub: Stub, open_page: OpenPage) -> None:
    """Frameworks do both. What is gone must not leave the page when Shift is pressed three times."""
    page = HOST.format(attributes='country="US"', more="", body='<div id="there"></div>')
    address = stub.host(page)
    chat = open_page(address).open()
    chat.page.evaluate("there.append(document.querySelector('handrail-chat'))")
    expect(chat.help_bar.get_by_role("link", name="Call 911")).to_be_visible()
    chat.say("what is methadone")
    expect(chat.bot.filter(has_text="Methadone is a medicine")).to_have_count(1)
    chat.page.evaluate("document.querySelector('handrail-chat').remove()")
    for _ in range(3):
        chat.page.keyboard.press("Shift")
    assert chat.page.url == chat.url
    assert not chat.errors


ARABIC = """
  const chat = await customElements.whenDefined("handrail-chat");
  chat.words.ar = { ...chat.words.en, send: "إرسال" };
  // Attributes of the same name as before say nothing new: set it once the language is there.
  for (const one of document.querySelectorAll("[data-speaks]")) one.setAttribute("lang", one.dataset.speaks);
"""


@pytest.mark.parametrize(
    ("attributes", "direction"),
    [
        ('dir="rtl"', "rtl"),
        ('data-speaks="ar"', "rtl"),
        ('data-speaks="ar" dir="ltr"', "ltr"),
        ('data-speaks="en"', "ltr"),
        ("", "ltr"),
        # A language without words is not spoken: English words from right to left help nobody.
        ('lang="he"', "ltr"),
    ],
)
def test_direction_follows_the_attribute_and_the_language(
    attributes: str, direction: str, stub: Stub, open_page: OpenPage
) -> None:
    stub.extra["/words.js"] = (ARABIC.encode(), "text/javascript; charset=utf-8")
    more = '<script type="module" src="words.js"></script>'
    page = HOST.format(attributes=f'country="US" {attributes}', more=more, body="")
    address = stub.host(page)
    chat = open_page(address).open()
    expect(chat.help_bar).to_have_css("direction", direction)
    expect(chat.page.locator("#composer")).to_have_css("direction", direction)


def test_every_language_falls_back_to_english_where_words_are_missing(stub: Stub, open_page: OpenPage) -> None:
    script = """
      const chat = await customElements.whenDefined("handrail-chat");
      const [first] = Object.entries(chat.words.en).filter(([, words]) => words === "Send");
      chat.words.eo = { [first[0]]: "Senden" };
      document.querySelector("handrail-chat").setAttribute("lang", "eo");
    """
    stub.extra["/words.js"] = (script.encode(), "text/javascript; charset=utf-8")
    more = '<script type="module" src="words.js"></script>'
    page = HOST.format(attributes='country="US"', more=more, body="")
    address = stub.host(page)
    chat = open_page(address).open()
    expect(chat.page.locator("#send")).to_have_text("Senden")
    expect(chat.page.locator("#menu-open")).to_contain_text("Menu")
    assert "undefined" not in chat.page.locator("handrail-chat").evaluate("chat => chat.shadowRoot.textContent")


def test_nothing_is_left_in_english_when_all_words_are_translated(browser: Browser) -> None:
    """In the pseudo-locale each of the element's own words stands in brackets: what does not was forgotten."""
    own = """
      const from = ["bubble", "help-name", "title"];
      return everything(document.body).filter((one) => shown(one) && one.getRootNode() !== document
        && !one.closest(".bubble, .choices, .exact, bdi, select, #help, #lines .line, .mine, textarea"))
        .flatMap((one) => [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()))
        .filter((text) => /[a-z]{4}/.test(text) && !/[áéíöüýđłñřšťž]/i.test(text) && !/Handrail/.test(text));
    """
    for name in ("pseudo_locale", "pseudo_locale_menu"):
        with staged(BY_NAME[name], browser) as scene:
            assert not measures.measure(scene.chat.page, own), name


# -- The guide: what it says is what works ----------------------------------------------------------------------


def test_guide_s_two_lines_work(stub: Stub, open_page: OpenPage) -> None:
    lines = next(block for block in blocks("html") if block.count("\n") == 2)
    assert EXAMPLE in lines
    head = '<!doctype html><html lang="en"><title>Site</title><link rel="icon" href="#">'
    page = head + lines.replace(f"{EXAMPLE}/", stub.url)
    address = stub.host(page)
    chat = open_page(address)
    chat.page.goto(chat.url)
    launcher = chat.page.locator("#launcher")
    if launcher.count():
        launcher.click()
    expect(chat.help_bar).to_be_visible()
    expect(chat.bot.first).to_be_visible()


@pytest.mark.parametrize("number", range(len(blocks("html"))))
def test_guide_s_examples_show_the_chat_with_no_fault(number: int, stub: Stub, open_page: OpenPage) -> None:
    example = blocks("html")[number].replace(f"{EXAMPLE}/", stub.url).replace(EXAMPLE, stub.url.rstrip("/"))
    example = re.sub(r' integrity="[^"]*"', f' integrity="{widget.integrity(widget.module())}"', example)
    page = example if "<html" in example else f'<!doctype html><html lang="en"><title>Site</title>{example}'
    script = '<script type="module" src="handrail-chat.js"></script>'
    if "<script" not in example:
        page = page.replace("<title>Site</title>", f"<title>Site</title>{script}")
    chat = open_page(f"{stub.url}host.html", viewport=DESKTOP)
    chat.page.route(chat.url, lambda route: route.fulfill(body=page, content_type="text/html; charset=utf-8"))
    chat.page.goto(chat.url)
    shown = chat.page.locator("#launcher").or_(chat.page.locator("#help"))
    expect(shown.first).to_be_visible()
    assert not [error for error in chat.errors if "favicon" not in error and "404" not in error]


def test_guide_s_policy_is_strict_and_enough(stub: Stub, open_page: OpenPage) -> None:
    policy = next(block for block in blocks("text") if "Content-Security-Policy:" in block)
    policy = " ".join(policy.split("Content-Security-Policy:")[1].split()).replace(EXAMPLE, stub.url.rstrip("/"))
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "require-trusted-types-for 'script'" in policy
    chat = open_page(f"{stub.url}host.html")
    serve_with_policy(chat, HOST.format(attributes='country="US"', more="", body=""), policy)
    chat.open()
    chat.say("what is methadone")
    assert not chat.page.evaluate("window.violations")
    assert not chat.errors


def test_guide_names_every_attribute_and_every_custom_property() -> None:
    source = (paths.WEB / "handrail-chat.js").read_text()
    observed: Any = re.search(r"observedAttributes\s*=?\s*(?:\(\)\s*\{\s*return)?\s*\[([^\]]*)\]", source)
    names = set(re.findall(r'"([a-z-]+)"', observed.group(1))) if observed else set()
    names |= set(re.findall(r'(?:get|has)Attribute\("((?!aria-|data-|class|id\b|type|href|role)[a-z-]+)"\)', source))
    styles = set(re.findall(r"var\((--handrail-[a-z-]+)", (paths.WEB / "handrail-chat.css").read_text()))
    assert names
    assert styles
    assert not {name for name in names | styles if f"`{name}`" not in GUIDE}
