"""A text that is too long arrives in pieces: whole, in order, and with every phone number in one of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.channels.pieces import pieces
from handrail.helplines import short_help
from handrail.knowledge import helplines

HELPLINES = helplines()
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=400)


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@given(WORDS, st.integers(1, 120))
def test_pieces_lose_nothing_but_white_space_and_fit(text: str, limit: int) -> None:
    found = pieces(text, limit)
    assert bare("".join(found)) == bare(text)
    assert all(0 < len(piece) <= limit for piece in found)


def test_pieces_leave_a_text_that_fits_as_it_is() -> None:
    assert pieces("One.\n\nTwo.", 100) == ["One.\n\nTwo."]
    assert pieces(" \n ", 100) == []


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("One two three.\n\nFour five six.", 20, ["One two three.", "Four five six."]),
        ("One two three.\nFour five six.", 20, ["One two three.", "Four five six."]),
        ("One two three. Four five six.", 20, ["One two three.", "Four five six."]),
        ("one two three four", 9, ["one two", "three", "four"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
    ],
)
def test_pieces_cut_at_the_best_place(text: str, limit: int, expected: list[str]) -> None:
    assert pieces(text, limit) == expected


@pytest.mark.parametrize("country", ["US", "GB", "AU", "DE", None])
@pytest.mark.parametrize("limit", range(40, 200, 7))
def test_pieces_never_cut_a_phone_number_in_two(country: str | None, limit: int) -> None:
    lines = HELPLINES.of(country)
    found = pieces(f"{short_help(lines)} " * 3, limit)
    numbers = re.findall(r"\d[\d ]+\d", short_help(lines))
    assert numbers or country is None
    for number in numbers:
        assert sum(piece.count(number) for piece in found) >= 3


def test_pieces_refuse_a_limit_that_takes_nothing() -> None:
    with pytest.raises(ValueError, match="0 characters"):
        pieces("text", 0)
