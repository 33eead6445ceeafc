"""Reads the training examples from `data/nlu/` as they stand, without Rasa."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from handrail import paths
from handrail.documents import read_yaml


@lru_cache(maxsize=2)
def examples_by_intent(folder: Path = paths.NLU) -> dict[str, list[str]]:
    """Return the examples of each intent, in the order of the files.

    Raises:
        DocumentError: a file is not YAML.
    """
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        for block in read_yaml(path).data["nlu"]:
            found.setdefault(block["intent"], []).extend(example_lines(block["examples"]))
    return found


def example_lines(block: str) -> list[str]:
    """Return the sentences of one block of examples, without the dashes."""
    return [line[2:].strip() for line in block.splitlines() if line.startswith("- ")]
