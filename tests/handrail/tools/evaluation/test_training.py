"""A training that fails says why."""

from __future__ import annotations

from pathlib import Path

import pytest

from handrail.tools.evaluation.training import TrainingFailed, run


def test_failed_training_says_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(TrainingFailed, match=r"exit code 3\):\nwhy"):
        run(["/bin/sh", "-c", "echo why; exit 3"], tmp_path, {}, code=tmp_path)


def test_training_runs_the_code_that_it_is_given(tmp_path: Path) -> None:
    seconds = run(["/bin/sh", "-c", 'test "$PYTHONPATH" = "$PWD/code"'], tmp_path, {}, code=tmp_path / "code")
    assert 0 < seconds < 60
