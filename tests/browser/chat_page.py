"""The chat page as a person meets it, for tests."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

PATIENCE = 15.0
"""Seconds that a test waits for what has to come. Each wait ends as soon as it has."""
MILLISECONDS = 1_000

WATCHES = """
window.spoken = [];
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (options) {
  const root = attach.call(this, options);
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.target.id === "live") for (const node of change.addedNodes) window.spoken.push(node.textContent);
    }
  }).observe(root, { childList: true, subtree: true });
  return root;
};
"""
"""Notes what a screen reader is given to say, and what the content security policy stops."""


class ChatPage:
    """A browser tab with the chat page.

    Attributes:
        page: Playwright's page.
        errors: what the browser wrote to its console as an error, and uncaught exceptions.
        requests: the address of every request.
        time_stands: whether the page's time was stopped.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.time_stands = False
        page.set_default_timeout(PATIENCE * MILLISECONDS)
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.add_init_script(WATCHES)

    def open(self) -> ChatPage:
        """Go to the page and wait for the first message."""
        self.page.goto(self.url)
        expect(self.bot.first).to_be_visible()
        return self

    @property
    def help_bar(self) -> Locator:
        return self.page.get_by_role("region", name="Help right now")

    @property
    def input(self) -> Locator:
        return self.page.get_by_label("Your message")

    @property
    def bot(self) -> Locator:
        """The bot's messages."""
        return self.page.locator(".transcript > .bot")

    @property
    def mine(self) -> Locator:
        """The person's messages."""
        return self.page.locator(".transcript > .mine")

    @property
    def waiting(self) -> Locator:
        return self.page.locator(".transcript > .waiting")

    @property
    def live(self) -> Locator:
        return self.page.locator("#live")

    @property
    def leave(self) -> Locator:
        """The visible way out; another one stands before the input for those who use the keyboard."""
        return self.page.locator("#leave")

    def panel(self, name: str) -> Locator:
        """Return a panel that covers the chat, by its title."""
        return self.page.get_by_role("region", name=name)

    def button(self, name: str) -> Locator:
        """Return the newest button with this name."""
        return self.page.get_by_role("button", name=name).last

    def type(self, text: str) -> None:
        """Write a message and send it with Enter, without waiting for the answer."""
        self.input.fill(text)
        self.input.press("Enter")

    def say(self, text: str) -> None:
        """Write a message, send it, and wait until it has been answered."""
        count = self.mine.count()
        self.type(text)
        expect(self.mine).to_have_count(count + 1)
        self.answered()

    def answered(self) -> None:
        """Wait until nothing is under way."""
        expect(self.waiting).to_have_count(0)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what no element shows, such as what the server was asked. What holds in the end, a test asserts."""
        end = time.monotonic() + PATIENCE
        while not holds() and time.monotonic() < end:
            self.page.wait_for_timeout(20)

    def stop_time(self) -> None:
        """Let no more time pass for the page than `page.clock` is told to; the clock has to be installed already."""
        # A moment that is ahead of the page's, however slow the way there is.
        self.page.clock.pause_at(self.page.evaluate("Date.now()") / MILLISECONDS + 60)
        self.time_stands = True

    def let_time_pass(self) -> None:
        """Let time pass for the page again, if it was stopped."""
        if self.time_stands:
            self.page.clock.resume()
            self.time_stands = False

    def menu(self) -> None:
        """Open the menu."""
        self.page.get_by_role("button", name="Menu", exact=True).click()

    def choose_country(self, name: str, number: str) -> None:
        """Choose the country of the help lines in the menu; `number` is how its emergency link is named."""
        self.menu()
        self.page.get_by_label("Help lines for").select_option(name)
        self.button("Change country").click()
        expect(self.help_bar.get_by_role("link", name=number)).to_be_visible()
        self.answered()

    def links(self, place: Locator) -> dict[str, str]:
        """Return the links in a place: what they say, and where they lead."""
        found: list[list[str]] = place.locator("a").evaluate_all(
            "links => links.map(link => [link.innerText.trim(), link.getAttribute('href')])"
        )
        return {" ".join(words.split()): address for words, address in found}
