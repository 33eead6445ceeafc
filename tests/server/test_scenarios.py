"""Whole conversations on a live server, from `tests/scenarios/`; each also with the action server dead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from handrail.documents import read_yaml
from handrail.helplines import HelpLines, emergency_number_words
from tests.live import Chat, LiveServer, shown

pytestmark = pytest.mark.server

SCENARIOS = sorted((Path(__file__).parent.parent / "scenarios").glob("*.yml"))
HELPLINES = HelpLines.load()
KINDS_OF_THE_BOT_ITSELF = {"emergency", "check", "dialogue"}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path, live_server: LiveServer) -> None:
    scenario = read_yaml(path).data
    chat = live_server.chat(scenario.get("country"))
    for number, turn in enumerate(scenario["turns"]):
        body = _send(chat, turn)
        where = f"{path.name}, turn {number + 1}: {body}"
        reply = body["messages"][0]
        assert body["ok"], where
        if "kind" in turn:
            assert reply["kind"] == turn["kind"], where
        if "topic" in turn:
            wanted = turn["topic"] if isinstance(turn["topic"], list) else [turn["topic"]]
            assert reply.get("topic") in wanted, where
        said = shown(body).lower()
        assert all(word.lower() in said for word in turn.get("says", [])), where
        assert not any(word.lower() in said for word in turn.get("says_not", [])), where
        assert all(word in body["messages"][-1]["text"] for word in turn.get("help", [])), where
        _assert_help(body, where)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario_without_actions(path: Path, without_actions_for_all: LiveServer) -> None:
    scenario = read_yaml(path).data
    chat = without_actions_for_all.chat(scenario.get("country"))
    for number, turn in enumerate(scenario["turns"]):
        body = _send(chat, turn)
        where = f"{path.name}, turn {number + 1}: {body}"
        _assert_help(body, where)
        if turn.get("kind") == "emergency":
            assert body["messages"][0]["kind"] == "emergency", where


@pytest.fixture(scope="module")
def without_actions_for_all(live_server: LiveServer) -> Any:
    """The running bot without its action server, once for all scenarios."""
    live_server.kill_actions()
    yield live_server
    live_server.start_actions()


def _send(chat: Chat, turn: dict[str, Any]) -> dict[str, Any]:
    return chat.press(turn["payload"]) if "payload" in turn else chat.say(turn["user"])


def _assert_help(body: dict[str, Any], where: str) -> None:
    """The emergency number of the country that the bot works with stands on every turn."""
    assert emergency_number_words(HELPLINES.of(body["help"]["country"])) in shown(body), where
