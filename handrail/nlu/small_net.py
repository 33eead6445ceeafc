"""A neural net with one hidden layer that tells two classes apart, and how it is kept in a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

DIRECTIONS = 384
"""The net learns along the directions in which the vectors differ most: half of them tell as much in two thirds of the
time."""
HIDDEN, ROUNDS, BATCH = 256, 14, 768
LEARNING_RATE, DECAY = 4e-3, 1e-4
DROP_INPUT, DROP_HIDDEN = 0.15, 0.3
SCALE = 12.0
"""Vectors of length 1 have numbers near 0.05; the learning rate is meant for numbers near 1.

All of these were chosen on messages that were not learned from (`docs/decisions/0014-danger-net.md`)."""
SEED = 7
"""The same examples give the same net."""


@dataclass(frozen=True)
class SmallNet:
    """What was learned. Keras does the learning; a single message needs no more than two multiplications.

    Attributes:
        inner: one row a feature, one column a hidden unit.
        inner_bias: one number a hidden unit.
        outer: one number a hidden unit.
        outer_bias: a single number.
    """

    inner: Floats
    inner_bias: Floats
    outer: Floats
    outer_bias: Floats

    @classmethod
    def fit(cls, vectors: Floats, labels: NDArray[np.bool_], seed: int = SEED) -> SmallNet:
        """Learn from examples.

        Args:
            vectors: one row an example, made of unit vectors.
            labels: whether each example is of the class that `probability` speaks of.
            seed: decides chance, also that of TensorFlow elsewhere in this process.
        """
        from tensorflow import keras  # noqa: PLC0415  (seconds to import: only when something is learned)

        keras.utils.set_random_seed(seed)
        centre, directions = _directions(vectors)
        steps = ROUNDS * -(-len(labels) // BATCH)
        hidden = keras.layers.Dense(HIDDEN, "relu", kernel_regularizer=keras.regularizers.L2(DECAY))
        outer = keras.layers.Dense(1)
        net = keras.Sequential([keras.layers.Dropout(DROP_INPUT), hidden, keras.layers.Dropout(DROP_HIDDEN), outer])
        net.compile(
            keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)),
            keras.losses.BinaryCrossentropy(from_logits=True),
        )
        net.fit((vectors - centre) @ directions * SCALE, labels.astype(np.float32), BATCH, ROUNDS, verbose=0)
        (inner, inner_bias), (weights, bias) = hidden.get_weights(), outer.get_weights()
        inner = directions @ inner * SCALE
        return cls(inner, inner_bias - centre @ inner, weights[:, 0], bias)

    def probability(self, vector: Floats) -> float:
        """Return how likely one vector is of the class, 0 to 1."""
        hidden = np.maximum(vector @ self.inner + self.inner_bias, 0)
        return float(1 / (1 + np.exp(-(hidden @ self.outer + self.outer_bias[0]))))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all of it as plain arrays, which hold no code, for `from_arrays`."""
        return {
            "inner": self.inner,
            "inner_bias": self.inner_bias,
            "outer": self.outer,
            "outer_bias": self.outer_bias,
        }

    @classmethod
    def from_arrays(cls, stored: Mapping[str, NDArray[Any]]) -> SmallNet:
        """Return what `arrays` gave."""
        return cls(stored["inner"], stored["inner_bias"], stored["outer"], stored["outer_bias"])


def _directions(vectors: Floats) -> tuple[Floats, Floats]:
    """Return the vectors' mean, and the directions in which they differ most from it: one column each."""
    centre: Floats = vectors.mean(axis=0)
    deviations = vectors - centre
    _, found = np.linalg.eigh(deviations.T @ deviations)
    return centre, np.ascontiguousarray(found[:, ::-1][:, :DIRECTIONS], dtype=np.float32)
