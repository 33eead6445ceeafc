"""Folds are even and seeded; the figures are means over the folds."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from handrail.tools.evaluation.configuration import settings_of
from handrail.tools.evaluation.cross_validation import (
    CLASSIFIER,
    Examples,
    Prediction,
    cross_validate,
    folds,
    summarise,
)

LABELS = ["a"] * 10 + ["b"] * 7 + ["c"] * 3


def test_folds_hold_each_class_evenly() -> None:
    dealt = folds(LABELS)
    for name in "abc":
        counts = Counter(fold for fold, label in zip(dealt, LABELS, strict=True) if label == name)
        assert max(counts.values()) - min(counts.get(fold, 0) for fold in range(5)) <= 1
    assert sorted(Counter(dealt).values()) == [4] * 5


def test_folds_are_the_same_for_the_same_seed() -> None:
    assert folds(LABELS, seed=1) == folds(LABELS, seed=1)
    assert folds(LABELS, seed=1) != folds(LABELS, seed=2)


def test_summary_is_the_mean_of_the_folds() -> None:
    predictions = [
        Prediction(0, 0, ("a", "b")),
        Prediction(1, 0, ("b", "a")),
        Prediction(2, 1, ("b",)),
        Prediction(3, 1, ()),
    ]
    found = summarise(["a", "a", "b", "b"], predictions)
    assert found.accuracy.mean == pytest.approx(0.5)
    assert found.top.mean == pytest.approx(0.75)
    assert found.accuracy.deviation == pytest.approx(0.0)


def test_cross_validation_learns_what_is_to_be_learned() -> None:
    words, vectors = ("look", "thing", "hello"), np.eye(384, dtype=np.float32)
    places = [place for place in range(3) for _ in range(10)]
    examples = Examples(
        [f"{words[place]} it is" for place in places], [f"ask_{place}" for place in places], vectors[places]
    )
    found = cross_validate(examples, {"C": 20.0, "rounds": 10})
    assert found.accuracy.mean == 1.0
    assert sorted(one.place for one in found.predictions) == list(range(30))


def test_project_sets_the_classifier_up() -> None:
    assert "C" in settings_of(CLASSIFIER)
