"""Turns the messages of a turn into what a platform takes: pieces within its limits, choices as buttons or numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from handrail.channels.choices import Button, numbered
from handrail.channels.delivery import EMERGENCY_KINDS, Limits, Message
from handrail.channels.pieces import pieces

MORE = "/more_of_this"
"""What the choice "More" stands for. Only the channel itself knows it; Rasa never sees it."""
HELP_KINDS = frozenset({"help", "notice"})
NEVER_HELD = EMERGENCY_KINDS | HELP_KINDS
"""Kinds of messages that go out whole, however long they are."""


@dataclass(frozen=True)
class Style:
    """How a platform wants its messages.

    Attributes:
        limits: what it takes.
        write: spells a text with the letters that it takes.
        room: how many characters of a text, which `write` has written, go into one message; by default `limits.text`.
        at_once: how many pieces of one answer are sent before the person is asked whether to go on.
        joined: whether a text with its numbered choices below fits into one message; None: they are sent apart.
    """

    limits: Limits
    write: Callable[[str], str] = str
    room: Callable[[str], int] | None = None
    at_once: int = 3
    joined: Callable[[str], bool] | None = None

    def pieces(self, text: str) -> list[str]:
        """Return `text` as messages that the platform takes; nothing of it is lost but white space at the cuts."""
        written = self.write(text)
        return pieces(written, self.room(written) if self.room else self.limits.text)


@dataclass(frozen=True)
class Part:
    """One message to the platform.

    Attributes:
        text: the words.
        buttons: what may be pressed below them; all within the platform's limits.
        instead: texts to send in place of this part when the platform does not take it with its buttons.
        urgent: an emergency needs it.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    instead: tuple[str, ...] = ()
    urgent: bool = False


@dataclass(frozen=True)
class Rendered:
    """A turn as the platform gets it.

    Attributes:
        parts: the messages, in order.
        choices: what a number in reply chooses, the first for 1.
        held: what is sent when the person chooses "More": the rest of the answers, with their buttons.
    """

    parts: list[Part] = field(default_factory=list)
    choices: list[Button] = field(default_factory=list)
    held: list[Message] = field(default_factory=list)


def render(messages: Sequence[Message], style: Style, invitation: str, more: str) -> Rendered:
    """Return `messages` as the platform takes them.

    An emergency's text comes alone; its choices follow in a message of their own. Choices that do not fit as buttons
    become a numbered list. Numbers count through the whole turn, so that each means one thing.

    Args:
        messages: what the guard answered.
        style: what the platform takes.
        invitation: the words above numbered choices.
        more: the title of the choice that shows the rest of a long answer.
    """
    rendered = Rendered()
    for message in messages:
        kind = message.get("metadata", {}).get("kind")
        texts = style.pieces(message["text"])
        if not texts:
            continue
        buttons = [{**button, "title": style.write(button["title"])} for button in message.get("buttons") or []]
        if kind not in NEVER_HELD and len(texts) > style.at_once:
            rest = "\n\n".join(texts[style.at_once :])
            rendered.held.append({**message, "text": rest})
            texts, buttons = texts[: style.at_once], []
            if len(rendered.held) == 1:
                buttons = [{"title": style.write(more), "payload": MORE}]
        _add(rendered, texts, buttons, style, invitation, urgent=kind in EMERGENCY_KINDS)
    return rendered


def _add(
    rendered: Rendered, texts: list[str], buttons: list[Button], style: Style, invitation: str, *, urgent: bool
) -> None:
    listed: list[str] = []
    if buttons:
        listed = style.pieces(numbered(buttons, invitation, first=len(rendered.choices) + 1))
        rendered.choices.extend(buttons)
    fit = bool(buttons) and style.limits.take(buttons)
    *before, last = texts
    rendered.parts.extend(Part(text, urgent=urgent) for text in before)
    if fit and not urgent:
        rendered.parts.append(Part(last, tuple(buttons), (last, *listed)))
        return
    together = "\n\n".join((last, *listed))
    if listed and not fit and not urgent and style.joined and style.joined(together):
        rendered.parts.append(Part(together))
        return
    rendered.parts.append(Part(last, urgent=urgent))
    if fit and len(listed) == 1:
        rendered.parts.append(Part(listed[0], tuple(buttons), tuple(listed), urgent=urgent))
    else:
        rendered.parts.extend(Part(text, urgent=urgent) for text in listed)
