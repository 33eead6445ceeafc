"""Logistic regression on a text's sense and its words, and how it is kept in a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handrail.nlu.softmax_regression import SoftmaxRegression
from handrail.nlu.word_weights import WordWeights

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class TextRegression:
    """What was learned.

    Attributes:
        words: the words that count, and how rare each is.
        regression: what sense and words say about each class.
    """

    words: WordWeights
    regression: SoftmaxRegression

    @classmethod
    def fit(
        cls, texts: Sequence[str], vectors: Floats, labels: Sequence[str], *, C: float, rounds: int
    ) -> TextRegression:
        """Learn from examples.

        Args:
            texts: one an example.
            vectors: the sentence vectors, one row an example.
            labels: the class of each example.
            C: the inverse of the smoothing, as scikit-learn counts it.
            rounds: how often each example is learned from.
        """
        words = WordWeights.fit(texts)
        return cls(words, SoftmaxRegression.fit(vectors, words.matrix(texts), labels, C, rounds))

    @property
    def classes(self) -> NDArray[np.str_]:
        """The names of the classes, in order."""
        return self.regression.classes

    def probabilities(self, text: str, vector: Floats) -> Floats:
        """Return the probability of each class for one text and the vector of its sentence."""
        return self.regression.probabilities(vector, *self.words.of(text))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all of it as plain arrays, which hold no code, for `from_arrays`."""
        return {
            "classes": self.regression.classes,
            "dense": self.regression.dense,
            "sparse": self.regression.sparse,
            "intercept": self.regression.intercept,
            "vocabulary": np.array(self.words.vocabulary, dtype=str),
            "idf": self.words.idf,
        }

    @classmethod
    def from_arrays(cls, stored: Mapping[str, NDArray[Any]]) -> TextRegression:
        """Return what `arrays` gave."""
        return cls(
            WordWeights(stored["vocabulary"].tolist(), stored["idf"]),
            SoftmaxRegression(stored["classes"], stored["dense"], stored["sparse"], stored["intercept"]),
        )
