"""The command writes the report with its pictures, publishes it when asked, and says kindly what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handrail.tools.evaluation import __main__ as command
from handrail.tools.evaluation.inputs import Inputs
from handrail.tools.evaluation.report import PICTURES, Figures
from handrail.tools.evaluation.training import TrainingFailed
from tests.handrail.tools.evaluation.figures import figures

PAIRS = [("signs", "signs"), ("signs", "relapse"), ("grief", "clarify")]


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What `measure` was asked for; it finds the same figures each time."""
    found: list[dict[str, Any]] = []

    def measure(inputs: object, **options: Any) -> tuple[Figures, list[tuple[str, str]]]:
        found.append(options)
        return figures(quick=options["quick"]), PAIRS

    monkeypatch.setattr(command, "measure", measure)
    monkeypatch.setattr(command, "is_up_to_date", lambda: True)
    monkeypatch.setattr(command, "read_inputs", lambda _: Inputs({}, [], []))
    return found


def test_command_writes_report_pictures_and_figures(
    measured: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--out", str(tmp_path), "--quick"]) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"report.md", "figures.json", *PICTURES.values()}
    assert json.loads((tmp_path / "figures.json").read_text())["examples"] == 100
    assert measured == [{"quick": True, "epochs": 16}]
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == f"The report: {tmp_path / 'report.md'}"
    assert any("not reached" in line for line in said)


def test_published_report_links_the_copies(tmp_path: Path) -> None:
    results, docs = tmp_path / "results", tmp_path / "docs"
    command.write(figures(), PAIRS, results)
    command.publish(figures(), results, docs / "understanding.md", docs / "understanding")
    text = (docs / "understanding.md").read_text()
    for name in PICTURES.values():
        assert f"](understanding/{name})" in text
        assert (docs / "understanding" / name).read_bytes() == (results / name).read_bytes()


def test_report_without_questions_has_no_pictures(tmp_path: Path) -> None:
    command.write(figures(curves=None), [], tmp_path)
    command.publish(figures(curves=None), tmp_path, tmp_path / "page.md", tmp_path / "beside")
    assert {path.name for path in tmp_path.iterdir()} == {"report.md", "figures.json", "page.md", "beside"}


def test_command_needs_a_model_that_is_up_to_date(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "is_up_to_date", lambda: False)
    assert command.main([]) == 1
    assert "make train" in capsys.readouterr().err


def test_command_says_what_failed(
    measured: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(*_: object, **__: object) -> None:
        raise TrainingFailed("The training failed (exit code 1):\nwhy")

    monkeypatch.setattr(command, "measure", measure)
    assert command.main([]) == 1
    assert "why" in capsys.readouterr().err


def test_command_names_a_broken_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "is_up_to_date", lambda: True)
    (tmp_path / "questions.jsonl").write_text("no\n")
    assert command.main(["--data", str(tmp_path)]) == 1
    assert "questions.jsonl:1" in capsys.readouterr().err
