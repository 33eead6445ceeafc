"""One typing error a message: one slip of the finger, the same each time, never in a lone word's first letter."""

from __future__ import annotations

import pytest

from handrail.lexicon.spelling import edits
from handrail.typing_errors import with_typing_error

SENTENCE = "I think my Friend is on the floor."


def is_swap(right: str, wrong: str) -> bool:
    differing = [pair for pair in zip(right, wrong, strict=True) if len(set(pair)) > 1]
    return len(differing) == 2 and differing[0] == differing[1][::-1]


@pytest.mark.parametrize("seed", range(60))
def test_typing_error_is_one_slip(seed: int) -> None:
    wrong = with_typing_error(SENTENCE, seed)
    assert wrong != SENTENCE
    assert edits(SENTENCE, wrong) == 1 or is_swap(SENTENCE, wrong)
    assert len(wrong.split()) == len(SENTENCE.split())


def test_typing_errors_are_of_all_lengths_and_places() -> None:
    wrong = {with_typing_error(SENTENCE, seed) for seed in range(200)}
    assert {len(one) - len(SENTENCE) for one in wrong} == {-1, 0, 1}
    assert any(is_swap(SENTENCE, one) for one in wrong if len(one) == len(SENTENCE))
    assert len({one[0] for one in wrong}) > 1


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("text", ["overdose", "od", "help!", "  help"])
def test_typing_error_leaves_the_first_letter_of_a_lone_word(text: str, seed: int) -> None:
    wrong = with_typing_error(text, seed)
    assert wrong != text
    assert wrong.strip()[0] == text.strip()[0]


@pytest.mark.parametrize("text", ["", "a", "911", "🆘 !", "  "])
def test_typing_error_needs_a_letter(text: str) -> None:
    assert with_typing_error(text) == text


def test_typing_error_is_the_same_each_time() -> None:
    assert with_typing_error(SENTENCE) == with_typing_error(SENTENCE)
    assert len({with_typing_error(SENTENCE, seed) for seed in range(20)}) > 5
