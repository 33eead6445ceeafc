"""An answer is right when it is on one of the right areas, and half right when it offers one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handrail.tools import evaluate
from handrail.tools.evaluate import is_offered, is_right, report


def answer(*areas: str, kind: str = "answer", offers: tuple[str, ...] = ()) -> dict[str, Any]:
    choices = [{"topic": "a/b", "areas": [area]} for area in offers]
    return {"kind": kind, "topic": "a/b" if areas else None, "areas": list(areas), "choices": choices}


QUESTION = {"text": "?", "gold": "signs", "gold_also": ["alcohol"]}


@pytest.mark.parametrize(
    ("given", "right"),
    [(answer("signs"), True), (answer("relapse", "alcohol"), True), (answer("relapse"), False), (answer(), False)],
)
def test_evaluate_right_is_on_one_of_the_areas(given: dict[str, Any], right: bool) -> None:
    assert is_right(QUESTION, given) is right


@pytest.mark.parametrize(
    ("given", "offered"),
    [
        (answer(kind="clarify", offers=("relapse", "signs")), True),
        (answer(kind="clarify", offers=("relapse",)), False),
        (answer(kind="clarify"), False),
        (answer("relapse", offers=("signs",)), False),
        (answer(kind="fallback", offers=("signs",)), False),
    ],
)
def test_evaluate_offered_is_a_choice_of_a_clarifying_question(given: dict[str, Any], offered: bool) -> None:
    assert is_offered(QUESTION, given) is offered


def test_evaluate_question_needs_no_second_area() -> None:
    assert is_right({"gold": "signs"}, answer("signs"))


def test_evaluate_reports_the_shares() -> None:
    answers = [answer("signs"), answer("relapse"), answer(kind="clarify", offers=("alcohol",)), answer(kind="fallback")]
    first, second, kinds = report([QUESTION] * 4, answers).split("\n")
    assert "1/4 (25.0%)" in first
    assert "2/4 (50.0%)" in second
    assert "answer 2" in kinds


def files(folder: Path, questions: list[Any], answers: list[Any]) -> list[str]:
    paths = folder / "questions.jsonl", folder / "answers.jsonl"
    for path, rows in zip(paths, (questions, answers), strict=True):
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return [str(path) for path in paths]


def test_evaluate_lists_the_misses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = files(tmp_path, [QUESTION] * 3, [answer("relapse"), answer("signs"), answer(kind="fallback")])
    assert evaluate.main([*given, "--misses"]) == 0
    said = capsys.readouterr().out
    assert "1 signs -> a/b" in said
    assert "1 signs -> fallback" in said


def test_evaluate_refuses_answers_to_other_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(files(tmp_path, [QUESTION] * 2, [answer("signs")])) == 1
    assert "2" in capsys.readouterr().err


def test_evaluate_copes_with_no_question_at_all(tmp_path: Path) -> None:
    assert evaluate.main(files(tmp_path, [], [])) in (0, 1)
