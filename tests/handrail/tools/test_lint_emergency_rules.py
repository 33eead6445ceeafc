"""In each emergency each short word has a rule; one that is missing is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from handrail import paths
from handrail.documents import Document, read_yaml
from handrail.tools.lint_emergency_rules import emergency_rule_problems

DOMAIN = """\
intents: [ask_signs, ask_call_police, follow_next, danger_over]
slots:
  emergency:
    values: [nothing, overdose, violence]
"""
VALUES = ("nothing", "overdose", "violence")


def rule(intent: str, *conditions: str) -> str:
    slots = "".join(f"          - {condition}\n" for condition in conditions)
    condition = f"    condition:\n      - slot_was_set:\n{slots}" if conditions else ""
    steps = f"    steps:\n      - intent: {intent}\n      - action: utter_help_line\n"
    return f"  - rule: Says {intent}\n{condition}{steps}"


def write(folder: Path, *during: str, other: str = "") -> tuple[Document, Path]:
    rules = folder / "rules"
    rules.mkdir()
    (rules / "during_an_emergency.yml").write_text("rules:\n" + "".join(during), encoding="utf-8")
    (rules / "about.yml").write_text("rules:\n" + other, encoding="utf-8")
    (folder / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    return read_yaml(folder / "domain.yml"), rules


def said(folder: Path, *during: str, other: str = "", kinds: tuple[str, ...] = ()) -> list[tuple[str, int, str]]:
    domain, rules = write(folder, *during, other=other)
    problems = list(emergency_rule_problems(domain, rules, [Path(f"{kind}.yml") for kind in kinds]))
    return [(problem.path.name, problem.line, f"{problem.what}: {problem.mend}") for problem in problems]


NEXT = [rule("follow_next", f"emergency: {value}") for value in VALUES]


def test_lint_each_short_word_has_a_rule_in_each_emergency(tmp_path: Path) -> None:
    assert said(tmp_path, *NEXT, rule("danger_over"), kinds=("overdose", "violence")) == []


@pytest.mark.parametrize("missing", VALUES)
def test_lint_short_word_without_a_rule_in_one_emergency(tmp_path: Path, missing: str) -> None:
    given = [one for one in NEXT if f"emergency: {missing}" not in one]
    ((name, line, text),) = said(tmp_path, *given, rule("danger_over"))
    assert (name, line) == ("during_an_emergency.yml", 2)
    assert "follow_next" in text
    assert f"emergency: {missing}" in text


def test_lint_short_word_without_any_rule(tmp_path: Path) -> None:
    found = said(tmp_path, *NEXT)
    assert len(found) == len(VALUES)
    assert all("'danger_over'" in text for _, _, text in found)


def test_lint_rule_that_holds_only_sometimes_is_not_enough(tmp_path: Path) -> None:
    sometimes = rule("follow_next", "emergency: violence", "asked: danger")
    ((_, _, text),) = said(tmp_path, *NEXT[:2], sometimes, rule("danger_over"))
    assert "violence" in text


def test_lint_question_that_is_answered_in_some_emergency_is_answered_in_all(tmp_path: Path) -> None:
    found = said(tmp_path, *NEXT, rule("danger_over"), rule("ask_call_police", "emergency: overdose"))
    assert ["ask_call_police" in text for _, _, text in found] == [True, True]


def test_lint_rule_for_all_emergencies_may_stand_in_another_file(tmp_path: Path) -> None:
    assert said(tmp_path, *NEXT, other=rule("danger_over")) == []


def test_lint_emergency_that_the_slot_does_not_know(tmp_path: Path) -> None:
    ((name, line, text),) = said(tmp_path, *NEXT, rule("danger_over"), kinds=("overdose", "medical"))
    assert (name, line) == ("domain.yml", 4)
    assert "medical" in text


def test_lint_the_rules_of_the_bot_are_complete() -> None:
    assert list(emergency_rule_problems(read_yaml(paths.DOMAIN))) == []
