"""Logistic regression for many classes on dense and sparse features side by side.

Scikit-learn's LogisticRegression takes one matrix, dense or sparse. A sentence vector is dense, the words of a sentence
are sparse: as one sparse matrix the fit takes more than ten times as long as here, where each keeps its own form
(`docs/decisions/0007-training-examples-as-people-write.md`). The loss is scikit-learn's; SciPy does the fitting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float32]


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
        """Learn from examples.

        Args:
            dense: one row an example.
            sparse: one row an example.
            labels: the class of each example.
            C: the inverse of the smoothing, as scikit-learn counts it.
            rounds: at most this many rounds of fitting (L-BFGS).
        """
        classes, targets = np.unique(np.asarray(labels), return_inverse=True)
        dense, sparse = dense.astype(np.float32), sparse.astype(np.float32).tocsr()
        turned = sparse.T.tocsr()
        examples, width, many = np.arange(len(targets)), dense.shape[1], len(classes)
        shape = (width + sparse.shape[1] + 1, many)

        def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            exact = flat.reshape(shape)
            weights = exact.astype(np.float32)
            # One array goes from the scores to their distance from what is right: new ones of this size cost more
            # than the arithmetic.
            scores = dense @ weights[:width]
            scores += sparse @ weights[width:-1]
            scores += weights[-1]
            scores -= scores.max(axis=1, keepdims=True)
            of_right = scores[examples, targets].astype(np.float64)
            np.exp(scores, out=scores)
            total = scores.sum(axis=1, keepdims=True)
            scores /= total
            scores[examples, targets] -= 1
            slope = np.empty(shape)
            slope[:width], slope[width:-1], slope[-1] = dense.T @ scores, turned @ scores, scores.sum(axis=0)
            slope *= C
            slope[:-1] += exact[:-1]
            missed = float(np.log(total, dtype=np.float64).sum() - of_right.sum())
            return C * missed + 0.5 * float(np.vdot(exact[:-1], exact[:-1])), slope.ravel()

        found = minimize(
            loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 6}
        )
        weights = found.x.reshape(shape).astype(np.float32)
        return cls(classes.astype(str), weights[:width], weights[width:-1], weights[-1])

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
