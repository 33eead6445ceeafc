"""The evaluation files may be missing, each on its own; a broken line is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from handrail.tools.evaluation.inputs import Case, InputError, SlangRow, read_cases, read_inputs, read_rows


def test_inputs_need_none_of_the_files(tmp_path: Path) -> None:
    inputs = read_inputs(tmp_path / "nowhere", tmp_path)
    assert (inputs.asked, inputs.slang, inputs.cases) == ({}, [], [])


def test_cases_may_name_their_topics(tmp_path: Path) -> None:
    (tmp_path / "greet.yml").write_text(
        "intent: greet\ncases:\n  - text: one\n    topic: a/b\n  - text: two\n    topic: [a/b, a/c]\n"
    )
    assert [case.topics for case in read_cases(tmp_path)] == [("a/b",), ("a/b", "a/c")]


def test_inputs_are_read(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text('{"text": "hm", "gold": "signs"}\n\n')
    (tmp_path / "slang.csv").write_text(
        "slang,canonical,brand,common\nBlue,Heroin,,yes\nRare,Heroin,,\nblue,Crack,,yes\nblue,Tea,,\n"
    )
    (tmp_path / "ask_cost.yml").write_text("intent: ask_cost\ncases:\n  - text: what is the price\n")
    inputs = read_inputs(tmp_path, tmp_path)
    assert inputs.asked == {"questions": [{"text": "hm", "gold": "signs"}]}
    assert inputs.slang == [
        SlangRow("Blue", "Heroin", frozenset({"Heroin", "Crack"})),
        SlangRow("blue", "Crack", frozenset({"Heroin", "Crack"})),
    ]
    assert inputs.cases == [Case("ask_cost", "what is the price")]


@pytest.mark.parametrize("line", ["not json", "[]", '{"gold": "signs"}', '{"text": 1}'])
def test_inputs_name_the_line_that_cannot_be_read(line: str, tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text(f'{{"text": "fine"}}\n{line}\n')
    with pytest.raises(InputError, match=r"questions.jsonl:2: "):
        read_rows(tmp_path / "questions.jsonl")


def test_inputs_name_the_column_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / "slang.csv").write_text("slang,canonical\nBlue,Heroin\n")
    with pytest.raises(InputError, match=r"slang.csv:1: .*common"):
        read_inputs(tmp_path, tmp_path / "nowhere")
