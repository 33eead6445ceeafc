"""A messaging channel in the real server: switched on in the credentials, set up from the environment."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handrail import paths
from handrail.channels.telegram import SECRET_HEADER
from handrail.tools.processes import Process, endpoints_for, free_port, rasa_server_command
from tests.channels.fake_telegram import TOKEN, FakeTelegram
from tests.channels.line_telegram import SECRET, TelegramLine
from tests.live import LiveServer

pytestmark = pytest.mark.server

CREDENTIALS = "handrail.channels.web.WebInput:\nhandrail.channels.telegram.TelegramInput:\n"
START_SECONDS = 120.0


class WithTelegram(LiveServer):
    """A live server that answers on Telegram too."""

    def command(self, folder: Path) -> list[str]:
        credentials = folder / "credentials.yml"
        credentials.write_text(CREDENTIALS, encoding="utf-8")
        return [*super().command(folder), "--credentials", str(credentials)]


class LiveLine(TelegramLine):
    """People on Telegram, who talk with a server in another process."""

    def __init__(self, platform: FakeTelegram, server: LiveServer) -> None:
        self.platform = platform
        self.server = server
        self._address = f"{server.url}/webhooks/telegram/webhook"
        self._updates = iter(range(1, 1_000))


@pytest.fixture
async def line(trained_model: None, tmp_path: Path) -> AsyncIterator[LiveLine]:
    platform = FakeTelegram()
    await platform.start()
    environment = {
        "HANDRAIL_TELEGRAM_TOKEN": TOKEN,
        "HANDRAIL_TELEGRAM_SECRET": SECRET,
        "HANDRAIL_TELEGRAM_API": platform.url,
        "HANDRAIL_PUBLIC_URL": "https://bot.example.org",
    }
    server = await asyncio.to_thread(WithTelegram, tmp_path, environment)
    yield LiveLine(platform, server)
    await asyncio.to_thread(server.stop)
    await platform.stop()


async def test_telegram_in_the_real_server(line: LiveLine) -> None:
    platform = line.platform
    await platform.until(lambda: bool(platform.called("setMyCommands")))
    assert platform.webhook is not None

    assert await line.post(line.message(1, {"text": "what is naloxone"}), {SECRET_HEADER: "wrong"}) == 403

    # More in one second than one browser's address may send, from many people.
    updates = [line.message(person, {"text": "what is naloxone"}) for person in range(60)]
    assert {await line.post(update) for update in updates} == {200}
    await platform.until(lambda: len({sent["chat_id"] for sent in platform.sent}) == 60)

    def own() -> list[str]:
        chat = line.message(77, {})["message"]["chat"]["id"]
        return [sent["text"] for sent in platform.sent if sent["chat_id"] == chat]

    platform.failing.extend([500, 429])
    assert await line.post(line.message(77, {"text": "my friend wont wake up he took pills"})) == 200
    # The answers to the others may still be on their way.
    await platform.until(lambda: any("Someone in danger now?" in text for text in own()), 60)
    assert "Someone will not wake up" in own()[0]

    logged = line.server.logged()
    assert "channel.ready channel=telegram" in logged
    assert TOKEN not in logged
    assert SECRET not in logged
    assert "naloxone" not in logged


def test_a_channel_without_its_secret_stops_the_start_and_says_what_to_set(tmp_path: Path) -> None:
    credentials, log = tmp_path / "credentials.yml", tmp_path / "rasa.log"
    credentials.write_text(CREDENTIALS, encoding="utf-8")
    command = [
        *rasa_server_command(free_port(), endpoints_for(free_port(), tmp_path)),
        *("--credentials", str(credentials)),
    ]
    with Process(command, log, {"HANDRAIL_TELEGRAM_TOKEN": TOKEN}) as server:
        assert server._process.wait(START_SECONDS) == 1
    said = log.read_text(encoding="utf-8")
    assert "HANDRAIL_TELEGRAM_SECRET is missing: set it to a long random text" in said
    assert "HANDRAIL_PUBLIC_URL is missing" in said
    assert "Traceback" not in said
    assert TOKEN not in said


def test_rasas_own_command_says_it_too(tmp_path: Path) -> None:
    credentials = tmp_path / "credentials.yml"
    credentials.write_text(CREDENTIALS, encoding="utf-8")
    done = subprocess.run(
        ["rasa", "run", "-i", "127.0.0.1", "-p", str(free_port()), "--credentials", str(credentials)],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
    assert done.returncode == 1
    assert "HANDRAIL_TELEGRAM_TOKEN is missing" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
