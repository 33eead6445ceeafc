"""Writes what came of the soak test as Markdown."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.soak_chats import Talk, Turn

MILLISECONDS = 1000


@dataclass(frozen=True)
class Soak:
    """All that was measured.

    Attributes:
        capacity: messages a second that the bot answered at most.
        pace: messages a second that it was sent.
        kills: when its action server was killed.
        memory_before: MiB of all its processes before the talk.
        memory_after: the same, after.
    """

    talk: Talk
    capacity: float
    pace: float
    kills: Sequence[float]
    minutes: float
    memory_before: float
    memory_after: float


def markdown(soak: Soak, known: Mapping[str, str]) -> str:
    """Return the report."""
    turns = soak.talk.turns
    faults = Counter(fault for turn in turns for fault in turn.faults)
    without = sum(not turn.answered for turn in turns)
    return "\n".join(
        [
            "# Soak test",
            "",
            "Made by `make soak`; how it is measured: [README.md](README.md).",
            "",
            *(f"- {name}: {value}" for name, value in known.items()),
            f"- This run: {soak.minutes:g} minutes at {soak.pace:.1f} messages a second; at most the bot answered "
            f"{soak.capacity:.1f}",
            "",
            f"**{len(turns)} messages, {soak.talk.faults()} with a fault**"
            + (f": {', '.join(f'{count} x {fault}' for fault, count in faults.most_common())}." if faults else "."),
            "A fault: no answer, a status other than 200, nothing said, no emergency number, or an emergency without "
            "its card.",
            "",
            f"The action server was killed {len(soak.kills)} times. Until it was back, {without} messages "
            f"({without / max(1, len(turns)):.1%}) got the help line in place of an answer.",
            f"Memory of all processes: {soak.memory_before:.0f} MiB before, {soak.memory_after:.0f} MiB after.",
            "",
            "| Minute | Messages | Faults | Help line only | Median, ms | 95 %, ms | 99 %, ms | Slowest, ms |",
            "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
            *(_row(str(minute), own) for minute, own in soak.talk.by_minute()),
            _row("**all**", turns),
        ]
    )


def _row(name: str, turns: Sequence[Turn]) -> str:
    seconds = sorted(turn.seconds * MILLISECONDS for turn in turns)
    cuts = statistics.quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else seconds * 99
    wrong, without = sum(bool(turn.faults) for turn in turns), sum(not turn.answered for turn in turns)
    return (
        f"| {name} | {len(turns)} | {wrong} | {without} | {cuts[49]:.0f} | {cuts[94]:.0f} | {cuts[98]:.0f} "
        f"| {seconds[-1]:.0f} |"
    )
