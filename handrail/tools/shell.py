"""Chats in the terminal: Rasa's own shell, with the action server beside it and the welcome above it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from handrail import paths
from handrail.helplines import HelpLines, resolve_country, short_help
from handrail.responses import Responses
from handrail.settings import settings
from handrail.tools.processes import Process, action_server_command, endpoints_for, free_port


def main() -> int:
    """Chat until the person types /stop or presses Ctrl-C. Returns the exit code."""
    lines = HelpLines.load().of(resolve_country(None, None, settings().country))
    print(Responses.load().message("utter_welcome", lines)["text"])
    print(f"\n{short_help(lines)}\n\nStarting (about ten seconds). Then type your question; /stop ends the chat.\n")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, Process(action_server_command(port), Path(folder) / "actions.log"):
        command = [
            *(sys.executable, "-m", "rasa", "shell", "--quiet"),
            *("--endpoints", str(endpoints_for(port, Path(folder)))),
            *("--model", str(paths.MODELS), "--port", str(free_port())),
        ]
        try:
            return subprocess.run(command, cwd=paths.ROOT, check=False).returncode
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    sys.exit(main())
