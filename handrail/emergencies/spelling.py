"""Finds the known word behind a misspelt, disguised or run-together one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from spacy.matcher.levenshtein import levenshtein

from handrail.emergencies.normalise import CLAUSE_END, SENTENCE_END, SHORT_FORMS, expand, plain, tokens

# Stands for every word that no pattern names. User text never reaches spaCy's string store this way: the store
# keeps each new string for the life of the process.
UNKNOWN = "□"
FEW = "1"
MANY = "9"
YEAR = "2000"
YEARS = range(1950, 2051)
# From this number on a count of tablets or drinks counts as many: 2 tablets for a headache are a daily event,
# and 8 are more than a label allows at once.
MANY_FROM = 8

# A shorter word has too many real neighbours one letter away (die: did, due, dye).
SHORTEST_FUZZY = 5
# From this length on two slips are allowed; below it one.
TWO_SLIPS_FROM = 9
# Nothing worth finding is longer, and the cost of taking a run-together word apart grows with its length.
LONGEST_GLUED = 60
SHORTEST_GLUED = 6
# `a b` may be two real words; three letters in a row are a word spelt out.
SPELT_OUT_FROM = 3

_REPEATS = re.compile(r"(.)\1+")
_LONG_REPEATS = re.compile(r"(.)\1{2,}")
_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "|": "l"}
)
_LEET_L = str.maketrans("1!", "ll")
_SIGNS = re.compile(r"[*@$!|']")
_TO_AFTER = frozenset({"want", "wants", "going", "need", "trying", "ready", "have", "try", "how", "way"})
_ENDS = frozenset({SENTENCE_END, CLAUSE_END})


class Speller:
    """Reads messages as sentences of known words.

    Args:
        known: every word that a pattern names.
        fuzzy: those of them that may be misspelt.
        real: words that are right as they are, though they look like a slip of a fuzzy one.
    """

    def __init__(self, known: Iterable[str], fuzzy: Iterable[str], real: Iterable[str] = ()) -> None:
        self._known = frozenset(known)
        self._real = frozenset(real)
        self._fuzzy: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(set(fuzzy)):
            if len(word) >= SHORTEST_FUZZY:
                self._fuzzy[word[0]].append(word)
        self._pieces = {word: [word] for word in self._known}
        for word, full in SHORT_FORMS.items():
            if word not in self._known and self._known.issuperset(full.split()):
                self._pieces[word] = full.split()
        self._longest = max((len(word) for word in self._pieces), default=0)
        self._masks: defaultdict[int, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            self._masks[len(word)].append(word)

    def sentences(self, text: str) -> list[list[str]]:
        """Return the sentences of `text`: known words, UNKNOWN, FEW, MANY or YEAR for numbers, CLAUSE_END for pauses.

        Empty sentences are left out. A full stop after a single word does not end a sentence ("He. Is. Blue.").
        """
        sentences: list[list[str]] = []
        current: list[str] = []
        since_stop = 0
        for word in self._words(text):
            if word != SENTENCE_END:
                current.append(word)
                since_stop += 1
                continue
            if since_stop > 1:
                sentences.append(current)
                current = []
            since_stop = 0
        if current:
            sentences.append(current)
        return sentences

    def _words(self, text: str) -> Iterator[str]:
        letters: list[str] = []
        previous = ""
        for token in tokens(plain(text)):
            if len(token) == 1 and token.isalpha():
                letters.append(token)
                continue
            for word in self._spelt_out(letters):
                yield word
                previous = word
            letters.clear()
            if token in _ENDS:
                yield token
                continue
            if token == "2" and previous in _TO_AFTER:
                yield "to"
                continue
            for word in self._repair(token):
                yield word
                previous = word
        yield from self._spelt_out(letters)

    def _spelt_out(self, letters: list[str]) -> Iterator[str]:
        """Yield single letters as they are, or the words that three or more of them spell."""
        if len(letters) >= SPELT_OUT_FROM:
            word = "".join(letters[:LONGEST_GLUED])
            parts = self._apart(word, shortest=1) if word not in self._known else [word]
            if parts:
                yield from parts
                return
        for letter in letters:
            yield from (self._seen(word) for word in expand(letter))

    def _repair(self, token: str) -> list[str]:
        if token.isdigit():
            return [_number(token)]
        if token in self._known:
            return [self._seen(word) for word in expand(token)]
        words = expand(token)
        if words != (token,):
            return [self._seen(word) if word in self._known else self._repair_one(word)[0] for word in words]
        return self._repair_one(token)

    def _repair_one(self, token: str) -> list[str]:
        if token in self._known:
            return [token]
        if token in self._real:
            return [UNKNOWN]
        undisguised = self._undisguise(token)
        if undisguised:
            return undisguised
        if _SIGNS.search(token):
            return [word for part in _SIGNS.split(token) if part for word in self._repair(part)] or [UNKNOWN]
        near = self._nearest(token)
        if near:
            return [near]
        return self._apart(token, shortest=2) or [UNKNOWN]

    def _undisguise(self, token: str) -> list[str]:
        """Return the known words behind drawn-out letters, digits or stars for letters, or nothing."""
        for guess in _guesses(token):
            if guess in self._pieces:
                return self._pieces[guess]
        masked = self._unmask(token) if "*" in token else None
        return [masked] if masked else []

    def _seen(self, word: str) -> str:
        return word if word in self._known else UNKNOWN

    def _unmask(self, token: str) -> str | None:
        """Return the one known word that fits `k*ll`, where each star hides a letter."""
        pattern = re.compile(re.escape(token).replace(r"\*", "."))
        fits = [word for word in self._masks[len(token)] if pattern.fullmatch(word)]
        return fits[0] if fits and len(token) - token.count("*") > 1 else None

    def _nearest(self, token: str) -> str | None:
        if len(token) < SHORTEST_FUZZY - 1:
            return None
        best: tuple[int, str] | None = None
        for word in self._fuzzy.get(token[0], ()):
            allowed = 2 if len(word) >= TWO_SLIPS_FROM else 1
            if abs(len(word) - len(token)) > allowed:
                continue
            slips = 1 if _swapped(token, word) else levenshtein(token, word, allowed)
            if slips <= allowed and (best is None or slips < best[0]):
                best = (slips, word)
        return best[1] if best else None

    def _apart(self, glued: str, shortest: int) -> list[str]:
        """Return known words that together spell `glued`, the fewest possible, or nothing.

        Words of one letter only count where letters were spelt out, and as the `i` that opens the whole.
        """
        if shortest > 1 and not SHORTEST_GLUED <= len(glued) <= LONGEST_GLUED:
            return []
        best: list[list[str] | None] = [[]] + [None] * len(glued)
        for end in range(1, len(glued) + 1):
            for start in range(max(0, end - self._longest), end):
                head = best[start]
                if head is None:
                    continue
                piece = glued[start:end]
                if len(piece) < shortest and not (piece == "i" and start == 0):
                    continue
                words = self._pieces.get(piece)
                if words is None:
                    continue
                shorter = best[end]
                if shorter is None or len(head) + len(words) < len(shorter):
                    best[end] = head + words
        return best[-1] or []


def _number(digits: str) -> str:
    if len(digits) == len(YEAR) and int(digits) in YEARS:
        return YEAR
    return MANY if len(digits) > len(YEAR) or int(digits) >= MANY_FROM else FEW


def _guesses(token: str) -> Iterator[str]:
    """Yield what `token` may mean without its disguise: letters drawn out, digits for letters, a lost final g."""
    forms = [token]
    if any(sign.isdigit() or sign in "@$!|" for sign in token):
        forms = [token.translate(_LEET), token.translate(_LEET_L).translate(_LEET)]
        yield from forms
    for form in forms:
        yield _LONG_REPEATS.sub(r"\1\1", form)
        yield _LONG_REPEATS.sub(r"\1", form)
        yield _REPEATS.sub(r"\1", form)
        if form.endswith("in"):
            yield form + "g"


def _swapped(token: str, word: str) -> bool:
    """Say whether two neighbouring letters changed places, the commonest slip of the thumb."""
    if len(token) != len(word):
        return False
    wrong = [place for place, letter in enumerate(token) if letter != word[place]]
    return (
        len(wrong) == 2
        and wrong[1] == wrong[0] + 1
        and token[wrong[0]] == word[wrong[1]]
        and token[wrong[1]] == word[wrong[0]]
    )
