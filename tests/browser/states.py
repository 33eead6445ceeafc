"""Every state in which a person can meet the chat: one table, which the tests and `scripts/screenshot.py` share.

A state says how to get there. `staged` sets it up on a scripted server; `visited` measures it once for all suites.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from http.server import ThreadingHTTPServer
from itertools import product
from typing import Any

from playwright.sync_api import Browser, Locator, Route, expect

from handrail.answers import Answerer, Reply
from tests.browser import measures, stub_server
from tests.browser.chat_page import ChatPage
from tests.browser.stub_server import Stub, start

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
NARROW = {"width": 320, "height": 568}
SIDEWAYS = {"width": 844, "height": 390}
TABLET = {"width": 1024, "height": 768}
ZOOMED = {"width": 320, "height": 256}
"""A window of 1280 by 1024 at 400 % (WCAG 1.4.10)."""

HOST = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A page with the chat</title>
<link rel="icon" href="#">
<link rel="stylesheet" href="page.css">
<script type="module" src="handrail-chat.js"></script>
{more}
</head>
<body>{body}
<handrail-chat {attributes}><a href="https://findahelpline.com">Find a free help line</a></handrail-chat>
</body>
</html>
"""
PSEUDO = """
const chat = await customElements.whenDefined("handrail-chat");
const letters = Object.fromEntries([..."aeiouyAEIOUYcdlnrstz"].map((letter, at) =>
  [letter, [..."áéíöüýÁÉÍÖÜÝçđłñřšťž"][at]]));
// Half as long again, accents on most letters, brackets at both ends; what stands in {} is filled in later.
const accented = (part) => part.length > 1 ? part : letters[part] ?? part;
const pseudo = (text) => "[" + text.replace(/\\{[^}]*\\}|[^{]/g, accented)
  + " " + "~".repeat(Math.ceil(text.length / 2)).replace(/.{8}/g, "$& ").trim() + "]";
const changed = (value) => typeof value === "string" ? pseudo(value)
  : Array.isArray(value) ? value.map(changed)
  : Object.fromEntries(Object.entries(value).map(([key, words]) => [key, changed(words)]));
chat.words["en-XA"] = changed(chat.words.en);
for (const one of document.querySelectorAll("handrail-chat")) one.setAttribute("lang", "en-XA");
"""
"""A language of its own, made from the English words: what is not translated, cut off or glued together shows."""

LONG = (
    "A sentence that goes on for a while, as answers of careful people do, and then goes on a little more. " * 6
    + "\n\n"
    + "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
    + "\n\n- https://example.org/a/very/long/address/without/any/place/to/break/it/in/two/parts.html\n- 你好"
    + "，这是一个没有空格的很长的句子" * 8
)
RUBBISH: list[bytes] = [
    b"",
    b"null",
    b"[]",
    b'"words"',
    b"{",
    b"<!doctype html><title>Bad Gateway</title>",
    b"\xff\xfe\x00",
    b"{}",
    b'{"messages": null}',
    b'{"messages": {}}',
    b'{"messages": [null, 1, "words", [], {}]}',
    b'{"messages": [{"text": null}, {"text": 7}, {"text": "  "}]}',
    b'{"messages": [], "ok": true, "help": 5}',
]
ODD: list[dict[str, Any]] = [
    {"text": "odd 1", "buttons": [None, 1, {}, {"title": 5}, {"title": "Fine", "payload": None}], "kind": 7},
    {"text": "odd 2", "sources": [None, {}, {"organisation": 5}, {"organisation": "Somebody", "address": None}]},
    {"text": "odd 3", "buttons": "words", "sources": "words", "topic": [], "title": {}},
    {"text": "odd 4", "kind": 'x" onclick="alert(1)', "title": "<img src=x onerror=alert(1)>"},
    {"text": "odd 5", "quick_replies": [{"title": "Tell me more", "payload": "/tell_more"}], "custom": {"data": None}},
]
"""Messages with words to show, and something wrong with all else."""


METHADONE, TALK = "medicines/methadone", "family/talk_about_heroin"


@lru_cache(maxsize=1)
def _answerer() -> Answerer:
    return Answerer.load()


