"""Finds the sentences of a message, and which of them ask something. People put the question anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.pipeline import Sentencizer
from spacy.tokens import Doc

ENDS = [".", "!", "?", "…", "...", "?!", "!?", "??", "\n", "\n\n", "\n\n\n"]

OPENING = (
    r"(?:how|what|whats|where|wheres|when|why|who|which|is|are|can|could|should|shall|do|does|did|will|would|am|any)\b"
)
ASKS = re.compile(
    rf"\?\s*$|^\W*(?:(?:so|and|but|also|ok|okay|hi|hello|hey|please|plus|then|or)\W+)*{OPENING}"
    r"|\b(?:tell me|explain|i (?:want|need|would like|d like) to know|i wonder|wondering|any (?:advice|tips|ideas?))\b",
    re.I,
)
"""What ends in a question mark, opens like a question, or says that it is one."""
SECOND_QUESTION = re.compile(rf"(?:,\s*|\s+)(?:and|also|plus|or)\s+(?:also\s+)?(?={OPENING})", re.I)
"""Where a second question begins within a sentence: "what is methadone and where do I get it"."""


@dataclass(frozen=True)
class Part:
    """A sentence of a message, or a question within one. `start` and `end` are character offsets."""

    start: int
    end: int
    asks: bool


def parts_of(doc: Doc) -> list[Part]:
    """Return the sentences of a message that hold letters, in order; a sentence with two questions gives two parts.

    Args:
        doc: the message as spaCy has tokenised it. Its sentence marks are set.
    """
    return [part for sentence in _SENTENCES(doc).sents for part in _questions(sentence.start_char, sentence.text)]


def _questions(start: int, sentence: str) -> Iterator[Part]:
    cuts = [0]
    if ASKS.search(sentence):
        cuts += [found.end() for found in SECOND_QUESTION.finditer(sentence)]
    for first, last in zip(cuts, [*cuts[1:], len(sentence)], strict=True):
        text = sentence[first:last]
        if any(map(str.isalpha, text)):
            yield Part(start + first, start + last, bool(ASKS.search(text)))


_SENTENCES = Sentencizer(punct_chars=ENDS)
