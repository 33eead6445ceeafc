"""Starts the bot's two processes and stops all that was started."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml

from handrail import paths

HOST = "127.0.0.1"
ACTION_PORT = 5055
"""Where `endpoints.yml` looks for the actions."""
STOP_SECONDS = 10.0
POLL_SECONDS = 0.1
OK = 200


ACTION_TOKEN = secrets.token_urlsafe(32)
"""Made anew at each start: the action server answers nobody who does not show it."""

SERVING = {
    "HANDRAIL_ACTION_TOKEN": ACTION_TOKEN,
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


UNLIMITED = {"HANDRAIL_REQUESTS_PER_SECOND": "100000"}
"""For measurements and tests, whose requests all come from one address."""


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
    """Return a copy of the project's endpoints that finds the actions on `action_port` and shows them the token."""
    endpoints = yaml.safe_load((paths.ROOT / "endpoints.yml").read_text(encoding="utf-8"))
    endpoints["action_endpoint"] |= action_endpoint(action_port)
    copy = folder / "endpoints.yml"
    copy.write_text(yaml.safe_dump(endpoints), encoding="utf-8")
    return copy


def action_endpoint(action_port: int) -> dict[str, Any]:
    """Return what the Rasa server needs to reach an action server that was started here."""
    return {
        "url": f"http://{HOST}:{action_port}/webhook",
        "headers": {"authorization": f"Bearer {ACTION_TOKEN}"},
    }


def action_server_command(port: int) -> list[str]:
    """Return the command that starts the action server."""
    return [sys.executable, "-m", "handrail.tools.serve_actions", "--port", str(port)]


def rasa_server_command(port: int, endpoints: Path, log: str = "quiet", interface: str = HOST) -> list[str]:
    """Return the command that starts the Rasa server, on this machine's own address unless told."""
    return [
        *(sys.executable, "-m", "handrail.tools.serve", "--log", log),
        *("--interface", interface, "--port", str(port), "--endpoints", str(endpoints)),
    ]


class Process:
    """A process in a group of its own, so that stopping it stops what it started too."""

    def __init__(
        self, command: Sequence[str], log: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start `command` in the project's folder; its output goes to `log`, or to the terminal.

        Args:
            command: the program and its arguments.
            log: a file to write to.
            environment: variables beside those of this process and `SERVING`.
        """
        self._log = log.open("ab") if log else None
        self._process = subprocess.Popen(
            command,
            cwd=paths.ROOT,
            env={**os.environ, **SERVING, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT if self._log else None,
            start_new_session=True,
        )

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


def wait_until_answers(url: str, process: Process, seconds: float) -> None:
    """Return when `url` answers with status 200.

    Raises:
        StartError: the process ended before, or `seconds` passed.
    """
    _wait_for(lambda: _status(url) == OK, process, seconds)


def wait_until_ready(port: int, process: Process, seconds: float, host: str = HOST) -> bool:
    """Return whether the Rasa server on `port` has its model: True once it has, False when it cannot be read.

    Raises:
        StartError: the process ended before, or `seconds` passed.
    """
    health: dict[str, Any] = {}

    def settled() -> bool:
        try:
            with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=1) as answer:
                health.update(json.load(answer))
        except urllib.error.HTTPError as error:
            health.update(json.load(error))
        except OSError:
            return False
        return bool(health["ready"] or health["failed"])

    _wait_for(settled, process, seconds)
    return bool(health["ready"])


def _wait_for(condition: Callable[[], bool], process: Process, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.exit_code() is not None:
            raise StartError(f"The server ended before it answered (exit code {process.exit_code()}).")
        if condition():
            return
        time.sleep(POLL_SECONDS)
    raise StartError(f"The server did not answer within {seconds:.0f} seconds.")


def _status(url: str) -> int | None:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None