def message_of(reply: Reply) -> dict[str, Any]:
    """Return a reply of the bot as its channel sends it."""
    buttons = [{"title": choice.title, "payload": choice.payload} for choice in reply.choices]
    return {"text": reply.text, **{key: value for key, value in reply.metadata.items() if value}, "buttons": buttons}


def topic(name: str) -> dict[str, Any]:
    """Return the real answer of a topic: a picture of made-up content would show another bot."""
    return message_of(_answerer().show(_answerer().catalogue.topics[name]))


def more_of(name: str) -> dict[str, Any]:
    """Return what "Tell me more" brings after a topic."""
    return message_of(_answerer().more(name))


def which_of(*intents: str) -> dict[str, Any]:
    """Return the question back that the bot asks when it does not know which of these is meant."""
    reply = _answerer().clarify([(intent, 0.15) for intent in intents], ())
    assert reply.kind == "clarify"
    return message_of(reply)


@dataclass
class Scene:
    """A page on a scripted server, on its way into a state."""

    stub: Stub
    server: ThreadingHTTPServer
    chat: ChatPage
    held: list[Route] = field(default_factory=list)
    """Requests that get no answer while the state lasts."""

    def hold(self, route: Route) -> None:
        """Leave a request without an answer."""
        self.held.append(route)

    @property
    def element(self) -> Locator:
        return self.chat.page.locator("handrail-chat")

    def host(self, attributes: str, more: str = "", body: str = "") -> str:
        """Have the server serve a page of its own with the element; returns its address."""
        page = HOST.format(attributes=attributes, more=more, body=body)
        self.chat.url = self.stub.host(page)
        return self.chat.url

    def open(self) -> ChatPage:
        return self.chat.open()

    def say(self, *replies: Any, text: str = "what is methadone") -> None:
        """Say something; `replies` are what the server answers with, one a turn."""
        self.stub.script = list(replies)
        for _ in replies or [None]:
            self.chat.say(text)

    def kill(self) -> None:
        """Stop the server, as a crash would: what connects next is refused."""
        self.server.shutdown()
        self.server.server_close()

    def panel(self, opener: str) -> None:
        self.chat.page.get_by_role("button", name=opener, exact=True).click()
        expect(self.chat.page.locator("section.panel:visible")).to_have_count(1)


def answering(*messages: dict[str, Any]) -> Callable[[Stub, dict[str, Any]], stub_server.Reply]:
    """Return a script that answers with these messages and the help line."""
    return lambda stub, _: (200, stub.body([*messages, stub.help_line()]))


def raw(body: bytes, status: int = 200) -> Callable[[Stub, dict[str, Any]], stub_server.Reply]:
    return lambda stub, _: (status, body)


@dataclass(frozen=True)
class State:
    """One state.

    Attributes:
        name: also the name of its picture.
        shows: what is to be seen, in a few words.
        reach: what brings a scene there.
        window: options of the browser, as in `new_context`.
        quiet: False where the browser itself writes to its console, as it does when a server is away.
        alone: True where the way there changes the browser's window for good: its clock, or its network.
    """

    name: str
    shows: str
    reach: Callable[[Scene], None]
    window: dict[str, Any] = field(default_factory=dict)
    quiet: bool = True
    alone: bool = False

    @property
    def options(self) -> dict[str, Any]:
        return {"viewport": PHONE, "reduced_motion": "reduce", **self.window}


# -- How to get there -------------------------------------------------------------------------------------------


def loading(scene: Scene) -> None:
    scene.chat.page.route("**/handrail-chat.js", scene.hold)
    scene.chat.page.goto(scene.chat.url, wait_until="commit")
    expect(scene.element).to_be_visible()
    # With the looks that the page itself has.
    expect(scene.chat.page.locator("body")).to_have_css("margin-top", "0px")


def greeting(scene: Scene, attributes: str = "", country: str | None = "US") -> None:
    scene.stub.country = country
    if attributes:
        scene.host(attributes)
    scene.open()


def session_lost(scene: Scene) -> None:
    scene.stub.session = stub_server.broken
    scene.open()


def answer(scene: Scene, attributes: str = "") -> None:
    greeting(scene, attributes)
    scene.say(answering(topic(METHADONE)))


