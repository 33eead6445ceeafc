"""Finds the known word behind a misspelt, disguised or run-together one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from spacy.matcher.levenshtein import levenshtein

from handrail.emergencies.normalise import CLAUSE_END, SENTENCE_END, SHORT_FORMS, expand, plain, tokens
from handrail.lexicon.words import word_set
from handrail.slips import LONGEST, SHORTEST_SLIP, Slips

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

# Two slips are looked for in words marked `~` from this length on; in a shorter word nothing would be left of it.
SHORTEST_FUZZY = 5
# From this length on two slips are allowed; below it one.
TWO_SLIPS_FROM = 9
# In a doubtful reading a slip is looked for also in words as short as this.
SHORTEST_DOUBT = 2
# So many other readings of one word are tried.
MOST_OTHERS = 10
# A message in which more words than this are misspelt is not language, and each costs time.
MOST_SLIPS = 120
# What is no word at all (`inq`, `kilhl`) may in a doubtful reading be a shorter one with a letter too many.
SHORTEST_STRAY_IN_DOUBT = 2
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
# Words so common that they are patterns' own, and what a lost or wrong letter makes them stand for.
ALSO_MEANT = {
    "ants": ("wants",),
    "car": ("care",),
    "cat": ("cant",),
    "days": ("says",),
    "deaf": ("dead",),
    "em": ("me", "him"),
    "er": ("her",),
    "hole": ("whole",),
    "love": ("live",),
    "mat": ("mate",),
    "sh": ("she",),
    "soon": ("son",),
    "shit": ("shot",),
    "tied": ("tried",),
    "tried": ("tired",),
    "to": ("too",),
    "wan": ("want",),
    "won": ("wont", "own"),
}
# In a word of the language no letter from far across the keys is taken for a slip, however long it is: `forms` is not
# `foams`.
NEVER_STRAY = LONGEST + 1
# Pairs that make sense with one letter more or less only.
_AFTER = {
    ("going", "too"): "to",
    ("my", "om"): "mom",
    ("my", "on"): "son",
    ("need", "too"): "to",
    ("too", "may"): "many",
    ("want", "too"): "to",
}
_TO_AFTER = frozenset({"want", "wants", "going", "need", "trying", "ready", "have", "try", "how", "way"})
# `ill` is `i will` at a start or after one of these, else it is sick.
_WILL_AFTER = word_set("""
    maybe think hope know and so then if but or when that because guess afraid scared soon tonight today tomorrow until
    swear bet probably sure promise not says said time
""")
# Curses say how somebody feels, and stand in the way of what they say.
_CURSES = word_set("""
    fucking fuckin fcking fking fckn fkn effing freaking freakin frickin fricking goddamn goddam godamn
