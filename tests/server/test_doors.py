"""Which doors the bot opens: on this machine alone unless it is told, and the actions for the Rasa server alone."""

from __future__ import annotations

import http.client
import json
import os
import socket
import struct
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest

from handrail.tools.processes import HOST
from tests.running import Running, descendants, running

pytestmark = pytest.mark.server

LISTENING = "0A"
Address = IPv4Address | IPv6Address


@pytest.fixture(scope="module")
def bot(trained_model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("run")) as started:
        yield started


def doors(bot: Running) -> dict[int, set[Address]]:
    """Return on which addresses each port of the bot's processes listens."""
    return doors_of(descendants(bot.process.pid))


def doors_of(processes: set[int]) -> dict[int, set[Address]]:
    """Return port to addresses of all sockets on which one of the processes listens."""
    held = set()
    for pid in processes:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            try:
                held.add(os.readlink(entry))
            except FileNotFoundError:
                continue
    open_doors: dict[int, set[Address]] = {}
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{min(processes)}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and f"socket:[{fields[9]}]" in held:
                address, port = fields[1].split(":")
                open_doors.setdefault(int(port, 16), set()).add(_address(address))
    return open_doors


def _address(hexadecimal: str) -> Address:
    """Read an address as the kernel writes it: words of four bytes in the machine's own order."""
    raw = bytes.fromhex(hexadecimal)
    words = [struct.unpack(">I", raw[start : start + 4])[0] for start in range(0, len(raw), 4)]
    return ip_address(struct.pack(f"={len(words)}I", *words))


def ask(port: int, method: str, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    try:
        body = json.dumps({"next_action": "action_answer", "tracker": {"sender_id": "x"}})
        connection.request(method, path, body, {"Content-Type": "application/json", **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_address_is_read_as_the_kernel_writes_it() -> None:
    with socket.socket() as server:
        server.bind((HOST, 0))
        server.listen()
        assert doors_of({os.getpid()})[server.getsockname()[1]] == {ip_address(HOST)}


def test_all_doors_are_on_this_machine_alone(bot: Running) -> None:
    found = doors(bot)
    assert {bot.port, bot.action_port} <= set(found)
    assert all(address.is_loopback for addresses in found.values() for address in addresses), found


def test_no_other_door_is_open(bot: Running) -> None:
    assert set(doors(bot)) == {bot.port, bot.action_port}


def test_host_opens_the_chat_and_never_the_actions(trained_model: None, tmp_path: Path) -> None:
    with running(tmp_path, "--host", "0.0.0.0") as opened:
        found = doors(opened)
        assert found[opened.port] == {ip_address("0.0.0.0")}
        assert found[opened.action_port] == {ip_address(HOST)}


@pytest.mark.parametrize(("method", "path"), [("POST", "/webhook"), ("GET", "/actions"), ("GET", "/nowhere")])
@pytest.mark.parametrize(
    "shown",
    [None, "", "Bearer", "Bearer ", "Bearer a", "Basic YTpi", "Bearer é", "Bearer " + "a" * 4_000],
    ids=["none", "empty", "no_token", "blank_token", "another", "basic", "not_ascii", "long"],
)
def test_action_server_refuses_whoever_shows_no_token(bot: Running, method: str, path: str, shown: str | None) -> None:
    status, body = ask(bot.action_port, method, path, {} if shown is None else {"Authorization": shown})
    assert status == 403
    assert b"action_answer" not in body
    assert b"tracker" not in body


def test_action_server_says_only_that_it_is_well(bot: Running) -> None:
    status, body = ask(bot.action_port, "GET", "/health")
    assert (status, json.loads(body)) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/model", "/version", "/status", "/domain", "/conversations/x/tracker"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_rasas_http_interface_is_off(bot: Running, method: str, path: str) -> None:
    status, body = ask(bot.port, method, path)
    assert status in (404, 429)  # the refused ones of a flood say as little
    assert b"rasa" not in body.lower()


def test_token_stands_in_no_command_line_and_no_log(bot: Running) -> None:
    tokens = set()
    for pid in descendants(bot.process.pid):
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        tokens |= {entry.split(b"=", 1)[1] for entry in environment if entry.startswith(b"HANDRAIL_ACTION_TOKEN=")}
    assert tokens
    for token in tokens:
        assert all(token not in Path(f"/proc/{pid}/cmdline").read_bytes() for pid in descendants(bot.process.pid))
        assert token not in bot.log.read_bytes()


def test_file_with_the_token_is_for_its_owner_alone(bot: Running) -> None:
    found = []
    for pid in descendants(bot.process.pid):
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        if "--endpoints" in arguments:
            found.append(Path(arguments[arguments.index("--endpoints") + 1]))
    assert found
    for path in found:
        assert path.parent.stat().st_mode & 0o077 == 0