def told_more(scene: Scene) -> None:
    answer(scene)
    scene.stub.script = [answering(more_of(METHADONE))]
    scene.chat.button("Tell me more").click()
    scene.chat.answered()
    expect(scene.chat.bot.filter(has_text="Needing methadone")).to_be_visible()


def sources_open(scene: Scene) -> None:
    answer(scene)
    scene.chat.page.get_by_text("Where this comes from").click()


def clarify(scene: Scene) -> None:
    greeting(scene)
    scene.say(answering(which_of("ask_overdose_signs", "ask_withdrawal", "ask_signs")), text="what should i look for")


def choice_chosen(scene: Scene) -> None:
    clarify(scene)
    question = scene.chat.bot.nth(1)
    scene.stub.script = [answering(topic("overdose/signs"))]
    question.get_by_role("button").first.click()
    scene.chat.answered()
    # Back to where the choice was made: that it can still be read is the point.
    question.scroll_into_view_if_needed()


def emergency(scene: Scene, attributes: str = "") -> None:
    greeting(scene, attributes)
    scene.say(stub_server.emergency, text="he won't wake up")
    expect(scene.chat.page.get_by_role("alert")).to_be_visible()


def check(scene: Scene) -> None:
    greeting(scene)
    scene.say(stub_server.check, text="I am scared for him")


def overdose_offline(scene: Scene) -> None:
    scene.host('country="US"')
    scene.stub.session = stub_server.broken
    scene.open()
    scene.kill()
    scene.chat.page.context.set_offline(True)
    scene.panel("Overdose: what to do")


def talk(scene: Scene) -> None:
    greeting(scene)
    scene.say(answering(topic(TALK)), text="my son is using heroin. how do i talk to him")


def menu(scene: Scene) -> None:
    answer(scene)
    scene.panel("Menu")


def all_lines(scene: Scene) -> None:
    greeting(scene)
    scene.panel("All help lines")


def keep(scene: Scene) -> None:
    answer(scene)
    scene.panel("Menu")
    scene.chat.page.get_by_role("button", name="Keep or print", exact=True).click()
    expect(scene.chat.page.locator("#keep")).to_be_visible()


def size(scene: Scene, name: str) -> None:
    menu(scene)
    scene.chat.page.get_by_label(name, exact=True).check()
    scene.chat.page.keyboard.press("Escape")
    expect(scene.chat.page.locator("section.panel:visible")).to_have_count(0)


def size_menu(scene: Scene) -> None:
    menu(scene)
    scene.chat.page.get_by_label("Largest", exact=True).check()


def waiting(scene: Scene) -> None:
    scene.chat.page.clock.install()
    greeting(scene)
    # Else the state would not last: more words come after a second, and an apology in the end.
    scene.chat.stop_time()
    scene.stub.script = [stub_server.slow]
    scene.chat.type("what is methadone")
    expect(scene.chat.waiting).to_be_visible()


def slow(scene: Scene) -> None:
    waiting(scene)
    scene.chat.page.clock.fast_forward(3_500)
    expect(scene.chat.waiting).to_contain_text("Still working")


def lost(scene: Scene, reply: Any = stub_server.broken) -> None:
    greeting(scene)
    scene.say(reply)
    expect(scene.chat.button("Try again")).to_be_visible()


def killed(scene: Scene) -> None:
    answer(scene)
    scene.kill()
    scene.chat.say("are you there")
    expect(scene.chat.button("Try again")).to_be_visible()


def odd_replies(scene: Scene) -> None:
    greeting(scene)
    scene.say(*[answering(message) for message in ODD], text="hello")


def long_text(scene: Scene) -> None:
    greeting(scene)
    scene.say(stub_server.saying(LONG, title="A title that is longer than a title should ever be"), text="a" * 300)
    scene.chat.input.fill("word " * 190)


def forgotten(scene: Scene) -> None:
    menu(scene)
    scene.chat.button("Forget this chat").click()
    expect(scene.chat.bot.first).to_contain_text("This chat is forgotten")
    # A new chat begins at once, with its welcome.
    expect(scene.chat.bot).to_have_count(2)


