"""Which word was meant where one slip of the finger made another of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

SHORTEST = 2
"""Shorter words are not looked for: a slip leaves nothing of them."""
SHORTEST_SLIP = 3
"""A letter is only lost from words longer than this."""
SHORTEST_STRAY = 5
"""A letter may be wrong or too many, though it lies far from the right key, in words from this length on."""
LONGEST = 60
"""Nothing worth finding is longer, and the cost of looking grows with the length."""
KEYS_NEAR = {
    "q": "wa",
    "w": "qase",
    "e": "wsdr",
    "r": "edft",
    "t": "rfgy",
    "y": "tghu",
    "u": "yhji",
    "i": "ujko",
    "o": "iklp",
    "p": "ol",
    "a": "qwsz",
    "s": "awedxz",
    "d": "serfcx",
    "f": "drtgvc",
    "g": "ftyhbv",
    "h": "gyujnb",
    "j": "huikmn",
    "k": "jiolm",
    "l": "kop",
    "z": "asx",
    "x": "zsdc",
    "c": "xdfv",
    "v": "cfgb",
    "b": "vghn",
    "n": "bhjm",
    "m": "njk",
}
"""The keys around each key, as they lie on a computer or a telephone."""
COMMON_SLIP = 1.0
RARE_SLIP = 3.0
FIRST_LETTER = 1.5


class Neighbours:
    """Finds the words that may be one letter away from a string.

    Each word is kept under itself and under itself with each letter left out; whatever is one letter away meets it
    there (the way of SymSpell: W. Garbe, 2012). The search costs a few lookups, however many words there are.
    """

    def __init__(self, words: Iterable[str]) -> None:
        """Take the words, in small letters."""
        self._under: defaultdict[str, list[str]] = defaultdict(list)
        for word in words:
            for key in _shortened(word):
                self._under[key].append(word)

    def of(self, written: str) -> set[str]:
        """Return all words that are one letter away from `written`, or none, and some that are two away."""
        return {word for key in _shortened(written) for word in self._under.get(key, ())}


class Slips:
    """Finds the known word that one slip of the finger turned into another string."""

    def __init__(self, words: Iterable[str], weights: Mapping[str, int]) -> None:
        """Take the words, in small letters, that may be meant, and how often each is: the commoner one is likelier."""
        self._weights = weights
        self._neighbours = Neighbours(word for word in words if len(word) >= SHORTEST and word.isalpha())

    def near(self, token: str, shortest: int, stray: int = SHORTEST_STRAY) -> list[str]:
        """Return the words of `shortest` letters or more that `token` may be a slip of, likeliest first.

        In words of `stray` letters or more a letter may also be wrong or too many far from the right key.
        """
        if not shortest - 1 <= len(token) <= LONGEST:
            return []
        met = self._neighbours.of(token)
        costs = {word: _slip(token, word, stray) for word in met if len(word) >= shortest}
        ranks = [(cost, -self._weights.get(word, 0), word) for word, cost in costs.items() if cost is not None]
        return [word for _, _, word in sorted(ranks)]


def _shortened(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _slip(written: str, right: str, stray: int = SHORTEST_STRAY) -> float | None:
    """Return how unlikely it is that someone who meant `right` wrote `written`: 0 is likeliest, None is never.

    A swap of two letters, a lost letter, a letter twice and the key next to the right one are common; any other letter
    is rare, and so is a slip in the first letter.
    """
    start = 0
    while start < min(len(written), len(right)) and written[start] == right[start]:
        start += 1
    rest, meant = written[start:], right[start:]
    before = right[start - 1 : start]
    short = len(right) < stray
    first = 0.0 if start else FIRST_LETTER
    if len(rest) == len(meant):
        if rest[1::-1] == meant[:2] and rest[2:] == meant[2:]:
            return first / 3
        common, possible = _near(rest[0], meant[0]), rest[1:] == meant[1:]
    elif len(rest) < len(meant):
        common, possible = len(right) > SHORTEST_SLIP, rest == meant[1:]
        short = False
    else:
        common, possible = rest[0] == before or _near(rest[0], before + meant[:1]), rest[1:] == meant
    if not possible or (short and not common):
        return None
    return (COMMON_SLIP if common else RARE_SLIP) + first


def _near(letter: str, others: str) -> bool:
    return any(letter in KEYS_NEAR.get(other, "") for other in others)
