"""Each kind of fault in the data is found, on its line, with a way to mend it; right data is left alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from handrail.content.coverage import coverage_table
from handrail.documents import Document, Problem, read_yaml
from handrail.knowledge import helplines
from handrail.tools import lint
from handrail.tools.lint import (
    EXAMPLES_AT_LEAST,
    example_problems,
    placeholder_problems,
    question_problems,
    rule_problems,
    starting_point_problems,
    stray_file_problems,
    table_problems,
)
from tests.handrail.small_content import small_answerer

DOMAIN = """\
intents:
  - ask_signs
  - ask_what_is
  - greet
responses:
  utter_greet:
    - text: Hello. {help_line}
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def a_domain(folder: Path, text: str = DOMAIN) -> Document:
    return read_yaml(write(folder / "domain.yml", text))


def places(problems: Iterable[Problem]) -> list[tuple[str, int]]:
    found = list(problems)
    assert all(problem.what and problem.mend for problem in found)
    return [(problem.path.name, problem.line) for problem in found]


# -- Words in braces ------------------------------------------------------------------------------------------


def test_lint_placeholder_that_nothing_fills_in(tmp_path: Path) -> None:
    assert places(placeholder_problems(a_domain(tmp_path), helplines())) == []
    wrong = a_domain(tmp_path, DOMAIN.replace("{help_line}", "{phone}"))
    assert places(placeholder_problems(wrong, helplines())) == [("domain.yml", 7)]


# -- Training examples -----------------------------------------------------------------------------------------


def examples(intent: str, count: int = EXAMPLES_AT_LEAST, more: str = "") -> str:
    lines = "".join(f"      - {intent} number {number}\n" for number in range(count))
    return f'version: "3.1"\nnlu:\n  - intent: {intent}\n    examples: |\n{lines}{more}'


def nlu_problems(folder: Path, **files: str) -> list[tuple[str, int]]:
    given = {"ask_signs": examples("ask_signs"), "ask_what_is": examples("ask_what_is"), **files}
    for name, text in given.items():
        write(folder / "nlu" / f"{name}.yml", text)
    return places(example_problems(a_domain(folder), folder / "nlu"))


def test_lint_examples_in_order(tmp_path: Path) -> None:
    assert nlu_problems(tmp_path) == []


def test_lint_examples_are_too_few(tmp_path: Path) -> None:
    assert nlu_problems(tmp_path, ask_signs=examples("ask_signs", EXAMPLES_AT_LEAST - 1)) == [("ask_signs.yml", 4)]


def test_lint_examples_are_in_the_wrong_file(tmp_path: Path) -> None:
    assert ("greet.yml", 3) in nlu_problems(tmp_path, greet=examples("ask_signs"))


def test_lint_examples_are_of_an_unknown_intent(tmp_path: Path) -> None:
    assert nlu_problems(tmp_path, ask_cost=examples("ask_cost")) == [("ask_cost.yml", 3)]


def test_lint_example_stands_in_two_files(tmp_path: Path) -> None:
    doubled = examples("ask_what_is", more="      - Ask_signs, NUMBER 3!\n")
    assert nlu_problems(tmp_path, ask_what_is=doubled) == [("ask_what_is.yml", 4 + EXAMPLES_AT_LEAST + 1)]


def test_lint_question_has_no_examples(tmp_path: Path) -> None:
    write(tmp_path / "nlu/ask_signs.yml", examples("ask_signs"))
    (problem,) = example_problems(a_domain(tmp_path), tmp_path / "nlu")
    assert problem.path.name == "domain.yml"
    assert "ask_what_is" in problem.what


def test_lint_examples_that_are_no_yaml_are_named(tmp_path: Path) -> None:
    assert ("greet.yml", 2) in nlu_problems(tmp_path, greet="nlu:\n  - intent: a: b\n")


# -- Rules -----------------------------------------------------------------------------------------------------


def rules(*intents: str, last: str = "utter_help_line") -> str:
    steps = "    steps:\n      - intent: {intent}\n      - action: action_answer\n      - action: {last}\n"
    return "rules:\n" + "".join(f"  - rule: {intent}\n{steps.format(intent=intent, last=last)}" for intent in intents)


def test_lint_rules_in_order(tmp_path: Path) -> None:
    write(tmp_path / "rules/a.yml", rules("ask_signs", "ask_what_is"))
    write(tmp_path / "rules/b.yml", rules("greet", last="utter_default"))
    assert places(rule_problems(a_domain(tmp_path), tmp_path / "rules")) == []


def test_lint_intent_without_a_rule(tmp_path: Path) -> None:
    write(tmp_path / "rules/a.yml", rules("ask_signs", "ask_what_is"))
    (problem,) = rule_problems(a_domain(tmp_path), tmp_path / "rules")
    assert "greet" in problem.what


def test_lint_rule_that_ends_without_the_help_line(tmp_path: Path) -> None:
    write(tmp_path / "rules/a.yml", rules("ask_signs", "ask_what_is") + rules("greet", last="utter_greet")[7:])
    assert places(rule_problems(a_domain(tmp_path), tmp_path / "rules")) == [("a.yml", 12)]