def leaving_soon(scene: Scene) -> None:
    scene.chat.page.clock.install()
    answer(scene)
    # Else the hint would go after five seconds.
    scene.chat.stop_time()
    scene.chat.page.keyboard.press("Shift")
    expect(scene.chat.page.locator("#leave-hint")).to_contain_text("2 more times")


def bubble_closed(scene: Scene) -> None:
    scene.chat.page.goto(f"{scene.stub.url}demo.html")
    expect(scene.chat.page.locator("#launcher")).to_be_visible()


def bubble_open(scene: Scene) -> None:
    bubble_closed(scene)
    scene.chat.page.locator("#launcher").click()
    expect(scene.chat.bot.first).to_be_visible()


def bubble_answer(scene: Scene) -> None:
    bubble_open(scene)
    scene.say(answering(topic(TALK)), text="how do i talk to my son about heroin")


def pseudo(scene: Scene, then: Callable[[Scene], None] | None = None) -> None:
    scene.stub.extra["/pseudo.js"] = (PSEUDO.encode(), "text/javascript; charset=utf-8")
    scene.host('country="US"', '<script type="module" src="pseudo.js"></script>')
    scene.open()
    expect(scene.chat.page.locator("#send")).to_contain_text("[S")
    if then:
        then(scene)


def pseudo_answer(scene: Scene) -> None:
    scene.stub.script = [stub_server.normal, stub_server.emergency, stub_server.broken]
    for number, words in enumerate(("what is methadone", "he won't wake up", "and now"), start=1):
        scene.chat.page.locator("#words").fill(words)
        scene.chat.page.locator("#words").press("Enter")
        expect(scene.chat.mine).to_have_count(number)
        scene.chat.answered()


def pseudo_menu(scene: Scene) -> None:
    scene.chat.page.locator("#menu-open").click()
    expect(scene.chat.page.locator("#menu")).to_be_visible()


def all_kinds(scene: Scene, attributes: str = "") -> None:
    """Have everything on the page at once."""
    greeting(scene, attributes)
    scene.say(
        answering(topic(METHADONE)),
        answering(which_of("ask_overdose_signs", "ask_withdrawal", "ask_signs")),
        stub_server.check,
        stub_server.saying(LONG),
        stub_server.emergency,
        stub_server.broken,
    )
    scene.chat.page.get_by_text("Where this comes from").first.click()
    scene.chat.input.fill("word " * 190)


def then_panel(scene: Scene, opener: str) -> None:
    greeting(scene, 'country="US"')
    scene.panel(opener)


THEMES = [
    " ".join(words) for words in product(("light", "dark", "light contrast", "dark contrast"), ("leaf", "sea", "plum"))
]
"""Every mixture of the shipped colours."""
RTL = 'country="US" dir="rtl"'

