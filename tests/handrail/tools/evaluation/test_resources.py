"""Memory is read for this process and for what it has started."""

from __future__ import annotations

import subprocess
import sys

from handrail.tools.evaluation.resources import circumstances, memory


def test_memory_counts_started_processes() -> None:
    command = [sys.executable, "-c", "print(flush=True); input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout
        child.stdout.readline()  # it has started
        taken = memory()
        child.communicate(b"\n")
    assert taken.own > 1
    assert taken.children > 1


def test_circumstances_name_the_computer() -> None:
    assert "cores" in circumstances()["Computer"]
