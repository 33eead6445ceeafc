"""Rows in, rows out: what is asked is read with its line, what is answered is told in a few keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handrail.tools import ask
from handrail.tools.ask import read_rows, summarise


def write(folder: Path, *rows: object) -> Path:
    path = folder / "questions.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_ask_reads_a_text_or_turns_and_passes_over_blank_lines(tmp_path: Path) -> None:
    path = write(tmp_path, {"text": "a", "gold": "signs"}, "", {"turns": ["b", "c\u2028d"]}, "  ", {"turns": []})
    assert read_rows(path) == [["a"], ["b", "c\u2028d"], []]


@pytest.mark.parametrize(
    "row",
    ["{", "no json", "[]", "5", '"text"', "null", "{}", '{"text": 5}', '{"turns": "a"}', '{"turns": ["a", null]}'],
)
def test_ask_names_the_line_that_it_cannot_read(tmp_path: Path, row: str) -> None:
    with pytest.raises(ValueError, match="line 3"):
        read_rows(write(tmp_path, {"text": "a"}, "", row))


def test_ask_ends_with_the_reason_when_it_cannot_read_the_questions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "answers.jsonl"
    for path in (tmp_path / "nothing.jsonl", write(tmp_path, "{")):
        assert ask.main(["--in", str(path), "--out", str(target)]) == 1
        assert str(path) in capsys.readouterr().err
    assert not target.exists()


HELP = {"text": "Call someone.", "kind": "help"}
ANSWER = {"text": "Methadone is a medicine.", "kind": "answer", "topic": "medicines/methadone", "areas": ["signs"]}
PARSED: dict[str, Any] = {
    "intent": {"name": "ask_what_is", "confidence": 0.123456},
    "entities": [{"entity": "country", "value": "GB"}, {"entity": "subject", "value": "methadone"}],
}


def test_ask_sums_an_answer_up() -> None:
    assert summarise("what is it", PARSED, [ANSWER, HELP]) == {
        "text": "what is it",
        "intent": "ask_what_is",
        "confidence": 0.1235,
        "subject": "methadone",
        "kind": "answer",
        "topic": "medicines/methadone",
        "areas": ["signs"],
        "emergency": None,
        "choices": [],
        "messages": ["Methadone is a medicine.", "Call someone."],
    }


def test_ask_sums_an_emergency_up() -> None:
    card = {"text": "Call now.", "kind": "emergency", "emergency": "overdose"}
    summary = summarise("help", PARSED, [card, HELP])
    assert (summary["kind"], summary["emergency"]) == ("emergency", "overdose")


@pytest.mark.parametrize(
    "parsed", [{}, {"intent": None}, {"intent": {"name": None, "confidence": None}, "entities": None}]
)
@pytest.mark.parametrize("messages", [[], [HELP], [{"text": "hello"}]])
def test_ask_sums_up_what_was_not_understood(parsed: dict[str, Any], messages: list[dict[str, Any]]) -> None:
    summary = summarise("?", parsed, messages)
    assert (summary["intent"], summary["confidence"], summary["subject"]) == (None, 0.0, None)
    assert (summary["kind"], summary["topic"]) == ("fallback", None)
    json.dumps(summary)