STATES = [
    State("loading", "before the script is there: the host page's own links", loading, alone=True),
    State("greeting", "the first thing that a person sees", greeting),
    State("no_country", "the help bar while no country is known", partial(greeting, country=None)),
    State("answer", "an answer: the point, steps, choices, and the help line", answer),
    State("told_more", "more about the same", told_more),
    State("sources_open", "where an answer comes from", sources_open),
    State("clarify", "a question back, with choices", clarify),
    State("choice_chosen", "choices stay readable after one was made", choice_chosen),
    State("emergency", "an emergency card", emergency),
    State("check", "the question whether it is happening now", check),
    State(
        "overdose_offline",
        "the overdose card, with no server and no network",
        overdose_offline,
        quiet=False,
        alone=True,
    ),
    State("help_lines", "all help lines of the country", all_lines),
    State("menu", "the menu", menu),
    State("keep", "a plan to keep or print", keep),
    State("text_125", "text at 125 %", partial(size, name="Large")),
    State("text_150", "text at 150 %", partial(size, name="Larger")),
    State("text_200", "text at 200 %", partial(size, name="Largest")),
    State("text_200_menu", "the menu with text at 200 %", size_menu),
    State("waiting", "an answer is on its way", waiting, alone=True),
    State("slow", "an answer takes its time", slow, alone=True),
    State("session_lost", "no server from the start", session_lost, quiet=False),
    State("server_down", "the server was stopped during a chat", killed, quiet=False),
    State("rubbish", "the answer was no answer", partial(lost, reply=stub_server.not_json), quiet=False),
    State("odd_replies", "answers with broken parts", odd_replies),
    State("long_text", "long words, long sentences, long addresses", long_text),
    State("forgotten", "after the chat was forgotten", forgotten),
    State("leaving_soon", "Shift was pressed once", leaving_soon, alone=True),
    State("bubble_closed", "the launcher on another site's page", bubble_closed, {"viewport": DESKTOP}),
    State("bubble_open", "the bubble, open", bubble_open, {"viewport": DESKTOP}),
    State("bubble_answer", "an answer in the bubble", bubble_answer, {"viewport": DESKTOP}),
    State("bubble_phone", "the bubble on a phone: the whole screen", bubble_answer),
    State("bubble_closed_phone", "the launcher on a phone", bubble_closed),
    State("chat", "the full page on a desktop", talk, {"viewport": {"width": 900, "height": 1100}}),
    State("desktop", "the same on a wide screen, with the sources open", sources_open, {"viewport": DESKTOP}),
    State("dark", "a device set to dark", sources_open, {"color_scheme": "dark"}),
    State("dark_emergency", "an emergency card in the dark", emergency, {"color_scheme": "dark"}),
    State("dark_menu", "the menu in the dark", menu, {"color_scheme": "dark"}),
    State("sea", "other colours: sea", partial(answer, attributes='country="US" theme="light sea"')),
    State(
        "plum_dark", "other colours: plum, in the dark", partial(answer, attributes='country="US" theme="dark plum"')
    ),
    State("contrast", "strong contrast, as the page asks", partial(answer, attributes='country="US" theme="contrast"')),
    State("more_contrast", "a device set to more contrast", answer, {"contrast": "more"}),
    State("forced_colours", "forced colours", all_kinds, {"forced_colors": "active"}, quiet=False),
    State("forced_colours_menu", "the menu in forced colours", menu, {"forced_colors": "active"}),
    State(
        "forced_colours_dark",
        "forced colours on black",
        emergency,
        {"forced_colors": "active", "color_scheme": "dark"},
    ),
    State("rtl", "from right to left", partial(all_kinds, attributes=RTL), quiet=False),
    State("rtl_answer", "an answer from right to left", partial(answer, attributes=RTL)),
    State("pseudo_locale", "a language with long words", pseudo),
    State(
        "pseudo_locale_answer", "answers in it", partial(pseudo, then=pseudo_answer), {"viewport": NARROW}, quiet=False
    ),
    State("pseudo_locale_menu", "the menu in it", partial(pseudo, then=pseudo_menu), {"viewport": NARROW}),
    State("narrow_320", "a small phone, everything at once", all_kinds, {"viewport": NARROW}, quiet=False),
    State("narrow_320_menu", "the menu on a small phone", menu, {"viewport": NARROW}),
    State("narrow_320_keep", "the plan on a small phone", keep, {"viewport": NARROW}),
    State("sideways", "a phone held sideways", answer, {"viewport": SIDEWAYS}),
    State("sideways_bubble", "the bubble on it", bubble_answer, {"viewport": SIDEWAYS}),
    State("tablet", "a tablet", answer, {"viewport": TABLET}),
    State("zoom_400", "a desktop at 400 %", answer, {"viewport": ZOOMED}),
    State("zoom_400_emergency", "an emergency card at 400 %", emergency, {"viewport": ZOOMED}),
    State(
        "zoom_400_overdose",
        "the overdose card at 400 %",
        partial(then_panel, opener="Overdose: what to do"),
        {"viewport": ZOOMED},
    ),
    State("zoom_400_menu", "the menu at 400 %", menu, {"viewport": ZOOMED}),
    State("zoom_400_bubble", "the bubble at 400 %", bubble_answer, {"viewport": ZOOMED}),
]
BY_NAME = {state.name: state for state in STATES}


@contextmanager
def staged(state: State, browser: Browser) -> Iterator[Scene]:
    """Bring a fresh browser window into a state, and clean up after it."""
    stub = Stub()
    server = start(stub)
    context = browser.new_context(**state.options)
    scene = Scene(stub, server, ChatPage(context.new_page(), stub.url))
    try:
        state.reach(scene)
        yield scene
    finally:
        stub.go_on.set()
        for route in scene.held:
            route.abort()
        context.close()
        scene.kill()


