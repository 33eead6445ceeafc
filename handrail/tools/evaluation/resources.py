"""On what the figures were measured, and how much memory the bot takes. Reads Linux's /proc."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

KIB_PER_MIB, KIB_PER_GIB = 1024, 1024 * 1024
PROC = Path("/proc")


@dataclass(frozen=True)
class Memory:
    """Resident memory in MiB: of this process, and of those that it has started."""

    own: float
    children: float


def memory() -> Memory:
    """Return the memory that is taken now."""
    children = (_resident(child) for child in _children(os.getpid()))
    return Memory(_resident(os.getpid()), sum(children))


def circumstances() -> dict[str, str]:
    """Return what the figures depend on, in the order of the report."""
    processor = _entry(PROC / "cpuinfo", "model name") or platform.machine()
    total = int(_entry(PROC / "meminfo", "MemTotal").split()[0]) / KIB_PER_GIB
    return {
        "Date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "Computer": f"{len(os.sched_getaffinity(0))} cores ({processor}), {total:.0f} GiB memory",
        "Software": f"{platform.system()}, Python {platform.python_version()}",
        "Load before the start": f"{os.getloadavg()[0]:.1f} processes at work (mean of one minute)",
    }


def _resident(process: int) -> float:
    try:
        return int(_entry(PROC / str(process) / "status", "VmRSS").split()[0]) / KIB_PER_MIB
    except (OSError, IndexError):
        return 0.0  # it has just ended


def _children(process: int) -> Iterator[int]:
    for folder in (PROC / str(process) / "task").iterdir():
        for child in map(int, (folder / "children").read_text().split()):
            yield child
            yield from _children(child)


def _entry(file: Path, name: str) -> str:
    """Return the first value of `name` in a file of `name: value` lines, or an empty text."""
    for line in file.read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return ""
