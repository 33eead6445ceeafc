"""Renders the states of the chat into docs/screenshots/: all with `python scripts/screenshot.py`, some with their names
behind it.

It needs no model and no running bot: the states are those of the tests, on a scripted server with the real help lines.
Look at each picture before you keep it. The tests hold each state against its picture.
"""

from __future__ import annotations

import io
import shutil
import sys

from PIL import Image
from playwright.sync_api import sync_playwright

from handrail import paths
from tests.browser import measures
from tests.browser.conftest import NAMES, OPTIONS
from tests.browser.states import BY_NAME, STATES, photographed

FOLDER = paths.ROOT / "docs" / "screenshots"
COLOURS, COLOURS_OF_A_SITE = 96, 256
"""Enough for flat colours and smooth letters, and a third of the bytes; the soft shadow of a bubble needs more."""


def small(picture: bytes, colours: int) -> bytes:
    """Return a picture with fewer colours, and so with fewer bytes."""
    reduced = Image.open(io.BytesIO(picture)).convert("RGB").quantize(colours, dither=Image.Dither.NONE)
    file = io.BytesIO()
    reduced.save(file, "PNG", optimize=True)
    return file.getvalue()


def main(names: list[str]) -> int:
    """Render the states with these names, or all. Returns the exit code."""
    unknown = [name for name in names if name not in BY_NAME]
    if unknown:
        print(f"There is no state {unknown[0]}. There are: {', '.join(BY_NAME)}", file=sys.stderr)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not names:
        for picture in FOLDER.glob("*.png"):
            if picture.stem not in BY_NAME:
                picture.unlink()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=next(filter(None, map(shutil.which, NAMES))), args=OPTIONS)
        for name in names or [state.name for state in STATES]:
            colours = COLOURS_OF_A_SITE if "bubble" in name else COLOURS
            (FOLDER / f"{name}.png").write_bytes(small(photographed(name, browser), colours))
            print(f"docs/screenshots/{name}.png: {BY_NAME[name].shows}")
        page = browser.new_page()
        (FOLDER / "font.txt").write_text(f"{measures.measure(page, measures.FONT)}\n")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
