"""Runs the whole bot: the action server, the Rasa server and the chat page."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

from handrail.tools.processes import (
    ACTION_PORT,
    HOST,
    Process,
    StartError,
    action_server_command,
    endpoints_for,
    port_is_free,
    rasa_server_command,
    wait_until_answers,
    wait_until_ready,
)

START_SECONDS = 120.0
WATCH_SECONDS = 0.5
EVERYWHERE = "0.0.0.0"
"""Listen on every address of the machine."""
NO_MODEL = (
    "The trained model in models/ is missing or damaged, so the bot understands nothing but emergencies.\n"
    "The page below shows the help lines. To mend it: Ctrl-C, then  rm models/handrail.*  and  make run"
)


def main(arguments: list[str] | None = None) -> int:
    """Run until Ctrl-C. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=5005, help="where the chat page is served")
    parser.add_argument("--action-port", type=int, default=ACTION_PORT, help="where the actions are served")
    parser.add_argument("--host", default=HOST, help="the address to listen on; 0.0.0.0 opens the bot to the network")
    given = parser.parse_args(arguments)
    for port, name in ((given.port, "PORT"), (given.action_port, "ACTION_PORT")):
        if not port_is_free(port):
            print(
                f"Something else is using port {port} on this machine, so the bot cannot start there.\n"
                f"Stop that program, or choose another port:  make run {name}={port + 1}",
                file=sys.stderr,
            )
            return 1
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, _stop)
    try:
        with tempfile.TemporaryDirectory() as folder:
            _serve(given.host, given.port, given.action_port, Path(folder))
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0
    except StartError as error:
        print(f"\nThe bot could not start. {error} The lines above say more.", file=sys.stderr)
        return 1
    return 0


def _serve(host: str, port: int, action_port: int, folder: Path) -> None:
    """Serve until told to stop; whichever process ends after the start is started again."""
    print("Starting the bot (about ten seconds) ...", flush=True)
    actions = Process(action_server_command(action_port))
    try:
        while True:
            with Process(rasa_server_command(port, endpoints_for(action_port, folder), interface=host)) as rasa:
                wait_until_answers(f"http://{HOST}:{action_port}/health", actions, START_SECONDS)
                if not wait_until_ready(port, rasa, START_SECONDS, host=HOST if host == EVERYWHERE else host):
                    print(NO_MODEL, file=sys.stderr, flush=True)
                print(f"\n  Chat here:  http://localhost:{port}/\n\n  Ctrl-C stops it.", flush=True)
                while rasa.exit_code() is None:
                    if actions.exit_code() is not None:
                        print("The action server ended. Starting it again.", file=sys.stderr, flush=True)
                        actions.stop()
                        actions = Process(action_server_command(action_port))
                    time.sleep(WATCH_SECONDS)
            print(f"The Rasa server ended ({rasa.exit_code()}). Starting it again.", file=sys.stderr, flush=True)
    finally:
        actions.stop()


def _stop(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
