"""The whole bot as `make run` starts it: the process that watches over both servers."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handrail.tools.processes import HOST, Process, free_port, wait_until_answers, wait_until_ready
from tests.live import START_SECONDS

STOP_SECONDS = 30.0


class Running:
    """The bot as `make run` starts it."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.port, self.action_port = free_port(), free_port()
        command = [sys.executable, "-m", "handrail.tools.run", "--port", str(self.port)]
        command += ["--action-port", str(self.action_port), *arguments]
        self.log = folder / "run.log"
        self.process = Process(command, self.log)
        try:
            assert wait_until_ready(self.port, self.process, START_SECONDS)
            wait_until_answers(f"http://{HOST}:{self.action_port}/health", self.process, START_SECONDS)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ask it to stop, as Ctrl-C does: it ends what it started."""
        os.kill(self.process.pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while self.process.exit_code() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        self.process.stop()


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[Running]:
    bot = Running(folder, *arguments)
    try:
        yield bot
    finally:
        bot.stop()


def descendants(pid: int) -> set[int]:
    """Return a process and all that it and its children started."""
    found, waiting = {pid}, [pid]
    while waiting:
        for children in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            new = set(map(int, children.read_text().split())) - found
            found |= new
            waiting += new
    return found
