"""Talks to the bot for long at half of what it can do, while its action server dies every minute."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from types import FrameType

from benchmarks.bot import resident_mib
from benchmarks.chats import NoAnswer, chats, messages_a_second
from benchmarks.machine import circumstances
from benchmarks.soak_chats import talk_for
from benchmarks.soak_report import Soak, markdown
from handrail import paths
from handrail.tools.processes import (
    HOST,
    UNLIMITED,
    Process,
    StartError,
    free_port,
    wait_until_answers,
    wait_until_ready,
)
from handrail.tools.train import is_up_to_date

RESULTS = Path(__file__).with_name("results_soak.md")
START_SECONDS, STOP_SECONDS = 120.0, 40.0
CAPACITY_SECONDS = 30.0
PARALLEL = 4
"""Chats at once while the capacity is measured, as in `run.py`."""
SHARE = 0.5
MINUTE = 60.0
ACTIONS = b"handrail.tools.serve_actions"
FULL_MINUTES = 30.0


def main(arguments: list[str] | None = None) -> int:
    """Talk, print the report and keep that of a full run. Returns 1 when a message was not answered as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=FULL_MINUTES, help="a shorter run writes nothing")
    minutes = parser.parse_args(arguments).minutes
    if not is_up_to_date():
        print("The model is not up to date. Run 'make train' first.", file=sys.stderr)
        return 1
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, _give_up)
    known = circumstances()
    try:
        soak = measure(minutes)
    except KeyboardInterrupt:
        print("\nStopped; nothing was written.", file=sys.stderr)
        return 130
    except (StartError, NoAnswer, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    report = markdown(soak, known)
    if minutes >= FULL_MINUTES:
        RESULTS.write_text(report + "\n", encoding="utf-8")
        print(f"Written to {paths.shown(RESULTS)}.", file=sys.stderr)
    print(report)
    return int(soak.talk.faults() > 0)


def measure(minutes: float) -> Soak:
    """Measure what the bot can do, then ask half of that for `minutes`.

    Raises:
        StartError: the bot did not start.
        NoAnswer: it did not answer while its capacity was measured.
    """
    with running() as (port, bot):
        _say(f"Measuring what it can do, {CAPACITY_SECONDS:.0f} s")
        capacity = _capacity(port)
        memory_before = _memory(bot)
        _say(f"{capacity:.0f} messages a second. Asking {capacity * SHARE:.0f} a second for {minutes:g} minutes")
        with killing_the_actions(bot) as kills:
            talk = talk_for(port, minutes * MINUTE, capacity * SHARE, lambda minute: _say(f"Minute {minute}"))
        return Soak(talk, capacity, capacity * SHARE, tuple(kills), minutes, memory_before, _memory(bot))


@contextmanager
def running() -> Iterator[tuple[int, Process]]:
    """Start the bot as `make run` does, with the watch that starts its action server again; stop it at the end."""
    with TemporaryDirectory() as folder:
        port, action_port = free_port(), free_port()
        command = [sys.executable, "-m", "handrail.tools.run", "--port", str(port), "--action-port", str(action_port)]
        bot = Process(command, Path(folder) / "run.log", UNLIMITED)
        try:
            if not wait_until_ready(port, bot, START_SECONDS):
                raise StartError("The trained model cannot be read.")
            wait_until_answers(f"http://{HOST}:{action_port}/health", bot, START_SECONDS)
            yield port, bot
        finally:
            _stop(bot)


def _stop(bot: Process) -> None:
    """Let it stop what it started, which are processes of their own, before its own end is forced."""
    if bot.exit_code() is None:
        os.kill(bot.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while bot.exit_code() is None and time.monotonic() < deadline:
            time.sleep(0.1)
    bot.stop()


def _capacity(port: int) -> float:
    """Return how many messages a second are answered while some chats go on at once, measured for 30 seconds."""
    warm_up, *some = chats(1 + PARALLEL)
    messages_a_second(port, [warm_up], 1)
    guess = messages_a_second(port, some, PARALLEL)
    count = max(PARALLEL, round(guess * CAPACITY_SECONDS / len(warm_up)))
    return messages_a_second(port, chats(count), PARALLEL)


@contextmanager
def killing_the_actions(bot: Process) -> Iterator[list[float]]:
    """Kill the action server in the middle of every minute, as a crash would; yields when that was done."""
    kills: list[float] = []
    over = Event()

    def kill() -> None:
        wait = MINUTE / 2
        while not over.wait(wait):
            wait = MINUTE
            for pid in _children(bot.pid):
                if ACTIONS in Path(f"/proc/{pid}/cmdline").read_bytes():
                    os.killpg(pid, signal.SIGKILL)
                    kills.append(time.monotonic())

    killer = Thread(target=kill, daemon=True)
    killer.start()
    try:
        yield kills
    finally:
        over.set()
        killer.join()


def _memory(bot: Process) -> float:
    """Return the resident memory of the bot and all that it started, in MiB."""
    return sum(resident_mib(pid) for pid in _children(bot.pid))


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for children in found for child in children.read_text().split()]


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {what} ...", file=sys.stderr, flush=True)


def _give_up(_: int, __: FrameType | None) -> None:
    # What was started is being stopped from here on: nothing may come in between.
    for other in (signal.SIGINT, signal.SIGTERM):
        signal.signal(other, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
