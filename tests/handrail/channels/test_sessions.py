"""A token opens the chat that it was made for, for a while, and nothing else opens any."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handrail.channels.sessions import LIFE_SECONDS, TOKEN_CHARACTERS, SessionTokens
from tests.handrail.channels.stand_ins import ANY_TEXT, Clock

TOKENS = SessionTokens(b"a secret", Clock())
TOKEN, SESSION = TOKENS.open("GB")


@pytest.mark.parametrize("country", ["GB", None])
def test_sessions_token_opens_its_own_chat(country: str | None) -> None:
    token, session = TOKENS.open(country)
    assert session.country == country
    assert TOKENS.read(token) == session


def test_sessions_every_chat_has_an_id_of_its_own() -> None:
    assert len({TOKENS.open("GB")[1].conversation for _ in range(50)}) == 50


def test_sessions_token_is_short_enough_to_be_read() -> None:
    assert len(TOKEN) < TOKEN_CHARACTERS


@pytest.mark.parametrize(("age", "valid"), [(0, True), (LIFE_SECONDS, True), (LIFE_SECONDS + 1, False)])
def test_sessions_token_ends_with_its_age(age: float, valid: bool) -> None:
    clock = Clock()
    tokens = SessionTokens(b"a secret", clock)
    token, session = tokens.open(None)
    clock.now += age
    assert tokens.read(token) == (session if valid else None)


@pytest.mark.parametrize(
    "token", [None, 5, 1.5, True, [], {}, b"a.b", "", ".", "..", "a.b", "a.b.c", "é.é", "\ud800.a"]
)
def test_sessions_refuse_what_is_no_token(token: object) -> None:
    assert TOKENS.read(token) is None


def test_sessions_refuse_a_token_that_another_secret_signed() -> None:
    assert SessionTokens(b"another secret", Clock()).read(TOKEN) is None


def test_sessions_refuse_the_body_of_one_token_with_the_signature_of_another() -> None:
    other, _ = TOKENS.open("GB")
    assert TOKENS.read(f"{TOKEN.split('.')[0]}.{other.split('.')[1]}") is None


def test_sessions_refuse_a_token_that_goes_on() -> None:
    assert TOKENS.read(TOKEN + "A" * TOKEN_CHARACTERS) is None
    assert TOKENS.read(TOKEN[:-4]) is None


@given(ANY_TEXT)
def test_sessions_read_any_text_without_an_error(text: str) -> None:
    assert TOKENS.read(text) is None
    assert TOKENS.read(f"{TOKEN.split('.')[0]}.{text}") is None


@given(st.integers(min_value=0, max_value=len(TOKEN) - 1), st.characters(exclude_categories=()))
def test_sessions_changed_token_never_opens_another_chat(place: int, character: str) -> None:
    changed = TOKEN[:place] + character + TOKEN[place + 1 :]
    assert TOKENS.read(changed) in (None, SESSION)
