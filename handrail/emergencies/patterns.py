"""Compiles the notation of `data/emergencies/` into spaCy Matcher patterns.

The notation, words separated by spaces:

    word        this word; `can't`, `cant` and `cannot` are the same
    word~       this word, also misspelt
    {name}      one entry of the word set `name`
    (a|b c)     one of these
    [a|b c]     one of these, or nothing
    ..3         up to three words of any kind but `not` and `never`, within a clause. The Matcher tries each way to
                spread the words over the places, twice as many with each place: keep all gaps of a line near 16
    #  ##  #### a number in digits; a number of 8 or more; a year
    ^  $        the start, the end of a sentence
    *           (in `unless` only) the place of the match itself
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handrail.emergencies.normalise import CLAUSE_END, SENTENCE_END, expand, plain, tokens
from handrail.emergencies.spelling import FEW, MANY, YEAR

MATCH = "*"
# A gap leaps over none of these: "he is not suicidal" must not read as "he is suicidal".
BARRIERS = frozenset({SENTENCE_END, CLAUSE_END, "not", "never"})
# The flag of a word that carries this. It is spaCy's flag for stop words, which nothing else here reads, set anew
# for the screen's own vocabulary: a flag is compared inside the Matcher, a list of words by a call for each token.
BARRIER = "IS_STOP"
# One pattern that unfolds into more sequences than this is too clever to read, and slow.
MOST_SEQUENCES = 400

_PIECE = re.compile(r"\s*(\.\.\d+|\{[a-z_]+\}|[\[\]()|]|####|##?|[*^$]|[^\s\[\]()|{}^$*#~]+~?)")
_SIGNS = {"#": (FEW, MANY, YEAR), "##": (MANY,), "####": (YEAR,), "^": (SENTENCE_END,), "$": (SENTENCE_END,)}
_PAIRS = {"(": ")", "[": "]"}


class NotationError(ValueError):
    """A pattern cannot be read. Its text says what is wrong; `mend` how to put it right."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.mend = mend


@dataclass(frozen=True)
class Step:
    """One place of a sequence: a word out of `words`, or (`words` empty) a gap of up to `gap` words."""

    words: frozenset[str] = frozenset()
    gap: int = 0
    optional: bool = False

    def token(self) -> dict[str, Any]:
        """Return the step as a token of a spaCy Matcher pattern."""
        if self.gap:
            return {BARRIER: False, "OP": f"{{0,{self.gap}}}"}
        token: dict[str, Any] = {"ORTH": min(self.words)}
        if len(self.words) > 1:
            token = {"ORTH": {"IN": sorted(self.words)}}
        if self.optional:
            token["OP"] = "?"
        return token


Sequence_ = tuple[Step, ...]


@dataclass(frozen=True)
class Around:
    """A context: what stands before and after the match, or (`anywhere`) near it in the sentence."""

    before: tuple[Sequence_, ...] = ()
    after: tuple[Sequence_, ...] = ()
    anywhere: tuple[Sequence_, ...] = ()


