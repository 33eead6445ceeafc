"""Logistic regression for many classes on dense and sparse features side by side.

Scikit-learn's LogisticRegression takes one matrix, dense or sparse. A sentence vector is dense, the words of a sentence
are sparse: as one sparse matrix the fit takes more than ten times as long as here, where each keeps its own form
(`docs/decisions/0007-training-examples-as-people-write.md`). The loss is scikit-learn's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

Floats = NDArray[np.float32]

BATCH = 1024
"""Examples between two steps. With fewer, a training takes longer and gives the same."""
STEP = 0.15
"""How far the first steps go, in a weight; they get shorter along half a cosine until the last one is nothing."""
OF_SLOPE, OF_SQUARE = 0.9, 0.99
"""How much of the past slopes, and of their squares, goes into a step."""
EPSILON = 1e-8
SEED = 7
"""The same examples give the same regression."""


@dataclass(frozen=True)
class SoftmaxRegression:
    """What was learned.

    Attributes:
        classes: the names of the classes, in order.
        dense: one row a dense feature, one column a class.
        sparse: one row a sparse feature, one column a class.
        intercept: one number a class.
    """

    classes: NDArray[np.str_]
    dense: Floats
    sparse: Floats
    intercept: Floats

    @classmethod
    def fit(
        cls, dense: Floats, sparse: scipy.sparse.csr_matrix, labels: Sequence[str], C: float, rounds: int
    ) -> SoftmaxRegression:
        """Learn from examples, by Adam (Kingma and Ba 2015) on a part of them at a time.

        Scikit-learn's own way, L-BFGS on all of them at once, takes four times as long with 30,000 examples, and tells
        fewer of other people's sentences apart: `docs/decisions/0015-what-people-really-write.md`.

        Args:
            dense: one row an example.
            sparse: one row an example.
            labels: the class of each example.
            C: the inverse of the smoothing, as scikit-learn counts it.
            rounds: how often each example is learned from.
        """
        classes, targets = np.unique(np.asarray(labels), return_inverse=True)
        dense, sparse = np.ascontiguousarray(dense, dtype=np.float32), sparse.astype(np.float32).tocsr()
        random = np.random.default_rng(SEED)
        shapes = ((dense.shape[1], len(classes)), (sparse.shape[1], len(classes)), (len(classes),))
        weights, slopes, squares = ([np.zeros(shape, dtype=np.float32) for shape in shapes] for _ in range(3))
        smoothing = (1 / (C * len(targets)), 1 / (C * len(targets)), 0.0)
        steps = rounds * -(-len(targets) // BATCH)
        step = 0
        for _ in range(rounds):
            order = random.permutation(len(targets))
            for start in range(0, len(order), BATCH):
                step += 1
                length = STEP * 0.5 * (1 + np.cos(np.pi * step / steps)) / (1 - OF_SLOPE**step)
                batch = order[start : start + BATCH]
                found = _slopes(dense[batch], sparse[batch], targets[batch], *weights)
                for weight, slope, square, new, smooth in zip(weights, slopes, squares, found, smoothing, strict=True):
                    new += smooth * weight
                    slope += (1 - OF_SLOPE) * (new - slope)
                    square += (1 - OF_SQUARE) * (new * new - square)
                    weight -= length * slope / (np.sqrt(square / (1 - OF_SQUARE**step)) + EPSILON)
        return cls(classes.astype(str), *weights)

    def probabilities(self, dense: Floats, words: NDArray[np.int64], weights: NDArray[np.float64]) -> Floats:
        """Return the probability of each class for one example.

        Args:
            dense: its dense features.
            words: the places of its sparse features that are not 0.
            weights: the values at those places.
        """
        scores = self.intercept + dense @ self.dense + weights @ self.sparse[words]
        likely = np.exp(scores - scores.max())
        shares: Floats = likely / likely.sum()
        return shares


def _slopes(
    dense: Floats,
    sparse: scipy.sparse.csr_matrix,
    targets: NDArray[np.int64],
    of_dense: Floats,
    of_sparse: Floats,
    intercept: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Return how the mean loss changes with each weight."""
    shares = dense @ of_dense
    shares += sparse @ of_sparse
    shares += intercept
    shares -= shares.max(axis=1, keepdims=True)
    np.exp(shares, out=shares)
    shares /= shares.sum(axis=1, keepdims=True)
    shares[np.arange(len(targets)), targets] -= 1
    shares /= len(targets)
    return dense.T @ shares, sparse.T @ shares, shares.sum(axis=0)
