"""Shares, their intervals and the usual figures, against values worked out by hand."""

from __future__ import annotations

import pytest

from handrail.tools.evaluation.measures import Share, Spread, confusions, macro_f1, percentile


def test_share_counts_the_true_ones() -> None:
    assert Share.of([True, False, True]) == Share(2, 3)
    assert str(Share(2, 3)) == "66.7% (2 of 3)"


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [(Share(81, 263), 0.2553, 0.3662), (Share(0, 10), 0.0, 0.2775), (Share(10, 10), 0.7225, 1.0), (Share(0, 0), 0, 1)],
)
def test_share_interval_is_wilsons(share: Share, low: float, high: float) -> None:
    assert share.interval() == pytest.approx((low, high), abs=5e-5)


def test_share_of_nothing_is_zero() -> None:
    assert Share(0, 0).value == 0.0


def test_macro_f1_weighs_each_class_alike() -> None:
    # a: precision 2/3, recall 1, F1 0.8; b: precision 1, recall 1/2, F1 2/3.
    pairs = [("a", "a"), ("a", "a"), ("b", "b"), ("b", "a")]
    assert macro_f1(pairs) == pytest.approx((0.8 + 2 / 3) / 2)
    assert macro_f1([]) == 0.0


def test_confusions_are_the_wrong_pairs_commonest_first() -> None:
    pairs = [("a", "b"), ("a", "a"), ("c", "a"), ("a", "b")]
    assert confusions(pairs) == [(("a", "b"), 2), (("c", "a"), 1)]


@pytest.mark.parametrize(("share", "value"), [(0.5, 3), (0.95, 4.8), (0.0, 1), (1.0, 5)])
def test_percentile_lies_between_the_values_of_the_nearest_ranks(share: float, value: float) -> None:
    assert percentile([5, 1, 4, 2, 3], share) == pytest.approx(value)


def test_percentile_of_a_hundred_values_is_not_the_longest() -> None:
    assert percentile(range(1, 101), 0.99) == pytest.approx(99.01)
    assert percentile(range(1, 101), 0.5) == pytest.approx(50.5)


def test_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_spread_of_one_value_is_zero() -> None:
    assert Spread.of([0.5]) == Spread(0.5, 0.0)
    assert Spread.of([1.0, 3.0]).deviation == pytest.approx(2**0.5)
