"""Rasa's own commands work from the project's root, as Rasa's documentation says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from handrail import paths

pytestmark = pytest.mark.model


def rasa(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rasa", *arguments],
        cwd=paths.ROOT,
        # Loading a model in this process, as other tests do, sets the level for all that it starts.
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false", "LOG_LEVEL": "INFO"},
        text=True,
        capture_output=True,
        timeout=180,
        check=False,
    )


def test_rasa_test_core_passes_the_stories(trained_model: None, tmp_path: Path) -> None:
    done = rasa("test", "core", "--stories", "tests", "--fail-on-prediction-errors", "--out", str(tmp_path))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "5 / 5" in done.stdout + done.stderr


def test_rasa_train_reads_the_project(trained_model: None) -> None:
    """Typed by hand it trains once more: `make train` fills none of Rasa's caches (handrail/tools/rasa_train.py)."""
    done = rasa("train", "--dry-run")
    assert "The model needs to be retrained." in done.stdout + done.stderr, done.stdout[-2000:]
