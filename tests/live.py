"""A live server started from this checkout, and a client that chats with it."""

from __future__ import annotations

import itertools
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from handrail.tools.processes import (
    HOST,
    UNLIMITED,
    Process,
    action_server_command,
    endpoints_for,
    free_port,
    rasa_server_command,
    wait_until_answers,
)

START_SECONDS = 120.0
REPLY_SECONDS = 30.0
SECONDS_AT_MOST = 2.0
"""Nobody in need waits longer for a phone number."""
TRIES = 3
"""The guard answers after 1.8 seconds, and a busy machine may take what is left. A bot that is slow is so each time."""
Result = TypeVar("Result")


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: status and JSON body."""

    status: int
    body: Any


class LiveServer:
    """Both processes of the bot on ports of their own. The actions can be killed and started again."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.action_port, self.port = free_port(), free_port()
        self.log = folder / "rasa.log"
        self.actions_log = folder / "actions.log"
        self.url = f"http://{HOST}:{self.port}"
        self.rasa = Process(
            self.command(folder),
            self.log,
            {**UNLIMITED, **(environment or {})},
        )
        self.actions: Process | None = None
        self.start_actions()
        wait_until_answers(f"{self.url}/healthz", self.rasa, START_SECONDS)
        self._warm_up()

    def _warm_up(self) -> None:
        """Let the first messages go by: they compile the encoder, which takes a busy machine longer than a turn may."""
        for _ in range(TRIES):
            if self.chat().say("what is methadone")["ok"]:
                return

    def command(self, folder: Path) -> list[str]:
        """Return the command that starts the Rasa server."""
        return rasa_server_command(self.port, endpoints_for(self.action_port, folder), log="normal")

    def start_actions(self) -> None:
        """Start the action server, unless it runs."""
        if self.actions is None:
            self.actions = Process(action_server_command(self.action_port), self.actions_log)
            wait_until_answers(f"http://{HOST}:{self.action_port}/health", self.actions, START_SECONDS)

    def kill_actions(self) -> None:
        """Stop the action server, as a crash would."""
        if self.actions is not None:
            self.actions.stop()
            self.actions = None

    def stop(self) -> None:
        """Stop both."""
        self.kill_actions()
        self.rasa.stop()

    def logged(self) -> str:
        """Return everything that both processes have logged."""
        return self.log.read_text(errors="replace") + self.actions_log.read_text(errors="replace")

    def send(self, path: str, body: bytes, method: str = "POST", headers: dict[str, str] | None = None) -> Answer:
        """Send raw bytes and return the answer, whatever its status."""
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=REPLY_SECONDS) as reply:
                status, raw = reply.status, reply.read()
        except urllib.error.HTTPError as error:
            status, raw = error.code, error.read()
        return Answer(status, json.loads(raw) if raw else None)

    def chat(self, country: str | None = None) -> Chat:
        """Open a chat."""
        return Chat(self, country)


class Chat:
    """One conversation with the live server, through the web channel."""

    def __init__(self, server: LiveServer, country: str | None = None) -> None:
        self._server = server
        self._ids = itertools.count()
        opened = server.send("/webhooks/web/session", json.dumps({"country": country}).encode())
        assert opened.status == 200, opened
        self.token: str = opened.body["token"]
        self.welcome: dict[str, Any] = opened.body

    def say(self, text: str) -> dict[str, Any]:
        """Send what a person types; returns the body of the answer."""
        return self._message({"text": text})

    def press(self, payload: str) -> dict[str, Any]:
        """Send what a button sends; returns the body of the answer."""
        return self._message({"payload": payload})

    def _message(self, content: dict[str, str]) -> dict[str, Any]:
        body = {"token": self.token, "id": str(next(self._ids)), **content}
        answer = self._server.send("/webhooks/web/message", json.dumps(body).encode())
        assert answer.status == 200, answer
        reply: dict[str, Any] = answer.body
        return reply


def in_time(ask: Callable[[], Result], seconds: float = SECONDS_AT_MOST) -> Result:
    """Return an answer that came within `seconds`; what comes later is asked for again, but not for ever."""
    took = []
    for _ in range(TRIES):
        started = time.monotonic()
        answer = ask()
        took.append(time.monotonic() - started)
        if took[-1] < seconds:
            return answer
    raise AssertionError(f"each try took {seconds} s or more: {took}")


def shown(body: dict[str, Any]) -> str:
    """Return all that a person sees of an answer."""
    return "\n".join(message["text"] for message in body["messages"])
