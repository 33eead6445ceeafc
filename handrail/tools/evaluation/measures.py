"""Shares with their intervals, and the usual figures of a classifier. Pure arithmetic."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TypeVar

import numpy as np

Z_95 = 1.959964
"""The normal distribution's 97.5th percentile: 95 % of it lies within this many standard deviations."""

Label = TypeVar("Label", bound=Hashable)


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    hits: int
    total: int

    @classmethod
    def of(cls, outcomes: Sequence[bool]) -> Share:
        """Count the true ones."""
        return cls(sum(outcomes), len(outcomes))

    @property
    def value(self) -> float:
        """The share, from 0 to 1; 0 of 0 counts as 0."""
        return self.hits / self.total if self.total else 0.0

    def interval(self, z: float = Z_95) -> tuple[float, float]:
        """Return the interval in which the true share lies with 95 % certainty (Wilson 1927, without correction)."""
        if not self.total:
            return 0.0, 1.0
        square = z * z / self.total
        middle = (self.value + square / 2) / (1 + square)
        reach = z / (1 + square) * sqrt(self.value * (1 - self.value) / self.total + square / (4 * self.total))
        return max(0.0, middle - reach), min(1.0, middle + reach)

    def interval_as_text(self) -> str:
        """Return the interval as the reports write it."""
        low, high = self.interval()
        return f"{low:.1%} to {high:.1%}"

    def __str__(self) -> str:
        return f"{self.value:.1%} ({self.hits} of {self.total})"


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the mean over the right classes of F1, which weighs rare classes like common ones.

    Args:
        pairs: (right class, predicted class).
    """
    right = Counter(gold for gold, _ in pairs)
    given = Counter(predicted for _, predicted in pairs)
    hits = Counter(gold for gold, predicted in pairs if gold == predicted)
    scores = [2 * hits[name] / (count + given[name]) for name, count in right.items()]
    return sum(scores) / len(scores) if scores else 0.0


def confusions(pairs: Sequence[tuple[Label, Label]]) -> list[tuple[tuple[Label, Label], int]]:
    """Return the pairs of right and predicted class that differ, the commonest first."""
    return Counter(pair for pair in pairs if pair[0] != pair[1]).most_common()


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie, between two values as far as their ranks say.

    Raises:
        ValueError: there is no value.
    """
    if not values:
        raise ValueError("There is no percentile of nothing.")
    return float(np.quantile(values, share))


@dataclass(frozen=True)
class Spread:
    """The mean of a few figures, and how far they lie apart (standard deviation; 0 for a single one)."""

    mean: float
    deviation: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Summarise at least one value."""
        return cls(statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else 0.0)
