"""Puts one typing error into a message, the same one each time."""

from __future__ import annotations

import random
import re
import string

from handrail.slips import KEYS_NEAR

SEED = 2026
WORD = re.compile(r"[^\W\d_]+")


def with_typing_error(text: str, seed: int = SEED) -> str:
    """Return `text` with one letter dropped, doubled, swapped with the next, hit beside its key, or added.

    Any letter of any word may be hit, but the first one of a message of one word, and no word is lost as a whole.
    The error depends on the text and the seed alone. A text in which no letter may be hit is returned as it is.
    """
    chance = random.Random(f"{seed}:{text}")
    words = list(WORD.finditer(text))
    first = 1 if len(text.split()) == 1 else 0
    places = [(place, word) for word in words for place in range(word.start(), word.end())][first:]
    if not places:
        return text
    place, word = chance.choice(places)
    return text[:place] + chance.choice(_errors(text, place, word, chance)) + text[place + 2 :]


def _errors(text: str, place: int, word: re.Match[str], chance: random.Random) -> list[str]:
    """Return what each sort of error makes of the letter at `place` and of the sign after it."""
    letter, after = text[place], text[place + 1 : place + 2]
    found = [letter * 2 + after, letter + chance.choice(string.ascii_lowercase) + after]
    if len(word.group()) > 1:
        found.append(after)
    if place + 1 < word.end() and after != letter:
        found.append(after + letter)
    near = KEYS_NEAR.get(letter.lower())
    if near:
        wrong = chance.choice(near)
        found.append((wrong.upper() if letter.isupper() else wrong) + after)
    return found
