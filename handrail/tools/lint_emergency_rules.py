"""Checks that in each emergency there is a rule for each of the short words that people write while it goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from handrail import paths
from handrail.documents import Document, Problem, read_yaml

SLOT = "emergency"
FOLLOWS = "follow_"
OVER = "danger_over"
RULES_FILE = "during_an_emergency.yml"


def emergency_rule_problems(
    domain: Document, folder: Path = paths.RULES, kinds: Iterable[Path] | None = None
) -> Iterator[Problem]:
    """Yield each pair of a short word and an emergency that no rule answers; the person would get `utter_default`.

    Short words are the intents `follow_...` and `danger_over`, and each intent that has a rule for some emergency.

    Args:
        domain: `domain.yml`, whose slot `emergency` names the emergencies.
        folder: the folder of the rules.
        kinds: the files of the emergencies; those of `data/emergencies/` when left out.

    Raises:
        DocumentError: a file of rules cannot be read.
    """
    slot = domain.data.get("slots", {}).get(SLOT, {})
    values: list[str] = slot.get("values", [])
    for path in sorted(paths.EMERGENCIES.glob("*.yml") if kinds is None else kinds):
        if path.stem not in values:
            yield domain.problem(
                ("slots", SLOT, "values"),
                f"the slot '{SLOT}' does not know '{path.stem}'",
                f"add it, with a mapping from 'emergency_{path.stem}' and a rule for each short word",
            )
    file = folder / RULES_FILE
    rules = list(_rules(folder))
    short = {intent for path, _, rule in rules if path == file for intent in _intents(rule)}
    short.update(intent for intent in domain.data["intents"] if intent.startswith(FOLLOWS) or intent == OVER)
    said: dict[str, set[str]] = {intent: set() for intent in sorted(short)}
    lines: dict[str, int] = {}
    for path, line, rule in rules:
        for intent in short.intersection(_intents(rule)):
            said[intent].update(_answered(rule, values))
            if path == file:
                lines.setdefault(intent, line)
    for intent, answered in said.items():
        for value in values:
            if value not in answered:
                when = "outside of an emergency" if value == "nothing" else f"while the emergency is '{value}'"
                yield Problem(
                    file,
                    lines.get(intent, 1),
                    f"no rule says what follows '{intent}' {when}",
                    f"add a rule with the condition 'slot_was_set: - {SLOT}: {value}', the intent '{intent}', "
                    "the response, and 'utter_help_line' at the end",
                )


def _rules(folder: Path) -> Iterator[tuple[Path, int, Mapping[str, Any]]]:
    for path in sorted(folder.glob("*.yml")):
        document = read_yaml(path)
        for number, rule in enumerate((document.data or {}).get("rules") or []):
            yield path, document.line(("rules", number)), rule


def _intents(rule: Mapping[str, Any]) -> list[str]:
    return [step["intent"] for step in rule.get("steps") or [] if "intent" in step]


def _answered(rule: Mapping[str, Any], values: Iterable[str]) -> set[str]:
    """Return the emergencies in which `rule` always holds."""
    conditions = rule.get("condition") or []
    slots = list(chain.from_iterable(condition.get("slot_was_set", []) for condition in conditions))
    if not conditions:
        return set(values)
    return {str(slots[0][SLOT])} if len(slots) == 1 and SLOT in slots[0] else set()
