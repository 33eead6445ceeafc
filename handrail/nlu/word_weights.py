"""Tf-idf of the words of a text: which words it holds, each weighted by how rare it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

WORD = re.compile(r"\w+(?:['’]\w+)?")


def words_of(text: str) -> list[str]:
    """Return the words of `text` in small letters, with one kind of apostrophe."""
    return [word.replace("’", "'") for word in WORD.findall(text.lower())]


class WordWeights:
    """Turns a text into the places and weights of its known words; the weights have length 1."""

    def __init__(self, vocabulary: Sequence[str], idf: NDArray[np.float64]) -> None:
        """Take what `fit` or a trained model gives: the words in order, and how rare each is."""
        self.vocabulary = list(vocabulary)
        self.idf = idf
        self._places = {word: place for place, word in enumerate(self.vocabulary)}

    @classmethod
    def fit(cls, texts: Sequence[str], at_least: int = 2) -> WordWeights:
        """Learn the words that stand in `at_least` texts. The rarity is smoothed as scikit-learn does it."""
        counts = Counter(word for text in texts for word in set(words_of(text)))
        known = sorted(word for word, count in counts.items() if count >= at_least)
        seen = np.array([counts[word] for word in known], dtype=np.float64)
        return cls(known, np.log((1 + len(texts)) / (1 + seen)) + 1)

    def knows(self, text: str) -> bool:
        """Say whether `text` holds a word that was learned."""
        return any(word in self._places for word in words_of(text))

    def of(self, text: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the places of the text's known words and their weights."""
        counts = Counter(self._places[word] for word in words_of(text) if word in self._places)
        places = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        often = np.fromiter(counts.values(), dtype=np.float64, count=len(counts))
        weights = (1 + np.log(often)) * self.idf[places] if len(counts) else often
        length = float(np.sqrt(weights @ weights)) or 1.0
        return places, weights / length

    def matrix(self, texts: Sequence[str]) -> scipy.sparse.csr_matrix:
        """Return the weights of many texts: one row a text, one column a known word."""
        found = [self.of(text) for text in texts]
        starts = np.cumsum([0, *(len(places) for places, _ in found)])
        places, weights = (np.concatenate(column) for column in zip(*found, strict=True))
        return scipy.sparse.csr_matrix((weights, places, starts), shape=(len(texts), len(self.vocabulary)))
