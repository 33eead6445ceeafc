"""What is started is stopped, with all that it started, and a start that fails says so."""

from __future__ import annotations

import http.server
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from handrail import paths
from handrail.documents import read_yaml
from handrail.tools.processes import (
    ACTION_PORT,
    ACTION_TOKEN,
    HOST,
    Process,
    StartError,
    action_server_command,
    endpoints_for,
    free_port,
    port_is_free,
    rasa_server_command,
    wait_until_answers,
)

SLEEPS = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
ENDS = [sys.executable, "-c", "import sys; sys.exit(3)"]
STARTS_ANOTHER = [
    sys.executable,
    "-c",
    "import subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "open(sys.argv[1], 'w').write(str(child.pid))\n"
    "time.sleep(600)",
]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def eventually(condition: Callable[[], object], seconds: float = 20.0) -> bool:
    """Say whether `condition` comes to hold in another process, which cannot tell us."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.01)
    return False


@pytest.fixture
def listening() -> Iterator[int]:
    with socket.socket() as server:
        server.bind((HOST, 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture
def answering() -> Iterator[int]:
    class Quiet(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/healthz" else 503)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.HTTPServer((HOST, 0), Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def test_processes_tell_a_free_port_from_a_busy_one(listening: int) -> None:
    assert not port_is_free(listening)
    assert port_is_free(free_port())


def test_processes_stop_what_they_started(tmp_path: Path) -> None:
    with Process(SLEEPS, tmp_path / "log") as process:
        assert process.exit_code() is None
        assert is_running(process.pid)
    assert process.exit_code() is not None
    assert not is_running(process.pid)


def test_processes_stop_what_was_started_by_what_they_started(tmp_path: Path) -> None:
    note = tmp_path / "child"
    with Process([*STARTS_ANOTHER, str(note)]):
        assert eventually(lambda: note.exists() and note.read_text())
        child = int(note.read_text())
        assert is_running(child)
    assert eventually(lambda: not is_running(child))


def test_processes_stop_what_has_ended_already() -> None:
    process = Process(ENDS)
    process._process.wait()
    process.stop()
    process.stop()
    assert process.exit_code() == 3


def test_processes_stop_when_the_work_fails() -> None:
    process = Process(SLEEPS)
    with pytest.raises(ValueError, match="work"), process:
        raise ValueError("the work failed")
    assert not is_running(process.pid)


def test_processes_run_in_the_project_without_telemetry_and_on_this_machine_only(tmp_path: Path) -> None:
    names = ("RASA_TELEMETRY_ENABLED", "SANIC_HOST", "PYTHONPATH")
    log = tmp_path / "log"
    with Process(
        [sys.executable, "-c", f"import os; print(os.getcwd(), *map(os.environ.get, {names}))"], log
    ) as process:
        process._process.wait()
    assert log.read_text().split() == [str(paths.ROOT), "false", HOST, str(paths.ROOT)]


def test_processes_wait_until_a_server_answers(answering: int) -> None:
    with Process(SLEEPS) as process:
        wait_until_answers(f"http://{HOST}:{answering}/healthz", process, seconds=20)


def test_processes_do_not_take_an_error_for_an_answer(answering: int) -> None:
    with Process(SLEEPS) as process, pytest.raises(StartError):
        wait_until_answers(f"http://{HOST}:{answering}/other", process, seconds=0.2)


def test_processes_say_that_a_server_never_answered() -> None:
    with Process(SLEEPS) as process, pytest.raises(StartError, match="did not answer"):
        wait_until_answers(f"http://{HOST}:{free_port()}/", process, seconds=0.2)


def test_processes_say_that_a_server_ended() -> None:
    process = Process(ENDS)
    process._process.wait()
    with pytest.raises(StartError, match="exit code 3"):
        wait_until_answers(f"http://{HOST}:{free_port()}/", process, seconds=20)
    process.stop()


def test_processes_write_endpoints_that_show_the_action_server_the_token(tmp_path: Path) -> None:
    own = read_yaml(paths.ROOT / "endpoints.yml").data
    copy = read_yaml(endpoints_for(5999, tmp_path)).data
    actions = copy["action_endpoint"]
    assert actions["url"] == own["action_endpoint"]["url"].replace(str(ACTION_PORT), "5999")
    assert actions["headers"] == {"authorization": f"Bearer {ACTION_TOKEN}"}
    assert {**actions, "url": "", "headers": {}} == {**own["action_endpoint"], "url": "", "headers": {}}
    assert {**copy, "action_endpoint": None} == {**own, "action_endpoint": None}


def test_processes_commands_name_the_port_and_this_machine(tmp_path: Path) -> None:
    assert "5999" in action_server_command(5999)
    command = rasa_server_command(5998, tmp_path / "endpoints.yml")
    assert {"5998", HOST, str(tmp_path / "endpoints.yml")} <= set(command)
    assert "0.0.0.0" in rasa_server_command(5998, tmp_path / "endpoints.yml", interface="0.0.0.0")
