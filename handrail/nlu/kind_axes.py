"""Finds the directions along which kinds of question differ, so that what else a sentence says does not count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

Floats = NDArray[np.float32]

DIMENSIONS = 128
"""Directions that are kept, at most: as many numbers as the memory of examples keeps."""
SHORTEST = 0.01
"""A place nearer to the centre than this has no direction; examples lie about 1 away."""
SHRINKAGE = 0.1
"""How far the spread within a kind is drawn towards an even one (0 to 1)."""


@dataclass(frozen=True)
class KindAxes:
    """Linear discriminant analysis of sentence vectors.

    The encoder's vectors tell heroin from wine and a mother from a friend as strongly as they tell two kinds of
    question apart. Along these axes neighbours ask the same kind of thing, whatever it is about: the figures are in
    `docs/decisions/0007-training-examples-as-people-write.md`.

    Attributes:
        axes: one column a direction.
        centre: where the mean of the examples lies along them.
    """

    axes: Floats
    centre: Floats

    @classmethod
    def fit(cls, vectors: Floats, kinds: NDArray[np.int64]) -> KindAxes:
        """Learn from examples: their sentence vectors, one row each, and the number of each one's kind.

        With a single kind nothing can be told apart, nor with one example of each: the vectors stay as they are.
        """
        many = len(np.unique(kinds))
        if many < 2 or len(kinds) <= many:
            return cls(np.eye(vectors.shape[1], dtype=np.float32), np.zeros(vectors.shape[1], dtype=np.float32))
        # A kind with many examples is not more worth telling apart than one with few: each counts the same.
        analysis = LinearDiscriminantAnalysis(
            solver="eigen", shrinkage=SHRINKAGE, priors=np.full(many, 1 / many), n_components=None
        ).fit(vectors, kinds)
        axes = analysis.scalings_[:, : min(DIMENSIONS, many - 1)].astype(np.float32)
        along = (vectors - vectors.mean(axis=0)) @ axes
        axes /= max(float(np.linalg.norm(along, axis=1).mean()), float(np.finfo(np.float32).tiny))
        return cls(np.ascontiguousarray(axes), vectors.mean(axis=0) @ axes)

    def places(self, vectors: Floats) -> Floats:
        """Return where sentence vectors lie along the axes, each of length 1; takes one vector or one a row.

        A vector in the midst of all examples points nowhere, and stays short.
        """
        along = vectors @ self.axes - self.centre
        places: Floats = along / np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), SHORTEST)
        return places
