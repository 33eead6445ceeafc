"""Rasa's default pipeline on the project's examples: trained once, kept, and measured along the way.

`nice python -m handrail.tools.evaluation.default_pipeline` trains it ahead of `make evaluate`, which then takes
what is kept as long as `data/nlu/` is the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from handrail import paths
from handrail.tools.evaluation.inputs import CASES, Case, read_cases
from handrail.tools.evaluation.measures import Share
from handrail.tools.evaluation.rasa_model import parse
from handrail.tools.evaluation.training import TrainingFailed, run
from handrail.tools.evaluation.understanding import of_parsed

CACHE = paths.CACHE / "default-pipeline"
"""The model as it was trained last."""
NAME, STAMP, WEIGHTS = "default", "trained.json", "weights"
RASAS_EPOCHS = 100
"""What `rasa init` sets, for some hundreds of examples."""
EPOCHS = 16
"""Here an epoch has some 30,000 messages, so far fewer are enough; the learning curve shows whether they are."""
MEASURED_AFTER = (1, 2, 4, 8, 12, 16, 24, 32, 64, 100)
"""Epochs after which the held-out sentences are read."""
ENOUGH = 0.005
"""When twice as many epochs bring less than this, more would not change the comparison."""
PIPELINE = """\
# What Rasa 3.6 takes when config.yml names no pipeline (`rasa init`), without ResponseSelector, which has nothing to
# select here. DIETClassifier stands under another name, which trains it with less padding and changes nothing else.
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
  - name: handrail.tools.evaluation.quick_diet.QuickDIETClassifier
    epochs: {epochs}
    constrain_similarities: true
    random_seed: 2026
    weights_kept: {kept}
    weights_folder: weights
  - name: EntitySynonymMapper
  - name: FallbackClassifier
    threshold: 0.3
    ambiguity_threshold: 0.1
"""


@dataclass(frozen=True)
class Learned:
    """How many held-out sentences are understood after some epochs."""

    epochs: int
    right: Share


@dataclass(frozen=True)
class Trained:
    """A model of the default pipeline.

    Attributes:
        model: its file.
        seconds: how long training it took, start-up included.
        epochs: how long DIET was trained.
        curve: the held-out sentences that were understood along the way; the last entry is of the whole training.
        now: whether that was in this run, and not in an earlier one on the same examples.
    """

    model: Path
    seconds: float
    epochs: int
    curve: tuple[Learned, ...]
    now: bool


def main(arguments: list[str] | None = None) -> int:
    """Train the pipeline unless that is done. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of DIET")
    given = parser.parse_args(arguments)
    try:
        trained = default_pipeline(os.environ, read_cases(CASES), given.epochs)
    except (TrainingFailed, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{trained.epochs} epochs in {trained.seconds / 60:.0f} minutes: {paths.shown(trained.model)}")
    for one in trained.curve:
        print(f"after {one.epochs}: {one.right}")
    return 0


def default_pipeline(
    environment: Mapping[str, str],
    cases: Sequence[Case],
    epochs: int = EPOCHS,
    nlu: Path = paths.NLU,
    cache: Path = CACHE,
) -> Trained:
    """Return the pipeline trained on the examples in `nlu`: from `cache` when those are the same.

    Args:
        environment: the variables of the training.
        cases: the held-out sentences of the learning curve.
        epochs: how long DIET is trained.
        nlu: the folder of the examples.
        cache: where the model is kept.

    Raises:
        TrainingFailed: the training did not end well.
    """
    known = kept(epochs, nlu, cache)
    if known:
        return known
    config = _config(epochs)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / WEIGHTS).mkdir()
        (root / "config.yml").write_text(config, encoding="utf-8")
        command = [
            *(sys.executable, "-m", "rasa", "train", "nlu", "--config", "config.yml", "--nlu", str(nlu.resolve())),
            *("--out", "models", "--fixed-model-name", NAME),
        ]
        seconds = run(command, root, environment, code=paths.ROOT)
        model = root / "models" / f"{NAME}.tar.gz"
        curve = learning_curve(model, root / WEIGHTS, cases, epochs)
        cache.mkdir(parents=True, exist_ok=True)
        shutil.copy2(model, _model(cache))
    stamp = {
        "fingerprint": fingerprint(config, nlu),
        "seconds": seconds,
        "curve": [[one.epochs, one.right.hits, one.right.total] for one in curve],
    }
    (cache / STAMP).write_text(json.dumps(stamp), encoding="utf-8")
    return Trained(_model(cache), seconds, epochs, curve, now=True)


def kept(epochs: int = EPOCHS, nlu: Path = paths.NLU, cache: Path = CACHE) -> Trained | None:
    """Return the pipeline that was trained before on the same examples in the same way, or None."""
    model, stamp = _model(cache), cache / STAMP
    known = json.loads(stamp.read_text(encoding="utf-8")) if stamp.exists() and model.exists() else {}
    if known.get("fingerprint") != fingerprint(_config(epochs), nlu):
        return None
    curve = tuple(Learned(after, Share(hits, total)) for after, hits, total in known["curve"])
    return Trained(model, known["seconds"], epochs, curve, now=False)


def fingerprint(config: str, nlu: Path) -> str:
    """Return a checksum of a configuration and of all examples."""
    digest = hashlib.sha256(config.encode())
    for path in sorted(nlu.glob("*.yml")):
        digest.update(path.name.encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def learning_curve(model: Path, weights: Path, cases: Sequence[Case], epochs: int) -> tuple[Learned, ...]:
    """Return how many held-out sentences are understood with the weights after some epochs, and in the end."""
    found = []
    with tempfile.TemporaryDirectory() as name:
        parts, variant = Path(name) / "parts", Path(name) / f"{NAME}.tar.gz"
        with tarfile.open(model) as archive:
            archive.extractall(parts)
        for after in _measured_after(epochs):
            _put_in(parts, weights, after)
            with tarfile.open(variant, "w:gz", compresslevel=1) as archive:
                archive.add(parts, arcname=".")
            found.append(Learned(after, _right(variant, cases)))
    return (*found, Learned(epochs, _right(model, cases)))


def last_doubling(curve: Sequence[Learned]) -> float | None:
    """Return what the second half of the training brought, as a share; None when the curve does not say."""
    shares = {one.epochs: one.right.value for one in curve}
    last = max(shares, default=0)
    return shares[last] - shares[last // 2] if last and not last % 2 and last // 2 in shares else None


def _measured_after(epochs: int) -> list[int]:
    return [after for after in MEASURED_AFTER if after < epochs]


def _config(epochs: int) -> str:
    return PIPELINE.format(epochs=epochs, kept=_measured_after(epochs))


def _model(cache: Path) -> Path:
    return cache / f"{NAME}.tar.gz"


def _put_in(parts: Path, weights: Path, after: int) -> None:
    """Put the weights after some epochs in the place of the last ones."""
    from handrail.tools.evaluation.quick_diet import weights_prefix  # noqa: PLC0415  (imports TensorFlow)

    (index,) = parts.rglob("*.tf_model.index")
    prefix = weights_prefix(weights, after)
    for file in prefix.parent.glob(f"{prefix.name}.*"):
        shutil.copy2(file, index.with_name(index.name.removesuffix(".index") + file.name.removeprefix(prefix.name)))


def _right(model: Path, cases: Sequence[Case]) -> Share:
    read = parse(model, [case.text for case in cases])
    return Share.of([of_parsed(one.data).likeliest == case.intent for one, case in zip(read, cases, strict=True)])


if __name__ == "__main__":
    sys.exit(main())
