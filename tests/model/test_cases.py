"""Held-out sentences from `tests/cases/`, by people who did not see the training examples."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from handrail import paths
from handrail.answers import Answerer
from handrail.documents import read_yaml

pytestmark = pytest.mark.model

KINDS = ("subject", "relationship")

CASES = sorted((Path(__file__).parent.parent / "cases").glob("*.yml"))
RIGHT_AT_LEAST = 0.85
"""Share of the held-out questions that are answered on the point, or offered the right topic. The sentences share few
words with the examples: they are harder than what people mostly ask (docs/understanding.md)."""
AMONG_THREE_AT_LEAST = 0.9
"""Share of all held-out sentences whose right intent is among the three likeliest: those are offered."""
RIGHT_AT_LEAST_PER_INTENT = 0.5
HARMFUL = "ask_harmful"
EMERGENCIES_AT_LEAST = 0.95
"""Share of the held-out emergencies that get a card or are asked about."""


class Case(NamedTuple):
    """A held-out sentence: the intents that are right, and what was made of it.

    `also` in a file names a second intent where a careful reader could not decide. `ranking` is the pipeline's, without
    the fallback.
    """

    right: frozenset[str]
    text: str
    ranking: tuple[str, ...]
    shares: tuple[float, ...]
    subjects: tuple[str, ...]
    relationship: str | None

    @property
    def intent(self) -> str:
        return self.ranking[0] if self.ranking else "nlu_fallback"


@pytest.fixture(scope="module")
def understood(trained_model: None) -> list[Case]:
    from rasa.core.agent import Agent

    agent = Agent.load(str(paths.MODELS / "handrail.tar.gz"))

    async def parse() -> list[Case]:
        return [
            _case(frozenset([document["intent"], *case.get("also", [])]), await agent.parse_message(case["text"]))
            for document in map(_data, CASES)
            for case in document["cases"]
        ]

    return asyncio.run(parse())


def test_held_out_questions_get_the_right_topic_or_are_offered_it(understood: list[Case]) -> None:
    """The topic shown, or one on a button below it, is the right one or of the same area."""
    answerer = Answerer.load()
    own = [case for case in understood if next(iter(case.right)).startswith("ask_")]
    wrong = [case for case in own if not _reaches(case, answerer)]
    assert 1 - len(wrong) / len(own) >= RIGHT_AT_LEAST, wrong


def test_held_out_sentences_are_understood_or_nearly(understood: list[Case]) -> None:
    wrong = [case for case in understood if not case.right & set(case.ranking[:3]) and not _is_meant_as_emergency(case)]
    assert 1 - len(wrong) / len(understood) >= AMONG_THREE_AT_LEAST, wrong


@pytest.mark.parametrize("intent", [path.stem for path in CASES])
def test_intent_is_understood(intent: str, understood: list[Case]) -> None:
    own = [case for case in understood if intent in case.right]
    right = [
        case
        for case in own
        if case.intent in case.right
        or (intent.startswith("emergency_") and _is_emergency(case))
        # Refused all the same; which refusal it is, is for the two tests above.
        or (intent.startswith(HARMFUL) and case.intent.startswith(HARMFUL))
    ]
    # Small files: one sentence more or less is no finding.
    assert len(right) >= len(own) * RIGHT_AT_LEAST_PER_INTENT - 1, [case for case in own if case not in right]


def test_held_out_emergencies_are_found(understood: list[Case]) -> None:
    own = [case for case in understood if _is_meant_as_emergency(case)]
    missed = [case for case in own if not _is_emergency(case)]
    assert 1 - len(missed) / len(own) >= EMERGENCIES_AT_LEAST, missed


def test_held_out_questions_are_seldom_taken_for_emergencies(understood: list[Case]) -> None:
    own = [case for case in understood if not _may_be_emergency(case)]
    cards = [case for case in own if _is_emergency(case) and case.intent != "emergency_check"]
    checks = [case for case in own if case.intent == "emergency_check"]
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
    return all(intent.startswith("emergency_") for intent in case.right)


def _may_be_emergency(case: Case) -> bool:
    return any(intent.startswith("emergency_") for intent in case.right)


def _is_emergency(case: Case) -> bool:
    return case.intent.startswith("emergency_")


def _reaches(case: Case, answerer: Answerer) -> bool:
    if case.intent in case.right or case.intent.startswith("emergency_"):
        return case.intent in case.right
    ranking = list(zip(case.ranking, case.shares, strict=True))
    reply = answerer.answer(case.intent, case.subjects, None, case.relationship, ranking=ranking)
    shown = [topic for topic in (reply.topic, *reply.offered) if topic and reply.kind != "fallback"]
    wanted = [answerer.answer(intent, case.subjects, None, case.relationship).topic for intent in case.right]
    areas = {area for topic in wanted if topic for area in topic.front.areas}
    return any(topic in wanted or areas & {*topic.front.areas} for topic in shown)


def _case(right: frozenset[str], parsed: dict[str, Any]) -> Case:
    named = {kind: [one["value"] for one in parsed["entities"] if one["entity"] == kind] for kind in KINDS}
    ranking = {one["name"]: one["confidence"] for one in reversed(parsed["intent_ranking"]) if one["name"]}
    ranking.pop("nlu_fallback", None)
    first = [one["name"] for one in parsed["intent_ranking"] if one["name"] in ranking]
    names = tuple(dict.fromkeys(first))
    return Case(
        right,
        parsed["text"],
        names,
        tuple(ranking[name] for name in names),
        tuple(dict.fromkeys(named["subject"])),
        next(iter(named["relationship"]), None),
    )


def _data(path: Path) -> Any:
    return read_yaml(path).data
