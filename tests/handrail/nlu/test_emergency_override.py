"""An emergency outranks whatever the classifier thought: the fixed patterns first, then the trained kinds."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from handrail.documents import read_yaml
from handrail.intents import DANGER_SHARE, EMERGENCY_CHECK, EMERGENCY_PREFIX
from handrail.knowledge import emergency_screen
from handrail.nlu.emergency_override import EmergencyOverride
from handrail.paths import DOMAIN, ROOT

CERTAIN, CHECK, CHECK_EXCUSED = 0.7, 0.25, 0.5
OVERRIDE = EmergencyOverride({"certain": CERTAIN, "check": CHECK, "check_excused": CHECK_EXCUSED})
CALM, DANGER, UNCLEAR = "what is methadone", "my nephew isnt breathing", "my friend overdosed"


def understood(text: str, *ranking: tuple[str, float], danger_share: float | None = None) -> Message:
    entries = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    first = entries[0] if entries else {"name": None, "confidence": 0.0}
    data = {"text": text, "intent": first, "intent_ranking": entries, DANGER_SHARE: danger_share}
    (message,) = OVERRIDE.process([Message(data=data)])
    return message


def intent_of(message: Message) -> Any:
    return message.get("intent")["name"]


@pytest.mark.parametrize(
    ("text", "ranking", "intent"),
    [
        # Nothing dangerous.
        (CALM, [("ask_what_is", 0.9)], "ask_what_is"),
        (CALM, [("nlu_fallback", 0.9), ("ask_what_is", 0.2)], "nlu_fallback"),
        (CALM, [("ask_what_is", 0.8), ("emergency_overdose", CHECK - 0.01)], "ask_what_is"),
        # The patterns.
        (DANGER, [("ask_what_is", 0.99)], "emergency_overdose"),
        (DANGER, [("nlu_fallback", 0.9)], "emergency_overdose"),
        (DANGER, [], "emergency_overdose"),
        (DANGER, [("emergency_suicide_self", 0.99)], "emergency_overdose"),
        (UNCLEAR, [("ask_what_is", 0.99)], EMERGENCY_CHECK),
        # The trained kinds.
        (CALM, [("emergency_overdose", CERTAIN)], "emergency_overdose"),
        (CALM, [("nlu_fallback", 0.6), ("emergency_suicide_other", CERTAIN)], "emergency_suicide_other"),
        # A weak one is no emergency, also where the classifier knows nothing better.
        (CALM, [("emergency_overdose", CHECK - 0.01), ("ask_what_is", 0.2)], "nlu_fallback"),
        (CALM, [("emergency_overdose", CHECK - 0.01)], "nlu_fallback"),
        # Both.
        (UNCLEAR, [("emergency_overdose", CERTAIN)], "emergency_overdose"),
        (UNCLEAR, [("emergency_overdose", CERTAIN - 0.01)], EMERGENCY_CHECK),
    ],
)
def test_emergency_override_decides(text: str, ranking: list[tuple[str, float]], intent: str) -> None:
    assert intent_of(understood(text, *ranking)) == intent


@pytest.mark.parametrize(
    ("text", "share", "asks"),
    [
        (CALM, CHECK - 0.01, False),
        (CALM, CHECK, True),
        ("i would die without her", CHECK, False),
        ("i would die without her", CHECK_EXCUSED - 0.01, False),
        ("i would die without her", CHECK_EXCUSED, True),
        (DANGER, 0.0, True),
    ],
)
def test_emergency_override_is_surer_of_a_figure_of_speech_before_it_asks(text: str, share: float, asks: bool) -> None:
    intent = intent_of(understood(text, ("ask_what_is", 0.6), danger_share=share))
    assert intent.startswith(EMERGENCY_PREFIX) is asks


@pytest.mark.parametrize(
    ("share", "ranking", "intent"),
    [
        (CHECK, [("ask_what_is", 0.9)], EMERGENCY_CHECK),
        (CHECK, [("nlu_fallback", 0.9)], EMERGENCY_CHECK),
        (CHECK, [], EMERGENCY_CHECK),
        (CHECK - 0.01, [("ask_what_is", 0.9)], "ask_what_is"),
        # It says that there is danger, not which: it brings no card, and takes none away.
        (1.0, [("emergency_overdose", CERTAIN - 0.01)], EMERGENCY_CHECK),
        (0.0, [("emergency_overdose", CERTAIN)], "emergency_overdose"),
        (0.0, [("emergency_overdose", CERTAIN - 0.01)], "nlu_fallback"),
    ],
)
def test_emergency_override_heeds_the_danger_net(share: float, ranking: list[tuple[str, float]], intent: str) -> None:
    assert intent_of(understood(CALM, *ranking, danger_share=share)) == intent


def test_emergency_override_puts_the_emergency_first_and_keeps_the_rest() -> None:
    message = understood(DANGER, ("ask_what_is", 0.6), ("ask_signs", 0.4))
    assert [entry["name"] for entry in message.get("intent_ranking")] == [
        "emergency_overdose",
        "ask_what_is",
        "ask_signs",
    ]
    assert message.get("intent")["confidence"] == 1.0


def test_emergency_override_changes_nothing_when_nothing_is_dangerous() -> None:
    message = understood(CALM, ("ask_what_is", 0.6), ("ask_signs", 0.4))
    assert message.get("intent") == {"name": "ask_what_is", "confidence": 0.6}
    assert len(message.get("intent_ranking")) == 2


@pytest.mark.parametrize("data", [{}, {"text": None}, {"text": ""}, {"text": "\U0001f622"}])
def test_emergency_override_copes_with_a_message_that_nothing_is_known_of(data: dict[str, Any]) -> None:
    (message,) = OVERRIDE.process([Message(data=data)])
    assert message.get("intent") is None


def test_emergency_override_stands_last_in_the_pipeline() -> None:
    pipeline = read_yaml(ROOT / "config.yml").data["pipeline"]
    assert pipeline[-1]["name"].endswith(".EmergencyOverride")
    assert 0 < pipeline[-1]["check"] < 1
    assert 0 < pipeline[-1]["certain"] < 1
    names = [component["name"].rsplit(".", 1)[-1] for component in pipeline]
    order = ["LexiconEntities", "MessageParts", "WordMender", "DangerNet", "SentenceEncoder", "EmergencyOverride"]
    assert sorted(order, key=names.index) == order


def test_emergency_override_sets_only_intents_of_the_domain() -> None:
    intents = read_yaml(DOMAIN).data["intents"]
    assert EMERGENCY_CHECK in intents
    assert {EMERGENCY_PREFIX + file.record.kind for file in emergency_screen().files} <= set(intents)


def test_emergency_override_leaves_a_weak_emergency_out_of_the_choices() -> None:
    message = understood(
        CALM, ("emergency_overdose", CHECK - 0.01), ("ask_what_is", 0.2), ("emergency_violence", 0.001)
    )
    assert [entry["name"] for entry in message.get("intent_ranking")] == ["nlu_fallback", "ask_what_is"]
