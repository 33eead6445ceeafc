"""A real browser, the page on a scripted server, and the page on the live server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chat_page import MILLISECONDS, PATIENCE, ChatPage
from tests.browser.stub_server import Stub, start

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOW_TO_INSTALL = "There is no Chromium. Install it (Debian: apt-get install chromium) or name it in HANDRAIL_CHROMIUM."

OpenPage = Callable[..., ChatPage]

expect.set_options(timeout=PATIENCE * MILLISECONDS)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser on this machine; without one the tests are skipped, but never in CI."""
    named = os.environ.get("HANDRAIL_CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else NAMES)), None)
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(HOW_TO_INSTALL)
    return found


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One browser a file. Playwright keeps an event loop running, in which no asynchronous test could run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A scripted server. Set its attributes before opening the page."""
    stub = Stub()
    server = start(stub)
    yield stub
    stub.go_on.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open the chat page at an address, in a browser that has never been used; options as in `new_context`."""
    contexts = []

    def open_at(url: str, **options: Any) -> ChatPage:
        context = browser.new_context(**{"viewport": {"width": 390, "height": 844}, **options})
        contexts.append(context)
        return ChatPage(context.new_page(), url)

    yield open_at
    for context in contexts:
        context.close()


@pytest.fixture
def chat(stub: Stub, open_page: OpenPage) -> ChatPage:
    """The page on the scripted server, with the welcome shown."""
    return open_page(stub.url).open()


@pytest.fixture
def server_url(live_server: Any) -> str:
    """The address of the live server's page."""
    return f"{live_server.url}/"