@dataclass(frozen=True)
class Visit:
    """What was found in a state; each list but `boxes` is empty when all is well."""

    axe: list[str]
    cut_off: list[str]
    cut_off_when_spaced: list[str]
    overlaps: list[str]
    small_targets: list[str]
    faint_text: list[str]
    faint_edges: list[str]
    unedged: list[str]
    tab_indexes: list[str]
    misnamed: list[str]
    call_out_of_view: list[str]
    boxes: list[tuple[str, list[int]]] = field(repr=False)
    moving: list[str]
    errors: list[str]
    policy: list[str]
    elsewhere: list[str]
    stored: list[Any]
    cookies: list[Any]
    font: str
    picture: bytes = field(repr=False)


_visits: dict[str, Visit] = {}
_window: dict[Browser, ChatPage] = {}


def visited(name: str, browser: Browser) -> Visit:
    """Return what there is to find in a state. Each state is set up and measured once for all suites of a run."""
    if name not in _visits:
        state = BY_NAME[name]
        with (staged if state.alone else _staged_again)(state, browser) as scene:
            _visits[name] = _measured(scene, state)
    return _visits[name]


@contextmanager
def _staged_again(state: State, browser: Browser) -> Iterator[Scene]:
    """Stage a state in a window that is used for many: a new one takes longer to open than the state to be reached."""
    if browser not in _window:
        _window.clear()
        _window[browser] = ChatPage(browser.new_context(viewport=PHONE).new_page(), "")
    chat = _window[browser]
    stub = Stub()
    server = start(stub)
    chat.url = stub.url
    chat.page.goto("about:blank")
    chat.errors.clear()
    chat.requests.clear()
    chat.page.set_viewport_size(state.options["viewport"])
    chat.page.emulate_media(
        reduced_motion="reduce",
        color_scheme=state.options.get("color_scheme", "light"),
        forced_colors=state.options.get("forced_colors", "none"),
        contrast=state.options.get("contrast", "no-preference"),
    )
    scene = Scene(stub, server, chat)
    try:
        state.reach(scene)
        yield scene
    finally:
        stub.go_on.set()
        scene.kill()


def photographed(name: str, browser: Browser) -> bytes:
    """Return a picture of a state."""
    with staged(BY_NAME[name], browser) as scene:
        return _picture(scene)


def _picture(scene: Scene) -> bytes:
    return scene.chat.page.screenshot(scale="css", animations="disabled", caret="hide")


def _measured(scene: Scene, state: State) -> Visit:
    page = scene.chat.page
    picture = _picture(scene)
    found = {
        "faint_text": measures.measure(page, measures.FAINT_TEXT, measures.TEXT_CONTRAST),
        "faint_edges": measures.measure(page, measures.FAINT_EDGES, measures.SHAPE_CONTRAST),
        "unedged": measures.measure(page, measures.UNEDGED) if state.window.get("forced_colors") else [],
        "small_targets": measures.measure(page, measures.SMALL_TARGETS, measures.TARGET),
        "cut_off": measures.measure(page, measures.CUT_OFF),
        "overlaps": measures.measure(page, measures.OVERLAPS),
        "misnamed": measures.measure(page, measures.MISNAMED),
        "call_out_of_view": measures.measure(page, measures.CALL_OUT_OF_VIEW),
        "boxes": measures.measure(page, measures.BOXES),
        "tab_indexes": measures.measure(page, measures.TAB_INDEXES),
        "moving": measures.measure(page, measures.MOVING),
        "stored": measures.measure(page, measures.STORED),
        "font": measures.measure(page, measures.FONT),
        "cookies": page.context.cookies(),
        "policy": page.evaluate("window.violations"),
        "errors": list(scene.chat.errors) if state.quiet else [],
        "elsewhere": [url for url in scene.chat.requests if not url.startswith(scene.stub.url)],
    }
    # axe-core waits for timers of the page.
    scene.chat.let_time_pass()
    found["axe"] = measures.axe_violations(page, "forced_colors" in state.window)
    measures.measure(page, measures.SPACED)
    found["cut_off_when_spaced"] = measures.measure(page, measures.CUT_OFF)
    return Visit(picture=picture, **found)
