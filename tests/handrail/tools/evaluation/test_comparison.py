"""Two classifiers are measured alike: without the emergency part, and with the lexicon's finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from handrail.tools.evaluation.comparison import accuracy, answered, on_topic, side, understood_with_lexicon
from handrail.tools.evaluation.inputs import Case
from handrail.tools.evaluation.measures import Share
from handrail.tools.evaluation.rasa_model import Parsed
from handrail.tools.evaluation.understanding import Bars, Understood
from tests.handrail.small_content import small_answerer

BARS = Bars(threshold=0.3, ambiguity=0.05)
CASES = [Case("ask_signs", "one"), Case("greet", "two")]
READ = [Understood((("ask_signs", 0.9),)), Understood((("thank", 0.6), ("greet", 0.4)))]


def test_accuracy_is_of_the_likeliest_and_of_three() -> None:
    assert accuracy(CASES, READ) == (Share(1, 2), Share(2, 2))


def test_on_topic_counts_the_cases_that_name_one(tmp_path: Path) -> None:
    cases = [
        Case("ask_signs", "one", ("signs/general",)),
        Case("ask_signs", "two", ("drugs/any", "drugs/heroin")),
        Case("ask_signs", "three"),
    ]
    assert on_topic(small_answerer(tmp_path), cases, [READ[0]] * 3, BARS) == Share(1, 2)


def test_answered_leaves_the_emergency_part_out(tmp_path: Path) -> None:
    read = [Understood((("ask_signs", 0.9),), emergency="emergency_check")]
    assert answered(small_answerer(tmp_path), read, [frozenset({"signs"})], BARS) == (Share(1, 1),) * 3


def test_answered_without_questions_is_not_measured(tmp_path: Path) -> None:
    assert answered(small_answerer(tmp_path), [], [], BARS) == (None, None, None)


def test_pipeline_without_lexicon_gets_its_finds(tmp_path: Path) -> None:
    data = {"intent_ranking": [{"name": "ask_what_is", "confidence": 0.9}], "entities": []}
    (found,) = understood_with_lexicon([Parsed(data, 0.01)], ["what is heroin"], small_answerer(tmp_path))
    assert found.subjects == ("heroin",)


def test_side_puts_the_figures_together(tmp_path: Path) -> None:
    found = side(
        name="it",
        answerer=small_answerer(tmp_path),
        cases=CASES,
        of_cases=READ,
        of_questions=READ[:1],
        wanted=[frozenset({"signs"})],
        bars=BARS,
        training_seconds=12.0,
        times=[0.01, 0.02, 0.03],
    )
    assert (found.held_out, found.right, found.median, found.high) == (
        Share(1, 2),
        Share(1, 1),
        0.02,
        pytest.approx(0.029),
    )
