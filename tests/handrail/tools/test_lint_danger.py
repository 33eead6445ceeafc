"""An editor is told when the danger net has not learned from what is there now."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from handrail.emergencies.sentences import DangerSentences
from handrail.nlu.learned_danger import LearnedDanger, fingerprints
from handrail.paths import LEARNED_DANGER
from handrail.tools.learn_danger import lessons
from handrail.tools.lint_danger import is_too_old, learned_danger, unlearned_problems

NOW = [f"he is blue {number}" for number in range(50)]
NOT_NOW = [f"all fine {number}" for number in range(50)]


@pytest.fixture
def learned() -> LearnedDanger:
    sentences = fingerprints([*NOW, *NOT_NOW], [True] * 50 + [False] * 50)
    return LearnedDanger({}, np.zeros(384), 0.0, sentences)


def written(folder: Path, now: list[str], not_now: list[str]) -> DangerSentences:
    for name, own in (("now.yml", now), ("not_now.yml", not_now)):
        (folder / name).write_text("sentences:\n" + "".join(f'  - "{text}"\n' for text in own))
    return DangerSentences.load(folder)


def test_unlearned_problems_are_none_when_all_was_learned(tmp_path: Path, learned: LearnedDanger) -> None:
    sentences = written(tmp_path, NOW, NOT_NOW)
    assert not list(unlearned_problems(sentences, learned, tmp_path))
    assert not is_too_old(sentences, learned)


def test_unlearned_problems_name_the_first_new_sentence_of_each_file(tmp_path: Path, learned: LearnedDanger) -> None:
    sentences = written(tmp_path, [*NOW, "she is grey", NOT_NOW[0]], ["new", *NOT_NOW[1:]])
    first, second = unlearned_problems(sentences, learned, tmp_path)
    assert (first.path.name, first.line) == ("now.yml", 52)
    assert "2 sentences" in first.what
    assert (second.path.name, second.line) == ("not_now.yml", 2)
    assert "make learn-danger" in second.mend


@pytest.mark.parametrize(("new", "too_old"), [(5, False), (6, True)])
def test_learned_danger_is_too_old_from_one_new_sentence_in_twenty(
    tmp_path: Path, learned: LearnedDanger, new: int, too_old: bool
) -> None:
    added = [f"she is grey {number}" for number in range(new)]
    assert is_too_old(written(tmp_path, [*NOW, *added], NOT_NOW), learned) == too_old


def test_a_missing_file_is_a_problem_to_mend(tmp_path: Path) -> None:
    problems, learned = learned_danger([tmp_path / "learned.safetensors"])
    assert not learned
    assert "make learn-danger" in problems[0].mend


@pytest.mark.parametrize("number", range(len(LEARNED_DANGER)))
def test_lessons_hold_every_danger_and_no_sentence_on_both_sides(number: int) -> None:
    texts, are_dangers = lessons(number)
    dangers = {text for text, is_danger in zip(texts, are_dangers, strict=True) if is_danger}
    others = {text for text, is_danger in zip(texts, are_dangers, strict=True) if not is_danger}
    assert set(DangerSentences.load().now) <= dangers
    assert set(DangerSentences.load().not_now) <= others
    assert not {text.lower() for text in dangers} & {text.lower() for text in others}
