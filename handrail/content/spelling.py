"""Finds misspelt words, and words spelled the British way: what the bot says is in US English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import codespell_lib
from spellchecker import SpellChecker

from handrail import paths

TYPING_ERRORS = "dictionary.txt"
BRITISH = "dictionary_en-GB_to_en-US.txt"
"""Two of the lists that codespell carries."""

WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’](?=[^\W\d_]))*")


class Spelling:
    """Knows the words of a US English dictionary, of the lexicon, and of a list of the project's own."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._dictionary = _dictionary()
        self._known = {word.lower() for phrase in known for word in WORD.findall(phrase)}

    @classmethod
    def load(cls, names: Iterable[str] = (), path: Path = paths.KNOWN_WORDS) -> Spelling:
        """Read the project's own list.

        Args:
            names: names and terms of the lexicon.
            path: a text file with one word a line; lines that start with `#` are comments.
        """
        lines = path.read_text(encoding="utf-8").splitlines()
        return cls([*names, *(line for line in lines if not line.startswith("#"))])

    def faults(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield each word that is not right, with what to do about it. Words all in capitals pass."""
        for word in dict.fromkeys(WORD.findall(text)):
            plain = re.sub(r"['’]s$", "", word).lower().replace("’", "'")
            if len(plain) == 1 or plain in self._known or word.isupper():
                continue
            better = _corrections().get(plain)
            if better:
                yield word, f"write '{better}'"
            elif self._dictionary.unknown([plain]):
                yield word, f"correct it, or add it to {paths.shown(paths.KNOWN_WORDS)} if it is right"


@lru_cache(maxsize=1)
def _dictionary() -> SpellChecker:
    return SpellChecker(language="en")


@lru_cache(maxsize=1)
def _corrections() -> dict[str, str]:
    folder = Path(codespell_lib.__file__).parent / "data"
    pairs: dict[str, str] = {}
    for name in (TYPING_ERRORS, BRITISH):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            wrong, _, right = line.partition("->")
            pairs[wrong.strip().lower()] = right.split(",")[0].strip()
    return pairs
