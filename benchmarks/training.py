"""Measures training in a copy of the working tree, so that the project's own model and caches stay as they are."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from handrail import paths

LEFT_OUT = (
    *(".git", ".venv", ".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache", "__pycache__"),
    *(".cache", ".rasa", "models"),
)
WARM = (".cache", ".rasa", "models")
"""What training from scratch does without, save the spaCy pipeline in `models`, which `make setup` builds."""
EXAMPLES = "examples: |\n"
EXAMPLE = re.compile(r"^( +- )(\S.*)$", re.MULTILINE)
CHANGED = Path("data", "nlu", "ask_signs.yml")
"""Any file of training examples would do."""


class TrainingFailed(RuntimeError):
    """A training did not end well; the message holds what it printed."""


@dataclass(frozen=True)
class TrainingTimes:
    """Seconds of each training; `from_scratch` is None when it was left out."""

    from_scratch: float | None
    one_example_changed: float
    nothing_changed: float


def training_times(*, from_scratch: bool) -> TrainingTimes:
    """Train in a copy of the working tree, with this environment.

    Args:
        from_scratch: train with empty caches first; else the copy takes the project's model and caches along.

    Raises:
        TrainingFailed: a training did not end well.
    """
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "project"
        shutil.copytree(paths.ROOT, root, ignore=shutil.ignore_patterns(*LEFT_OUT))
        for folder in (str(paths.SPACY_PIPELINE.relative_to(paths.ROOT)),) if from_scratch else WARM:
            if (paths.ROOT / folder).exists():
                shutil.copytree(paths.ROOT / folder, root / folder)
        scratch = _train(root) if from_scratch else None
        change_one_example(root / CHANGED)
        return TrainingTimes(scratch, one_example_changed=_train(root), nothing_changed=_train(root))


def change_one_example(path: Path) -> None:
    """Add a word to the first training example of a file."""
    head, examples, tail = path.read_text(encoding="utf-8").partition(EXAMPLES)
    changed, count = EXAMPLE.subn(r"\1\2 please", tail, count=1)
    if not count:
        raise TrainingFailed(f"There is no training example in {path.name} to change.")
    path.write_text(head + examples + changed, encoding="utf-8")


def _train(root: Path) -> float:
    """Run `python -m handrail.tools.train` in `root`. Returns the seconds it took."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "handrail.tools.train"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "RASA_TELEMETRY_ENABLED": "false"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate()
    except BaseException:
        # The command starts Rasa as a process of its own, which would go on without it.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    if process.returncode:
        raise TrainingFailed(output)
    return time.monotonic() - started
