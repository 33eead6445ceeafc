"""The default pipeline is trained again only when something has changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from handrail.tools.evaluation import training
from handrail.tools.evaluation.training import DEFAULT_PIPELINE, TrainingFailed, default_pipeline


@pytest.fixture
def nlu(tmp_path: Path) -> Path:
    folder = tmp_path / "nlu"
    folder.mkdir()
    (folder / "greet.yml").write_text("nlu: []\n")
    return folder


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Trainings that were asked for; each leaves a model behind and is said to take 7 seconds."""
    found: list[list[str]] = []

    def run(command: list[str], root: Path, environment: Mapping[str, str]) -> float:
        found.append(command)
        (root / "models").mkdir()
        (root / "models" / "default.tar.gz").write_text("model")
        return 7.0

    monkeypatch.setattr(training, "_run", run)
    return found


def test_default_pipeline_is_kept_until_an_example_changes(nlu: Path, runs: list[list[str]], tmp_path: Path) -> None:
    first = default_pipeline({}, 100, nlu, tmp_path / "cache")
    again = default_pipeline({}, 100, nlu, tmp_path / "cache")
    assert (first.now, again.now, again.seconds, len(runs)) == (True, False, 7.0, 1)
    assert again.model.read_text() == "model"
    (nlu / "greet.yml").write_text("nlu: [1]\n")
    assert default_pipeline({}, 100, nlu, tmp_path / "cache").now
    assert default_pipeline({}, 50, nlu, tmp_path / "cache").now


def test_default_pipeline_is_the_one_of_rasa() -> None:
    names = [part["name"] for part in yaml.safe_load(DEFAULT_PIPELINE.format(epochs=100))["pipeline"]]
    assert names[0] == "WhitespaceTokenizer"
    assert names.count("CountVectorsFeaturizer") == 2
    assert names[-1] == "FallbackClassifier"


def test_failed_training_says_what_it_printed(nlu: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training.sys, "executable", "/bin/false")
    with pytest.raises(TrainingFailed, match="exit code 1"):
        default_pipeline({}, 100, nlu, tmp_path / "cache")
