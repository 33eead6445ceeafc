"""Moving the bars changes who is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from handrail.tools.evaluation.thresholds import (
    Point,
    chosen_bars,
    over_out_of_scope,
    over_threshold,
    point,
)
from handrail.tools.evaluation.understanding import Bars, Understood
from tests.handrail.small_content import small_answerer

BARS = Bars(threshold=0.1, ambiguity=0.0)
SIGNS = frozenset({"signs"})
QUESTIONS = [
    (Understood((("ask_signs", 0.19), ("out_of_scope", 0.1))), SIGNS),
    (Understood((("ask_how_to_talk", 0.18), ("ask_signs", 0.05))), frozenset({"grief"})),
]
OTHERS = [Understood((("out_of_scope", 0.6), ("ask_signs", 0.3))), Understood((("ask_signs", 0.19),))]


def test_point_counts_answers_and_what_is_right_of_them(tmp_path: Path) -> None:
    found = point(small_answerer(tmp_path), QUESTIONS, OTHERS, BARS, 0.1)
    assert found == Point(0.1, answered=1.0, right=0.5, right_or_offered=0.5, stray=0.5)
    assert found.precision == 0.5


def test_higher_threshold_answers_fewer(tmp_path: Path) -> None:
    points = {one.at: one for one in over_threshold(small_answerer(tmp_path), QUESTIONS, OTHERS, BARS)}
    assert (min(points), max(points)) == (0.0, 0.9)
    assert points[0.0].answered >= points[0.5].answered >= points[0.9].answered
    assert points[0.0].stray >= points[0.9].stray


def test_lower_bar_for_out_of_scope_turns_more_away(tmp_path: Path) -> None:
    points = {one.at: one for one in over_out_of_scope(small_answerer(tmp_path), QUESTIONS, OTHERS, BARS)}
    assert points[0.1].answered == 0.5
    assert points[0.15].answered == 1.0
    assert points[0.65].stray > points[0.6].stray


def test_precision_of_no_answer_is_whole() -> None:
    assert Point(0.9, 0.0, 0.0, 0.0, 0.0).precision == 1.0


def test_chosen_bars_are_those_of_the_configuration(tmp_path: Path) -> None:
    config = tmp_path / "config.yml"
    config.write_text("pipeline:\n  - name: FallbackClassifier\n    threshold: 0.4\n    ambiguity_threshold: 0.1\n")
    assert chosen_bars(config) == Bars(0.4, 0.1)
    config.write_text("pipeline: []\n")
    with pytest.raises(LookupError, match="FallbackClassifier"):
        chosen_bars(config)
    assert 0 <= chosen_bars().threshold <= 1
