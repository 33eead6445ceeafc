"""Starts the bot's two processes and stops all that was started."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from handrail import paths

HOST = "127.0.0.1"
ACTION_PORT = 5055
"""Where `endpoints.yml` looks for the actions."""
STOP_SECONDS = 10.0
POLL_SECONDS = 0.1


LINES_OF_A_WARNING = 3
"""A warning may take this many lines below its first: the rest of its text, and the line of code."""
DEVELOPER_WARNING = re.compile(r"^\S+:\d+: \w+Warning: ")


SERVING = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    # One short text at a time: sharing that work among threads costs more than it saves (8 ms instead of 11 ms).
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    # The action server binds to every address of the machine unless it is told.
    "SANIC_HOST": HOST,
    "PYTHONPATH": str(paths.ROOT),
}


class StartError(RuntimeError):
    """A process could not be started; the message says why and what to do, in plain words."""


def port_is_free(port: int) -> bool:
    """Say whether a server can listen on `port` of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def endpoints_for(action_port: int, folder: Path) -> Path:
    """Return an endpoints file that looks for the actions on `action_port`: the project's own, or a copy."""
    own = paths.ROOT / "endpoints.yml"
    if action_port == ACTION_PORT:
        return own
    copy = folder / "endpoints.yml"
    copy.write_text(own.read_text().replace(f":{ACTION_PORT}/", f":{action_port}/"))
    return copy


def action_server_command(port: int) -> list[str]:
    """Return the command that starts the action server."""
    return [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port), "--quiet"]


def rasa_server_command(port: int, endpoints: Path, log_level: str = "--quiet") -> list[str]:
    """Return the command that starts the Rasa server, on this machine's own address only."""
    return [
        *(sys.executable, "-m", "rasa", "run", log_level),
        *("--interface", HOST, "--port", str(port)),
        *("--endpoints", str(endpoints), "--credentials", str(paths.ROOT / "credentials.yml")),
        *("--model", str(paths.MODELS)),
    ]


class Process:
    """A process in a group of its own, so that stopping it stops what it started too."""

    def __init__(self, command: Sequence[str], log: Path | None = None) -> None:
        """Start `command` in the project's folder; its output goes to `log`, or in readable form to the terminal."""
        self._log = log.open("ab") if log else None
        self._process = subprocess.Popen(
            command,
            cwd=paths.ROOT,
            env={**os.environ, **SERVING},
            stdin=subprocess.DEVNULL,
            stdout=self._log or subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if self._process.stdout:
            threading.Thread(target=_show, args=(self._process.stdout,), daemon=True).start()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """Return the exit code, or None while the process runs."""
        return self._process.poll()

    def stop(self) -> None:
        """Ask the whole group to end, and end it when it does not."""
        for kind in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, kind)
            except ProcessLookupError:
                break
            try:
                self._process.wait(STOP_SECONDS)
                break
            except subprocess.TimeoutExpired:
                continue
        self._process.wait()
        if self._log:
            self._log.close()

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def without_developer_warnings(lines: Iterable[str]) -> Iterator[str]:
    """Leave out what libraries tell their own developers: a warning with its place, and the code below it.

    Rasa switches these on while it starts, whatever the interpreter was told.
    """
    to_drop = 0
    for line in lines:
        if DEVELOPER_WARNING.match(line):
            to_drop = LINES_OF_A_WARNING
        elif to_drop:
            # The line of code, which is indented, comes last.
            to_drop = 0 if line.startswith("  ") else to_drop - 1
        else:
            yield line


def _show(output: IO[bytes]) -> None:
    for line in without_developer_warnings(raw.decode(errors="replace") for raw in output):
        sys.stderr.write(line)


def wait_until_answers(url: str, process: Process, seconds: float) -> None:
    """Return when `url` answers with status 200.

    Raises:
        StartError: the process ended before, or `seconds` passed.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.exit_code() is not None:
            raise StartError(f"The server ended before it answered (exit code {process.exit_code()}).")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(POLL_SECONDS)
    raise StartError(f"The server did not answer within {seconds:.0f} seconds.")
