"""A word sent through every door, while all is well and while things fail, is found in no log and in no file."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from handrail import paths
from handrail.channels.web import MESSAGE, SESSION
from handrail.tools.processes import HOST
from tests.live import LiveServer

pytestmark = pytest.mark.server

NOT_OURS = {".git", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "__pycache__"}
"""Folders that the server has no part in. What it may write to, such as `models`, is searched."""
GRACE = 2.5
"""Seconds after which a turn whose action hangs has been given up, and everything about it logged."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the processes find their home and their temporary folder."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def server(trained_model: None, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with pytest.MonkeyPatch.context() as environment:
        for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
            environment.setenv(name, str(home))
        started = LiveServer(tmp_path_factory.mktemp("logs"))
    yield started
    started.stop()


class Door:
    """Sends whatever it is told to, and does not mind the answer."""

    def __init__(self, server: LiveServer, marker: str) -> None:
        self.server, self.marker = server, marker
        self.token = self._open()

    def _open(self) -> str:
        opened = self.send(SESSION, {"country": "US"})
        token: str = json.loads(opened)["token"]
        return token

    def say(self, text: str) -> None:
        self.message(text=text)

    def message(self, **content: object) -> None:
        self.send(MESSAGE, {"token": self.token, "id": uuid.uuid4().hex, **content})

    def send(self, path: str, body: object, method: str = "POST", headers: Mapping[str, str] | None = None) -> bytes:
        connection = HTTPConnection(HOST, self.server.port, timeout=30)
        try:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            connection.request(method, path, raw, dict(headers or {}))
            return connection.getresponse().read()
        finally:
            connection.close()

    def raw(self, request: bytes, *, hang_up: bool = False) -> None:
        """Send bytes as they are; with `hang_up`, do not wait for an answer."""
        with socket.create_connection((HOST, self.server.port), timeout=30) as one:
            one.sendall(request)
            if not hang_up:
                one.settimeout(1.0)
                try:
                    while one.recv(65_536):
                        pass
                except (TimeoutError, ConnectionError):
                    pass


# -- The doors -------------------------------------------------------------------------------------------------


def _texts(door: Door) -> None:
    for text in (
        f"what is methadone {door.marker}",
        f"he took all his pills and wont wake up {door.marker}",
        f"im so tired of it all {door.marker}",
        f"i live in {door.marker}",
        f"/{door.marker}",
        f'/show_topic{{"topic": "{door.marker}"}}',
        f"/restart{door.marker}",
        f"{door.marker}\ud83d",
        f"{door.marker} ➎",
        f"<b>{door.marker}</b>\r\n\r\nlevel=error event={door.marker}",
        f"{door.marker} " * 900,
        door.marker,
        "forget me",
        f"{door.marker} again",
    ):
        door.say(text)


def _payloads(door: Door) -> None:
    for payload in (
        f"/{door.marker}",
        f'/show_topic{{"topic": "{door.marker}"}}',
        f'/change_country{{"country": "{door.marker}"}}',
        f"/tell_more{{{door.marker}",
        f'/inform{{"{door.marker}": "{door.marker}"}}',
    ):
        door.message(payload=payload)


def _fields(door: Door) -> None:
    door.send(SESSION, {"country": door.marker})
    door.send(SESSION, {"country": {door.marker: door.marker}})
    door.send(SESSION, {door.marker: door.marker, "token": door.marker}, "DELETE")
    door.message(text="hello", id=door.marker)
    door.message(text="hello", id=door.marker * 20)
    door.message(text=[door.marker])
    door.message(text=door.marker, payload=door.marker)
    door.message(text=door.marker, **{door.marker: {}})
    for token in (door.marker, f"{door.marker}.{door.marker}", [door.marker], door.token + door.marker):
        door.send(MESSAGE, {"token": token, "id": "1", "text": door.marker})


def _broken_bodies(door: Door) -> None:
    known = door.marker.encode()
    for body in (known, b'{"text": "' + known, b"[" * 50_000 + known, b"\xff" + known, known * 8_000, b'"%s"' % known):
        door.send(MESSAGE, body)
        door.send(SESSION, body)
    door.send(MESSAGE, known, headers={"Content-Encoding": "gzip"})


def _headers_and_paths(door: Door) -> None:
    known = door.marker
    for name in ("X-Forwarded-For", "Forwarded", "User-Agent", "Referer", "Cookie", "Origin", "Accept", known):
        door.send(MESSAGE, {"token": door.token, "id": f"{name}1", "text": "hello"}, headers={name: known})
    for path in (
        f"/{known}",
        f"{MESSAGE}/{known}",
        f"{MESSAGE}?{known}={known}",
        f"/?{known}",
        f"/{quote('é')}{known}",
    ):
        for method in ("GET", "POST", "DELETE", "OPTIONS", "PUT", "HEAD"):
            door.send(path, {}, method)


def _broken_http(door: Door) -> None:
    known = door.marker.encode()
    post = b"POST /" + known + b" HTTP/1.1\r\nHost: " + known + b"\r\n"
    for request in (
        post + b"Content-Length: " + known + b"\r\n\r\n",
        post + b"Transfer-Encoding: " + known + b"\r\n\r\n",
        post + b"Transfer-Encoding: chunked\r\n\r\n" + known + b"\r\n",
        post + b"Content-Length: 2\r\nExpect: " + known + b"\r\n\r\n{}",
        post + known + b"\r\n\r\n",
        b"GET /\xff" + known + b" HTTP/1.1\r\n\r\n",
        known + b" / HTTP/1.1\r\n\r\n",
        b"GET / " + known + b"\r\n\r\n",
        b"GET /" + known * 1_000 + b" HTTP/1.1\r\n\r\n",
        known + b"\r\n\r\n",
    ):
        door.raw(request)


def _hanging_up(door: Door) -> None:
    body = json.dumps({"token": door.token, "id": "hang up", "text": f"what is heroin {door.marker}"}).encode()
    head = f"POST {MESSAGE}?{door.marker} HTTP/1.1\r\nHost: {door.marker}\r\nContent-Length: {len(body)}\r\n\r\n"
    for cut in (10, len(body) // 2, len(body)):
        door.raw(head.encode() + body[:cut], hang_up=True)
    door.raw(head.encode()[:60], hang_up=True)


def _closing(door: Door) -> None:
    door.say(f"what is methadone {door.marker}")
    door.send(SESSION, {"token": door.token}, "DELETE")
    door.say(f"{door.marker} after the end")
    door.send(SESSION, {"token": door.token + door.marker}, "DELETE")


DOORS: Mapping[str, Callable[[Door], None]] = {
    "texts": _texts,
    "payloads": _payloads,
    "fields": _fields,
    "broken_bodies": _broken_bodies,
    "headers_and_paths": _headers_and_paths,
    "broken_http": _broken_http,
    "hanging_up": _hanging_up,
    "closing": _closing,
}

# -- What fails meanwhile --------------------------------------------------------------------------------------


@contextmanager
def _nothing(server: LiveServer) -> Iterator[None]:
    yield


@contextmanager
def _dead_actions(server: LiveServer) -> Iterator[None]:
    server.kill_actions()
    try:
        yield
    finally:
        server.start_actions()


@contextmanager
def _hung_actions(server: LiveServer) -> Iterator[None]:
    assert server.actions is not None
    os.killpg(server.actions.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(server.actions.pid, signal.SIGCONT)


def _echoing(status: int, kind: str) -> Callable[[LiveServer], object]:
    """An action server that answers with the whole conversation, as rasa-sdk does when an action raises."""

    class Echo(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            whole = self.rfile.read(int(self.headers.get("content-length", 0)))
            body = whole if kind == "raw" else b'{"error": "broken", "request_body": %s}' % whole
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    @contextmanager
    def echo(server: LiveServer) -> Iterator[None]:
        server.kill_actions()
        stand_in = ThreadingHTTPServer((HOST, server.action_port), Echo)
        threading.Thread(target=stand_in.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            stand_in.shutdown()
            stand_in.server_close()
            server.start_actions()

    return echo


FAILURES: Mapping[str, Callable[[LiveServer], object]] = {
    "nothing": _nothing,
    "dead_actions": _dead_actions,
    "hung_actions": _hung_actions,
    "actions_echo_with_500": _echoing(500, "wrapped"),
    "actions_echo_with_400": _echoing(400, "wrapped"),
    "actions_echo_with_200": _echoing(200, "raw"),
}
TALKING = ("texts", "payloads", "closing")
"""The doors behind which actions are asked for."""
WAYS = [(failure, door) for failure in FAILURES for door in DOORS if failure == "nothing" or door in TALKING]

# -- The search ------------------------------------------------------------------------------------------------


def found(marker: bytes, server: LiveServer, home: Path, since: float) -> list[str]:
    """Return the places that hold `marker`: files written since then, and whatever the processes have open."""
    places = [path for folder in (home, server.log.parent) for path in _files(folder, 0.0)]
    places += _files(paths.ROOT, since)
    assert server.actions is not None
    for pid in (server.rasa.pid, server.actions.pid):
        # Files that are open have a name here even where they have lost their own.
        places += [entry for entry in Path(f"/proc/{pid}/fd").iterdir() if entry.is_file()]
    return [str(path) for path in places if marker in _content(path)]


def _content(path: Path) -> bytes:
    """Return what is in a file, or nothing when it is gone by now."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _files(folder: Path, since: float) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_OURS]
        for path in (Path(root) / name for name in names):
            try:
                if path.is_file() and path.stat().st_mtime >= since:
                    yield path
            except FileNotFoundError:
                continue


def test_search_finds_what_is_there(server: LiveServer, home: Path) -> None:
    marker = f"zq{uuid.uuid4().hex}"
    with (home / "left behind").open("w") as file:
        file.write(marker)
    assert found(marker.encode(), server, home, time.time()) == [str(home / "left behind")]
    (home / "left behind").unlink()


@pytest.mark.parametrize(("failure", "door"), WAYS)
def test_word_is_written_nowhere(server: LiveServer, home: Path, failure: str, door: str) -> None:
    since, marker = time.time() - 1, f"zq{uuid.uuid4().hex}"
    before = len(server.logged())
    with FAILURES[failure](server):  # type: ignore[attr-defined]
        DOORS[door](Door(server, marker))
        time.sleep(GRACE if failure == "hung_actions" else 0.1)
    logged = server.logged()[before:]
    assert marker not in logged, [line for line in logged.splitlines() if marker in line][:3]
    assert found(marker.encode(), server, home, since) == []


def test_stopping_writes_nothing_either(
    trained_model: None, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    since, marker = time.time() - 1, f"zq{uuid.uuid4().hex}"
    server = LiveServer(tmp_path)
    try:
        door = Door(server, marker)
        door.say(f"what is methadone {marker}")
        assert server.actions is not None
        os.killpg(server.actions.pid, signal.SIGSTOP)
        late = threading.Thread(target=door.say, args=(f"what is heroin {marker}",))
        late.start()
        time.sleep(0.3)
    finally:
        server.rasa.stop()
        assert server.actions is not None
        os.killpg(server.actions.pid, signal.SIGCONT)
        server.kill_actions()
    late.join(10)
    assert marker not in server.logged()
    for folder, after in ((tmp_path, 0.0), (paths.ROOT, since)):
        assert [path for path in _files(folder, after) if marker.encode() in _content(path)] == []
