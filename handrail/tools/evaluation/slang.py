"""Whether the lexicon knows street names, also when one letter is wrong."""

from __future__ import annotations

import random
import string
from collections.abc import Iterable, Sequence

from handrail.lexicon import Lexicon
from handrail.tools.evaluation.inputs import SlangRow
from handrail.tools.evaluation.measures import Share

FRAMES = ("he uses {}", "what is {}", "{}")
"""What the street name is put into. The bar counts in the first: half of these names are everyday words, which stand
for a drug only beside a word of use."""
TYPO_FROM = 5
"""Letters from which a word gets a typing error; a shorter one is often another word then."""
SEED = 2026


def recognised(lexicon: Lexicon, written: str, substances: Iterable[str], frame: str = FRAMES[0]) -> bool:
    """Say whether the lexicon finds one of the substances, or the family or a form of one, in the frame.

    Args:
        lexicon: what is asked.
        written: the street name.
        substances: by their full names, which the lexicon has to know too.
        frame: the sentence around the name.
    """
    wanted = {mention.id for name in substances for mention in lexicon.find(name) if mention.entity == "subject"}
    found = {mention.id for mention in lexicon.find(frame.format(written)) if mention.entity == "subject"}
    return any(one in lexicon.ancestors(other) or other in lexicon.ancestors(one) for one in wanted for other in found)


def known(lexicon: Lexicon, rows: Sequence[SlangRow], frame: str = FRAMES[0]) -> Share:
    """Return how many street names are recognised as one of the substances that they stand for."""
    return Share.of([recognised(lexicon, row.slang, row.meanings, frame) for row in rows])


def known_as_in_row(lexicon: Lexicon, rows: Sequence[SlangRow]) -> Share:
    """Return how many are recognised as the very substance of their row.

    A name that stands for two substances has two rows, of which the lexicon can get but one.
    """
    return Share.of([recognised(lexicon, row.slang, [row.canonical]) for row in rows])


def known_with_typo(lexicon: Lexicon, rows: Sequence[SlangRow], seed: int = SEED) -> Share:
    """Return how many are recognised with one typing error; names without a word that is long enough are left out."""
    chance = random.Random(seed)
    misspelt = [(with_typo(row.slang, chance), row.meanings) for row in rows]
    return Share.of([recognised(lexicon, slang, meanings) for slang, meanings in misspelt if slang])


def with_typo(name: str, chance: random.Random) -> str | None:
    """Return `name` with one typing error in one of its long words, or None when it has none.

    The error is a letter dropped, swapped with the next, changed or added; the first and last letter stay, as they
    do in nearly all real misspellings.
    """
    words = name.split()
    long = [place for place, word in enumerate(words) if len(word) >= TYPO_FROM and word.isalpha()]
    if not long:
        return None
    place = chance.choice(long)
    words[place] = _mistyped(words[place].lower(), chance)
    return " ".join(words)


def _mistyped(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    wrong = chance.choice([letter for letter in string.ascii_lowercase if letter != word[at]])
    swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :] if at < len(word) - 2 else word[:at] + word[at + 1 :]
    return chance.choice(
        [word[:at] + word[at + 1 :], swapped, word[:at] + wrong + word[at + 1 :], word[:at] + wrong + word[at:]]
    )
