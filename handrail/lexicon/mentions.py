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


@dataclass(frozen=True)
class Candidate:
    """A stretch of words, from `first` up to `last` (not included), that may name `entry`."""

    first: int
    last: int
    entry: Entry
    role: str

    def overlaps(self, other: Candidate) -> bool:
        """Return whether the two stretches share a word."""
        return self.first < other.last and other.first < self.last

    def inside(self, other: Candidate) -> bool:
        """Return whether this stretch is part of a longer one."""
        return (
            other.first <= self.first and self.last <= other.last and self.last - self.first < other.last - other.first
        )


def longest(candidates: list[Candidate]) -> list[Candidate]:
    """Return the candidates that are left, left to right, when of two that overlap the longer one stays."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda one: (one.first - one.last, one.first)):
        if not any(candidate.overlaps(other) for other in kept):
            kept.append(candidate)
    return sorted(kept, key=lambda one: one.first)
