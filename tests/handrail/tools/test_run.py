"""The whole bot starts, says where it is, mends its action server, and leaves nothing behind."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from handrail.tools import run
from handrail.tools.processes import HOST, StartError, free_port

ACTIONS = "handrail.tools.serve_actions"
SERVERS_AT_MOST = 2
"""A third Rasa server does not start, so that a test comes to its end."""


class Started:
    """Stands in for a process: ends with `code` after it was asked `asked` times whether it still runs."""

    everything: ClassVar[list[Started]] = []

    def __init__(self, command: list[str], asked: int = 10**9, code: int = 1) -> None:
        self.command, self.asked, self.code, self.stopped = command, asked, code, False
        self.everything.append(self)

    def exit_code(self) -> int | None:
        self.asked -= 1
        return self.code if self.asked < 0 else None

    def stop(self) -> None:
        self.stopped = True

    def __enter__(self) -> Started:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., list[Started]]]:
    """Let a test say how long the Rasa server and the first action server run."""
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(Started, "everything", [])
    monkeypatch.setattr(run, "wait_until_answers", lambda *_: None)

    def ready(*_: object, **__: object) -> bool:
        if sum(ACTIONS not in started.command for started in Started.everything) > SERVERS_AT_MOST:
            raise StartError("The server ended before it answered.")
        return True

    monkeypatch.setattr(run, "wait_until_ready", ready)
    monkeypatch.setattr(run.time, "sleep", lambda _: None)

    def choose(rasa: int = 10**9, actions: int = 10**9) -> list[Started]:
        def process(command: list[str], log: Path | None = None) -> Started:
            if ACTIONS not in command:
                return Started(command, rasa)
            is_first = not any(ACTIONS in started.command for started in Started.everything)
            return Started(command, actions if is_first else 10**9)

        monkeypatch.setattr(run, "Process", process)
        return Started.everything

    yield choose
    signal.signal(signal.SIGTERM, before)


def arguments() -> list[str]:
    return ["--port", str(free_port()), "--action-port", str(free_port())]


@pytest.mark.parametrize("which", ["--port", "--action-port"])
def test_run_says_so_when_a_port_is_busy(which: str, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as server:
        server.bind((HOST, 0))
        server.listen()
        busy = server.getsockname()[1]
        assert run.main([*arguments(), which, str(busy)]) == 1
    said = capsys.readouterr().err
    assert f"port {busy}" in said
    assert f"make run {'ACTION_PORT' if which == '--action-port' else 'PORT'}=" in said


def test_run_says_where_the_chat_is_and_starts_a_server_that_ends_again(
    start: Callable[..., list[Started]], capsys: pytest.CaptureFixture[str]
) -> None:
    everything = start(rasa=2)
    given = arguments()
    assert run.main(given) == 1
    said = capsys.readouterr()
    assert f"http://localhost:{given[1]}/" in said.out
    assert said.err.count("The Rasa server ended (1). Starting it again.") == SERVERS_AT_MOST
    assert "could not start" in said.err
    assert len(everything) == 1 + SERVERS_AT_MOST + 1
    assert all(started.stopped for started in everything)


def test_run_says_what_to_do_when_the_model_is_damaged_and_serves_the_help_lines(
    start: Callable[..., list[Started]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    start(rasa=2)

    def damaged(*_: object, **__: object) -> bool:
        if sum(ACTIONS not in started.command for started in Started.everything) > 1:
            raise StartError("The server ended before it answered.")
        return False

    monkeypatch.setattr(run, "wait_until_ready", damaged)
    given = arguments()
    run.main(given)
    said = capsys.readouterr()
    assert "missing or damaged" in said.err
    assert f"http://localhost:{given[1]}/" in said.out


def test_run_starts_the_action_server_again(
    start: Callable[..., list[Started]], capsys: pytest.CaptureFixture[str]
) -> None:
    everything = start(rasa=5, actions=1)
    run.main(arguments())
    assert sum(ACTIONS in started.command for started in everything) == 2
    assert "again" in capsys.readouterr().err
    assert all(started.stopped for started in everything)


def test_run_stops_everything_when_it_cannot_start(
    start: Callable[..., list[Started]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise StartError("The server ended before it answered.")

    everything = start()
    monkeypatch.setattr(run, "wait_until_answers", fail)
    assert run.main(arguments()) == 1
    assert "The server ended before it answered." in capsys.readouterr().err
    assert all(started.stopped for started in everything)


@pytest.mark.parametrize("how", ["Ctrl-C", "SIGTERM"])
def test_run_stops_everything_when_it_is_told_to(
    start: Callable[..., list[Started]], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    def interrupt(_: float) -> None:
        if how == "Ctrl-C":
            raise KeyboardInterrupt
        signal.raise_signal(signal.SIGTERM)

    everything = start()
    monkeypatch.setattr(run.time, "sleep", interrupt)
    assert run.main(arguments()) == 0
    assert len(everything) == 2
    assert all(started.stopped for started in everything)
