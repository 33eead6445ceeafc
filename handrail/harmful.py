"""Finds requests that are refused by their wording. Pure: reads fixed patterns, knows no model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from handrail import paths
from handrail.documents import Document, DocumentError, Problem, Record, read_yaml, validate

LONGEST = 400
"""Characters up to which a message is looked at: a request is short, and a long story names much in passing."""


class _File(Record):
    words: dict[str, str]
    unless: str
    kinds: dict[str, list[str]]


@dataclass(frozen=True)
class HarmfulRequests:
    """The wordings of `data/harmful/patterns.yml`. Build it with `HarmfulRequests.load`."""

    unless: re.Pattern[str]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]

    @classmethod
    def load(cls, path: Path = paths.HARMFUL) -> HarmfulRequests:
        """Read the patterns.

        Raises:
            DocumentError: the file has a fault, such as an unknown key or an expression that cannot be read.
        """
        document = read_yaml(path)
        file = validate(_File, document)
        return cls(
            _compiled(document, file, file.unless),
            tuple(
                (kind, _compiled(document, file, text)) for kind, patterns in file.kinds.items() for text in patterns
            ),
        )

    def kind_of(self, text: str) -> str | None:
        """Return the intent of the refusal that `text` (what the person wrote) asks for; None when it is none.

        A message that speaks of someone else's doing, of stopping or of worry is left to the model.
        """
        lowered = text.lower().replace("\u2019", "'")
        if len(lowered) > LONGEST or self.unless.search(lowered):
            return None
        return next((kind for kind, pattern in self.patterns if pattern.search(lowered)), None)


def _compiled(document: Document, file: _File, text: str) -> re.Pattern[str]:
    # A word may stand in for another one that uses words itself, so this is done twice.
    for _ in range(2):
        for name, words in file.words.items():
            text = text.replace(f"<{name}>", words)
    try:
        return re.compile(text)
    except re.error as error:
        problem = Problem(document.path, 1, f"the pattern '{text[:60]}' cannot be read ({error})", "mend its brackets")
        raise DocumentError([problem]) from error
