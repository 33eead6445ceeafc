"""Cuts a text into pieces that a channel takes, without losing any of it and without cutting a number in two."""

from __future__ import annotations

import re

# The best places first: between paragraphs, lines, sentences, words.
_PLACES = (
    re.compile(r"\n\n+"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?:])[ \t]+"),
    # Between digits only spaces of a phone number stand: 116 123.
    re.compile(r"(?<!\d)[ \t]+|[ \t]+(?!\d)"),
)
LEAST_FILLED = 0.3
"""A better place that would leave a piece emptier than this share of the limit is passed over for the next kind."""
LOOK_BEYOND = 50


def pieces(text: str, limit: int) -> list[str]:
    """Return `text` cut into pieces of at most `limit` characters; only white space at the cuts is left out.

    Cuts between paragraphs where it can, else between lines, sentences or words; never within a phone number that is
    written in groups. A word that is longer than `limit` is cut as it comes.

    Raises:
        ValueError: `limit` is less than 1.
    """
    if limit < 1:
        raise ValueError(f"no text fits into {limit} characters")
    found, rest = [], text.strip()
    while len(rest) > limit:
        end, start = _cut(rest, limit)
        found.append(rest[:end].rstrip())
        rest = rest[start:].lstrip()
    return [*found, rest] if rest else found


def _cut(text: str, limit: int) -> tuple[int, int]:
    """Return where the first piece ends and where the rest starts."""
    cuts: list[re.Match[str]] = []
    for place in _PLACES:
        # What follows a place says whether it is one, so a little more than fits is looked at.
        cuts = [match for match in place.finditer(text, 0, limit + LOOK_BEYOND) if 0 < match.start() <= limit]
        if cuts and cuts[-1].start() >= limit * LEAST_FILLED:
            break
    return (cuts[-1].start(), cuts[-1].end()) if cuts else (limit, limit)
