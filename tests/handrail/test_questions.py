"""The sentences of a message are found, and which of them ask something."""

from __future__ import annotations

import pytest
import spacy

from handrail.questions import parts_of

ENGLISH = spacy.blank("en")


def parts(text: str) -> list[tuple[str, bool]]:
    return [(text[part.start : part.end].strip(), part.asks) for part in parts_of(ENGLISH(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("\U0001f622 ... 12", []),
        ("my son uses", [("my son uses", False)]),
        ("My son uses. Is it bad?", [("My son uses.", False), ("Is it bad?", True)]),
        ("Dr. Smith says he drinks", [("Dr. Smith says he drinks", False)]),
        ("he drinks\n\nis that bad", [("he drinks", False), ("is that bad", True)]),
        ("i want to know about rehab. thanks", [("i want to know about rehab.", True), ("thanks", False)]),
        ("what is it and where do i get it", [("what is it and", True), ("where do i get it", True)]),
        ("What is it, and how does it work?", [("What is it, and", True), ("how does it work?", True)]),
        ("he drinks and what he does is sad", [("he drinks and what he does is sad", False)]),
        ("so how do I talk to him", [("so how do I talk to him", True)]),
    ],
)
def test_parts_of_a_message(text: str, found: list[tuple[str, bool]]) -> None:
    assert parts(text) == found


def test_parts_stand_where_they_say() -> None:
    text = "Hi. My name is Jo.\nWhat is methadone and who gives it? Thanks!"
    for part in parts_of(ENGLISH(text)):
        assert text[part.start : part.end].strip()
