"""axe-core finds nothing in any state, with every rule of WCAG 2.0 to 2.2 at levels A and AA."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser import measures
from tests.browser.states import BY_NAME, STATES, staged, visited

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", [state.name for state in STATES])
def test_axe_finds_nothing(name: str, browser: Browser) -> None:
    assert not visited(name, browser).axe


def test_axe_looks_inside_the_element(browser: Browser) -> None:
    """Were the shadow tree closed to it, axe-core would find nothing whatever there was."""
    with staged(BY_NAME["greeting"], browser) as scene:
        scene.chat.page.locator("#send").evaluate("button => button.replaceChildren()")
        found = measures.axe_violations(scene.chat.page)
    assert [row for row in found if row.startswith("button-name") and "#send" in row]


def test_pictures_and_names_of_states_are_unique() -> None:
    assert len(BY_NAME) == len(STATES)
