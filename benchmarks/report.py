"""Writes the figures as Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.bot import Memory
from benchmarks.chats import PATTERN, Turn, by_section
from benchmarks.training import TrainingTimes

NAMES = {
    "answer": "answered by an action",
    "emergency": "emergency card",
    "dialogue": "small talk",
    "all": "**all**",
}


@dataclass(frozen=True)
class Speed:
    """How fast one bot answered: its turns one after the other, and messages a second in parallel chats."""

    turns: Sequence[Turn]
    messages_a_second: float


@dataclass(frozen=True)
class Figures:
    """All that was measured.

    Attributes:
        starts: seconds of each start.
        messages: how many messages the bot had answered when `busy` was read.
        parallel: how many chats went on at once for `Speed.messages_a_second`.
    """

    circumstances: Mapping[str, str]
    quick: bool
    starts: Sequence[float]
    training: TrainingTimes
    idle: Memory
    busy: Memory
    messages: int
    ours: Speed
    baseline: Speed
    parallel: int
    seconds: float


def markdown(figures: Figures) -> str:
    """Return the report."""
    return "\n".join(
        [
            "# Benchmark",
            "",
            "Made by `make benchmark`; how each figure is measured, and what it leaves out: [README.md](README.md).",
            "",
            *(f"- {name}: {value}" for name, value in figures.circumstances.items()),
            f"- This run: {'quick (`--quick`)' if figures.quick else 'full'}, {figures.seconds:.0f} s",
            "",
            *_turns(figures),
            *_rest(figures),
        ]
    )


def _turns(figures: Figures) -> Iterator[str]:
    yield "## A turn"
    yield ""
    yield (
        f"From request to answer over HTTP, in milliseconds; one chat at a time, {len(PATTERN)} messages a chat. "
        "The baseline is the same bot on Rasa's own code, without `handrail/rasa_speed.py`: same model, same "
        "messages, same minutes."
    )
    yield ""
    header = ("Kind", "Turns", "Median", "95th percentile", "Baseline: median", "95th percentile", "Baseline / bot")
    ours, baseline = dict(by_section(figures.ours.turns)), dict(by_section(figures.baseline.turns))
    yield from _table(
        header,
        (
            (
                *(NAMES[section], str(own.count), f"{own.median:.1f}", f"{own.high:.1f}"),
                *(f"{baseline[section].median:.1f}", f"{baseline[section].high:.1f}"),
                f"{baseline[section].median / own.median:.1f} ×",
            )
            for section, own in ours.items()
        ),
    )
    yield ""
    left_out = sorted({turn.text for turn in figures.ours.turns if not turn.is_counted()})
    if left_out:
        yield f"Left out, since they got another kind of reply: {'; '.join(left_out)}."
        yield ""


def _rest(figures: Figures) -> Iterator[str]:
    ours, baseline = figures.ours.messages_a_second, figures.baseline.messages_a_second
    training, idle, busy = figures.training, figures.idle, figures.busy
    starts = ", ".join(f"{seconds:.1f}" for seconds in figures.starts)
    scratch = "not measured" if training.from_scratch is None else f"{training.from_scratch:.1f} s"
    yield "## Everything else"
    yield ""
    yield from _table(
        ("Figure", "Value", "How measured"),
        [
            (
                f"Messages a second, {figures.parallel} chats at once",
                f"{ours:.0f} (baseline {baseline:.0f}: {ours / baseline:.1f} ×)",
                "one Rasa process; the chats run on the same machine",
            ),
            (
                "Start",
                f"{statistics.median(figures.starts):.1f} s",
                f"launching both processes until both answer, `/healthz` with 200; median of {starts}; warm disk cache",
            ),
            ("Training from scratch", scratch, "copy of the working tree, no caches; environment is there"),
            (
                "Training, one example changed",
                f"{training.one_example_changed:.1f} s",
                "the same copy, caches are there",
            ),
            ("Training, nothing changed", f"{training.nothing_changed:.2f} s", "the same copy, once more"),
            ("Memory after the start", _memory(idle), "VmRSS of both processes, before the first message"),
            (f"Memory after {figures.messages} messages", _memory(busy), "the same; no chat has been forgotten yet"),
        ],
    )


def _memory(memory: Memory) -> str:
    return f"{memory.rasa + memory.actions:.0f} MiB (Rasa {memory.rasa:.0f}, actions {memory.actions:.0f})"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for row in (header, ["---"] * len(header), *rows):
        yield f"| {' | '.join(row)} |"
