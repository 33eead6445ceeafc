"""Confusions come with the examples that draw a sentence to the wrong intent."""

from __future__ import annotations

import numpy as np
import pytest

from handrail.tools.evaluation.cross_validation import Examples
from handrail.tools.evaluation.neighbours import Neighbour, most_mistaken, worst_confusions

EXAMPLES = Examples(["far", "near", "own"], ["b", "b", "a"], np.array([[0, 1], [0.8, 0.6], [1, 0]], dtype=np.float32))


def test_confusions_show_the_nearest_example_of_the_wrong_intent() -> None:
    vectors = np.array([[1, 0], [0, 1], [1, 0]], dtype=np.float32)
    (found,) = worst_confusions(["one", "two", "three"], vectors, [("a", "b"), ("a", "b"), ("a", "a")], EXAMPLES)
    assert (found.right, found.given, found.count) == ("a", "b", 2)
    first, second = found.neighbours
    assert first == Neighbour("two", "far", 1.0)
    assert (second.example, second.cosine) == ("near", pytest.approx(0.8))


def test_confusions_with_what_has_no_example_show_none() -> None:
    (found,) = worst_confusions(["one"], np.array([[1, 0]], dtype=np.float32), [("a", "nothing")], EXAMPLES)
    assert list(found.neighbours) == []


def test_most_mistaken_leaves_out_what_is_right() -> None:
    pairs = [("a", "b"), ("a", "b"), ("a", "c"), ("a", "a"), ("b", "a")]
    assert most_mistaken(pairs, "a") == [("b", 2), ("c", 1)]
