"""Takes the time from an emergency message to its card over HTTP, on a live server of its own."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import product
from pathlib import Path
from typing import Any

from handrail.tools.ask import HELP_KIND
from handrail.tools.evaluation.bars import CARD, Bar
from handrail.tools.evaluation.measures import percentile
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

PEOPLE = (
    ("he", "him", "his"),
    ("she", "her", "her"),
    ("my son", "him", "his"),
    ("my daughter", "her", "her"),
    ("my mom", "her", "her"),
    ("my brother", "him", "his"),
    ("my husband", "him", "his"),
    ("my friend", "them", "their"),
    ("my girlfriend", "her", "her"),
    ("my neighbor", "him", "his"),
)
DANGERS = (
    "{who} is not breathing",
    "help, {who} is blue and cold and I can not wake {whom} up",
    "{who} took heroin and now {whose} lips are blue",
    "{who} overdosed just now, what do I do",
    "{who} is on the floor and will not wake up",
    "i think {who} is overdosing right now",
    "{who} swallowed all {whose} pills an hour ago and is unconscious",
    "{who} shot up in the bathroom and passed out, I hear a gurgling sound",
    "{who} has a needle in the arm and does not move, please hurry",
    "I came home from work. The door was shut. When I got in, {who} was lying there and is not breathing any more",
)
"""Messages of the project's own, written for taking times."""
OPENINGS = ("", "help. ", "please hurry, ", "hello? ", "i need help now. ", "what do I do? ")
WARM_UP = 50
"""Messages that are sent first and not timed: the first ones fill caches. None of them is sent again."""
COUNTRY = "US"
ACTION_QUESTION = "what is methadone"
"""Needs the action server for its answer."""
HUNG_CHATS, BEHIND_CHATS = 10, 3
MEDIAN_MS, HIGH_MS, HUNG_MS = 20.0, 100.0, 2000.0
MILLISECONDS = 1000.0
START_SECONDS, REPLY_SECONDS, HEAD_START = 120.0, 30.0, 0.2


@dataclass(frozen=True)
class Times:
    """Milliseconds from the message's first byte to the answer's last, of two or more, and how many got a card."""

    milliseconds: tuple[float, ...]
    cards: int

    @property
    def median(self) -> float:
        """The median."""
        return percentile(self.milliseconds, 0.5)

    @property
    def high(self) -> float:
        """The 99th percentile."""
        return percentile(self.milliseconds, 0.99)


@dataclass(frozen=True)
class Timing:
    """The times of all three runs.

    Attributes:
        ready: everything works; a new chat each.
        hung: the action server takes requests and answers none; a new chat each.
        behind: the same, in a chat in which a question waits for the action server.
    """

    ready: Times
    hung: Times
    behind: Times


def emergency_messages() -> list[str]:
    """Return 600 messages, all different."""
    return [
        opening + danger.format(who=who, whom=whom, whose=whose)
        for opening, danger, (who, whom, whose) in product(OPENINGS, DANGERS, PEOPLE)
    ]


def time_cards() -> Timing:
    """Start a server, take all times, and stop it. Nothing else of this tool may run meanwhile.

    Raises:
        StartError: a process did not start.
    """
    texts = emergency_messages()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        port, action_port = free_port(), free_port()
        serve = rasa_server_command(port, endpoints_for(action_port, folder))
        with (
            Process(action_server_command(action_port), folder / "actions.log") as actions,
            Process(serve, folder / "rasa.log", UNLIMITED) as rasa,
        ):
            wait_until_answers(f"http://{HOST}:{action_port}/health", actions, START_SECONDS)
            wait_until_answers(f"http://{HOST}:{port}/healthz", rasa, START_SECONDS)
            _in_new_chats(port, [ACTION_QUESTION, *texts[:WARM_UP]])
            ready = _in_new_chats(port, texts[WARM_UP:])
            with _hung(actions):
                hung = _in_new_chats(port, texts[:HUNG_CHATS])
                behind = _times([_behind_a_question(port, text) for text in texts[:BEHIND_CHATS]])
    return Timing(ready, hung, behind)


def bars(timing: Timing) -> list[Bar]:
    """Hold the times against their bars."""
    return [
        _bar("message to card, median", timing.ready.median, MEDIAN_MS),
        _bar("message to card, 99th percentile", timing.ready.high, HIGH_MS),
        _bar("the same with the action server hung, longest", max(timing.hung.milliseconds), HUNG_MS),
        Bar(
            "over HTTP",
            "the same, behind a question that hangs in the same chat, longest",
            f"{max(timing.behind.milliseconds):.0f} ms",
        ),
    ]


def _bar(what: str, found: float, bar: float) -> Bar:
    return Bar("over HTTP", what, f"{found:.1f} ms", "", f"< {bar:.0f} ms", found < bar)


def _in_new_chats(port: int, texts: list[str]) -> Times:
    return _times([_first_message(port, text) for text in texts])


def _times(taken: list[tuple[float, str]]) -> Times:
    return Times(tuple(seconds * MILLISECONDS for seconds, _ in taken), sum(kind == CARD for _, kind in taken))


def _first_message(port: int, text: str) -> tuple[float, str]:
    with _connection(port) as connection:
        return _say(connection, _open(connection), "0", text)


def _behind_a_question(port: int, text: str) -> tuple[float, str]:
    with _connection(port) as connection, _connection(port) as other:
        token = _open(connection)
        waiting = threading.Thread(target=_say, args=(other, token, "0", ACTION_QUESTION))
        waiting.start()
        time.sleep(HEAD_START)
        taken = _say(connection, token, "1", text)
        waiting.join()
        return taken


@contextmanager
def _hung(process: Process) -> Iterator[None]:
    """Let a process of ours take requests and answer none."""
    os.killpg(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGCONT)


@contextmanager
def _connection(port: int) -> Iterator[HTTPConnection]:
    connection = HTTPConnection(HOST, port, timeout=REPLY_SECONDS)
    try:
        yield connection
    finally:
        connection.close()


def _open(connection: HTTPConnection) -> str:
    return str(_post(connection, "session", {"country": COUNTRY})["token"])


def _say(connection: HTTPConnection, token: str, number: str, text: str) -> tuple[float, str]:
    """Send a message; return the seconds until its answer is there, and the kind of the first reply."""
    body = {"token": token, "id": number, "text": text}
    started = time.perf_counter()
    answer = _post(connection, "message", body)
    seconds = time.perf_counter() - started
    kinds = [message.get("kind", HELP_KIND) for message in answer["messages"]]
    return seconds, next((kind for kind in kinds if kind != HELP_KIND), "")


def _post(connection: HTTPConnection, path: str, body: Mapping[str, str]) -> dict[str, Any]:
    connection.request("POST", f"/webhooks/web/{path}", json.dumps(body), {"content-type": "application/json"})
    answer: dict[str, Any] = json.loads(connection.getresponse().read())
    return answer
