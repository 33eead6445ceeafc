"""The model is trained when something that it is made of has changed, and only then."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from handrail import paths
from handrail.tools import train
from handrail.tools.train import fingerprint, inputs

FILES = ("config.yml", "domain.yml", "data/nlu/ask_signs.yml", "data/rules/family.yml", "handrail/nlu/minilm.py")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"what stands in {name}")
    return tmp_path


def test_train_fingerprint_stays_when_nothing_changes(root: Path) -> None:
    assert fingerprint(root) == fingerprint(root)


@pytest.mark.parametrize("name", FILES)
def test_train_fingerprint_changes_with_each_input(root: Path, name: str) -> None:
    before = fingerprint(root)
    (root / name).write_text("something else")
    assert fingerprint(root) != before


@pytest.mark.parametrize("change", ["a new file", "a file less", "another name"])
def test_train_fingerprint_changes_with(root: Path, change: str) -> None:
    before = fingerprint(root)
    file = root / "data/nlu/ask_signs.yml"
    if change == "a new file":
        (root / "data/nlu/ask_cost.yml").write_text("new")
    elif change == "a file less":
        file.unlink()
    else:
        file.rename(root / "data/nlu/ask_sign.yml")
    assert fingerprint(root) != before


@pytest.mark.parametrize("name", ["data/content/topics/drugs/heroin.md", "data/emergencies/overdose.yml", "README.md"])
def test_train_fingerprint_does_not_hang_on_what_is_read_at_start(root: Path, name: str) -> None:
    before = fingerprint(root)
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("new")
    assert fingerprint(root) == before


def test_train_inputs_are_there() -> None:
    """A pattern that finds nothing would let a change go by."""
    for pattern in train.INPUTS:
        assert list(paths.ROOT.glob(pattern)), pattern


def test_train_inputs_hold_every_part_of_the_pipeline() -> None:
    found = set(inputs())
    assert set((paths.ROOT / "handrail/nlu").glob("*.py")) <= found
    assert set(paths.NLU.glob("*.yml")) <= found


class Rasa:
    """Stands in for `rasa train`: ends with `code`, and writes the model if it is to."""

    def __init__(self, model: Path, code: int = 0, writes: bool = True) -> None:
        self.model, self.code, self.writes, self.runs = model, code, writes, 0

    def __call__(self, command: list[str], **_: Any) -> SimpleNamespace:
        self.runs += 1
        if self.writes:
            self.model.write_bytes(b"a model")
        return SimpleNamespace(returncode=self.code, stdout="what rasa says")


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(train, "MODEL", tmp_path / "handrail.tar.gz")
    monkeypatch.setattr(train, "STAMP", tmp_path / "handrail.json")
    return tmp_path / "handrail.tar.gz"


def run(monkeypatch: pytest.MonkeyPatch, rasa: Rasa) -> int:
    monkeypatch.setattr(subprocess, "run", rasa)
    return train.main()


def test_train_trains_once(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rasa = Rasa(model)
    assert [run(monkeypatch, rasa), run(monkeypatch, rasa)] == [0, 0]
    assert rasa.runs == 1


@pytest.mark.parametrize("lost", ["the model", "the stamp", "what the stamp says", "the stamp's sense"])
def test_train_trains_again_when_it_has_lost(model: Path, monkeypatch: pytest.MonkeyPatch, lost: str) -> None:
    rasa = Rasa(model)
    run(monkeypatch, rasa)
    if lost == "the model":
        model.unlink()
    elif lost == "the stamp":
        train.STAMP.unlink()
    else:
        train.STAMP.write_text('{"fingerprint": "of something else"}' if lost == "what the stamp says" else "{")
    assert run(monkeypatch, rasa) == 0
    assert rasa.runs == 2


@pytest.mark.parametrize(("code", "writes"), [(1, False), (1, True), (0, False)])
def test_train_says_so_when_it_failed(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int, writes: bool
) -> None:
    assert run(monkeypatch, Rasa(model, code, writes)) == 1
    assert "what rasa says" in capsys.readouterr().err
    assert not train.is_up_to_date()