class Notation:
    """Reads patterns against a table of word sets.

    Args:
        sets: name to entries; an entry is written in the same notation and may name other sets.
    """

    def __init__(self, sets: Mapping[str, Sequence[str]]) -> None:
        self._sets = sets
        self._read: dict[str, tuple[Sequence_, ...]] = {}
        self._open: list[str] = []
        self.fuzzy: set[str] = set()

    def pattern(self, text: str) -> tuple[Sequence_, ...]:
        """Return the sequences that `text` stands for.

        Raises:
            NotationError: the notation is wrong, a word set is not known, or nothing is required.
        """
        sequences = self._sequences(text)
        for sequence in sequences:
            if not any(step.words and not step.optional for step in sequence):
                raise NotationError(f"'{text}' can match nothing at all", "require at least one word")
        return sequences

    def around(self, text: str) -> Around:
        """Return the context that `text` describes; `*` in it marks where the match stands.

        Raises:
            NotationError: the notation is wrong, or `*` stands in it twice.
        """
        if MATCH not in text.split():
            return Around(anywhere=self.pattern(text))
        before, _, after = (f" {text} ").partition(f" {MATCH} ")
        if MATCH in after.split() or not (before.strip() or after.strip()):
            raise NotationError(f"'{text}' does not say what stands around the match", "write `word *` or `* word`")
        return Around(
            before=self._sequences(before) if before.strip() else (),
            after=self._sequences(after) if after.strip() else (),
        )

    def _sequences(self, text: str) -> tuple[Sequence_, ...]:
        pieces = _pieces(text)
        sequences = self._alternatives(pieces, "", text)
        return tuple(dict.fromkeys(sequence for sequence in sequences if sequence))

    def _alternatives(self, pieces: Iterator[str], until: str, text: str) -> list[Sequence_]:
        """Read up to the bracket `until` and return every way to go through it."""
        ways: list[Sequence_] = []
        parts: list[list[Sequence_]] = []
        for piece in pieces:
            if piece == until:
                return _merged(ways + _product(parts, text))
            if piece == "|":
                ways += _product(parts, text)
                parts = []
            elif piece in _PAIRS:
                inner = self._alternatives(pieces, _PAIRS[piece], text)
                parts.append(_optional(inner) if piece == "[" else inner)
            elif piece in _PAIRS.values() or piece == MATCH:
                raise NotationError(f"'{text}' has a '{piece}' too many", "take it out or open its bracket")
            else:
                parts.append(list(self._one(piece)))
        if until:
            raise NotationError(f"'{text}' lacks a '{until}'", "close each bracket")
        return _merged(ways + _product(parts, text))

    def _one(self, piece: str) -> tuple[Sequence_, ...]:
        if piece.startswith(".."):
            return ((Step(gap=int(piece[2:])),),)
        if piece.startswith("{"):
            return self._set(piece[1:-1])
        if piece in _SIGNS:
            return ((Step(words=frozenset(_SIGNS[piece])),),)
        full = [part for token in tokens(plain(piece.rstrip("~"))) for part in expand(token)]
        if piece.endswith("~"):
            self.fuzzy.update(full)
        return (tuple(Step(words=frozenset({part})) for part in full),)

    def _set(self, name: str) -> tuple[Sequence_, ...]:
        if name not in self._sets:
            raise NotationError(f"the word set '{name}' is not known", f"use one of {', '.join(sorted(self._sets))}")
        if name in self._open:
            raise NotationError(f"the word set '{name}' contains itself", "take the circle apart")
        if name not in self._read:
            self._open.append(name)
            ways = [way for entry in self._sets[name] for way in self._sequences(entry)]
            self._open.pop()
            self._read[name] = tuple(_merged(ways))
        return self._read[name]


def _pieces(text: str) -> Iterator[str]:
    place = 0
    text = text.strip()
    while place < len(text):
        found = _PIECE.match(text, place)
        if not found:
            raise NotationError(f"'{text}' cannot be read at '{text[place:]}'", "see the notation in patterns.py")
        yield found[1]
        place = found.end()


def _product(parts: list[list[Sequence_]], text: str) -> list[Sequence_]:
    count = 1
    for part in parts:
        count *= len(part)
    if count > MOST_SEQUENCES:
        raise NotationError(f"'{text}' unfolds into {count} sequences", "write it as two or more patterns")
    return [tuple(itertools.chain.from_iterable(choice)) for choice in itertools.product(*parts)]


def _merged(ways: list[Sequence_]) -> list[Sequence_]:
    """Fold all ways that are one plain word into a single step, which one Matcher token can hold."""
    single = [way[0].words for way in ways if len(way) == 1 and way[0].words and not way[0].optional]
    rest = [way for way in ways if not (len(way) == 1 and way[0].words and not way[0].optional)]
    head: list[Sequence_] = [(Step(words=frozenset().union(*single)),)] if single else []
    return list(dict.fromkeys(head + rest))


def _optional(ways: list[Sequence_]) -> list[Sequence_]:
    if len(ways) == 1 and len(ways[0]) == 1 and ways[0][0].words:
        return [(replace(ways[0][0], optional=True),)]
    return [*ways, ()]
