"""A request for harm is refused, whatever the classifier thought; what it refuses already stays as it is."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from handrail.nlu.harmful_override import HarmfulOverride

OVERRIDE = HarmfulOverride({})
REQUEST = "how do I sneak weed through airport security"


def understood(text: str, intent: str) -> Message:
    ranking = [{"name": intent, "confidence": 0.6}, {"name": "ask_signs", "confidence": 0.1}]
    return OVERRIDE.process([Message(data={"text": text, "intent": ranking[0], "intent_ranking": ranking})])[0]


@pytest.mark.parametrize("intent", ["ask_teen_self", "out_of_scope", "nlu_fallback"])
def test_request_is_refused_whatever_the_classifier_thought(intent: str) -> None:
    message = understood(REQUEST, intent)
    assert message.get("intent") == {"name": "ask_harmful_hide", "confidence": 1.0}
    assert [one["name"] for one in message.get("intent_ranking")] == ["ask_harmful_hide", intent, "ask_signs"]


@pytest.mark.parametrize("intent", ["ask_harmful_test", "ask_dose"])
def test_refusal_of_the_classifier_stays(intent: str) -> None:
    assert understood(REQUEST, intent).get("intent")["name"] == intent


def test_other_message_stays_as_it_is() -> None:
    assert understood("what are the signs of an overdose", "ask_overdose_signs").get("intent")["confidence"] == 0.6
