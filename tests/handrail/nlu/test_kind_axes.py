"""Along the axes, examples of one kind lie together, whatever else they differ in."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from handrail.nlu.kind_axes import DIMENSIONS, KindAxes

KINDS = 3
EACH = 40


def examples() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return unit vectors of 8 numbers: a little of the kind in the first 3, much of something else in the last 5."""
    random = np.random.default_rng(3)
    kinds = np.repeat(np.arange(KINDS), EACH)
    vectors = 2 * random.normal(size=(len(kinds), 8))
    vectors[:, :KINDS] = np.eye(KINDS)[kinds] + 0.2 * random.normal(size=(len(kinds), KINDS))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), kinds


def share_with_a_neighbour_of_their_kind(places: NDArray[np.float32], kinds: NDArray[np.int64]) -> float:
    near = places @ places.T
    np.fill_diagonal(near, -1)
    return float((kinds[near.argmax(axis=1)] == kinds).mean())


def test_kind_axes_bring_examples_of_a_kind_together() -> None:
    vectors, kinds = examples()
    before = share_with_a_neighbour_of_their_kind(vectors, kinds)
    after = share_with_a_neighbour_of_their_kind(KindAxes.fit(vectors, kinds).places(vectors), kinds)
    assert after > before + 0.1


def test_kind_axes_place_one_vector_as_they_place_many() -> None:
    vectors, kinds = examples()
    axes = KindAxes.fit(vectors, kinds)
    together = axes.places(vectors[:2])
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)
    assert axes.places(vectors[0]) == pytest.approx(together[0], abs=1e-5)


def test_kind_axes_give_a_vector_in_the_midst_of_all_no_direction() -> None:
    vectors, kinds = examples()
    assert np.linalg.norm(KindAxes.fit(vectors, kinds).places(vectors.mean(axis=0))) < 0.01


@pytest.mark.parametrize(("kinds", "axes"), [(2, 1), (KINDS, KINDS - 1)])
def test_kind_axes_are_no_more_than_tell_the_kinds_apart(kinds: int, axes: int) -> None:
    vectors, numbers = examples()
    assert KindAxes.fit(vectors[: kinds * EACH], numbers[: kinds * EACH]).axes.shape == (8, axes)
    assert axes <= DIMENSIONS


def test_kind_axes_leave_a_single_kind_as_it_is() -> None:
    vectors, _ = examples()
    assert KindAxes.fit(vectors, np.zeros(len(vectors), dtype=np.int64)).places(vectors) == pytest.approx(vectors)
