"""Remembers where the training examples lie: how near a message is to them, and what the nearest ones ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

DIMENSIONS = 128
"""Of the 384 numbers of a sentence vector as many are kept: a third of the time a message, and the same neighbours."""
NEIGHBOURS = 20
"""Examples that have a say in what is asked."""
SHARPNESS = 12.0
"""How much more a nearer example counts: one that is 0.1 nearer (cosine) counts about three times as much."""
FAMILIAR_BY = 5
"""Examples over which familiarity is taken: a single one may be near by chance."""


@dataclass(frozen=True)
class ExampleMemory:
    """The examples.

    Attributes:
        axes: the directions that are kept: one column each of `DIMENSIONS`.
        places: where each example lies along them, one row an example.
        intents: the number of each example's intent.
        in_field: which examples are questions of the field.
        count: how many intents there are.
    """

    axes: Floats
    places: Floats
    intents: NDArray[np.int64]
    in_field: NDArray[np.bool_]
    count: int

    @classmethod
    def of(cls, vectors: Floats, intents: NDArray[np.int64], in_field: Sequence[bool], count: int) -> ExampleMemory:
        """Remember examples by their sentence vectors (one row each, of length 1)."""
        # The directions along which the examples differ most (principal axes about 0, which keeps cosines).
        _, directions = np.linalg.eigh(vectors.T @ vectors)
        axes = np.ascontiguousarray(directions[:, ::-1][:, :DIMENSIONS].astype(np.float32))
        return cls(axes, np.ascontiguousarray(vectors @ axes), intents, np.asarray(in_field, dtype=bool), count)

    def nearness(self, vector: Floats) -> Floats:
        """Return how near a sentence vector lies to each example: about the cosine, from -1 to 1."""
        near: Floats = self.places @ (vector @ self.axes)
        return near

    def shares(self, nearness: Floats) -> Floats:
        """Return the share of each intent among the nearest examples."""
        most = min(NEIGHBOURS, len(nearness))
        nearest = np.argpartition(-nearness, most - 1)[:most]
        near = nearness[nearest]
        weights = np.exp(SHARPNESS * (near - near.max()))
        counts = np.bincount(self.intents[nearest], weights=weights, minlength=self.count)
        shares: Floats = (counts / counts.sum()).astype(np.float32)
        return shares

    def familiarity(self, nearness: Floats) -> float:
        """Return how near the nearest questions of the field are: about 0.4 for other subjects, 0.7 in the field."""
        inside = nearness[self.in_field]
        most = min(FAMILIAR_BY, len(inside))
        return float(np.partition(inside, -most)[-most:].mean()) if most else 0.0
