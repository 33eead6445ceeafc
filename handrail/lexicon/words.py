"""Cuts a text into words, the same way for the lexicon's terms and for messages."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

# A word, the tail of a short form ("'m" of "I'm"), or a mark that no term may reach across.
# Hyphens inside words, quotation marks and emoji carry no meaning here and are left out.
TOKEN = re.compile(
    r"(?P<tail>(?<=[^\W_])['’](?:m|s|re|t|ll|ve|d)(?![^\W_]))"
    r"|(?P<word>[^\W_]+)"
    r"|(?P<mark>[.,;:!?()&/+=\"“”\n]|(?<=\s)[-–](?=\s)|—)",
    re.IGNORECASE,
)

PAUSE = ","
ENDS = frozenset(".;!?\n")


class Word(NamedTuple):
    """One token: how it is compared (`norm`), how it was written, and its character offsets."""

    norm: str
    surface: str
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        """Whether this is punctuation."""
        return not (self.norm[0].isalnum() or self.norm[0] == "'")


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, with straight apostrophes."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def split(text: str) -> list[Word]:
    """Return the words and marks of `text` in order."""
    return [
        Word(fold(match.group()) or match.group(), match.group(), match.start(), match.end())
        for match in TOKEN.finditer(text)
    ]


def norms(text: str) -> tuple[str, ...]:
    """Return how the words of a term are compared."""
    return tuple(word.norm for word in split(text))


def word_set(text: str) -> frozenset[str]:
    """Return the words of `text`, which white space parts; keeps long lists of words readable."""
    return frozenset(text.split())
