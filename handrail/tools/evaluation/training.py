"""Trains in temporary folders, with the time it takes."""

from __future__ import annotations

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


class TrainingFailed(RuntimeError):
    """A training did not end well; the message holds the last of what it printed."""


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
        seconds = run([sys.executable, "-m", "handrail.tools.train"], root, environment, code=root)
        return Taken(seconds, _processor_seconds() - before)


def run(command: list[str], root: Path, environment: Mapping[str, str], *, code: Path) -> float:
    """Train by a command in the folder `root`, with the project's code from `code`; return the seconds.

    Raises:
        TrainingFailed: the training did not end well.
    """
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=root,
        env={**environment, "PYTHONPATH": str(code), "RASA_TELEMETRY_ENABLED": "false"},
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
