"""Where there are no buttons, a number or a title in reply is the choice."""

from __future__ import annotations

import pytest

from handrail.channels.choices import OpenChoices, numbered

BUTTONS = [
    {"title": "How to talk to them", "payload": '/show_topic{"topic": "family/how_to_talk"}'},
    {"title": "Something else", "payload": "/none_of_these"},
]


def test_choices_are_numbered_from_one() -> None:
    assert numbered(BUTTONS, "Send a number:") == "Send a number:\n1 How to talk to them\n2 Something else"


@pytest.mark.parametrize(
    "text",
    [
        "2",
        " 2 ",
        "2.",
        "(2)",
        "#2",
        "2\ufe0f\u20e3",
        "something else",
        "Something Else",
        "2 Something else",
        "2. something else",
    ],
)
def test_choices_are_understood(text: str) -> None:
    choices = OpenChoices()
    choices.offer("a chat", BUTTONS)
    assert choices.chosen("a chat", text) == "/none_of_these"


@pytest.mark.parametrize(
    "text", ["0", "3", "22", "2 years", "i have 2 sons", "1 something else", "", "911", "/none_of_these"]
)
def test_choices_are_not_read_into_other_texts(text: str) -> None:
    choices = OpenChoices()
    choices.offer("a chat", BUTTONS)
    assert choices.chosen("a chat", text) is None


def test_choices_belong_to_one_conversation_and_are_closed_by_the_next() -> None:
    choices = OpenChoices()
    choices.offer("a chat", BUTTONS)
    assert choices.chosen("another", "1") is None
    choices.offer("a chat", BUTTONS[1:])
    assert choices.chosen("a chat", "1") == "/none_of_these"
    choices.forget("a chat")
    assert choices.chosen("a chat", "1") is None
