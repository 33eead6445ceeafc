"""Reads misspelt words of the lexicon: spaCy's Matcher finds who is near, the nearest wins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from spacy.matcher import Matcher
from spacy.matcher.levenshtein import levenshtein
from spacy.tokens import Doc
from spacy.vocab import Vocab

from handrail.slips import Neighbours

# Shorter words have too many everyday neighbours: one edit away from "meth" lie "math", "moth" and "met".
SHORTEST = 6
# With one edit in 6 or 7 letters and two from 8 letters on, no common English word that is not listed under
# `never` is taken for a term (the tests go through spaCy's word lists).
LONG = 8
EDITS_SHORT, EDITS_LONG = 1, 2
SHORTEST_STREET_NAME = 5
"""Street names are looked for from 5 letters on, since a guess at one counts only where a drug is meant."""


class Target(NamedTuple):
    """How a word may be misspelt: with how many edits at the most, and which entries (`owners`) it belongs to."""

    most: int
    owners: frozenset[str]


def edits(one: str, other: str) -> int:
    """Return how many letters must be added, dropped, changed or swapped with a neighbour.

    This is optimal string alignment. Plain Levenshtein counts a swap as two, and swaps are what fast typing makes.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, right in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def allowed(word: str, most: int = EDITS_LONG) -> int:
    """Return how many edits, `most` at the most, a misspelling of `word` may hold."""
    if len(word) < SHORTEST:
        return 0
    return min(most, EDITS_LONG if len(word) >= LONG else EDITS_SHORT)


class Spelling:
    """Corrects words that are near the words of exactly one entry."""

    def __init__(self, words: Mapping[str, Target]) -> None:
        """Take the words, in lower case, that may be misspelt."""
        self._words = words
        # Nearly all misspellings keep the first letter; to look only there makes this some 15 times faster.
        self._matchers: dict[str, Matcher] = {}
        for word, (most, _) in sorted(words.items()):
            if allowed(word, most) and word.isalpha():
                if word[0] not in self._matchers:
                    self._matchers[word[0]] = Matcher(Vocab(), validate=False, fuzzy_compare=_near)
                pattern = [{"ORTH": {f"FUZZY{allowed(word, most)}": word}}]
                self._matchers[word[0]].add(word, [pattern])

    def correct(self, words: Iterable[str]) -> dict[str, str]:
        """Return the right spelling of those of `words` that have one; the others are not in the result.

        A word that lies equally near to the words of two entries is left alone: a wrong guess between two medicines
        does more harm than no guess.
        """
        groups: dict[str, list[str]] = defaultdict(list)
        for word in dict.fromkeys(words):
            if len(word) >= SHORTEST - EDITS_SHORT and word.isalpha() and word[0] in self._matchers:
                groups[word[0]].append(word)
        found: dict[str, str] = {}
        for letter, group in groups.items():
            # A vocabulary of its own, thrown away after: what people write must not pile up in memory.
            matcher = self._matchers[letter]
            near: dict[str, dict[str, int]] = defaultdict(dict)
            for key, start, _ in matcher(Doc(Vocab(), words=group)):
                right = matcher.vocab.strings[key]
                near[group[start]][right] = edits(group[start], right)
            for word, rights in near.items():
                best = min(rights.values())
                nearest = [right for right, distance in rights.items() if distance == best]
                if len({self._words[right].owners for right in nearest}) == 1:
                    found[word] = nearest[0]
        return found


class OneEdit:
    """Finds words that are one edit away, also in the first letter."""

    def __init__(self, words: Iterable[str]) -> None:
        """Take the words, in lower case, that may be misspelt; those that are too short are left out."""
        self._neighbours = Neighbours(word for word in words if len(word) >= SHORTEST_STREET_NAME)

    def near(self, word: str) -> set[str]:
        """Return the words that are one edit away from `word`."""
        return {right for right in self._neighbours.of(word) if edits(word, right) == 1}


def _near(written: str, right: str, limit: int) -> bool:
    if abs(len(written) - len(right)) > limit:
        return False
    # A swap costs two in Levenshtein's count, so twice the limit never shuts out a right answer.
    return levenshtein(written, right, 2 * limit) <= 2 * limit and edits(written, right) <= limit
