"""Reads what is measured against: the evaluation files, each of which may be missing, and the held-out sentences."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handrail import paths
from handrail.documents import read_yaml

Row = dict[str, Any]

QUESTIONS, OUT_OF_SCOPE, HARMFUL = "questions", "out_of_scope", "harmful_requests"
EMERGENCIES, NOT_EMERGENCIES = "emergencies", "not_emergencies"
ASKED = (QUESTIONS, OUT_OF_SCOPE, HARMFUL, EMERGENCIES, NOT_EMERGENCIES)
"""The files whose every `text` is asked, as `<name>.jsonl`."""
SLANG = "slang.csv"
CASES = paths.ROOT / "tests" / "cases"
BLIND = paths.ROOT / "tests" / "blind"
DATA = paths.ROOT.parent / "shared" / "evaluation"


class InputError(ValueError):
    """A file cannot be read; the message names the file, the line and the mend."""


@dataclass(frozen=True)
class Case:
    """A held-out sentence, its right intent, and the topics that answer it well, where someone has named them."""

    intent: str
    text: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class SlangRow:
    """A street name that should be known.

    Attributes:
        slang: the name.
        canonical: the substance that this row gives for it.
        meanings: every substance that the file's common rows give for it; many names stand for several.
    """

    slang: str
    canonical: str
    meanings: frozenset[str]


@dataclass(frozen=True)
class Inputs:
    """Everything that is measured against. `asked` holds only the files that are there."""

    asked: Mapping[str, list[Row]]
    slang: list[SlangRow]
    cases: list[Case]


def read_inputs(data: Path = DATA, cases: Path = CASES) -> Inputs:
    """Read all that is there.

    Raises:
        InputError: a file of `data` cannot be read.
        DocumentError: a file of `cases` has a fault.
    """
    files = {name: data / f"{name}.jsonl" for name in ASKED}
    return Inputs(
        asked={name: read_rows(path) for name, path in files.items() if path.exists()},
        slang=read_slang(data / SLANG) if (data / SLANG).exists() else [],
        cases=read_cases(cases),
    )


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a file of JSON lines, each with a `text`.

    Raises:
        InputError: a line is not a JSON object with a `text`.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise InputError(f"{path.name}:{number}: this is not a JSON object with a 'text': write one a line")
        rows.append(row)
    return rows


def read_slang(path: Path) -> list[SlangRow]:
    """Return the street names that are marked as common.

    Raises:
        InputError: the file lacks a column.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    try:
        common = [(row["slang"], row["canonical"]) for row in rows if row["common"]]
    except KeyError as missing:
        raise InputError(f"{path.name}:1: there is no column {missing}: add it") from None
    meanings: dict[str, set[str]] = {}
    for slang, canonical in common:
        meanings.setdefault(slang.lower(), set()).add(canonical)
    return [SlangRow(slang, canonical, frozenset(meanings[slang.lower()])) for slang, canonical in common]


def read_cases(folder: Path = CASES) -> list[Case]:
    """Return the held-out sentences, in the order of the files.

    Raises:
        DocumentError: a file is not YAML.
    """
    documents = [read_yaml(path).data for path in sorted(folder.glob("*.yml"))]
    return [
        Case(document["intent"], case["text"], _topics(case.get("topic")))
        for document in documents
        for case in document["cases"]
    ]


def _topics(given: str | list[str] | None) -> tuple[str, ...]:
    """Return the topics of a case, which names one, several or none."""
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(given)
