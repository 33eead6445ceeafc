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
        many, smoothing = len(classes), 1 / (C * len(targets))
        learned = _Learned(
            of_dense=_Weights((dense.shape[1], many), smoothing),
            of_sparse=_Weights((sparse.shape[1], many), smoothing),
            intercept=_Weights((many,), smoothing=0.0),
        )
        random = np.random.default_rng(SEED)
        steps, step = rounds * -(-len(targets) // BATCH), 0
        for _ in range(rounds):
            order = random.permutation(len(targets))
            for start in range(0, len(order), BATCH):
                step += 1
                batch = order[start : start + BATCH]
                length = STEP * 0.5 * (1 + np.cos(np.pi * step / steps))
                learned.step(dense[batch], sparse[batch], targets[batch], step, length)
        return cls(classes.astype(str), learned.of_dense.values, learned.of_sparse.values, learned.intercept.values)

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


class _Weights:
    """Some weights while they are learned."""

    def __init__(self, shape: tuple[int, ...], smoothing: float) -> None:
        self.values = np.zeros(shape, dtype=np.float32)
        self._smoothing = smoothing
        self._slope, self._square = np.zeros_like(self.values), np.zeros_like(self.values)

    def step(self, slope: Floats, number: int, length: float) -> None:
        """Go down by about `length`; `number` counts from 1."""
        slope = slope + self._smoothing * self.values
        self._slope += (1 - OF_SLOPE) * (slope - self._slope)
        self._square += (1 - OF_SQUARE) * (slope * slope - self._square)
        steep = np.sqrt(self._square / (1 - OF_SQUARE**number)) + EPSILON
        self.values -= length / (1 - OF_SLOPE**number) * self._slope / steep


@dataclass(frozen=True)
class _Learned:
    of_dense: _Weights
    of_sparse: _Weights
    intercept: _Weights

    def step(
        self, dense: Floats, sparse: scipy.sparse.csr_matrix, targets: NDArray[np.int64], number: int, length: float
    ) -> None:
        """Learn from some examples."""
        shares = dense @ self.of_dense.values
        shares += sparse @ self.of_sparse.values
        shares += self.intercept.values
        shares -= shares.max(axis=1, keepdims=True)
        np.exp(shares, out=shares)
        shares /= shares.sum(axis=1, keepdims=True)
        # What is left is how the mean loss changes with the scores.
        shares[np.arange(len(targets)), targets] -= 1
        shares /= len(targets)
        self.of_dense.step(dense.T @ shares, number, length)
        self.of_sparse.step(sparse.T @ shares, number, length)
        self.intercept.step(shares.sum(axis=0), number, length)