""")
_ENDS = frozenset({SENTENCE_END, CLAUSE_END})


class Word(NamedTuple):
    """A word as it was read.

    Attributes:
        text: the word.
        written: what was written, where that may have been meant differently, else empty.
        width: how many words `written` was read as; this is the first of them.
    """

    text: str
    written: str = ""
    width: int = 1


class Speller:
    """Reads messages as sentences of known words.

    Args:
        known: every word that a pattern names.
        fuzzy: those of them that may be misspelt.
        real: words that are right as they are, though they look like a slip of a known one.
        english: further words of the language; in a doubtful reading they may be slips, for there are rare ones.
        weights: how often patterns name a word; of two readings that are as likely, the weightier counts.
    """

    def __init__(
        self,
        known: Iterable[str],
        fuzzy: Iterable[str],
        real: Iterable[str] = (),
        english: Collection[str] = (),
        weights: Mapping[str, int] | None = None,
    ) -> None:
        self._known = frozenset(known)
        self._real = frozenset(real)
        self._english = english
        self._fuzzy: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(set(fuzzy)):
            if len(word) >= SHORTEST_FUZZY:
                self._fuzzy[word[0]].append(word)
        self._pieces = {word: [word] for word in self._known}
        for word, full in SHORT_FORMS.items():
            if word not in self._known and self._known.issuperset(full.split()):
                self._pieces[word] = full.split()
        self._longest = max((len(word) for word in self._pieces), default=0)
        self._weights = weights or {}
        self._slips = Slips(self._pieces, self._weights)
        self._masks: defaultdict[int, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            self._masks[len(word)].append(word)

    def sentences(self, text: str) -> list[list[str]]:
        """Return the words of `read`, without what was written."""
        return [[word.text for word in sentence] for sentence in self.read(text)]

    def read(self, text: str) -> list[list[Word]]:
        """Return the sentences of `text`: known words, UNKNOWN, FEW, MANY or YEAR for numbers, CLAUSE_END for pauses.

        Empty sentences are left out. A full stop after a single word does not end a sentence ("He. Is. Blue.").
        """
        sentences: list[list[Word]] = []
        current: list[Word] = []
        since_stop = 0
        for word in self._words(text):
            if word.text != SENTENCE_END:
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

    def others(self, word: Word) -> list[list[str]]:
        """Return what may have been meant where a slip of the finger made `word` of another word, likeliest first."""
        if not word.written or not word.written.isalpha():
            return []
        if self._is_drawn_out(word.written):
            return []
        stray = NEVER_STRAY if word.written in self._english else SHORTEST_STRAY_IN_DOUBT
        rights = ALSO_MEANT.get(word.written) or self._slips.near(word.written, SHORTEST_DOUBT, stray)
        near = (self._pieces[right] for right in rights if right in self._pieces)
        readings = [words for words in near if words != [word.text] and not self._weights.keys().isdisjoint(words)]
        return readings[:MOST_OTHERS]

    def _is_drawn_out(self, written: str) -> bool:
        """Say whether `written` is a right word that no pattern names, with its last letter held: `hii`, `byee`."""
        stem = written.rstrip(written[-1])
        return len(written) - len(stem) > 1 and stem + written[-1] in self._real

    def _words(self, text: str) -> Iterator[Word]:
        letters: list[str] = []
        previous = ""
        repairs = 0
        for written in tokens(plain(text)):
            token = _AFTER.get((previous, written), written)
            if token.isalpha() and (len(token) == 1 or (letters and token == token[0] * len(token))):
                letters.append(token[0])
                continue
            for spelt in self._spelt_out(letters):
                yield spelt
                previous = spelt.text
            letters.clear()
            if token in _ENDS:
                yield Word(token)
                previous = ""
                continue
            if token in _CURSES:
                continue
            if token == "ill" and (not previous or previous in _WILL_AFTER):
                yield from (Word("i"), Word("will"))
                previous = "will"
                continue
            if token == "2" and previous in _TO_AFTER:
                yield Word("to")
                continue
            words = self._as_written(token)
            if words is None:
                repairs += 1
                words = self._repair_one(token) if repairs <= MOST_SLIPS else [UNKNOWN]
                doubtful = repairs <= MOST_SLIPS and token not in self._real
                yield Word(words[0], token if doubtful else "", len(words))
                yield from map(Word, words[1:])
            else:
                yield from (Word(word, token if self._is_doubtful(word, token) else "") for word in words)
            previous = words[-1]
        yield from self._spelt_out(letters)

    def _is_doubtful(self, word: str, token: str) -> bool:
        """Say whether a known word may be a slip: it stands as it was written, and no pattern needs it."""
        return token in ALSO_MEANT or (word == token and word not in self._weights and word not in self._real)

    def _spelt_out(self, letters: list[str]) -> Iterator[Word]:
        """Yield single letters as they are, or the words that three or more of them spell."""
        if len(letters) >= SPELT_OUT_FROM:
            word = "".join(letters[:LONGEST])
            parts = self._apart(word, shortest=1) if word not in self._known else [word]
            if parts:
                yield from map(Word, parts)
                return
        for letter in letters:
            words = [self._seen(word) for word in expand(letter)]
            yield from (Word(word, letter if word == UNKNOWN else "") for word in words)

    def _as_written(self, token: str) -> list[str] | None:
        """Return the words that `token` is or stands for, or None where it must be guessed."""
        # Not isdigit: to that a number in a circle is one too, which int() cannot read.
        if token.isdecimal() and token not in self._known:
            return [_number(token)]
        if token in self._known:
            return [self._seen(word) for word in expand(token)]
        words = expand(token)
        if words != (token,):
            return [part for word in words for part in self._full_word(word)]
        return None

    def _full_word(self, word: str) -> list[str]:
        """Return what a word out of a short form reads as: `won'g` holds `wong`, which is `will not`."""
        if word in self._known:
            return [self._seen(word)]
        short = [right for right in self._slips.near(word, SHORTEST_SLIP) if right in SHORT_FORMS]
        return self._pieces[short[0]] if short else self._repair_one(word)

    def _repair(self, token: str) -> list[str]:
        words = self._as_written(token)
        return self._repair_one(token) if words is None else words

    def _repair_one(self, token: str) -> list[str]:
        if token in self._known:
            return [token]
        if token in self._real or token in self._english:
            return [UNKNOWN]
        undisguised = self._undisguise(token)
        if undisguised:
            return undisguised
        if _SIGNS.search(token):
            return [word for part in _SIGNS.split(token) if part for word in self._repair(part)] or [UNKNOWN]
        return self._misspelt(token) or self._apart(token, shortest=2) or [UNKNOWN]

    def _misspelt(self, token: str) -> list[str]:
        """Return the known words that `token` most likely was meant to be, or nothing."""
        slips = self._slips.near(token, SHORTEST_SLIP) if len(token) >= SHORTEST_SLIP else []
        if slips:
            return self._pieces[slips[0]]
        near = self._nearest(token)
        return [near] if near else []

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
            slips = levenshtein(token, word, allowed)
            if slips <= allowed and (best is None or slips < best[0]):
                best = (slips, word)
        return best[1] if best else None

    def _apart(self, glued: str, shortest: int) -> list[str]:
        """Return known words that together spell `glued`, the fewest possible, or nothing.

        Words of one letter only count where letters were spelt out, and as the `i` that opens the whole.
        """
        if shortest > 1 and not SHORTEST_GLUED <= len(glued) <= LONGEST:
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
