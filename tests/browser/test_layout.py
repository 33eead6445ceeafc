"""Nothing is cut off, covered, faint, too small to hit, or moving for those who asked for stillness, in any state."""

from __future__ import annotations

import io
from itertools import combinations

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, Page, expect

from handrail import paths
from tests.browser import measures
from tests.browser.states import BY_NAME, DESKTOP, NARROW, PHONE, STATES, THEMES, ZOOMED, State, staged, visited
from tests.browser.stub_server import HELP_LINES

pytestmark = pytest.mark.browser

NAMES = [state.name for state in STATES]
PICTURES = paths.ROOT / "docs" / "screenshots"
FONT = PICTURES / "font.txt"
PATCH = 16
DIFFERENCE = 20
"""How far the mean greys of two patches of 16 by 16 pixels may lie apart, out of 255. The patch that changed most
counts: an average over the whole picture would hide what changed in a corner of it.

Measured: the same state twice 0, or 7 when one has fewer colours; all of it one pixel lower, 16; two links that changed
places, 24; one sentence changed, 44. A picture is only held against one of the same font.
"""


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_off_or_scrolls_sideways(name: str, browser: Browser) -> None:
    assert not visited(name, browser).cut_off


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_off_with_the_spacing_that_a_person_may_set(name: str, browser: Browser) -> None:
    assert not visited(name, browser).cut_off_when_spaced


@pytest.mark.parametrize("name", NAMES)
def test_no_words_lie_on_others(name: str, browser: Browser) -> None:
    assert not visited(name, browser).overlaps


@pytest.mark.parametrize("name", NAMES)
def test_targets_are_large_enough(name: str, browser: Browser) -> None:
    assert not visited(name, browser).small_targets


@pytest.mark.parametrize("name", NAMES)
def test_text_stands_out(name: str, browser: Browser) -> None:
    assert not visited(name, browser).faint_text


@pytest.mark.parametrize("name", NAMES)
def test_fields_and_buttons_stand_out(name: str, browser: Browser) -> None:
    assert not visited(name, browser).faint_edges


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("forced")])
def test_controls_have_edges_in_forced_colours(name: str, browser: Browser) -> None:
    assert not visited(name, browser).unedged


@pytest.mark.parametrize("name", NAMES)
def test_nothing_moves_for_those_who_ask_for_less_motion(name: str, browser: Browser) -> None:
    assert not visited(name, browser).moving


@pytest.mark.parametrize("name", NAMES)
def test_emergency_number_stays_in_view(name: str, browser: Browser) -> None:
    assert not visited(name, browser).call_out_of_view


def test_emergency_number_is_looked_for(browser: Browser) -> None:
    """Were the link not found, it would be out of view in no state."""
    with staged(BY_NAME["greeting"], browser) as scene:
        scene.chat.help_bar.evaluate("bar => { bar.style.marginTop = '-300px'; }")
        assert measures.measure(scene.chat.page, measures.CALL_OUT_OF_VIEW)


LOW = [(844, 390), (740, 360), (1280, 400), (1280, 256), (667, 375), (932, 430)]
"""Phones held sideways, and flat windows."""
SIDEWAYS_WIDE = 740
"""From here on the help lines stand side by side, and leave so much room that all of the bar stays, and the way out."""


@pytest.mark.parametrize("size", LOW, ids=str)
@pytest.mark.parametrize("mode", ["page", "bubble"])
def test_emergency_number_stays_in_view_in_a_low_and_wide_window(
    mode: str, size: tuple[int, int], browser: Browser
) -> None:
    reach = BY_NAME["bubble_answer" if mode == "bubble" else "answer"].reach
    window = {"width": size[0], "height": size[1]}
    with staged(State("low", "", reach, {"viewport": window}), browser) as scene:
        scene.stub.country = "US"
        scene.element.evaluate("chat => chat.setAttribute('country', 'US')")
        for _ in range(2):
            scene.chat.say("what is methadone")
            assert scene.chat.page.locator('#help a[href="tel:911"]').is_visible()
            assert not measures.measure(scene.chat.page, measures.CALL_OUT_OF_VIEW)
        if mode == "page" and size[0] >= SIDEWAYS_WIDE:
            expect(scene.chat.leave).to_be_in_viewport(ratio=1)
            expect(scene.chat.help_bar.get_by_role("link").last).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [360, 480, 740, 768, 900, 1023, 1024, 1112, 1180, 1247, 1248, 1280, 1366, 1920])
def test_words_of_the_bar_are_whole_in_every_country_and_window(width: int, browser: Browser) -> None:
    window = {"width": width, "height": 900}
    broken = {}
    with staged(State("wide", "", BY_NAME["greeting"].reach, {"viewport": window}), browser) as scene:
        for country in ["", *HELP_LINES.countries]:
            scene.element.evaluate("(chat, country) => chat.setAttribute('country', country)", country)
            broken[country] = measures.measure(scene.chat.page, measures.BROKEN_WORDS, ".top")
    assert not {country: words for country, words in broken.items() if words}


