"""Rasa's default pipeline is trained again only when something has changed, and measured along the way."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from handrail.tools.evaluation import __main__ as command
from handrail.tools.evaluation import default_pipeline as module
from handrail.tools.evaluation.default_pipeline import (
    EPOCHS,
    PIPELINE,
    Learned,
    Trained,
    default_pipeline,
    kept,
    last_doubling,
    learning_curve,
)
from handrail.tools.evaluation.inputs import Case
from handrail.tools.evaluation.measures import Share
from handrail.tools.evaluation.rasa_model import Parsed

CASES = [Case("greet", "hello"), Case("thank", "ta")]


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

    def run(command: list[str], root: Path, environment: Mapping[str, str], *, code: Path) -> float:
        found.append(command)
        (root / "models").mkdir()
        (root / "models" / "default.tar.gz").write_text("model")
        return 7.0

    monkeypatch.setattr(module, "run", run)
    monkeypatch.setattr(module, "learning_curve", lambda *_: (Learned(1, Share(1, 2)), Learned(2, Share(2, 2))))
    return found


def test_default_pipeline_is_kept_until_an_example_changes(nlu: Path, runs: list[list[str]], tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert kept(4, nlu, cache) is None
    first = default_pipeline({}, CASES, 4, nlu, cache)
    again = default_pipeline({}, CASES, 4, nlu, cache)
    assert (first.now, again.now, again.seconds, len(runs)) == (True, False, 7.0, 1)
    assert again.model.read_text() == "model"
    assert again.curve == first.curve == (Learned(1, Share(1, 2)), Learned(2, Share(2, 2)))
    assert kept(4, nlu, cache) == again
    assert kept(8, nlu, cache) is None
    (nlu / "greet.yml").write_text("nlu: [1]\n")
    assert kept(4, nlu, cache) is None
    assert default_pipeline({}, CASES, 4, nlu, cache).now


def test_default_pipeline_is_the_one_of_rasa() -> None:
    parts = yaml.safe_load(PIPELINE.format(epochs=EPOCHS, kept=[1, 2]))["pipeline"]
    names = [part["name"] for part in parts]
    assert names[0] == "WhitespaceTokenizer"
    assert names.count("CountVectorsFeaturizer") == 2
    assert names[-1] == "FallbackClassifier"
    (diet,) = [part for part in parts if part["name"].endswith("QuickDIETClassifier")]
    assert (diet["epochs"], diet["weights_kept"], diet["constrain_similarities"]) == (EPOCHS, [1, 2], True)


def test_learning_curve_reads_the_held_out_sentences_with_the_weights_of_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, weights = tmp_path / "components" / "train_DIET", tmp_path / "weights"
    inside.mkdir(parents=True)
    weights.mkdir()
    (inside / "DIET.tf_model.index").write_text("index")
    (inside / "DIET.tf_model.data-00000-of-00001").write_text("hello ta")
    for epoch, known in ((1, ""), (2, "hello")):
        (weights / f"epoch{epoch}.index").write_text("index")
        (weights / f"epoch{epoch}.data-00000-of-00001").write_text(known)
    (weights / "epoch12.data-00000-of-00001").write_text("not of the first epoch")
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "components", arcname="components")

    def parse_by_weights(model: Path, texts: list[str]) -> list[Parsed]:
        with tarfile.open(model) as archive:
            name = next(one for one in archive.getnames() if one.endswith("00001"))
            known = archive.extractfile(name).read().decode().split()  # type: ignore[union-attr]
        intents = {case.text: case.intent for case in CASES}
        named = [intents[text] if text in known else "deny" for text in texts]
        return [Parsed({"intent_ranking": [{"name": name, "confidence": 1.0}]}, 0.01) for name in named]

    monkeypatch.setattr(module, "parse", parse_by_weights)
    found = learning_curve(tmp_path / "model.tar.gz", weights, CASES, 4 - 1)
    assert found == (Learned(1, Share(0, 2)), Learned(2, Share(1, 2)), Learned(3, Share(2, 2)))


@pytest.mark.parametrize(
    ("epochs", "gained"), [((1, 2, 4), 0.25), ((1, 2), 0.25), ((1, 2, 3), None), ((1,), None), ((), None)]
)
def test_last_doubling_is_what_the_second_half_brought(epochs: tuple[int, ...], gained: float | None) -> None:
    curve = [Learned(epoch, Share(place + 1, 4)) for place, epoch in enumerate(epochs)]
    assert last_doubling(curve) == gained


@pytest.mark.parametrize(
    ("last", "said"), [(Share(804, 1000), "would not change"), (Share(806, 1000), "more may bring more")]
)
def test_report_says_whether_more_epochs_would_matter(last: Share, said: str) -> None:
    curve = (Learned(8, Share(800, 1000)), Learned(16, last))
    told = command._told(Trained(Path("model"), 7.0, 16, curve, now=True))
    assert "16 of its own 100 epochs" in told
    assert said in told


def test_command_shows_the_curve(
    nlu: Path,
    runs: list[list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(module, "default_pipeline", lambda *_: default_pipeline({}, CASES, 4, nlu, tmp_path / "cache"))
    monkeypatch.setattr(module, "read_cases", lambda _: CASES)
    assert module.main(["--epochs", "4"]) == 0
    assert "after 2: 100.0% (2 of 2)" in capsys.readouterr().out
    assert json.loads((tmp_path / "cache" / "trained.json").read_text())["curve"] == [[1, 1, 2], [2, 2, 2]]
