"""Measures whether memory stays where it is: chats with a live bot, twice as many as it keeps at once."""

from __future__ import annotations

import argparse
import itertools
import random
import signal
import string
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import matplotlib

from benchmarks.bot import Memory, running_bot
from benchmarks.chats import QUESTIONS, Message, NoAnswer, converse
from benchmarks.machine import circumstances
from handrail import paths
from handrail.documents import read_yaml
from handrail.stores import MAX_CONVERSATIONS
from handrail.tools.processes import StartError
from handrail.tools.train import is_up_to_date

matplotlib.use("Agg")

from matplotlib import pyplot

RESULTS = Path(__file__).with_name("results_memory.md")
PICTURE = Path(__file__).with_name("results_memory.svg")
STEP = 500
"""Chats between two looks at the memory."""
PARALLEL = 4
MESSAGES = 3
FULL = 2 * MAX_CONVERSATIONS
MOST_GROWTH = 0.03
"""Of the Rasa server, from when its store is full to as many chats later. Less than the noise of an allocator."""
EMERGENCY_EVERY = 10
LIMIT_SECONDS = 5_400


@dataclass(frozen=True)
class Sample:
    """What the processes held after so many chats."""

    chats: int
    seconds: float
    memory: Memory


@dataclass(frozen=True)
class Run:
    """All that was measured; `unanswered` counts the chats that broke off, since Rasa did not answer in time."""

    samples: Sequence[Sample]
    unanswered: int

    def growth(self) -> float:
        """Return by which share the Rasa server grew in the second half of the chats."""
        half = self.samples[-1].chats // 2
        then = min(self.samples, key=lambda sample: abs(sample.chats - half)).memory.rasa
        return self.samples[-1].memory.rasa / then - 1


class OutOfTime(RuntimeError):
    """The benchmark has taken longer than it may."""


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the report and keep it. Returns 1 when the memory grew beyond the bar, or nothing was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=FULL, help="fewer: a trial, which writes nothing")
    count = parser.parse_args(arguments).chats
    if not is_up_to_date():
        print("The model is not up to date. Run 'make train' first.", file=sys.stderr)
        return 1
    for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
        signal.signal(kind, _give_up)
    signal.alarm(LIMIT_SECONDS)
    known = circumstances()
    try:
        run = measure(count)
    except (KeyboardInterrupt, OutOfTime):
        print("\nStopped; nothing was written.", file=sys.stderr)
        return 130
    except (StartError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    report = markdown(run, known)
    if count == FULL:
        RESULTS.write_text(report + "\n", encoding="utf-8")
        draw(run, PICTURE)
        print(f"Written to {paths.shown(RESULTS)} and {paths.shown(PICTURE)}.", file=sys.stderr)
    print(report)
    return int(run.growth() > MOST_GROWTH)


def measure(count: int) -> Run:
    """Hold `count` chats, some at once, and look at the memory every `STEP`.

    Raises:
        StartError: the bot did not start.
    """
    unanswered = 0
    with running_bot() as bot, ThreadPoolExecutor(PARALLEL) as pool:
        began = time.monotonic()
        samples = [Sample(0, 0.0, bot.memory())]
        waiting = chats()
        for done in range(STEP, count + 1, STEP):
            some = itertools.islice(waiting, STEP)
            unanswered += sum(pool.map(lambda chat: not _held(bot.port, chat), some))
            samples.append(Sample(done, time.monotonic() - began, bot.memory()))
            held = f"{done} chats: Rasa {samples[-1].memory.rasa:.0f} MiB, actions {samples[-1].memory.actions:.0f} MiB"
            print(f"{time.strftime('%H:%M:%S')}  {held}", file=sys.stderr, flush=True)
    return Run(samples, unanswered)


def chats() -> Iterator[list[Message]]:
    """Yield chats of three messages without end, the same ones at each call.

    Two of three messages are small talk, which costs least; one asks for a topic, and now and then one tells of an
    emergency. A made-up name stands in each chat: people's own words must not stay either.
    """
    data = read_yaml(QUESTIONS).data
    small, asked, danger = (itertools.cycle(data[section]) for section in ("dialogue", "answer", "emergency"))
    chance = random.Random(0)
    for number in itertools.count():
        name = "".join(chance.choices(string.ascii_lowercase, k=9)).capitalize()
        middle = ("emergency", next(danger)) if number % EMERGENCY_EVERY == 0 else ("answer", next(asked))
        yield [("dialogue", next(small)), (middle[0], f"{middle[1]}, {name} asks"), ("dialogue", next(small))]


def _held(port: int, chat: list[Message]) -> bool:
    try:
        converse(port, chat)
    except NoAnswer:
        return False
    return True


def markdown(run: Run, known: dict[str, str]) -> str:
    """Return the report."""
    first, last = run.samples[0], run.samples[-1]
    growth = run.growth()
    rows = [sample for sample in run.samples if sample.chats % (4 * STEP) == 0 or sample is last]
    return "\n".join(
        [
            "# Memory over many chats",
            "",
            "Made by `make benchmark-memory`; how it is measured: [README.md](README.md).",
            "",
            *(f"- {name}: {value}" for name, value in known.items()),
            f"- This run: {last.chats} chats of {MESSAGES} messages, {PARALLEL} at once, {last.seconds:.0f} s "
            f"({last.chats * MESSAGES / last.seconds:.0f} messages a second); {run.unanswered} chats broke off",
            f"- The bot keeps {MAX_CONVERSATIONS} chats at once: until then memory may grow, from then on it must not",
            "",
            f"**From chat {last.chats // 2} to chat {last.chats} the Rasa server grew by {growth:.1%}** "
            f"(bar: {MOST_GROWTH:.0%}): {'kept' if growth <= MOST_GROWTH else 'NOT kept'}.",
            "",
            f"![Resident memory over the chats]({PICTURE.name})",
            "",
            "| Chats | Seconds | Rasa, MiB | Actions, MiB | Rasa, above the start |",
            "| ---: | ---: | ---: | ---: | ---: |",
            *(
                f"| {sample.chats} | {sample.seconds:.0f} | {sample.memory.rasa:.0f} | {sample.memory.actions:.0f} "
                f"| {sample.memory.rasa - first.memory.rasa:+.0f} |"
                for sample in rows
            ),
        ]
    )


def draw(run: Run, path: Path) -> None:
    """Draw the memory of both processes over the chats."""
    # The same figures give the same file.
    matplotlib.rcParams["svg.hashsalt"] = "handrail"
    figure, axes = pyplot.subplots(figsize=(8, 4))
    counts = [sample.chats for sample in run.samples]
    axes.plot(counts, [sample.memory.rasa for sample in run.samples], color="#0072B2", label="Rasa server")
    axes.plot(counts, [sample.memory.actions for sample in run.samples], color="#E69F00", label="action server")
    axes.axvline(MAX_CONVERSATIONS, color="grey", linewidth=0.7, linestyle=":", label="the store is full")
    axes.set(xlabel="chats", ylabel="resident memory, MiB", ylim=(0, None))
    axes.grid(alpha=0.3)
    axes.legend(loc="best", fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def _give_up(kind: int, _: FrameType | None) -> None:
    # What was started is being stopped from here on: nothing may come in between.
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
        signal.signal(other, signal.SIG_IGN)
    raise OutOfTime if kind == signal.SIGALRM else KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
