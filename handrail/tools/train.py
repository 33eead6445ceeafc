"""Trains the model, unless nothing that it is made of has changed."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from handrail import paths

MODEL = paths.MODELS / "handrail.tar.gz"
STAMP = paths.MODELS / "handrail.json"
INPUTS = (
    "config.yml",
    "domain.yml",
    "requirements.lock",
    "data/nlu/*.yml",
    "data/danger/learned_*.safetensors",
    "data/rules/*.yml",
    "data/lexicon/*.yml",
    "handrail/language.py",
    "handrail/lexicon/*.py",
    "handrail/nlu/*.py",
)
"""What the trained model depends on. Topics, help lines and emergencies are read at start, not trained."""


def inputs(root: Path = paths.ROOT) -> Iterable[Path]:
    """Return the files that the model is made of, in a fixed order."""
    return sorted(path for pattern in INPUTS for path in root.glob(pattern))


def fingerprint(root: Path = paths.ROOT) -> str:
    """Return a checksum of everything that the model is made of."""
    digest = hashlib.sha256()
    for path in inputs(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_up_to_date() -> bool:
    """Say whether the trained model is made of what stands in the project now."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (FileNotFoundError, ValueError):
        return False
    return MODEL.exists() and stamp.get("fingerprint") == fingerprint()


def main() -> int:
    """Train if need be. Returns the exit code."""
    if is_up_to_date():
        print("The model is up to date.")
        return 0
    wanted = fingerprint()
    print("Training the model (a minute or so) ...", flush=True)
    started = time.monotonic()
    # `make check` validates the data; leaving it out here saves ten seconds on each change.
    command = [
        *(sys.executable, "-m", "handrail.tools.rasa_train", "--quiet", "--skip-validation", "--force"),
        *("--fixed-model-name", MODEL.name.split(".")[0]),
    ]
    trained = subprocess.run(
        command, cwd=paths.ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if trained.returncode or not MODEL.exists():
        print(trained.stdout, file=sys.stderr)
        print("The model could not be trained. 'make check' names faults in the data files.", file=sys.stderr)
        return 1
    STAMP.write_text(json.dumps({"fingerprint": wanted}))
    print(f"The model is trained: {paths.shown(MODEL)} ({time.monotonic() - started:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