def test_broken_words_are_found(browser: Browser) -> None:
    with staged(BY_NAME["greeting"], browser) as scene:
        scene.chat.page.locator(".ways a").first.evaluate("link => { link.style.width = '30px'; }")
        assert measures.measure(scene.chat.page, measures.BROKEN_WORDS, ".top")


@pytest.mark.parametrize("window", [PHONE, DESKTOP, NARROW, ZOOMED], ids=["phone", "desktop", "narrow", "zoomed"])
def test_all_of_an_answer_and_the_field_can_be_scrolled_to(window: dict[str, int], browser: Browser) -> None:
    state = State("scrolled", "", BY_NAME["narrow_320"].reach, {"viewport": window}, quiet=False)
    with staged(state, browser) as scene:
        assert not measures.measure(scene.chat.page, measures.CANNOT_BE_REACHED)


def sizes(page: Page) -> dict[str, list[int]]:
    """Return how wide and high the parts of the chat are."""
    return {name: box[2:] for name, box in measures.measure(page, measures.BOXES)}


def test_every_theme_stands_out_and_changes_nothing_but_colours(browser: Browser) -> None:
    with staged(BY_NAME["narrow_320"], browser) as scene:
        page = scene.chat.page
        plain = sizes(page)
        faint = {}
        for theme in THEMES:
            scene.element.evaluate("(chat, theme) => chat.setAttribute('theme', theme)", theme)
            faint[theme] = [
                *measures.measure(page, measures.FAINT_TEXT, measures.TEXT_CONTRAST),
                *measures.measure(page, measures.FAINT_EDGES, measures.SHAPE_CONTRAST),
            ]
            scene.chat.input.focus()
            for _ in range(4):
                page.keyboard.press("Shift+Tab")
                ring = measures.measure(page, measures.FOCUS)
                if ring["ring"] < 2 or ring["contrast"] < measures.SHAPE_CONTRAST:
                    faint[theme].append(f"ring {ring['contrast']}: {ring['what']}")
            scene.chat.input.scroll_into_view_if_needed()
            assert sizes(page) == plain, theme
    assert not {theme: found for theme, found in faint.items() if found}


def test_right_to_left_is_the_mirror_image(browser: Browser) -> None:
    left = dict(visited("answer", browser).boxes)
    right = dict(visited("rtl_answer", browser).boxes)
    assert right.keys() == left.keys()
    off = {
        name: (left[name], right[name])
        for name in left
        # Blocks and controls. The bot's words, and lists among them (without a class), run as their own language does.
        if name.split(" ")[1].split(".")[0] in ("button", "textarea", "section", "li", "ol", "ul")
        and not name.endswith(("li.", "ol.", "ul."))
        and abs((PHONE["width"] - left[name][0] - left[name][2]) - right[name][0]) > 16
    }
    assert not off
    # A page that is the same both ways would be its own mirror image.
    assert [name for name in left if abs(left[name][0] - right[name][0]) > 50]


def patches(picture: bytes) -> Image.Image:
    whole = Image.open(io.BytesIO(picture)).convert("L")
    return whole.resize((-(-whole.width // PATCH), -(-whole.height // PATCH)), Image.Resampling.BOX)


def difference(one: bytes, other: bytes) -> float:
    """Return how far two pictures lie apart where they differ most, patch by patch: 0 to 255."""
    first, second = patches(one), patches(other)
    if first.size != second.size:
        return 255.0
    return float(ImageStat.Stat(ImageChops.difference(first, second)).extrema[0][1])


@pytest.mark.parametrize("name", NAMES)
def test_state_looks_as_in_its_picture(name: str, browser: Browser) -> None:
    """The pictures were looked at by a person. `python scripts/screenshot.py` renews them: look at them again."""
    if visited(name, browser).font != FONT.read_text().strip():
        pytest.skip("This machine has another font than the one in the pictures.")
    assert difference(visited(name, browser).picture, (PICTURES / f"{name}.png").read_bytes()) < DIFFERENCE


def test_pictures_can_differ(browser: Browser) -> None:
    """Were the patches too coarse, every state would look like every other."""
    pictures = {
        name: visited(name, browser).picture for name in ("greeting", "menu", "keep", "overdose_offline", "dark")
    }
    for one, other in combinations(pictures, 2):
        assert difference(pictures[one], pictures[other]) > DIFFERENCE, (one, other)


def test_one_word_or_one_colour_changed_makes_another_picture(browser: Browser) -> None:
    with staged(BY_NAME["rtl_answer"], browser) as scene:
        page = scene.chat.page
        before = page.screenshot(scale="css", animations="disabled", caret="hide")
        for change in ("#menu-open').textContent = 'Settings'", "#leave').style.background = '#1d5e57'"):
            page.evaluate(f"document.querySelector('handrail-chat').shadowRoot.querySelector('{change}")
            after = page.screenshot(scale="css", animations="disabled", caret="hide")
            assert difference(before, after) > DIFFERENCE, change
            before = after


def test_there_is_no_picture_of_a_state_that_is_gone() -> None:
    assert {picture.stem for picture in PICTURES.glob("*.png")} == set(NAMES)
