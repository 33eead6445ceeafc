"""A typing error changes one long word; a name is recognised as its substance or the family."""

from __future__ import annotations

import random

import pytest

from handrail.lexicon import Entry, Lexicon
from handrail.lexicon.spelling import edits
from handrail.tools.evaluation.inputs import SlangRow
from handrail.tools.evaluation.measures import Share
from handrail.tools.evaluation.slang import known, known_as_in_row, known_with_typo, recognised, with_typo

LEXICON = Lexicon(
    [
        Entry(id="opioids", name="opioids", terms=["opioids"]),
        Entry(id="heroin", name="heroin", terms=["heroin"], parent="opioids", slang=("brown powder",)),
        Entry(id="ketamine", name="ketamine", terms=["ketamine"], slang=("special kay",)),
    ]
)


@pytest.mark.parametrize("seed", range(40))
def test_typo_is_one_edit_in_one_long_word(seed: int) -> None:
    found = with_typo("Brown Ox", random.Random(seed))
    assert found is not None
    word, short = found.split()
    assert edits("brown", word) == 1
    assert (word[0], word[-1], short) == ("b", "n", "Ox")


def test_typo_needs_a_long_word() -> None:
    assert with_typo("Oxy 80", random.Random(0)) is None


@pytest.mark.parametrize(
    ("written", "canonical", "right"),
    [
        ("brown powder", "Heroin", True),
        ("opioids", "Heroin", True),
        ("heroin", "Opioids", True),
        ("special kay", "Heroin", False),
        ("something", "Heroin", False),
        ("heroin", "Not in the lexicon", False),
    ],
)
def test_slang_is_recognised_as_its_substance(written: str, canonical: str, right: bool) -> None:
    assert recognised(LEXICON, written, [canonical]) is right


def test_slang_shares() -> None:
    both = frozenset({"Ketamine", "Heroin"})
    rows = [SlangRow("special kay", name, both) for name in sorted(both)]
    rows += [SlangRow("nonsense", "Ketamine", both), SlangRow("kit", "Ketamine", both)]
    assert known(LEXICON, rows) == Share(2, 4)
    assert known_as_in_row(LEXICON, rows) == Share(1, 4)
    assert known_with_typo(LEXICON, rows).total == 3
    assert known_with_typo(LEXICON, rows) == known_with_typo(LEXICON, rows)
