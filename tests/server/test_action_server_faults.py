"""Whatever the action server does, the person gets the help line, and the chat goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from handrail.content import Words
from tests.live import SECONDS_AT_MOST, LiveServer, in_time, shown

pytestmark = pytest.mark.server

QUESTION = "what is methadone"
WORDS = Words.load()


def test_dead_action_server_still_gets_help(without_actions: LiveServer) -> None:
    body = without_actions.chat("US").say(QUESTION)
    assert WORDS.no_answer in shown(body)
    assert "911" in shown(body)
    assert "988" in shown(body)


def test_dead_action_server_still_gets_the_emergency_card(without_actions: LiveServer) -> None:
    body = without_actions.chat("NZ").say("hes blue and he wont wake up")
    assert body["messages"][0]["kind"] == "emergency"
    assert "111" in body["messages"][0]["text"]


def test_chat_goes_on_once_the_action_server_is_back(live_server: LiveServer) -> None:
    chat = live_server.chat("US")
    live_server.kill_actions()
    chat.say(QUESTION)
    live_server.start_actions()
    assert chat.say(QUESTION)["messages"][0]["topic"] == "medicines/methadone"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        pytest.param(500, b'{"error": "broken"}', id="500"),
        pytest.param(400, b'{"action_name": "action_answer", "error": "rejected"}', id="400"),
        pytest.param(200, b"not json", id="bad_json"),
        pytest.param(200, b'{"events": [], "responses": []}', id="nothing_said"),
        pytest.param(200, b'{"events": [], "responses": [{"response": "utter_that_is_not_there"}]}', id="unknown"),
        pytest.param(200, b'{"events": 5}', id="wrong_shape"),
    ],
)
def test_broken_action_server_still_gets_help(live_server: LiveServer, status: int, body: bytes) -> None:
    with _standing_in_for_the_actions(live_server, status, body):
        said = shown(in_time(lambda: live_server.chat("IE").say(QUESTION)))
        assert "116 123" in said
        assert "112 or 999" in said


def test_slow_action_server_still_gets_help_and_the_chat_goes_on(live_server: LiveServer) -> None:
    release = threading.Event()
    late = threading.Timer(2 * SECONDS_AT_MOST, release.set)
    with _standing_in_for_the_actions(live_server, 200, b'{"events": [], "responses": []}', hold=release):
        chat = live_server.chat("IE")
        late.start()
        said = shown(in_time(lambda: chat.say(QUESTION)))
        assert "116 123" in said
        assert "112 or 999" in said
        late.join()
    live_server.start_actions()
    assert chat.say(QUESTION)["messages"][0]["topic"] == "medicines/methadone"


def test_emergency_behind_a_hung_action_gets_its_card(live_server: LiveServer) -> None:
    release = threading.Event()
    with _standing_in_for_the_actions(live_server, 200, b"{}", hold=release):
        hung = []

        def emergency_behind_a_question() -> dict[str, Any]:
            chat = live_server.chat("AU")
            hung.append(threading.Thread(target=chat.say, args=(QUESTION,)))
            hung[-1].start()
            return chat.say("she took all her pills and she is not breathing")

        body = in_time(emergency_behind_a_question)
        assert body["messages"][0]["kind"] == "emergency"
        assert "000" in body["messages"][0]["text"]
        release.set()
        for question in hung:
            question.join()


class _standing_in_for_the_actions:
    """A server on the actions' port that answers everything in one way."""

    def __init__(self, server: LiveServer, status: int, body: bytes, hold: threading.Event | None = None) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                if hold:
                    hold.wait(30)
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._live = server
        self._live.kill_actions()
        self._server = ThreadingHTTPServer(("127.0.0.1", server.action_port), Handler)

    def __enter__(self) -> None:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._live.start_actions()


@pytest.fixture(autouse=True)
def _actions_are_back(live_server: LiveServer) -> Iterator[None]:
    yield
    live_server.start_actions()