# -- Topics and what they answer -------------------------------------------------------------------------------

SMALL_DOMAIN = "intents: [ask_signs, ask_what_is, ask_how_to_talk, ask_dose]\nresponses: {}\n"


def test_lint_topic_that_answers_what_nobody_can_ask(tmp_path: Path) -> None:
    known = small_answerer(tmp_path)
    domain = a_domain(tmp_path, SMALL_DOMAIN.replace("ask_dose", "ask_cost"))
    problems = list(question_problems(known.catalogue, known.lexicon, domain))
    assert any(problem.path.name == "dose.md" and "ask_dose" in problem.what for problem in problems)
    assert any(problem.path.name == "domain.yml" and "ask_cost" in problem.what for problem in problems)


@pytest.mark.parametrize(("missing", "path"), [("alcohol", "alcohol.md"), ("mother", "talk_to_mother.md")])
def test_lint_topic_on_what_the_lexicon_does_not_know(tmp_path: Path, missing: str, path: str) -> None:
    known = small_answerer(tmp_path)
    entries = [entry for entry in known.lexicon if entry.id != missing]
    problems = question_problems(known.catalogue, type(known.lexicon)(entries), a_domain(tmp_path, SMALL_DOMAIN))
    assert any(problem.path.name == path and missing in problem.what for problem in problems)


def test_lint_answer_that_leads_nowhere(tmp_path: Path) -> None:
    known = small_answerer(tmp_path)
    problems = list(question_problems(known.catalogue, known.lexicon, a_domain(tmp_path, SMALL_DOMAIN)))
    assert {problem.path.name for problem in problems} == {
        "opioids.md",
        "alcohol.md",
        "any.md",
        "talk_to_mother.md",
    }
    assert all(problem.path.read_text().split("\n")[problem.line - 1] == "related: []" for problem in problems)


def test_lint_starting_point_that_is_no_topic(tmp_path: Path) -> None:
    known = small_answerer(tmp_path)
    assert list(starting_point_problems(known.catalogue, known.words)) == []
    words = known.words.copy(update={"starting_points": ["family/talk", "family/nothing"]})
    (problem,) = starting_point_problems(known.catalogue, words)
    assert problem.path.name == "words.yml"
    assert "family/nothing" in problem.what


# -- The files, and the table of what is answered -----------------------------------------------------------------


def test_lint_file_that_nothing_reads(tmp_path: Path) -> None:
    write(tmp_path / "topics/drugs/kava.md.txt", "text")
    write(tmp_path / "topics/drugs/kava.md", "text")
    assert places(stray_file_problems([(tmp_path / "topics", ".md")])) == [("kava.md.txt", 1)]


def test_lint_table_that_is_out_of_date(tmp_path: Path) -> None:
    catalogue = small_answerer(tmp_path).catalogue
    table = tmp_path / "coverage.md"
    assert places(table_problems(catalogue, table)) == [("coverage.md", 1)]
    write(table, coverage_table(catalogue))
    assert places(table_problems(catalogue, table)) == []
    write(table, coverage_table(catalogue) + "one more line")
    assert places(table_problems(catalogue, table)) == [("coverage.md", 1)]


# -- The command -----------------------------------------------------------------------------------------------


def test_lint_prints_each_fault_once_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fault, other = Problem(Path("b.yml"), 2, "wrong", "mend it"), Problem(Path("a.yml"), 9, "wrong", "mend it")
    monkeypatch.setattr(lint, "_all_problems", lambda: iter([fault, other, fault]))
    assert lint.main() == 1
    lines = [line for line in capsys.readouterr().out.split("\n") if not line.startswith("(soon)")]
    assert lines == [str(other), str(fault), ""]


def test_lint_passes_when_there_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lint, "_all_problems", lambda: iter(()))
    assert lint.main() == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("today", "code", "says"),
    [
        pytest.param(date(2026, 11, 22), 0, "", id="fresh"),
        pytest.param(date(2027, 6, 22), 0, "(soon) data/content/helplines/", id="after 6 months a warning"),
        pytest.param(date(2027, 12, 1), 1, "data/content/helplines/", id="after 12 months a fault"),
    ],
)
def test_lint_numbers_that_nobody_checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], today: date, code: int, says: str
) -> None:
    class Today(date):
        @classmethod
        def today(cls) -> Today:
            return cls(today.year, today.month, today.day)

    monkeypatch.setattr(lint, "date", Today)
    # The words and the sentences of emergencies take long, and do not hang on the day.
    monkeypatch.setattr(lint, "texts", lambda *_: iter(()))
    monkeypatch.setattr(lint, "check_examples", lambda _: iter(()))
    assert lint.main() == code
    lines = [line for line in capsys.readouterr().out.split("\n") if "last checked" in line]
    assert all(line.startswith(says) for line in lines)
    assert bool(lines) == bool(says)
