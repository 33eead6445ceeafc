"""What a search of a message yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from handrail.lexicon.records import Entry, Kind

Entity = Literal["subject", "country", "relationship"]

# Substances, medicines, treatments and groups are all things that a person asks about.
ENTITY_OF_KIND: dict[Kind, Entity] = {
    "substance": "subject",
    "medicine": "subject",
    "treatment": "subject",
    "group": "subject",
    "country": "country",
    "relationship": "relationship",
}


@dataclass(frozen=True)
class Mention:
    """An entry of the lexicon named in a text. `start` and `end` are character offsets; `surface` lies between."""

    entity: Entity
    kind: Kind
    id: str
    start: int
    end: int
    surface: str


@dataclass(frozen=True, eq=False)
class Candidate:
    """A stretch of words, from `first` up to `last` (not included), that may name `entry`.

    `guessed` when a street name in it is misspelt: it counts only where the message means a drug. `english` when that
    misspelling is a word of its own ("block tar"): it counts only right beside a word of use.
    """

    first: int
    last: int
    entry: Entry
    role: str
    guessed: bool = False
    english: bool = False


def longest(candidates: list[Candidate]) -> list[Candidate]:
    """Return the candidates that are left, left to right, when of two that overlap the longer one stays."""
    kept: list[Candidate] = []
    taken: set[int] = set()
    for candidate in sorted(candidates, key=lambda one: (one.first - one.last, one.first)):
        stretch = range(candidate.first, candidate.last)
        if taken.isdisjoint(stretch):
            taken.update(stretch)
            kept.append(candidate)
    return sorted(kept, key=lambda one: one.first)
