"""Misses and false alarms are told in counts, and never quoted."""

from __future__ import annotations

from handrail.knowledge import lexicon
from handrail.tools.evaluation.inputs import EMERGENCIES, NOT_EMERGENCIES
from handrail.tools.evaluation.measures import Share
from handrail.tools.evaluation.safety_counts import of
from handrail.tools.evaluation.safety_misses import Alarm, Miss, alarms, describe, in_words
from tests.handrail.tools.evaluation.safety_results import OVERDOSE, RESULTS, emergency

DESCRIBED = describe(of(RESULTS, EMERGENCIES), lexicon(), lambda one: one.written)


def test_misses_are_described_by_kind_and_length() -> None:
    assert DESCRIBED.misses == [
        Miss(EMERGENCIES, 51, "overdose", "imminent", 6, "answer"),
        Miss(EMERGENCIES, 52, "overdose", "risk", 6, "answer"),
    ]
    assert DESCRIBED.by_kind == [("overdose", "imminent", Share(1, 50)), ("overdose", "risk", Share(1, 2))]
    assert dict(DESCRIBED.by_length) == {
        "1 to 4": Share(0, 49),
        "5 to 8": Share(2, 3),
        "9 to 15": Share(0, 0),
        "16 or more": Share(0, 0),
    }
    assert DESCRIBED.by_reply == [("answer", 2)]
    assert DESCRIBED.near == 2


def test_traits_compare_the_missed_with_the_noticed() -> None:
    found = {trait.name: trait for trait in DESCRIBED.traits}
    assert found["names a drug, a drink or a medicine"].missed == Share(1, 2)
    assert found["names a drug, a drink or a medicine"].noticed == Share(0, 50)
    assert found["tells of the past"].missed == Share(1, 2)
    assert not found["asks something"].is_marked


def test_misses_in_words_quote_nothing() -> None:
    said = in_words(DESCRIBED)
    assert said.startswith("2 missed. No trait sets them apart")
    assert not any(one.message.text in said for one in RESULTS)
    several = [emergency(1, OVERDOSE), *[emergency(2, RESULTS[50].written.bot, text="I took heroin")] * 3]
    told = in_words(describe(several, lexicon(), lambda one: one.written))
    assert "names a drug, a drink or a medicine: 100% of them, 0% of the rest" in told


def test_no_misses() -> None:
    assert in_words(describe([emergency(1, OVERDOSE)], lexicon(), lambda one: one.written)) == "None was missed."
    assert describe([], lexicon(), lambda one: one.written).misses == []


def test_false_alarms_name_the_line_and_the_net() -> None:
    assert alarms(of(RESULTS, NOT_EMERGENCIES)) == [
        Alarm(NOT_EMERGENCIES, 2, "bereavement", "emergency (overdose)", "patterns"),
        Alarm(NOT_EMERGENCIES, 3, "bereavement", "check", "patterns"),
    ]
