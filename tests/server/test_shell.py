"""`rasa shell` without an action server: help on every turn, in the terminal too."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from handrail import paths
from handrail.tools.processes import SERVING, endpoints_for, free_port

pytestmark = pytest.mark.server

SECONDS_AT_MOST = 120.0
ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[@-_])")


class Terminal:
    """A program in a terminal of its own, read and typed into as a person would."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            command, cwd=paths.ROOT, env=environment, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        self.seen = ""

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        self.seen = ""
        os.write(self._master, line.encode() + b"\r")

    def wait_for(self, words: str) -> str:
        """Read until `words` have appeared; returns all that has been shown since the last line typed."""
        deadline = time.monotonic() + SECONDS_AT_MOST
        while words not in self.seen and time.monotonic() < deadline:
            if select.select([self._master], [], [], 1.0)[0]:
                raw = os.read(self._master, 65_536).decode(errors="replace")
                self.seen += ESCAPES.sub("", raw)
                if "\x1b[6n" in raw:
                    # The prompt asks where the cursor is, and waits for the terminal to say.
                    os.write(self._master, b"\x1b[1;1R")
        assert words in self.seen, self.seen[-2000:]
        return self.seen

    def close(self) -> None:
        """End the program."""
        self._process.kill()
        self._process.wait()
        os.close(self._master)


def test_shell_gives_help_when_the_action_server_is_dead(trained_model: None, tmp_path: Path) -> None:
    nobody_listens_here = free_port()
    terminal = Terminal(
        [
            *(sys.executable, "-m", "rasa", "shell", "--quiet", "--port", str(free_port())),
            *("--endpoints", str(endpoints_for(nobody_listens_here, tmp_path)), "--model", str(paths.MODELS)),
        ],
        {**os.environ, **SERVING, "HANDRAIL_COUNTRY": "US", "TERM": "xterm"},
    )
    try:
        terminal.wait_for("Your input ->")
        terminal.type("what is methadone")
        said = terminal.wait_for("988 Suicide & Crisis Lifeline")
        assert "Call 911" in said
        assert "could not look that up" in said
        assert "{" not in said.split("->")[-1]
        terminal.type("hes blue and wont wake up")
        terminal.wait_for("Naloxone (Narcan)")
    finally:
        terminal.close()
