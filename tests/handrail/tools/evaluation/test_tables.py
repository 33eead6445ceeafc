"""Tables for both reports."""

from __future__ import annotations

from handrail.tools.evaluation.bars import Bar
from handrail.tools.evaluation.tables import bars_table, table


def test_table_keeps_a_bar_within_its_cell_and_ends_with_an_empty_line() -> None:
    assert list(table(("a", "b"), [("x | y", " z ")])) == ["| a | b |", "| --- | --- |", r"| x \| y | z |", ""]


def test_bars_table_says_what_was_reached() -> None:
    bars = [Bar("here", "a", "1"), Bar("here", "b", "2", bar="≥ 1", reached=True)]
    rows = list(bars_table(bars))[2:-1]
    assert rows == ["| here | a | 1 |  |  |  |", "| here | b | 2 |  | ≥ 1 | reached |"]
