"""Sentences from which a net learns what a danger sounds like, from `data/danger/`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from handrail import paths
from handrail.documents import Document, DocumentError, Problem, Record, read_yaml, validate

NOW, NOT_NOW = "now.yml", "not_now.yml"


class _File(Record):
    sentences: list[str]


@dataclass(frozen=True)
class DangerSentences:
    """What people write in a danger that is there now, and what only sounds like it."""

    now: tuple[str, ...]
    not_now: tuple[str, ...]

    @classmethod
    def load(cls, folder: Path = paths.DANGER) -> DangerSentences:
        """Read `now.yml` and `not_now.yml`.

        Raises:
            DocumentError: a file has a fault, or a sentence stands there twice: the net would learn that it is both.
        """
        documents = [read_yaml(folder / name) for name in (NOW, NOT_NOW)]
        now, not_now = (tuple(validate(_File, document).sentences) for document in documents)
        if problems := list(_twice(documents)):
            raise DocumentError(problems)
        return cls(now, not_now)


def _twice(documents: list[Document]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for document in documents:
        for place, text in enumerate(document.data["sentences"]):
            location = ("sentences", place)
            key = " ".join(text.lower().split())
            if key in seen:
                yield document.problem(location, f"this sentence stands also at {seen[key]}", "take out one of the two")
            else:
                seen[key] = f"{paths.shown(document.path)}:{document.line(location)}"
