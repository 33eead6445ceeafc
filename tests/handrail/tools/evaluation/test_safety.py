"""The command writes the report without a sentence that was asked, publishes when told, and says what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handrail.tools.evaluation import safety
from handrail.tools.evaluation.safety_report import SafetyFigures, markdown
from handrail.tools.processes import StartError
from tests.handrail.tools.evaluation.safety_results import RESULTS, TIMING

FIGURES = safety.figures(RESULTS, ["questions.jsonl"], TIMING, circumstances={"Date": "2026-11-22"}, seconds=60.0)
NO_FIGURES = safety.figures([], [], TIMING, circumstances={}, seconds=60.0)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A run that finds the same figures each time; returns where it publishes."""
    monkeypatch.setattr(safety, "is_up_to_date", lambda: True)
    monkeypatch.setattr(safety, "read_messages", lambda _: ([], ["questions.jsonl"]))
    monkeypatch.setattr(safety, "measure", lambda *_: FIGURES)
    monkeypatch.setattr(safety, "PUBLISHED", tmp_path / "page.md")
    return tmp_path / "page.md"


def test_command_writes_report_and_figures(measured: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert safety.main(["--out", str(tmp_path / "out")]) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"report.md", "figures.json"}
    assert json.loads((tmp_path / "out" / "figures.json").read_text())["rows"]["emergencies"] == 52
    assert not measured.exists()
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("Not measured")
    assert said[0].endswith("questions.jsonl")
    assert any("not reached" in line for line in said)
    assert said[-1] == f"The report: {tmp_path / 'out' / 'report.md'}"


def test_command_publishes_when_told(measured: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert safety.main(["--out", str(tmp_path), "--publish"]) == 0
    assert measured.read_text() == (tmp_path / "report.md").read_text()
    assert capsys.readouterr().out.endswith(f"The report: {measured}\n")


@pytest.mark.parametrize("figures", [FIGURES, NO_FIGURES], ids=["all", "nothing"])
def test_report_has_seven_sections_and_sound_tables(figures: SafetyFigures) -> None:
    text = markdown(figures)
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert [heading.split()[1] for heading in headings] == [f"{number}." for number in range(1, 8)]
    table: list[int] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            table.append(line.count("|"))
        else:
            assert len(set(table)) <= 1
            table = []


def test_report_quotes_nothing() -> None:
    text, figures = markdown(FIGURES), json.dumps(FIGURES, default=vars)
    assert not [one.message.text for one in RESULTS if one.message.text in text + figures]


def test_report_names_what_is_missing() -> None:
    assert "Not measured, since the files are not there: `questions.jsonl`" in markdown(FIGURES)


def test_command_needs_a_model_that_is_up_to_date(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(safety, "is_up_to_date", lambda: False)
    assert safety.main([]) == 1
    assert "make train" in capsys.readouterr().err


def test_command_says_what_failed(
    measured: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(*_: object) -> None:
        raise StartError("The server did not answer.")

    monkeypatch.setattr(safety, "measure", measure)
    assert safety.main([]) == 1
    assert "did not answer" in capsys.readouterr().err


def test_command_names_a_broken_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(safety, "is_up_to_date", lambda: True)
    (tmp_path / "emergencies.jsonl").write_text("no\n")
    assert safety.main(["--data", str(tmp_path)]) == 1
    assert "emergencies.jsonl:1" in capsys.readouterr().err
