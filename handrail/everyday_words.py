"""Mends slips of the finger in everyday words, so that a sentence keeps its sense for what was trained on words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

from handrail.lexicon.english import english_words
from handrail.slips import SHORTEST_SLIP, Slips

OFTEN = 3
"""A word that stands in fewer examples is too rare to be what was meant, or is itself a slip."""
SHORTEST = 4
"""What is written with fewer letters is near too many words."""
MOST_MENDED = 100
"""More misspelt words in a message are no language, and each costs time."""
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


class EverydayWords:
    """Words that people use often, and which of them was meant by what is no word at all."""

    def __init__(self, counts: Mapping[str, int], english: Collection[str] | None = None) -> None:
        """Take how often each word was seen, as `count` gives it; `english`, the words that are right as they are."""
        self._counts = counts
        self._english = english_words() if english is None else english
        self._slips = Slips(counts, counts)

    @staticmethod
    def count(texts: Iterable[str]) -> dict[str, int]:
        """Return how often each word stands in `texts`, in small letters, without those that are rare."""
        counts = Counter(word for text in texts for word in WORD.findall(text.lower()))
        return {word: number for word, number in sorted(counts.items()) if number >= OFTEN}

    def mended(self, text: str, is_right: Callable[[str], bool]) -> str:
        """Return `text` with each word that is none, and lies one slip from a known one, as that word.

        Args:
            text: what was written; all that is not mended stays as it is.
            is_right: says of a word in small letters that it must stay, for what only others know.
        """
        left = MOST_MENDED

        def mend(match: re.Match[str]) -> str:
            nonlocal left
            written = match.group()
            word = written.lower()
            if left < 1 or not self._may_be_slip(word) or is_right(word):
                return written
            left -= 1
            meant = self._slips.near(word, SHORTEST_SLIP)
            return meant[0] if meant else written

        return WORD.sub(mend, text)

    def _may_be_slip(self, word: str) -> bool:
        return (
            len(word) >= SHORTEST
            and word.isascii()
            and word.isalpha()
            and word not in self._counts
            and word not in self._english
        )
