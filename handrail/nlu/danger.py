"""What the emergency screen finds in a message, looked up once for all components."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from handrail.emergencies import Finding
from handrail.knowledge import emergency_screen

DANGER = "danger"
"""Where a message carries what was found: a list with the finding, or an empty one."""

_reads_everything: ContextVar[bool] = ContextVar("reads_everything", default=False)


@contextmanager
def reading_everything() -> Iterator[None]:
    """Let the trained net read certain emergencies too: to measure what it would make of them by itself."""
    token = _reads_everything.set(True)
    try:
        yield
    finally:
        _reads_everything.reset(token)


def danger_in(message: Message) -> Finding | None:
    """Return the worst danger that a message shows, or None."""
    found: list[Finding] | None = message.get(DANGER)
    if found is None:
        finding = emergency_screen().check(message.get(TEXT) or "")
        found = [finding] if finding else []
        message.set(DANGER, found)
    return found[0] if found else None


def doubt(message: Message) -> None:
    """Make the question whether it is happening now out of a card that the patterns alone would show."""
    finding = danger_in(message)
    if finding is not None:
        message.set(DANGER, [replace(finding, level="check")])


def is_certain(message: Message) -> bool:
    """Say whether the message gets a card by the patterns: then nothing else needs to be found out about it."""
    finding = danger_in(message)
    return finding is not None and finding.level == "emergency" and not _reads_everything.get()
