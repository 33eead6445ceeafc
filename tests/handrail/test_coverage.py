"""Each question that the bot has to be able to answer is answered by a topic or a response."""

from __future__ import annotations

from pathlib import Path

from handrail.content import Catalogue
from handrail.content.coverage import coverage_problems, coverage_table
from tests.handrail.small_content import TOPICS, write_content

ROWS = """\
rows:
  - id: what_is_heroin
    question: "What is heroin?"
  - id: choose_country
    question: "I'm in Australia"
    said_by: utter_country
"""


def content(folder: Path, covers: str = "") -> tuple[Catalogue, Path]:
    heroin = TOPICS["drugs/heroin"].replace("areas:", f"covers: [{covers}]\nareas:")
    rows = folder / "coverage.yml"
    rows.write_text(ROWS, encoding="utf-8")
    return Catalogue.load(*write_content(folder, {**TOPICS, "drugs/heroin": heroin})), rows


def test_coverage_is_complete(tmp_path: Path) -> None:
    catalogue, rows = content(tmp_path, "what_is_heroin")
    assert coverage_problems(catalogue, {"utter_country"}, rows) == []


def test_coverage_row_without_a_topic(tmp_path: Path) -> None:
    catalogue, rows = content(tmp_path)
    (problem,) = coverage_problems(catalogue, {"utter_country"}, rows)
    assert (problem.path, problem.line) == (rows, 2)
    assert "What is heroin?" in problem.what


def test_coverage_row_whose_response_is_gone(tmp_path: Path) -> None:
    catalogue, rows = content(tmp_path, "what_is_heroin")
    (problem,) = coverage_problems(catalogue, {"utter_greet"}, rows)
    assert problem.line == 4


def test_coverage_topic_that_names_a_row_that_is_not_there(tmp_path: Path) -> None:
    catalogue, rows = content(tmp_path, "what_is_heroin, what_is_heroine")
    (problem,) = coverage_problems(catalogue, {"utter_country"}, rows)
    assert problem.path.name == "heroin.md"
    assert "what_is_heroine" in problem.what


def test_coverage_table_has_a_line_for_each_row(tmp_path: Path) -> None:
    catalogue, rows = content(tmp_path, "what_is_heroin")
    table = coverage_table(catalogue, rows)
    assert "| What is heroin? | `what_is_heroin` | [The topic heroin](" in table
    assert "| I'm in Australia | `choose_country` | `utter_country` in" in table
