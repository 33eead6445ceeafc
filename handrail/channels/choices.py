"""Choices without buttons: a numbered list below the text, and what a number in reply means."""

from __future__ import annotations

import re
from collections.abc import Sequence

from handrail.bounded import BoundedMap

Button = dict[str, str]

REMEMBERED_CHATS, REMEMBERED_SECONDS = 10_000, 60 * 60.0
"""A number that comes an hour after the list is a number, and no choice."""
_NUMBER = re.compile(r"[(#]?(?P<number>\d{1,2})(?:\ufe0f?\u20e3)?[).!]?(?: +(?P<title>.+))?")
"""A number, also as the emoji of a key, and behind it perhaps the title, as both stand in the list."""


def numbered(buttons: Sequence[Button], invitation: str, first: int = 1) -> str:
    """Return `invitation` and the titles of the choices, one a line, each behind its number, from `first` on."""
    titles = [f"{number} {button['title']}" for number, button in enumerate(buttons, start=first)]
    return "\n".join([invitation, *titles])


class OpenChoices:
    """The choices that each conversation was offered last, in memory, for an hour."""

    def __init__(self) -> None:
        self._open: BoundedMap[str, list[Button]] = BoundedMap(REMEMBERED_CHATS, REMEMBERED_SECONDS)

    def offer(self, conversation: str, buttons: Sequence[Button]) -> None:
        """Remember what was offered; what was offered before is closed."""
        self._open[conversation] = list(buttons)

    def chosen(self, conversation: str, text: str) -> str | None:
        """Return the payload of the choice that `text` names by its number, its title or both, or None."""
        buttons = self._open.get(conversation) or []
        said = text.strip().casefold()
        number = _NUMBER.fullmatch(said)
        if number and 0 < int(number["number"]) <= len(buttons):
            button = buttons[int(number["number"]) - 1]
            if number["title"] in (None, button["title"].casefold()):
                return button["payload"]
        return next((button["payload"] for button in buttons if button["title"].casefold() == said), None)

    def forget(self, conversation: str) -> None:
        """Close what is open in a conversation."""
        self._open.pop(conversation)

    def forget_old(self) -> None:
        """Close what has been open for too long."""
        self._open.forget_old()
