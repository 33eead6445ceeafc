"""How much of an answer goes into one SMS."""

from __future__ import annotations

from handrail.content.sms import GSM, GSM_PART, GSM_TWICE, UNICODE_PART, segments

SEGMENTS = 2
"""Segments of one message, as the emergency cards have. Twilio advises 320 characters at most; more segments may come
late, or not at all."""
WHOLE = 3
"""A paragraph of no more segments than this is not cut: two messages would cost as much, and could change places."""
PARAGRAPHS = "\n\n"


def joined(text: str) -> bool:
    """Say whether `text`, an answer and its choices, is sent as one message: it costs less than two."""
    return segments(text) <= WHOLE


def room(text: str) -> int:
    """Return how many characters of `text` go into one message, wherever it is cut."""
    if PARAGRAPHS not in text.strip() and segments(text) <= WHOLE:
        return max(len(text), 1)
    if all(character in GSM or character in GSM_TWICE for character in text):
        part, twice = GSM_PART, sum(character in GSM_TWICE for character in text)
    else:
        part, twice = UNICODE_PART, len(text.encode("utf-16-le", "surrogatepass")) // 2 - len(text)
    return max(SEGMENTS * part - twice, SEGMENTS * part // 2)
