"""What is far from every question of the field is turned away; what names something of the field never is."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from handrail.nlu.field_gate import FieldGate

GATE = FieldGate(FieldGate.get_default_config())


def a_message(
    intent: str, outside: float, familiarity: float | None, *subjects: str, text: str = "words", likely: float = 0.6
) -> Message:
    ranking = [{"name": intent, "confidence": outside if intent == "out_of_scope" else likely}]
    if intent != "out_of_scope":
        ranking.append({"name": "out_of_scope", "confidence": outside})
    data: dict[str, Any] = {
        "text": text,
        "intent": ranking[0],
        "intent_ranking": ranking,
        "entities": [{"entity": "subject", "value": subject} for subject in subjects],
    }
    message = Message(data=data)
    if familiarity is not None:
        message.set("familiarity", familiarity)
    return message


@pytest.mark.parametrize(
    ("message", "turned_away"),
    [
        (a_message("ask_signs", 0.01, 0.8), False),
        (a_message("ask_signs", 0.01, 0.3), True),
        (a_message("ask_signs", 0.4, 0.45), True),
        (a_message("ask_signs", 0.0, 0.7), False),
        (a_message("nlu_fallback", 0.1, 0.3), True),
        (a_message("ask_signs", 0.4, 0.3, "heroin"), False),
        (a_message("greet", 0.4, 0.3), False),
        (a_message("emergency_overdose", 0.4, 0.3), False),
        (a_message("ask_privacy", 0.4, 0.3), False),
        (a_message("ask_signs", 0.4, None), False),
        (a_message("ask_signs", 0.1, 0.3, text="what are its signs"), False),
        (a_message("ask_signs", 0.1, 0.3, text="how do I tell him"), False),
        (a_message("ask_signs", 0.1, 0.3, text="how do I tell him", likely=0.2), True),
        (a_message("ask_harmful_hide", 0.1, 0.3, likely=0.7), False),
        (a_message("ask_harmful_hide", 0.1, 0.3, likely=0.3), True),
        (a_message("ask_signs", 0.1, 0.3, text="how do I tell him " + "and the rest " * 4), True),
    ],
)
def test_field_gate_turns_away_what_is_not_of_the_field(message: Message, turned_away: bool) -> None:
    (done,) = GATE.process([message])
    assert (done.get("intent")["name"] == "out_of_scope") is turned_away
    assert done.get("intent_ranking")[0] == done.get("intent")


@pytest.mark.parametrize(
    ("message", "in_doubt"),
    [
        (a_message("ask_signs", 0.4, 0.6), True),
        (a_message("nlu_fallback", 0.4, 0.6), True),
        (a_message("ask_signs", 0.4, 0.7), False),
        (a_message("ask_signs", 0.4, 0.45), False),
        (a_message("ask_signs", 0.4, 0.6, "heroin"), False),
        (a_message("out_of_scope", 0.4, 0.6), True),
        (a_message("out_of_scope", 0.4, 0.7), True),
        (a_message("out_of_scope", 0.4, 0.4), False),
        (a_message("out_of_scope", 0.4, 0.6, "heroin"), False),
    ],
)
def test_field_gate_asks_about_what_lies_just_beyond_the_field(message: Message, in_doubt: bool) -> None:
    (done,) = GATE.process([message])
    assert bool(done.get("in_doubt")) is in_doubt
    assert (done.get("intent")["name"] == "nlu_fallback") is in_doubt
    if in_doubt:
        assert [entry["name"] for entry in done.get("intent_ranking")].count("nlu_fallback") == 1


def test_field_gate_keeps_the_rest_of_the_ranking_for_a_choice() -> None:
    (done,) = GATE.process([a_message("ask_signs", 0.4, 0.3)])
    assert [entry["name"] for entry in done.get("intent_ranking")] == ["out_of_scope", "ask_signs"]
