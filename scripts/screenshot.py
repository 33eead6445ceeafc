"""Takes the picture of the chat page that README shows. The bot has to run: `make run` in another terminal."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

QUESTION = "my son is using heroin. how do i talk to him"
PICTURE = Path(__file__).resolve().parent.parent / "docs" / "screenshots" / "chat.png"
WIDTH, HEIGHT = 900, 1300


def main(address: str) -> None:
    """Ask a question on the page at `address` and keep what it then looks like."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(address)
        page.get_by_label("Your message").fill(QUESTION)
        page.keyboard.press("Enter")
        page.get_by_text("Where this comes from").first.click()
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:5005/")
