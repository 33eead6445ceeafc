"""Each net by itself follows the bars of the pipeline."""

from __future__ import annotations

import pytest

from handrail.intents import DANGER_SHARE
from handrail.knowledge import emergency_screen
from handrail.tools.evaluation.bars import CARD, CHECK
from handrail.tools.evaluation.safety_nets import (
    NOTHING,
    NetBars,
    Reply,
    by_patterns,
    by_training,
    net_bars,
    probability,
)
from handrail.tools.evaluation.understanding import Bars, Understood, of_parsed

BARS = NetBars(certain=0.9, check=0.65, understood=Bars(threshold=0.2, ambiguity=0.0))


@pytest.mark.parametrize(
    ("ranking", "danger", "wanted"),
    [
        ((("emergency_violence", 0.95),), 0.0, Reply(CARD, "violence")),
        ((("emergency_check", 0.95),), 0.65, Reply(CHECK)),
        ((("emergency_violence", 0.4), ("emergency_overdose", 0.3)), 0.65, Reply(CHECK)),
        ((("emergency_violence", 0.4), ("ask_cost", 0.3)), 0.0, Reply(CARD, "violence")),
        ((("emergency_violence", 0.1), ("ask_cost", 0.1)), 0.64, Reply(NOTHING)),
        ((("out_of_scope", 1.0), ("emergency_violence", 0.4)), 0.64, Reply(NOTHING)),
        ((("ask_cost", 0.4), ("emergency_overdose", 0.3)), 0.64, Reply(NOTHING)),
        ((("ask_cost", 0.99),), 0.64, Reply(NOTHING)),
        ((), 0.64, Reply(NOTHING)),
    ],
)
def test_trained_net_alone(ranking: tuple[tuple[str, float], ...], danger: float, wanted: Reply) -> None:
    assert by_training(Understood(ranking, danger=danger), BARS) == wanted


def test_trained_net_does_not_see_what_the_patterns_found() -> None:
    understood = Understood((("ask_cost", 0.9),), emergency="emergency_overdose")
    assert by_training(understood, BARS) == Reply(NOTHING)


def test_probability_is_that_of_the_danger_net() -> None:
    parsed = {"intent_ranking": [{"name": "emergency_violence", "confidence": 0.25}], DANGER_SHARE: 0.375}
    assert probability(of_parsed(parsed)) == 0.375


def test_patterns_alone() -> None:
    screen = emergency_screen()
    assert by_patterns(screen, "he is blue and will not wake up") == Reply(CARD, "overdose")
    assert by_patterns(screen, "what is methadone") == Reply(NOTHING)


def test_bars_are_those_of_the_pipeline() -> None:
    # Two learners with a bar each: neither bar says anything about the other.
    assert 0 < net_bars().check < 1
    assert 0 < net_bars().certain < 1
