"""Chats with a running bot as the web page does, and takes the time of each turn."""

from __future__ import annotations

import itertools
import json
import statistics
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from handrail.documents import read_yaml
from handrail.tools.processes import HOST

QUESTIONS = Path(__file__).with_name("questions.yml")
PATTERN = ("dialogue", "answer", "answer", "emergency", "answer", "answer", "answer") * 2
"""What a chat of 14 messages is made of, by the sections of `questions.yml`."""
KINDS = {
    "answer": frozenset({"answer", "clarify", "refusal"}),
    "emergency": frozenset({"emergency"}),
    "dialogue": frozenset({"dialogue"}),
}
"""Which kinds of reply count for a section. A message that got another one is left out, and the report says so."""
REPLY_SECONDS = 30.0
MILLISECONDS = 1000

Message = tuple[str, str]
"""Section of `questions.yml`, and text."""


class NoAnswer(RuntimeError):
    """The bot did not answer a message as it should, so that there is nothing to measure."""


@dataclass(frozen=True)
class Turn:
    """One message and how long its answer took, from the request's first byte to the answer's last."""

    section: str
    text: str
    kind: str
    seconds: float

    def is_counted(self) -> bool:
        """Say whether the reply was of the kind that the message is there for."""
        return self.kind in KINDS[self.section]


@dataclass(frozen=True)
class Spread:
    """How long turns took, in milliseconds."""

    count: int
    median: float
    high: float
    """The 95th percentile."""


def chats(count: int) -> list[list[Message]]:
    """Return `count` chats, the same ones at each call; the questions come in turn."""
    data: Mapping[str, Sequence[str]] = read_yaml(QUESTIONS).data
    sections = {section: itertools.cycle(texts) for section, texts in data.items()}
    return [[(section, next(sections[section])) for section in PATTERN] for _ in range(count)]


def converse(port: int, chat: Iterable[Message]) -> list[Turn]:
    """Open a chat, send its messages over one kept-alive connection, and return the turns.

    Raises:
        NoAnswer: an answer was none of the bot's own.
    """
    connection = HTTPConnection(HOST, port, timeout=REPLY_SECONDS)
    try:
        token = _post(connection, "session", {"country": "US"})["token"]
        return [_turn(connection, token, number, *message) for number, message in enumerate(chat)]
    finally:
        connection.close()


def messages_a_second(port: int, all_chats: Sequence[Sequence[Message]], parallel: int) -> float:
    """Return how many messages are answered a second while `parallel` chats go on at once."""
    with ThreadPoolExecutor(parallel) as pool:
        started = time.perf_counter()
        turns = sum(len(turns) for turns in pool.map(lambda chat: converse(port, chat), all_chats))
        return turns / (time.perf_counter() - started)


def by_section(turns: Iterable[Turn]) -> Iterator[tuple[str, Spread]]:
    """Return the spread of the counted turns of each section, and of all of them as the section `all`."""
    counted = [turn for turn in turns if turn.is_counted()]
    for section in KINDS:
        yield section, spread([turn.seconds for turn in counted if turn.section == section])
    yield "all", spread([turn.seconds for turn in counted])


def spread(seconds: Sequence[float]) -> Spread:
    """Return median and 95th percentile.

    Raises:
        NoAnswer: there are fewer than two values.
    """
    if len(seconds) < 2:
        raise NoAnswer("Too few turns had the kind of reply that they are there for: see benchmarks/questions.yml.")
    high = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    return Spread(len(seconds), statistics.median(seconds) * MILLISECONDS, high * MILLISECONDS)


def _turn(connection: HTTPConnection, token: str, number: int, section: str, text: str) -> Turn:
    body = {"token": token, "id": str(number), "text": text}
    started = time.perf_counter()
    answer = _post(connection, "message", body)
    seconds = time.perf_counter() - started
    if not answer["ok"]:
        raise NoAnswer(f"Rasa did not answer '{text}'; the guard did.")
    kinds = [message["kind"] for message in answer["messages"] if message.get("kind", "help") != "help"]
    return Turn(section, text, kinds[0] if kinds else "none", seconds)


def _post(connection: HTTPConnection, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    connection.request("POST", f"/webhooks/web/{path}", json.dumps(body).encode(), headers)
    reply = connection.getresponse()
    raw = reply.read()
    if reply.status != 200:
        raise NoAnswer(f"The web channel answered with status {reply.status}: {raw[:200]!r}")
    answer: dict[str, Any] = json.loads(raw)
    return answer
