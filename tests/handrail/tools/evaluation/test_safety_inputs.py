"""Rows become messages with the bot's own names; a missing file is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handrail import paths
from handrail.emergencies.sentences import DangerSentences
from handrail.tools.evaluation.inputs import EMERGENCIES, NOT_EMERGENCIES, QUESTIONS
from handrail.tools.evaluation.safety_inputs import (
    HELD_OUT,
    HELD_OUT_OTHERS,
    HELD_OUT_WITHIN,
    NO_LEVEL,
    UNSEEN,
    UNSEEN_OTHERS,
    Message,
    read_held_out,
    read_messages,
    read_unseen,
)


def write(folder: Path, name: str, *rows: dict[str, object]) -> None:
    (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))


@pytest.fixture
def none_unseen(tmp_path: Path) -> Path:
    folder = tmp_path / "blind"
    folder.mkdir()
    write(folder, EMERGENCIES)
    write(folder, NOT_EMERGENCIES)
    return folder


def test_messages_carry_the_bots_own_kinds(tmp_path: Path, none_unseen: Path) -> None:
    write(
        tmp_path,
        EMERGENCIES,
        {"text": "a", "kind": "overdose_now", "level": "imminent"},
        {"text": "b", "kind": "severe_withdrawal"},
        {"text": "c", "kind": "medical", "level": None},
    )
    found, missing = read_messages(tmp_path, tmp_path, none_unseen)
    assert missing == ["not_emergencies.jsonl", "questions.jsonl"]
    assert found == [
        Message(EMERGENCIES, 1, "a", "overdose", "imminent"),
        Message(EMERGENCIES, 2, "b", "withdrawal", NO_LEVEL),
        Message(EMERGENCIES, 3, "c", "medical", NO_LEVEL),
    ]


def test_messages_say_where_asking_is_fine(tmp_path: Path, none_unseen: Path) -> None:
    write(
        tmp_path,
        NOT_EMERGENCIES,
        {"text": "a", "category": "past", "ambiguous": True},
        {"text": "b", "category": "past", "gold": "grief"},
    )
    write(
        tmp_path,
        QUESTIONS,
        {"text": "a", "gold": "signs", "gold_also": ["emergency_overdose"]},
        {"text": "b", "gold": "signs"},
        {"text": "c", "gold": "emergency_suicide"},
        {"text": "d", "gold": "out_of_scope"},
    )
    found, missing = read_messages(tmp_path, tmp_path, none_unseen)
    assert missing == ["emergencies.jsonl"]
    assert [(one.source, one.line, one.ambiguous) for one in found] == [
        (NOT_EMERGENCIES, 1, True),
        (NOT_EMERGENCIES, 2, False),
        (QUESTIONS, 1, True),
        (QUESTIONS, 2, False),
    ]


def test_held_out_sentences_are_sorted_by_what_they_are(tmp_path: Path) -> None:
    for intent in ("ask_cost", "danger_over", "emergency_violence", "follow_next"):
        (tmp_path / f"{intent}.yml").write_text(f"intent: {intent}\ncases:\n  - text: one\n")
    (tmp_path / "ask_relapse.yml").write_text(
        "intent: ask_relapse\ncases:\n  - text: two\n    also: [emergency_overdose]\n"
    )
    assert [(one.source, one.group, one.ambiguous) for one in read_held_out(tmp_path)] == [
        (HELD_OUT_OTHERS, "ask_cost", False),
        (HELD_OUT_OTHERS, "ask_relapse", True),
        (HELD_OUT_WITHIN, "danger_over", True),
        (HELD_OUT, "violence", False),
        (HELD_OUT_WITHIN, "follow_next", True),
    ]


def test_unseen_messages_are_read_like_the_evaluation_files(tmp_path: Path) -> None:
    write(tmp_path, EMERGENCIES, {"text": "a", "kind": "medical", "level": "risk"})
    write(tmp_path, NOT_EMERGENCIES, {"text": "b", "category": "news", "ambiguous": True})
    assert read_unseen(tmp_path) == [
        Message(UNSEEN, 1, "a", "medical", "risk"),
        Message(UNSEEN_OTHERS, 1, "b", "news", ambiguous=True),
    ]


def test_nothing_is_learned_from_what_is_to_be_unseen() -> None:
    def plain(text: str) -> str:
        return " ".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())

    sentences = DangerSentences.load()
    known = {plain(line.strip().removeprefix("- ")) for path in paths.NLU.glob("*.yml") for line in path.open()}
    known |= {plain(text) for text in (*sentences.now, *sentences.not_now)}
    known |= {plain(message.text) for message in read_held_out()}
    assert not [message for message in read_unseen() if plain(message.text) in known]
