"""Whatever breaks in the Rasa server, everybody gets the help line within two seconds, and the chat goes on."""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from handrail import paths
from handrail.channels.guard import GRACE_SECONDS
from handrail.tools.processes import (
    HOST,
    UNLIMITED,
    Process,
    endpoints_for,
    free_port,
    rasa_server_command,
    wait_until_ready,
)
from tests.faulty_server import FAULTS
from tests.live import SECONDS_AT_MOST, START_SECONDS, Answer, Chat, LiveServer, in_time, shown

pytestmark = pytest.mark.server

QUESTION = "what is methadone"
DANGER = "she took all her pills and she is not breathing"
NOTHING = ""


class FaultyServer(LiveServer):
    """A live server in which one fault at a time can be switched on."""

    def __init__(self, folder: Path) -> None:
        self.switch = folder / "fault"
        self.switch.write_text(NOTHING)
        super().__init__(folder)

    def command(self, folder: Path) -> list[str]:
        """Return the command that starts the Rasa server."""
        plain = super().command(folder)
        return [sys.executable, "-m", "tests.faulty_server", str(self.switch), *plain[3:]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyServer]:
    started = FaultyServer(tmp_path_factory.mktemp("faulty"))
    yield started
    started.stop()


@pytest.fixture
def fault(server: FaultyServer, request: pytest.FixtureRequest) -> Iterator[str]:
    server.switch.write_text(request.param)
    yield request.param
    server.switch.write_text(NOTHING)


def within_two_seconds(chat: Chat, text: str) -> dict[str, object]:
    return in_time(lambda: chat.say(text))


@pytest.mark.parametrize("fault", FAULTS, indirect=True)
def test_question_gets_the_help_line_and_the_chat_goes_on(server: FaultyServer, fault: str) -> None:
    chat = server.chat("IE")
    said = shown(within_two_seconds(chat, QUESTION))
    assert "112 or 999" in said
    assert "116 123" in said
    server.switch.write_text(NOTHING)
    deadline = time.monotonic() + GRACE_SECONDS + SECONDS_AT_MOST
    while chat.say(QUESTION)["messages"][0].get("topic") != "medicines/methadone":
        assert time.monotonic() < deadline  # a turn that hangs is ended in the end


@pytest.mark.parametrize("fault", FAULTS, indirect=True)
def test_emergency_gets_its_card_of_the_right_country(server: FaultyServer, fault: str) -> None:
    chat = server.chat("AU")
    body = within_two_seconds(chat, DANGER)
    assert body["messages"][0]["kind"] == "emergency"
    assert "000" in body["messages"][0]["text"]
    again = within_two_seconds(chat, "he is blue and wont wake up")
    assert again["messages"][0]["kind"] == "emergency"


@pytest.mark.parametrize("fault", FAULTS, indirect=True)
def test_log_says_what_happened_and_nothing_of_what_was_written(server: FaultyServer, fault: str) -> None:
    marker, before = f"zq{uuid.uuid4().hex}", len(server.logged())
    chat = server.chat("US")
    for text in (f"{QUESTION} {marker}", f"{DANGER} {marker}", marker):
        chat.say(text)
    written = server.logged()[before:]
    assert marker not in written
    if fault != "nlu_hangs":
        assert "level=error" in written or "level=warning" in written


# -- The action server -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("signal_number", [signal.SIGSTOP, signal.SIGKILL], ids=["hung", "killed"])
def test_action_server_that_stops_in_mid_air(server: FaultyServer, signal_number: int) -> None:
    chat = server.chat("NZ")
    assert server.actions is not None
    os.killpg(server.actions.pid, signal_number)
    try:
        for text in (QUESTION, "how do i talk to my son", QUESTION):
            assert "1737" in shown(within_two_seconds(chat, text))
        assert within_two_seconds(chat, DANGER)["messages"][0]["kind"] == "emergency"
    finally:
        if signal_number == signal.SIGSTOP:
            os.killpg(server.actions.pid, signal.SIGCONT)
        server.kill_actions()
        server.start_actions()
    assert chat.say(QUESTION)["messages"][-1]["kind"] == "help"


def test_many_chats_while_the_action_server_hangs(server: FaultyServer) -> None:
    assert server.actions is not None
    os.killpg(server.actions.pid, signal.SIGSTOP)
    chats = 20

    def all_at_once() -> list[dict[str, object]]:
        with ThreadPoolExecutor(chats) as pool:
            return list(pool.map(lambda _: server.chat("US").say(QUESTION), range(chats)))

    try:
        bodies = in_time(all_at_once, SECONDS_AT_MOST + 1.0)  # twenty chats share two cores
    finally:
        os.killpg(server.actions.pid, signal.SIGCONT)
    assert all("911" in shown(body) for body in bodies)


# -- The start -------------------------------------------------------------------------------------------------


class Starting:
    """A Rasa server that has just been started; its model may be missing or damaged."""

    def __init__(self, folder: Path, model: Path | None = None, log: Path | None = None) -> None:
        self.port, self.log = free_port(), log or folder / "log"
        command = rasa_server_command(self.port, endpoints_for(free_port(), folder), log="normal")
        if model:
            command += ["--model", str(model)]
        self.process = Process(command, self.log, UNLIMITED)

    def send(self, path: str, body: dict[str, object]) -> Answer:
        request = urllib.request.Request(f"http://{HOST}:{self.port}{path}", json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=30) as reply:
            return Answer(reply.status, json.load(reply))

    def until_it_listens(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://{HOST}:{self.port}/", timeout=5).close()
                return
            except urllib.error.URLError:
                time.sleep(0.02)
        raise AssertionError("it never listened")

    def answers_with_help(self) -> None:
        opened = self.send("/webhooks/web/session", {"country": "GB"})
        token = opened.body["token"]
        ids = map(str, itertools.count())

        def say(text: str) -> Answer:
            return self.send("/webhooks/web/message", {"token": token, "id": next(ids), "text": text})

        for text in (QUESTION, DANGER):
            answer = in_time(partial(say, text))
            assert answer.status == 200
            assert "999" in shown(answer.body)
        assert answer.body["messages"][0]["kind"] == "emergency"


def test_messages_during_the_start_get_the_help_line(tmp_path: Path) -> None:
    starting = Starting(tmp_path)
    try:
        starting.until_it_listens()
        starting.answers_with_help()
        assert wait_until_ready(starting.port, starting.process, START_SECONDS)
    finally:
        starting.process.stop()


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "not a model"])
def test_model_that_cannot_be_read_is_named_and_the_page_shows_the_numbers(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    content = {
        "missing": None,
        "empty": b"",
        "cut": (paths.MODELS / "handrail.tar.gz").read_bytes()[:100_000],
        "not a model": b"not a model",
    }[damage]
    if content is not None:
        (folder / "handrail.tar.gz").write_bytes(content)
    starting = Starting(tmp_path, folder)
    try:
        assert not wait_until_ready(starting.port, starting.process, START_SECONDS)
        starting.answers_with_help()
    finally:
        starting.process.stop()
    assert "event=model.missing_or_damaged" in starting.log.read_text()


def test_full_disk_under_the_log_silences_nobody(tmp_path: Path) -> None:
    starting = Starting(tmp_path, log=Path("/dev/full"))
    try:
        assert wait_until_ready(starting.port, starting.process, START_SECONDS)
        starting.answers_with_help()
    finally:
        starting.process.stop()
