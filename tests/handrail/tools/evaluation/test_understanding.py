"""What Rasa's pipeline gives is read back as the classifier's own ranking, and the rules' part of a turn follows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from handrail.answers import Answerer
from handrail.tools.evaluation.understanding import Bars, Outcome, Understood, decide, of_parsed, outcome
from tests.handrail.small_content import small_answerer

BARS = Bars(threshold=0.3, ambiguity=0.05)


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder: Path = tmp_path_factory.mktemp("content")
    return small_answerer(folder)


def parsed(*ranking: tuple[str, float], **others: Any) -> dict[str, Any]:
    return {"intent_ranking": [{"name": name, "confidence": share} for name, share in ranking], **others}


def test_understood_leaves_the_fallback_out() -> None:
    found = of_parsed(parsed(("nlu_fallback", 0.3), ("greet", 0.2), ("thank", 0.1)))
    assert found.ranking == (("greet", 0.2), ("thank", 0.1))
    assert found.emergency is None


@pytest.mark.parametrize(
    "ranking",
    [
        [("emergency_overdose", 1.0), ("greet", 0.6), ("thank", 0.2)],  # by pattern
        [("emergency_overdose", 0.9), ("emergency_overdose", 0.9), ("greet", 0.05)],  # by the trained intent
        [("emergency_overdose", 1.0)],  # by pattern, in a message that the classifier could not read
        [("emergency_overdose", 0.5), ("nlu_fallback", 0.3), ("greet", 0.28), ("emergency_overdose", 0.2)],
    ],
)
def test_understood_tells_the_emergency_part_from_the_classifier(ranking: list[tuple[str, float]]) -> None:
    found = of_parsed(parsed(*ranking))
    assert found.emergency == "emergency_overdose"
    assert [entry for entry in found.ranking if entry[1] == 1.0] == []
    assert found.without_emergency().emergency is None


def test_understood_emergency_of_the_classifier_alone_stays_in_the_ranking() -> None:
    found = of_parsed(parsed(("emergency_overdose", 0.31), ("greet", 0.3), ("thank", 0.2)))
    assert found.emergency is None
    assert found.likeliest == "emergency_overdose"


def test_understood_subjects_of_the_question_come_first() -> None:
    entities = [
        {"entity": "subject", "value": "alcohol", "start": 0, "end": 7},
        {"entity": "subject", "value": "heroin", "start": 20, "end": 26},
        {"entity": "relationship", "value": "mother", "start": 10, "end": 13},
    ]
    found = of_parsed(parsed(("ask_signs", 0.9), entities=entities, focus={"start": 18, "end": 30}))
    assert found.subjects == ("heroin", "alcohol")
    assert found.relationship == "mother"


def test_understood_what_may_be_about_something_else_is_asked_about() -> None:
    found = of_parsed({**parsed(("nlu_fallback", 1.0), ("ask_signs", 0.9)), "in_doubt": True})
    assert found.likeliest == "ask_signs"
    assert decide(found, BARS) == "nlu_fallback"
    assert outcome(Answerer.load(), found, BARS).kind == "clarify"


@pytest.mark.parametrize(
    ("ranking", "intent"),
    [
        ([("ask_signs", 0.31), ("greet", 0.2)], "ask_signs"),
        ([("ask_signs", 0.29), ("greet", 0.2)], "nlu_fallback"),
        ([("ask_signs", 0.45), ("greet", 0.41)], "nlu_fallback"),
        ([], "nlu_fallback"),
    ],
)
def test_decide_as_fallback_classifier_does(ranking: list[tuple[str, float]], intent: str) -> None:
    assert decide(Understood(tuple(ranking)), BARS) == intent


@pytest.mark.parametrize(("bar", "intent"), [(0.2, "out_of_scope"), (0.21, "ask_signs")])
def test_decide_with_a_bar_for_out_of_scope(bar: float, intent: str) -> None:
    understood = Understood((("ask_signs", 0.5), ("out_of_scope", 0.2)))
    assert decide(understood, Bars(0.3, 0.05, out_of_scope=bar)) == intent


def test_decide_emergency_outranks_everything() -> None:
    assert decide(Understood((("greet", 1.0),), emergency="emergency_check"), BARS) == "emergency_check"


@pytest.mark.parametrize(
    ("understood", "kind", "topic"),
    [
        (Understood((("ask_what_is", 0.9),), subjects=("heroin",)), "answer", "drugs/heroin"),
        (Understood((("ask_dose", 0.9),)), "refusal", "refusals/dose"),
        (Understood((("ask_how_to_talk", 0.9),), relationship="mother"), "answer", "family/talk_to_mother"),
        (Understood((("same_about", 0.9),), subjects=("alcohol",)), "answer", "drugs/alcohol"),
        (Understood((("same_about", 0.9),)), "clarify", None),
        (Understood((("ask_signs", 0.19), ("ask_how_to_talk", 0.1))), "clarify", None),
        (Understood((("out_of_scope", 0.9),)), "fallback", None),
        (Understood((("greet", 0.9),)), "dialogue", None),
        (Understood((), emergency="emergency_overdose"), "emergency", None),
        (Understood((), emergency="emergency_check"), "check", None),
    ],
)
def test_outcome_follows_the_rules(understood: Understood, kind: str, topic: str | None, answerer: Answerer) -> None:
    said = outcome(answerer, understood, BARS)
    assert (said.kind, said.topic) == (kind, topic)


def row(*areas: str, kind: str = "answer", offers: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"kind": kind, "topic": "a/b", "areas": list(areas), "choices": [{"topic": "c", "areas": [*offers]}]}


@pytest.mark.parametrize(
    ("given", "right", "offered", "asked_about"),
    [
        (row("signs"), True, False, False),
        (row("relapse", "alcohol"), True, False, False),
        (row("signs", kind="refusal"), True, False, False),
        (row("signs", kind="clarify"), False, False, False),
        (row("relapse", offers=("signs",)), False, True, False),
        (row(kind="clarify", offers=("signs",)), False, True, True),
        (row(kind="clarify", offers=("relapse",)), False, False, False),
        (row(kind="fallback", offers=("signs",)), False, True, False),
    ],
)
def test_outcome_is_right_or_offers(given: dict[str, Any], right: bool, offered: bool, asked_about: bool) -> None:
    said = Outcome.of_row(given)
    assert said.is_right({"signs", "alcohol"}) is right
    assert said.is_offered({"signs", "alcohol"}) is offered
    assert said.is_asked_about({"signs", "alcohol"}) is asked_about
