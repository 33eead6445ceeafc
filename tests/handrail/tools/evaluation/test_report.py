"""The report holds every section, also when something was not measured, and its tables are tables."""

from __future__ import annotations

import pytest

from handrail.tools.evaluation.report import PICTURES, markdown
from handrail.tools.evaluation.tables import bars_as_text
from tests.handrail.tools.evaluation.figures import figures


def test_report_has_nine_sections_in_order() -> None:
    headings = [line for line in markdown(figures()).splitlines() if line.startswith("## ")]
    assert [heading.split()[1] for heading in headings] == [f"{number}." for number in range(1, 10)]


def test_report_tables_have_as_many_cells_in_each_row() -> None:
    table: list[int] = []
    for line in [*markdown(figures()).splitlines(), ""]:
        if line.startswith("|"):
            table.append(line.replace(r"\|", "").count("|"))
        else:
            assert len(set(table)) <= 1
            table = []


def test_report_links_its_pictures_where_they_are() -> None:
    for name in PICTURES.values():
        assert f"]({name})" in markdown(figures())
        assert f"](understanding/{name})" in markdown(figures(), "understanding/")


def test_report_says_what_was_left_out() -> None:
    text = markdown(figures(curves=None, quick=True))
    assert "Left out of this run (`--quick`)" in text
    assert "`questions.jsonl`" in text
    assert ".png" not in text


def test_report_shows_reached_and_not_reached() -> None:
    text = markdown(figures())
    assert "| ≥ 85% | **not reached** |" in text
    assert "| ≤ 5 | reached |" in text


def test_report_shows_the_learning_curve_beside_the_comparison() -> None:
    text = markdown(figures())
    assert "DIET had 2 epochs, in this run." in text
    assert "| 1 | 70.0% (7 of 10); 39.7% to 89.2% |" in text


def test_report_says_which_choices_count() -> None:
    text = " ".join(markdown(figures()).split())
    assert "those of a clarifying question, those below an answer, and the starting points of a fallback" in text


def test_report_names_the_pair_once_and_all_its_sentences() -> None:
    text = markdown(figures())
    assert r"| `ask_cost` | `ask_scam` | 2 | one \| two | near | 0.50 |" in text
    assert "|  |  |  | b | c | 0.40 |" in text


@pytest.mark.parametrize("word", ["questions.jsonl", "39.7% to 89.2%", "not reached"])
def test_bars_for_the_terminal_are_lined_up(word: str) -> None:
    lines = bars_as_text(figures().bars).splitlines()
    assert word in "\n".join(lines)
    assert lines[0].index("found") == lines[1].index("70.0%") == lines[2].index("3.0")
