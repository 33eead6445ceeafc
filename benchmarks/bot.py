"""Starts the bot for a measurement, and reads how much memory it holds."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.unpatched import MARK
from handrail.tools.processes import (
    HOST,
    UNLIMITED,
    Process,
    StartError,
    action_server_command,
    endpoints_for,
    free_port,
    rasa_server_command,
    wait_until_answers,
)

START_SECONDS = 90.0
UNPATCHED = "benchmarks.unpatched"
LINES_OF_LOG = 15
KIB_PER_MIB = 1024


@dataclass(frozen=True)
class Bot:
    """A running bot.

    Attributes:
        port: where the web channel listens.
        start_seconds: from launching the processes until both answered.
    """

    port: int
    start_seconds: float
    rasa: Process
    actions: Process

    def memory(self) -> Memory:
        """Return what both processes hold now."""
        return Memory(rasa=resident_mib(self.rasa.pid), actions=resident_mib(self.actions.pid))


@dataclass(frozen=True)
class Memory:
    """Resident memory of the Rasa server and the action server, in MiB."""

    rasa: float
    actions: float


@contextmanager
def running_bot(*, patched: bool = True) -> Iterator[Bot]:
    """Start both processes on ports of their own, and stop them at the end.

    Args:
        patched: False leaves out what `handrail/rasa_speed.py` changes in Rasa.

    Raises:
        StartError: a process did not start, or the baseline is none.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        port, action_port = free_port(), free_port()
        command = rasa_server_command(port, endpoints_for(action_port, folder))
        if not patched:
            command[command.index("handrail.tools.serve")] = UNPATCHED
        log, actions_log = folder / "rasa.log", folder / "actions.log"
        launched = time.monotonic()
        with (
            Process(action_server_command(action_port), actions_log) as actions,
            Process(command, log, UNLIMITED) as rasa,
        ):
            try:
                wait_until_answers(f"http://{HOST}:{action_port}/health", actions, START_SECONDS)
                wait_until_answers(f"http://{HOST}:{port}/healthz", rasa, START_SECONDS)
            except StartError as error:
                raise StartError(f"{error}\n{_end_of(actions_log)}\n{_end_of(log)}") from error
            started = time.monotonic() - launched
            if not patched and MARK not in log.read_text():
                raise StartError("The baseline is none: nothing asked for the pieces of handrail/rasa_speed.py.")
            yield Bot(port, started, rasa, actions)


def resident_mib(pid: int) -> float:
    """Return the resident memory (VmRSS) of a running process in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / KIB_PER_MIB
    raise StartError(f"The process {pid} has ended, so it holds no memory.")


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-LINES_OF_LOG:])
