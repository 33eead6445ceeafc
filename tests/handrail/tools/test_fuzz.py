"""The cases of `make fuzz` can be made again, its checks notice what they are there for, and the bot passes them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from handrail.helplines import HelpLines, emergency_number_words
from handrail.tools import fuzz
from handrail.tools.fuzz import Outcome, faults_of, report, told
from handrail.tools.fuzz_inputs import GENERATORS, LONGEST, Case, case

HELPLINES = HelpLines.load()
NUMBER = emergency_number_words(HELPLINES.of("US"))
SEED, CASES = 20261122, 300


def sent(text: str = "<script>zqmarker</script>", marker: str = "zqmarker") -> Case:
    return Case("markup", 7, text, payload=False, opened=False, country="US", marker=marker)


def body(*texts: str, ok: bool = True) -> dict[str, Any]:
    return {"messages": [{"text": text} for text in texts], "ok": ok, "help": {"country": "US"}}


def test_case_depends_on_seed_and_index_alone() -> None:
    some = [case(1, index) for index in range(2 * len(GENERATORS))]
    assert [case(1, index) for index in reversed(range(len(some)))] == some[::-1]
    assert [case(2, index) for index in range(len(some))] != some


def test_cases_take_every_generator_in_turn() -> None:
    assert {case(3, index).kind for index in range(len(GENERATORS))} == set(GENERATORS)


def test_cases_reach_the_longest_message_and_one_beyond() -> None:
    longest = max(len(case(1, index).text) for index in range(0, 60 * len(GENERATORS), len(GENERATORS)))
    assert longest in (LONGEST, LONGEST + 1)


def test_good_reply_has_no_fault() -> None:
    assert faults_of(200, body(f"Words.\n\n{NUMBER}"), sent(), HELPLINES) == []
    assert faults_of(400, body(NUMBER, ok=False), sent(), HELPLINES) == []


@pytest.mark.parametrize(
    ("status", "reply", "said"),
    [
        (200, body(), "nothing was said"),
        (200, body(NUMBER, " "), "a bubble is empty"),
        (200, body(NUMBER, ok=False), "the guard answered"),
        (500, body(NUMBER, ok=False), "the status was 500"),
        (401, body(NUMBER, ok=False), "the status was 401"),
        (200, body("Words."), "number was missing"),
        (200, body(f"You wrote zqmarker. {NUMBER}"), "repeats what was written"),
        (200, body(f"You wrote <script>. {NUMBER}"), "holds markup of the message"),
        (200, {**body(NUMBER), "title": "<script>"}, "holds markup of the message"),
    ],
)
def test_bad_reply_is_noticed(status: int, reply: dict[str, Any], said: str) -> None:
    text = "<script>zqmarker</script> <script> 1"
    assert said in "; ".join(faults_of(status, reply, sent(text), HELPLINES))


def test_fault_is_told_with_the_command_that_repeats_it() -> None:
    wrong = Outcome(sent(), ("nothing was said",), 0.1, 0.05)
    assert "make fuzz SEED=4 FIRST=7 COUNT=1" in told(wrong, 4)
    said = report([wrong, Outcome(sent(), (), 0.2, 0.15)], 4, 3.0)
    assert "2 cases of seed 4" in said
    assert "1 with a fault" in said
    assert "150 ms of processor" in said


def test_command_fails_when_a_case_has_a_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def one_of_two(_: int, indexes: range) -> AsyncIterator[Outcome]:
        for index in indexes:
            yield Outcome(sent(), ("nothing was said",) if index == 6 else (), 0.1, 0.1)

    monkeypatch.setattr(fuzz, "fuzz", one_of_two)
    assert fuzz.main(["--count", "5", "--first", "5"]) == 1
    assert "FIRST=7" in capsys.readouterr().out
    assert fuzz.main(["--count", "1"]) == 0


@pytest.mark.model
async def test_bot_answers_what_no_editor_thinks_of(trained_model: None) -> None:
    wrong = [told(outcome, SEED) async for outcome in fuzz.fuzz(SEED, range(CASES)) if outcome.faults]
    assert wrong == []
