"""How plain the topics are to read."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handrail.content import Catalogue, Topic
from handrail.content.plain_words import grade
from handrail.lexicon import Lexicon

LONG_NAME = 4
"""Letters from which a name weighs on a grade, as `make check` counts it."""


@dataclass(frozen=True)
class Grades:
    """US school grades by Flesch-Kincaid: the hardest topic, which one that is, and the median of all."""

    hardest: float
    topic: str
    median: float


def grades(catalogue: Catalogue, lexicon: Lexicon) -> Grades:
    """Grade each topic as `make check` does: its answer and its depth apart; the harder one counts.

    Names of drugs, medicines and organisations count as one short word.
    """
    names = [name for entry in lexicon for name in (entry.name, *entry.terms) if len(name) >= LONG_NAME]
    return summary({topic.id: _hardest(topic, names) for topic in catalogue.topics.values()})


def summary(graded: Mapping[str, float]) -> Grades:
    """Summarise the grade of each topic; there has to be one."""
    topic = max(graded, key=lambda one: graded[one])
    return Grades(graded[topic], topic, statistics.median(graded.values()))


def _hardest(topic: Topic, names: Iterable[str]) -> float:
    parts = ("\n".join((topic.short, *(f"- {step}" for step in topic.steps))), topic.more)
    return max(grade(part, names) for part in parts if part)
