"""Plain texts pass, hard ones do not; words that hurt are found wherever they are used, not where they are named."""

from __future__ import annotations

import pytest

from handrail.content.plain_words import GRADE_AT_MOST, grade, hurting_words

PLAIN = "Stay with them. Call for help. Keep them on their side."
HARD = (
    "Individuals experiencing considerable difficulties discontinuing benzodiazepine administration "
    "necessitate comprehensive multidisciplinary evaluation."
)


def test_plain_words_grade_tells_plain_from_hard() -> None:
    assert grade(PLAIN) < GRADE_AT_MOST < grade(HARD)


@pytest.mark.parametrize("text", ["", " \n ", "- \n- "])
def test_plain_words_grade_of_nothing_is_the_lowest(text: str) -> None:
    assert grade(text) <= 0


def test_plain_words_grade_counts_a_line_of_a_list_as_a_sentence() -> None:
    listed = "- call a friend\n- go for a walk\n- drink some water\n- tell them how you feel"
    assert grade(listed) < grade(listed.replace("\n- ", " and then ").removeprefix("- "))


def test_plain_words_grade_does_not_count_the_length_of_a_name() -> None:
    text = "Buprenorphine helps. Buprenorphine's effect is slow. Ask about buprenorphine."
    assert grade(text, ["buprenorphine"]) < grade(text)
    assert grade(text, ["buprenorphine"]) == grade(text, ["Buprenorphine", "naloxone"])


@pytest.mark.parametrize(
    "text",
    [
        "He is an addict.",
        "Many ADDICTS recover.",
        "drug users",
        "an alcoholic father",
        "a drunk",
        "substance abuse is common",
        "their drug habit",
        "She is clean now.",
        "a dirty test",
        "Stop enabling them.",
        "You are codependent.",
        "co-dependency",
        "Tough love works.",
        "They hit rock bottom.",
        "going cold turkey",
        "He committed suicide.",
        "a failed attempt",
        "MAT can help.",
        "an addicted baby",
    ],
)
def test_plain_words_that_hurt_are_found(text: str) -> None:
    found = hurting_words(text)
    assert found
    assert all(instead for _, instead in found)


@pytest.mark.parametrize(
    "text",
    [
        "Someone who uses drugs can get well.",
        "Addiction is a health condition.",
        "Alcoholics Anonymous is free.",
        "If they are drunk, stay with them.",
        "Use a clean needle each time.",
        "Clean the wound with clean water.",
        'Avoid the word "addict".',
        "Avoid the word “clean”.",
        "The door mat is wet.",
        "He died by suicide.",
        "Are you thinking about suicide?",
        "They are able to stop.",
        "Many people use it again.",
    ],
)
def test_plain_words_that_are_fine_are_left_alone(text: str) -> None:
    assert hurting_words(text) == []
