"""Sends messages at an even pace, whether or not the ones before are answered, and judges every reply."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Lock
from typing import Any

from benchmarks.chats import REPLY_SECONDS, Message, chats
from handrail.helplines import HelpLines, emergency_number_words
from handrail.tools.processes import HOST

COUNTRY = "US"
AT_ONCE = 16
"""Chats that go on at the same time."""
MINUTE = 60.0
EMERGENCY = "emergency"
OK, FIRST_FAILURE = 200, 500


@dataclass(frozen=True)
class Turn:
    """One message.

    Attributes:
        due: when it was to be sent, on the monotonic clock.
        seconds: from then until the answer was read: what was waited for before counts too.
        faults: what is wrong with the answer; empty when all is well.
        answered: whether it was of the kind that it is with all processes at work: no help line in place of an answer.
    """

    due: float
    seconds: float
    faults: tuple[str, ...]
    answered: bool


@dataclass
class Talk:
    """All turns, in no order."""

    began: float
    turns: list[Turn] = field(default_factory=list)

    def faults(self) -> int:
        """Return how many messages were not answered as every message must be."""
        return sum(bool(turn.faults) for turn in self.turns)

    def by_minute(self) -> Iterator[tuple[int, Sequence[Turn]]]:
        """Yield the turns of each minute, counted from 1."""
        minutes: dict[int, list[Turn]] = {}
        for turn in self.turns:
            minutes.setdefault(int((turn.due - self.began) // MINUTE) + 1, []).append(turn)
        yield from sorted(minutes.items())


class _Pace:
    """Gives each message its time, to whichever chat is next."""

    def __init__(self, began: float, seconds: float, a_second: float, each_minute: Callable[[int], None]) -> None:
        self._began, self._a_second, self._each_minute = began, a_second, each_minute
        self._count, self._given = int(seconds * a_second), 0
        self._minute = 0
        self._lock = Lock()

    def next(self) -> float | None:
        """Return when the next message is due, or None when all have been given out."""
        with self._lock:
            if self._given >= self._count:
                return None
            due = self._began + self._given / self._a_second
            self._given += 1
            minute = int((due - self._began) // MINUTE) + 1
            if minute > self._minute:
                self._minute = minute
                self._each_minute(minute)
            return due


def talk_for(port: int, seconds: float, a_second: float, each_minute: Callable[[int], None]) -> Talk:
    """Send `a_second` messages a second for `seconds`, in several chats at once, and return what came of them."""
    talk = Talk(began=time.monotonic())
    pace = _Pace(talk.began, seconds, a_second, each_minute)
    number = emergency_number_words(HelpLines.load().of(COUNTRY))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for turns in pool.map(lambda place: list(_chatting(port, pace, place, number)), range(AT_ONCE)):
            talk.turns.extend(turns)
    return talk


def _chatting(port: int, pace: _Pace, place: int, number: str) -> Iterator[Turn]:
    """Hold one chat after the other until the time is over."""
    some = chats(AT_ONCE)
    while True:
        connection = HTTPConnection(HOST, port, timeout=REPLY_SECONDS)
        try:
            _, opened = _post(connection, "session", {"country": COUNTRY})
            for count, message in enumerate(some[place % len(some)]):
                due = pace.next()
                if due is None:
                    return
                time.sleep(max(0.0, due - time.monotonic()))
                yield _turn(connection, opened["token"], f"{place}.{count}", message, due, number=number)
        finally:
            connection.close()
        place += 1


def _turn(connection: HTTPConnection, token: str, name: str, message: Message, due: float, *, number: str) -> Turn:
    section, text = message
    try:
        status, body = _post(connection, "message", {"token": token, "id": name, "text": text})
    except (OSError, HTTPException, ValueError) as error:
        connection.close()
        return Turn(due, time.monotonic() - due, (f"no answer: {type(error).__name__}",), answered=False)
    seconds = time.monotonic() - due
    kinds = [said.get("kind") for said in body["messages"]]
    faults = []
    if status != OK:
        faults.append(f"status {status}" + (" (5xx)" if status >= FIRST_FAILURE else ""))
    if not kinds or not all(said["text"].strip() for said in body["messages"]):
        faults.append("silent")
    if number not in "\n".join(said["text"] for said in body["messages"]):
        faults.append("no emergency number")
    if section == EMERGENCY and EMERGENCY not in kinds:
        faults.append("no emergency card")
    return Turn(due, seconds, tuple(faults), answered=bool(set(kinds) - {"help", "fallback"}))


def _post(connection: HTTPConnection, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    connection.request("POST", f"/webhooks/web/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    reply = connection.getresponse()
    answer: dict[str, Any] = json.loads(reply.read())
    return reply.status, answer
