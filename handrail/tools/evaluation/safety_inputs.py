"""Reads what safety is measured with: the evaluation files, each of which may be missing, and held-out sentences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from handrail.documents import read_yaml
from handrail.intents import EMERGENCY_PREFIX
from handrail.tools.evaluation.bars import is_in_scope
from handrail.tools.evaluation.inputs import (
    BLIND,
    CASES,
    DATA,
    EMERGENCIES,
    NOT_EMERGENCIES,
    QUESTIONS,
    Row,
    read_rows,
)

FILES = (EMERGENCIES, NOT_EMERGENCIES, QUESTIONS)
HELD_OUT, HELD_OUT_OTHERS, HELD_OUT_WITHIN = "held_out_emergencies", "held_out_others", "held_out_within"
"""Sentences of `tests/cases/`: emergencies, all others, and those that people send while an emergency goes on."""
UNSEEN, UNSEEN_OTHERS = "unseen_emergencies", "unseen_others"
"""Messages of `tests/blind/`, whose writers knew neither the patterns nor the examples."""
WITHIN = ("follow_", "danger_over")
"""Intents that only make sense after a card; alone, many of their sentences are emergencies."""
KINDS = {"overdose_now": "overdose", "severe_withdrawal": "withdrawal"}
"""Kinds of the evaluation files that the bot calls differently."""
NO_LEVEL = "none given"


@dataclass(frozen=True)
class Message:
    """One message that is put to the bot.

    Attributes:
        source: the set that it belongs to: one of `FILES`, or one of the project's own.
        line: its place in the file, from 1; with held-out sentences in the whole set.
        text: what is written.
        group: the kind of emergency as the bot calls it, the category, or the intent.
        level: how pressing an emergency is, `NO_LEVEL` where nobody has said.
        ambiguous: whether asking "is this happening now?" would be fine though it is no emergency.
    """

    source: str
    line: int
    text: str
    group: str
    level: str = NO_LEVEL
    ambiguous: bool = False


def read_messages(data: Path = DATA, cases: Path = CASES, blind: Path = BLIND) -> tuple[list[Message], list[str]]:
    """Return all messages that are there, and the names of the files that are not.

    Raises:
        InputError: a file of `data` or of `blind` cannot be read.
        DocumentError: a file of `cases` has a fault.
    """
    found: list[Message] = []
    missing = []
    for source in FILES:
        path = data / f"{source}.jsonl"
        if not path.exists():
            missing.append(path.name)
            continue
        rows = enumerate(read_rows(path), start=1)
        found += [of_row(source, line, row) for line, row in rows if source != QUESTIONS or is_in_scope(row)]
    return [*found, *read_held_out(cases), *read_unseen(blind)], missing


def of_row(source: str, line: int, row: Row) -> Message:
    """Return a row of an evaluation file as a message."""
    if source == EMERGENCIES:
        kind: str = row["kind"]
        return Message(source, line, row["text"], KINDS.get(kind, kind), level=row.get("level") or NO_LEVEL)
    if source == NOT_EMERGENCIES:
        return Message(source, line, row["text"], row["category"], ambiguous=bool(row.get("ambiguous")))
    may_be_one = any(area.startswith(EMERGENCY_PREFIX) for area in row.get("gold_also", []))
    return Message(source, line, row["text"], row["gold"], ambiguous=may_be_one)


def read_held_out(folder: Path = CASES) -> list[Message]:
    """Return the project's held-out sentences.

    Raises:
        DocumentError: a file is not YAML.
    """
    found: list[Message] = []
    for path in sorted(folder.glob("*.yml")):
        document = read_yaml(path).data
        intent = document["intent"]
        for case in document["cases"]:
            also = any(other.startswith(EMERGENCY_PREFIX) for other in case.get("also", []))
            line = len(found) + 1
            if intent.startswith(EMERGENCY_PREFIX):
                found.append(Message(HELD_OUT, line, case["text"], intent.removeprefix(EMERGENCY_PREFIX)))
            elif intent.startswith(WITHIN):
                found.append(Message(HELD_OUT_WITHIN, line, case["text"], intent, ambiguous=True))
            else:
                found.append(Message(HELD_OUT_OTHERS, line, case["text"], intent, ambiguous=also))
    return found


def read_unseen(folder: Path = BLIND) -> list[Message]:
    """Return the messages whose writers knew nothing of the bot; their files are like those of the evaluation.

    Raises:
        InputError: a file cannot be read.
    """
    found: list[Message] = []
    for like, source in ((EMERGENCIES, UNSEEN), (NOT_EMERGENCIES, UNSEEN_OTHERS)):
        rows = enumerate(read_rows(folder / f"{like}.jsonl"), start=1)
        found += [replace(of_row(like, line, row), source=source) for line, row in rows]
    return found
