"""The hardest topic is named, and the median is of all."""

from __future__ import annotations

from pathlib import Path

from handrail.tools.evaluation.reading import Grades, grades, summary
from tests.handrail.small_content import small_answerer


def test_summary_names_the_hardest_topic() -> None:
    assert summary({"a/b": 2.0, "a/c": 7.5, "a/d": 4.0}) == Grades(7.5, "a/c", 4.0)


def test_grades_are_of_every_topic(tmp_path: Path) -> None:
    answerer = small_answerer(tmp_path)
    found = grades(answerer.catalogue, answerer.lexicon)
    assert found.topic in answerer.catalogue.topics
    assert found.median <= found.hardest
