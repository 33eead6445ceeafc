"""Everyday words with a slip are read as what was meant; words that are right stay."""

from __future__ import annotations

import pytest

from handrail.everyday_words import MOST_MENDED, OFTEN, EverydayWords
from handrail.slips import Slips

COUNTS = {"happened": 9, "reality": 5, "hospital": 20, "would": 30, "could": 30, "unalive": 4, "don't": 8, "pills": 9}
WORDS = EverydayWords(COUNTS, english={"realty", "could", "gill"})


def mended(text: str, known: frozenset[str] = frozenset()) -> str:
    return WORDS.mended(text, known.__contains__)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("what hapened", "what happened"),
        ("what happpened", "what happened"),
        ("what hpapened", "what happened"),
        ("the hospitaal, again", "the hospital, again"),
        ("he wont face reaslity", "he wont face reality"),
        ("Hospitql!", "hospital!"),
    ],
)
def test_everyday_words_mend_one_slip_and_leave_the_rest_as_it_stands(written: str, meant: str) -> None:
    assert mended(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "he sold realty",  # another word of English
        "the pil",  # too short to be sure what was meant
        "he wants to unalive himself",
        "hsopitla",  # two slips
        "xqzt",
        "don't",
        "наркотик",
        "",
        "🙂 123 hospital1",
    ],
)
def test_everyday_words_leave_what_is_right_or_too_far(text: str) -> None:
    assert mended(text) == text


def test_everyday_words_leave_what_others_know() -> None:
    assert mended("percs and realiy", frozenset({"realiy"})) == "percs and realiy"


def test_everyday_words_choose_the_likelier_slip_and_then_the_commoner_word() -> None:
    words = EverydayWords({"would": 30, "could": 10, "mould": 3}, english=())
    assert words.mended("wuold", lambda word: False) == "would"
    assert EverydayWords({"cant": 5, "want": 90}, english=()).mended("xant", lambda word: False) == "cant"


def test_everyday_words_are_those_that_stand_in_several_examples() -> None:
    counts = EverydayWords.count(["Call someone", "call now"] * OFTEN + ["helllo"])
    assert counts == {"call": 2 * OFTEN, "now": OFTEN, "someone": OFTEN}


def test_everyday_words_stop_at_a_message_that_is_no_language() -> None:
    done = mended("reaslity " * (MOST_MENDED + 5)).split()
    assert done.count("reality") == MOST_MENDED
    assert len(done) == MOST_MENDED + 5


def test_slips_find_nothing_in_what_is_too_long() -> None:
    assert Slips(["a" * 70], {}).near("a" * 71, 3) == []
