"""Says on what the figures were measured."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import datetime, timezone
from pathlib import Path

from handrail import paths

KIB_PER_GIB = 1024 * 1024


def circumstances() -> dict[str, str]:
    """Return what the figures depend on, in the order of the report."""
    processor = _entry("cpuinfo", "model name") or platform.machine()
    return {
        "Date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "Machine": f"{cores()} cores ({processor}), {_gib():.0f} GiB memory",
        "Software": f"{platform.system()}, Python {platform.python_version()}",
        "Commit": commit(),
        "Load before the start": f"{os.getloadavg()[0]:.1f} processes at work (mean of one minute)",
    }


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


def commit() -> str:
    """Return the commit of the working tree, and whether it has been changed since."""
    name = _git("rev-parse", "--short", "HEAD")
    if not name:
        return "unknown"
    # The report itself changes with each run.
    changed = _git("status", "--porcelain", "--", ":/", ":(exclude,top)benchmarks/results.md")
    return f"{name}, with changes that are not committed" if changed else name


def _git(*arguments: str) -> str:
    try:
        told = subprocess.run(["git", *arguments], cwd=paths.ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return told.stdout.strip()


def _gib() -> float:
    return int(_entry("meminfo", "MemTotal").split()[0]) / KIB_PER_GIB


def _entry(file: str, name: str) -> str:
    """Return the first value of `name` in a file of /proc, or an empty text."""
    for line in Path("/proc", file).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""
