"""The messages whose time is taken are emergencies; times are held against their bars."""

from __future__ import annotations

from handrail.knowledge import emergency_screen
from handrail.tools.evaluation.safety_timing import WARM_UP, bars, emergency_messages
from tests.handrail.tools.evaluation.safety_results import TIMING


def test_messages_are_different_emergencies_and_enough_for_a_99th_percentile() -> None:
    texts = emergency_messages()
    assert len(set(texts)) == len(texts)
    assert len(texts) - WARM_UP >= 500
    screen = emergency_screen()
    found = [screen.check(text) for text in texts]
    assert all(one is not None and one.level == "emergency" for one in found)


def test_times_are_held_against_their_bars() -> None:
    median, high, hung, behind = bars(TIMING)
    assert (median.found, median.bar, median.reached) == ("5.0 ms", "< 20 ms", True)
    assert (high.found, high.bar, high.reached) == ("6.5 ms", "< 100 ms", True)
    assert (hung.found, hung.reached) == ("30.0 ms", True)
    assert (behind.found, behind.bar, behind.reached) == ("2005 ms", "", None)
