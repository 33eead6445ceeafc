"""Sentences from which the trained net learns what a danger sounds like, from `data/danger/`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from handrail import paths
from handrail.documents import Record, read_yaml, validate


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
            DocumentError: a file has a fault.
        """
        read = (validate(_File, read_yaml(folder / name)).sentences for name in ("now.yml", "not_now.yml"))
        return cls(*map(tuple, read))
