"""Measures start, training, memory and speed of the bot, against Rasa's own code as the baseline."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from benchmarks.bot import Bot, running_bot
from benchmarks.chats import Message, NoAnswer, Turn, chats, converse, messages_a_second
from benchmarks.machine import circumstances
from benchmarks.report import Figures, Speed, markdown
from benchmarks.training import TrainingFailed, training_times
from handrail import paths
from handrail.tools.processes import StartError
from handrail.tools.train import is_up_to_date

RESULTS = Path(__file__).with_name("results.md")
PARALLEL = 4


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    Attributes:
        starts: how often the bot is started.
        chats: chats one after the other, for the time of a turn.
        parallel_chats: chats of the parallel measurement; a multiple of `PARALLEL`.
        from_scratch: whether to train from scratch too.
        limit: seconds after which the benchmark gives up; stopping what runs then takes up to ten more.
    """

    starts: int
    chats: int
    parallel_chats: int
    from_scratch: bool
    limit: int


FULL = Plan(starts=3, chats=24, parallel_chats=16, from_scratch=True, limit=345)
QUICK = Plan(starts=1, chats=6, parallel_chats=4, from_scratch=False, limit=80)


class OutOfTime(RuntimeError):
    """The benchmark has taken longer than it may."""


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the report and keep it. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repeats, no training from scratch")
    quick = parser.parse_args(arguments).quick
    if not is_up_to_date():
        print("The model is not up to date. Run 'make train' first.", file=sys.stderr)
        return 1
    for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
        signal.signal(kind, _give_up)
    plan = QUICK if quick else FULL
    signal.alarm(plan.limit)
    try:
        report = markdown(measure(plan))
    except KeyboardInterrupt:
        print("\nStopped; nothing was written.", file=sys.stderr)
        return 130
    except OutOfTime:
        print(f"Gave up after {plan.limit} s: is something else at work on this machine?", file=sys.stderr)
        return 1
    except (StartError, TrainingFailed, NoAnswer, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    RESULTS.write_text(report + "\n", encoding="utf-8")
    print(f"{report}\n\nWritten to {paths.shown(RESULTS)}.")
    return 0


def measure(plan: Plan) -> Figures:
    """Carry out the plan.

    Raises:
        StartError: the bot did not start.
        TrainingFailed: a training did not end well.
        NoAnswer: the bot did not answer.
    """
    began, known = time.monotonic(), circumstances()
    _say("Training in a copy")
    training = training_times(from_scratch=plan.from_scratch)
    with ExitStack() as stack:
        _say("Starting the baseline, which also fills the disk cache")
        baseline = stack.enter_context(running_bot(patched=False))
        starts = []
        for _ in range(plan.starts - 1):
            _say("Starting the bot")
            with running_bot() as started:
                starts.append(started.start_seconds)
        _say("Starting the bot")
        bot = stack.enter_context(running_bot())
        starts.append(bot.start_seconds)
        idle = bot.memory()
        warm_up, *others = chats(1 + plan.chats + plan.parallel_chats)
        for each in (bot, baseline):
            converse(each.port, warm_up)
        _say("Chatting, with the bot and the baseline in turn")
        turns, baseline_turns = _in_turn(bot, baseline, others[: plan.chats])
        parallel = others[plan.chats :]
        _say(f"Chatting, {PARALLEL} chats at once")
        speeds = [messages_a_second(each.port, parallel, PARALLEL) for each in (bot, baseline)]
        return Figures(
            circumstances=known,
            quick=plan is QUICK,
            starts=starts,
            training=training,
            idle=idle,
            busy=bot.memory(),
            messages=len(warm_up) + len(turns) + sum(map(len, parallel)),
            ours=Speed(turns, speeds[0]),
            baseline=Speed(baseline_turns, speeds[1]),
            parallel=PARALLEL,
            seconds=time.monotonic() - began,
        )


def _in_turn(bot: Bot, baseline: Bot, wanted: Sequence[Sequence[Message]]) -> tuple[list[Turn], list[Turn]]:
    """Hold each chat with both, one after the other, so that what else the machine does slows both alike."""
    turns: list[Turn] = []
    baseline_turns: list[Turn] = []
    for chat in wanted:
        turns += converse(bot.port, chat)
        baseline_turns += converse(baseline.port, chat)
    return turns, baseline_turns


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {what} ...", file=sys.stderr, flush=True)


def _give_up(kind: int, _: FrameType | None) -> None:
    # What was started is being stopped from here on: nothing may come in between.
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
        signal.signal(other, signal.SIG_IGN)
    raise OutOfTime if kind == signal.SIGALRM else KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
