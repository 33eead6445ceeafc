"""Trains in temporary folders, with the time it takes: the bot from nothing, and Rasa's default pipeline."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from handrail import paths

NEEDED = ("actions", "handrail", "data", "config.yml", "domain.yml", "requirements.lock")
"""What the bot is trained from; the rest of the project, its model and its caches stay behind."""
CACHE = paths.CACHE / "default-pipeline"
"""Rasa's default pipeline as it was trained last: training it takes an hour or more."""
NAME, STAMP = "default", "trained.json"
EPOCHS = 100
DEFAULT_PIPELINE = """\
# What Rasa 3.6 takes when config.yml names no pipeline (`rasa init`), without ResponseSelector, which has nothing to
# select here.
recipe: default.v1
assistant_id: default_pipeline
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: {epochs}
    constrain_similarities: true
    random_seed: 2026
  - name: EntitySynonymMapper
  - name: FallbackClassifier
    threshold: 0.3
    ambiguity_threshold: 0.1
"""


class TrainingFailed(RuntimeError):
    """A training did not end well; the message holds the last of what it printed."""


@dataclass(frozen=True)
class Trained:
    """A model of the default pipeline.

    Attributes:
        model: its file.
        seconds: how long training it took, start-up included.
        epochs: how long DIET was trained.
        now: whether that was in this run, and not in an earlier one on the same examples.
    """

    model: Path
    seconds: float
    epochs: int
    now: bool


@dataclass(frozen=True)
class Taken:
    """Seconds by the clock, and seconds that the processor's cores worked: these hold when others work beside."""

    seconds: float
    processor_seconds: float


def train_from_nothing(environment: Mapping[str, str]) -> Taken:
    """Train the bot in a copy without a model and without caches, as `make train` does.

    Raises:
        TrainingFailed: the training did not end well.
    """
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "project"
        root.mkdir()
        for part in NEEDED:
            _copy(paths.ROOT / part, root / part)
        _copy(paths.SPACY_PIPELINE, root / paths.SPACY_PIPELINE.relative_to(paths.ROOT))
        before = _processor_seconds()
        seconds = _run([sys.executable, "-m", "handrail.tools.train"], root, environment)
        return Taken(seconds, _processor_seconds() - before)


def default_pipeline(
    environment: Mapping[str, str], epochs: int = EPOCHS, nlu: Path = paths.NLU, cache: Path = CACHE
) -> Trained:
    """Return Rasa's default pipeline trained on the project's examples: from `cache` when those are the same.

    Raises:
        TrainingFailed: the training did not end well.
    """
    config = DEFAULT_PIPELINE.format(epochs=epochs)
    model, stamp, wanted = cache / f"{NAME}.tar.gz", cache / STAMP, fingerprint(config, nlu)
    known = json.loads(stamp.read_text()) if stamp.exists() and model.exists() else {}
    if known.get("fingerprint") == wanted:
        return Trained(model, known["seconds"], epochs, now=False)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "config.yml").write_text(config, encoding="utf-8")
        command = [
            *(sys.executable, "-m", "rasa", "train", "nlu", "--config", "config.yml", "--nlu", str(nlu.resolve())),
            *("--out", "models", "--fixed-model-name", NAME),
        ]
        seconds = _run(command, root, environment)
        cache.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / "models" / model.name, model)
    stamp.write_text(json.dumps({"fingerprint": wanted, "seconds": seconds}))
    return Trained(model, seconds, epochs, now=True)


def fingerprint(config: str, nlu: Path) -> str:
    """Return a checksum of a configuration and of all examples."""
    digest = hashlib.sha256(config.encode())
    for path in sorted(nlu.glob("*.yml")):
        digest.update(path.name.encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _run(command: list[str], root: Path, environment: Mapping[str, str]) -> float:
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=root,
        env={**environment, "PYTHONPATH": str(root), "RASA_TELEMETRY_ENABLED": "false"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise TrainingFailed(f"The training failed (exit code {done.returncode}):\n{done.stdout[-2000:]}")
    return time.monotonic() - started


def _processor_seconds() -> float:
    """Return what the processes have used that this one has started and that have ended."""
    used = os.times()
    return used.children_user + used.children_system


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
