"""Held-out sentences from `tests/cases/`, by people who did not see the training examples."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from handrail import paths
from handrail.documents import read_yaml

pytestmark = pytest.mark.model

CASES = sorted((Path(__file__).parent.parent / "cases").glob("*.yml"))
RIGHT_AT_LEAST = 0.85
"""Share of all held-out sentences whose likeliest intent is the right one."""
RIGHT_AT_LEAST_PER_INTENT = 0.5
EMERGENCIES_AT_LEAST = 0.95
"""Share of the held-out emergencies that get a card or are asked about."""

Case = tuple[frozenset[str], str, str]


@pytest.fixture(scope="module")
def understood(trained_model: None) -> list[Case]:
    """Each case as (intents that are right, sentence, intent set by the pipeline; the best one below a fallback).

    `also` names a second intent where a careful reader could not decide.
    """
    from rasa.core.agent import Agent

    agent = Agent.load(str(paths.MODELS / "handrail.tar.gz"))
    cases = [
        (frozenset([document["intent"], *case.get("also", [])]), case["text"])
        for document in map(_data, CASES)
        for case in document["cases"]
    ]

    async def parse() -> list[Case]:
        return [(intent, text, _intent(await agent.parse_message(text))) for intent, text in cases]

    return asyncio.run(parse())


def test_held_out_sentences_are_understood(understood: list[Case]) -> None:
    wrong = [case for case in understood if case[2] not in case[0]]
    assert 1 - len(wrong) / len(understood) >= RIGHT_AT_LEAST, wrong


@pytest.mark.parametrize("intent", [path.stem for path in CASES])
def test_intent_is_understood(intent: str, understood: list[Case]) -> None:
    own = [case for case in understood if intent in case[0]]
    right = [case for case in own if case[2] in case[0] or (intent.startswith("emergency_") and _is_emergency(case))]
    assert len(right) / len(own) >= RIGHT_AT_LEAST_PER_INTENT, [case for case in own if case not in right]


def test_held_out_emergencies_are_found(understood: list[Case]) -> None:
    own = [case for case in understood if _is_meant_as_emergency(case)]
    missed = [case for case in own if not _is_emergency(case)]
    assert 1 - len(missed) / len(own) >= EMERGENCIES_AT_LEAST, missed


def test_held_out_questions_are_seldom_taken_for_emergencies(understood: list[Case]) -> None:
    own = [case for case in understood if not _is_meant_as_emergency(case)]
    cards = [case for case in own if _is_emergency(case) and case[2] != "emergency_check"]
    checks = [case for case in own if case[2] == "emergency_check"]
    assert len(cards) / len(own) <= 0.03, cards
    assert (len(cards) + len(checks)) / len(own) <= 0.10, checks


def test_no_case_is_a_training_example() -> None:
    """Apart from sentences of one or two words: those are the same for everyone."""
    trained = {
        line[2:].strip().lower()
        for path in paths.NLU.glob("*.yml")
        for block in _data(path)["nlu"]
        for line in block["examples"].splitlines()
    }
    cases = {case["text"].lower() for document in map(_data, CASES) for case in document["cases"]}
    assert not {text for text in cases & trained if len(text.split()) > 3}


def _is_meant_as_emergency(case: Case) -> bool:
    return any(intent.startswith("emergency_") for intent in case[0])


def _is_emergency(case: Case) -> bool:
    return case[2].startswith("emergency_")


def _intent(parsed: dict[str, Any]) -> str:
    ranking = [entry["name"] for entry in parsed["intent_ranking"] if entry["name"] != "nlu_fallback"]
    return ranking[0] if ranking else "nlu_fallback"


def _data(path: Path) -> Any:
    return read_yaml(path).data
