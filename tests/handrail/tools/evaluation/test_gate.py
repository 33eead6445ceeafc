"""The gate's curve is drawn with the gate itself."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from handrail.tools.evaluation.gate import NO_BOUND, REACH, bounds, chosen_bound, read_to_gate, understood_with
from handrail.tools.evaluation.rasa_model import parse
from handrail.tools.evaluation.understanding import of_parsed
from handrail.tools.train import MODEL

TEXTS = ["what is methadone", "how do i bake bread", "he is not breathing", "can you do my tax return", "thanks", "?!"]


def a_message(familiarity: float, outside: float = 0.3) -> Message:
    ranking = [{"name": "ask_signs", "confidence": 0.5}, {"name": "out_of_scope", "confidence": outside}]
    data = {"text": "rain tomorrow", "intent": ranking[0], "intent_ranking": ranking, "familiarity": familiarity}
    return Message(data, {"text", "intent", "intent_ranking"})


def test_bounds_hold_the_chosen_one_in_their_middle() -> None:
    found = bounds(-19.5)
    assert found[REACH] == -19.5
    assert found == sorted(found)


def test_higher_bound_turns_fewer_away_and_leaves_the_messages_as_they_were() -> None:
    messages = [a_message(0.3), a_message(0.6), a_message(0.8)]
    away = [sum(one.likeliest == "out_of_scope" for one in understood_with(messages, bound)) for bound in bounds(-19.5)]
    assert away == sorted(away, reverse=True)
    assert (away[0], away[-1]) == (3, 0)
    assert [one.likeliest for one in understood_with(messages, NO_BOUND)] == ["ask_signs"] * 3


@pytest.mark.model
def test_with_its_own_bound_the_gate_does_what_the_whole_pipeline_does() -> None:
    whole = [of_parsed(one.data) for one in parse(MODEL, TEXTS)]
    assert understood_with(read_to_gate(MODEL, TEXTS), chosen_bound()) == whole
