"""Which intents are taken for one another, and the training examples that draw a sentence to the wrong one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handrail.tools.evaluation.cross_validation import Examples
from handrail.tools.evaluation.measures import confusions

WORST = 15
"""Pairs of intents that are shown."""
SHOWN = 3
"""Neighbours that are shown a pair."""


@dataclass(frozen=True)
class Neighbour:
    """A sentence that was taken for another intent, and that intent's nearest example (cosine from -1 to 1)."""

    sentence: str
    example: str
    cosine: float


@dataclass(frozen=True)
class Confusion:
    """A pair of intents, how often the one was taken for the other, and the clearest cases."""

    right: str
    given: str
    count: int
    neighbours: Sequence[Neighbour]


def worst_confusions(
    sentences: Sequence[str],
    vectors: NDArray[np.float32],
    pairs: Sequence[tuple[str, str]],
    examples: Examples,
    most: int = WORST,
) -> list[Confusion]:
    """Return the commonest confusions, each with the sentences that lie nearest to the wrong intent.

    Args:
        sentences: what was classified.
        vectors: their unit vectors.
        pairs: (right intent, predicted intent) of each.
        examples: the training examples.
        most: how many confusions.
    """
    intents = np.asarray(examples.intents)
    found = []
    for (right, given), count in confusions(pairs)[:most]:
        places = [place for place, pair in enumerate(pairs) if pair == (right, given)]
        neighbours = [_nearest(sentences[place], vectors[place], examples, intents == given) for place in places]
        near = sorted(filter(None, neighbours), key=lambda one: -one.cosine)[:SHOWN]
        found.append(Confusion(right, given, count, near))
    return found


def most_mistaken(pairs: Sequence[tuple[str, str]], intent: str, most: int = 2) -> list[tuple[str, int]]:
    """Return what an intent was most often taken for, with how often."""
    return Counter(given for right, given in pairs if right == intent != given).most_common(most)


def _nearest(
    sentence: str, vector: NDArray[np.float32], examples: Examples, own: NDArray[np.bool_]
) -> Neighbour | None:
    places = np.flatnonzero(own)
    if not len(places):
        return None
    cosines = examples.vectors[places] @ vector
    best = int(cosines.argmax())
    return Neighbour(sentence, examples.texts[int(places[best])], float(cosines[best]))
