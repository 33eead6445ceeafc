"""A turn becomes messages that a platform takes: in pieces, with buttons or numbers, emergencies alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from handrail.channels.delivery import Limits
from handrail.channels.outgoing import MORE, Part, Rendered, Style, render

WITH_BUTTONS = Style(Limits(text=200, buttons=3, title=20, payload=64))
WITHOUT = Style(Limits(text=200))
SHORT = Style(Limits(text=40), at_once=1)
TWO = [{"title": "Tell me more", "payload": "/tell_more"}, {"title": "None", "payload": "/none_of_these"}]

LONG = " ".join(f"Sentence {number}." for number in range(20))


def said(text: str, kind: str = "answer", buttons: list[dict[str, str]] | None = None) -> dict[str, Any]:
    return {"text": text, "metadata": {"kind": kind}, **({"buttons": buttons} if buttons else {})}


def rendered(style: Style, *messages: dict[str, Any]) -> Rendered:
    return render(messages, style, "Choose:", "More")


def texts(of: Rendered) -> list[str]:
    return [part.text for part in of.parts]


def test_outgoing_buttons_that_fit_stand_below_the_text() -> None:
    (part,) = rendered(WITH_BUTTONS, said("Methadone", buttons=TWO)).parts
    assert part == Part("Methadone", tuple(TWO), ("Methadone", "Choose:\n1 Tell me more\n2 None"))


def test_outgoing_choices_are_numbered_where_there_are_no_buttons() -> None:
    found = rendered(WITHOUT, said("Methadone", buttons=TWO))
    assert texts(found) == ["Methadone", "Choose:\n1 Tell me more\n2 None"]
    assert found.choices == TWO


def test_outgoing_numbers_count_through_the_whole_turn() -> None:
    found = rendered(WITHOUT, said("One", buttons=TWO), said("Two", buttons=TWO))
    assert texts(found)[-1] == "Choose:\n3 Tell me more\n4 None"
    assert len(found.choices) == 4


@pytest.mark.parametrize("kind", ["emergency", "check"])
def test_outgoing_an_emergency_comes_alone_and_its_choices_after_it(kind: str) -> None:
    first, second = rendered(WITH_BUTTONS, said("Call now.", kind, TWO)).parts
    assert first == Part("Call now.", urgent=True)
    assert second.buttons == tuple(TWO)
    assert second.text == "Choose:\n1 Tell me more\n2 None"
    assert second.instead == (second.text,)


def test_outgoing_a_long_answer_waits_behind_more() -> None:
    found = rendered(SHORT, said(LONG, buttons=TWO), said("Call for help.", "help"))
    assert texts(found)[1:] == ["Choose:\n1 More", "Call for help."]
    assert [button["payload"] for button in found.choices] == [MORE]
    rest = rendered(SHORT, *found.held)
    assert LONG.startswith(f"{texts(found)[0]} {texts(rest)[0]} ")


def test_outgoing_the_choices_of_a_long_answer_come_with_its_end() -> None:
    latest = rendered(SHORT, said(LONG, buttons=TWO))
    while latest.held:
        latest = rendered(SHORT, *latest.held)
    assert latest.choices == TWO


@pytest.mark.parametrize("kind", ["emergency", "check", "help", "notice"])
def test_outgoing_help_and_emergencies_never_wait(kind: str) -> None:
    assert not rendered(SHORT, said(LONG, kind)).held


def test_outgoing_the_letters_of_the_platform_are_used_for_text_and_choices() -> None:
    style = Style(Limits(text=200), write=str.upper)
    assert texts(rendered(style, said("a", buttons=TWO))) == ["A", "CHOOSE:\n1 TELL ME MORE\n2 NONE"]


def test_outgoing_room_depends_on_the_text() -> None:
    style = Style(Limits(text=100), room=lambda text: 100 if text.isascii() else 50)
    assert len(rendered(style, said("a " * 45)).parts) == 1
    assert all(len(text) <= 50 for text in texts(rendered(style, said("é " * 45))))


def test_outgoing_a_message_without_words_is_left_out() -> None:
    assert rendered(WITHOUT, said(" ", buttons=TWO)).parts == []


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=900), max_size=3), st.booleans())
@hypothesis_settings(deadline=None)
def test_outgoing_no_character_is_lost(parts: list[str], buttons: bool) -> None:
    waiting = [said(text, buttons=TWO if buttons else None) for text in parts if text.strip()]
    seen: dict[int, str] = {}
    for number, message in enumerate(waiting):
        found = rendered(SHORT, message)
        seen[number] = found.parts[0].text if found.parts else ""
        while found.held:
            found = rendered(SHORT, *found.held)
            seen[number] += found.parts[0].text
        assert "".join(seen[number].split()) == "".join(message["text"].split())
