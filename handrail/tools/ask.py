"""Asks many questions at once, each as a message from the web page in a chat of its own, and writes the answers."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

from handrail import paths
from handrail.tools.processes import (
    HOST,
    Process,
    action_endpoint,
    action_server_command,
    free_port,
    wait_until_answers,
)

START_SECONDS = 60.0
HELP_KIND = "help"


def main(arguments: list[str] | None = None) -> int:
    """Answer each row of a JSON-lines file. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--in", dest="source", required=True, type=Path, help="JSON lines with 'text' or 'turns'")
    parser.add_argument("--out", dest="target", required=True, type=Path, help="where the answers are written")
    parser.add_argument("--country", help="ISO 3166 code, as a page would give it")
    given = parser.parse_args(arguments)
    try:
        rows = read_rows(given.source)
    except (OSError, ValueError) as error:
        print(f"{given.source}: {error}", file=sys.stderr)
        return 1
    started = time.monotonic()
    asyncio.run(_write(rows, given.target, given.country))
    print(f"{len(rows)} rows answered in {time.monotonic() - started:.0f} s: {given.target}")
    return 0


def read_rows(path: Path) -> list[list[str]]:
    """Return each row's messages: its `turns`, or its one `text`.

    Raises:
        ValueError: a line is not JSON or holds neither; names the line.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            turns = row.get("turns", [row.get("text")])
        except (ValueError, AttributeError):
            raise ValueError(f"line {number} is not a JSON object") from None
        if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
            raise ValueError(f"line {number} needs 'text' (a text) or 'turns' (a list of texts)")
        rows.append(turns)
    return rows


async def _write(rows: Iterable[list[str]], target: Path, country: str | None) -> None:
    with target.open("w", encoding="utf-8") as out:
        async for answer in ask(rows, country):
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")


async def ask(rows: Iterable[list[str]], country: str | None = None) -> AsyncIterator[dict[str, Any]]:
    """Yield one answer a message, in order; `row` and `turn` count from 0 where a row has several turns.

    Starts an action server of its own and loads the model into this process, so that each message takes the
    way of a message from the web page: desk, guard, Rasa, actions.
    """
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    from handrail.channels.web_desk import WebDesk  # noqa: PLC0415  (after the variable is set)

    port = free_port()
    with (
        tempfile.TemporaryDirectory() as folder,
        Process(action_server_command(port), Path(folder) / "actions.log") as actions,
    ):
        agent = await _load_agent(port)
        wait_until_answers(f"http://{HOST}:{port}/health", actions, START_SECONDS)
        # A clock that moves on by a second a message: nobody is told to slow down here.
        desk = WebDesk.load(b"not exposed", clock=itertools.count().__next__)
        for row, turns in enumerate(rows):
            token = desk.open({"country": country}).body["token"]
            for turn, text in enumerate(turns):
                answer = await desk.message({"token": token, "id": str(turn), "text": text}, agent.handle_message)
                conversation = desk.conversation(token)
                tracker = await agent.tracker_store.retrieve(conversation)
                parsed = tracker.latest_message.parse_data if tracker and tracker.latest_message else {}
                summary = summarise(text, parsed, answer.body["messages"])
                yield {**summary, "row": row, "turn": turn} if len(turns) > 1 else summary
            await desk.close({"token": token})


def summarise(text: str, parsed: dict[str, Any], messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one row of the output for a message: how it was understood, and what the person saw."""
    reply = next((message for message in messages if message.get("kind", HELP_KIND) != HELP_KIND), {})
    intent = (parsed.get("intent") or {}).get("name")
    subjects = [found["value"] for found in parsed.get("entities") or [] if found["entity"] == "subject"]
    return {
        "text": text,
        "intent": intent,
        "confidence": round((parsed.get("intent") or {}).get("confidence") or 0.0, 4),
        "subject": subjects[0] if subjects else None,
        "kind": reply.get("kind", "fallback"),
        "topic": reply.get("topic"),
        "areas": reply.get("areas", []),
        "emergency": reply.get("emergency"),
        "choices": reply.get("choices", []),
        "messages": [message["text"] for message in messages],
    }


async def _load_agent(action_port: int) -> Any:
    from rasa.core.agent import load_agent  # noqa: PLC0415  (seconds to import)
    from rasa.core.utils import AvailableEndpoints  # noqa: PLC0415
    from rasa.utils.common import configure_logging_and_warnings  # noqa: PLC0415
    from rasa.utils.endpoints import EndpointConfig  # noqa: PLC0415
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

    configure_structlog(logging.ERROR)
    configure_logging_and_warnings(logging.ERROR)
    endpoints = AvailableEndpoints.read_endpoints(str(paths.ROOT / "endpoints.yml"))
    endpoints.action = EndpointConfig(**action_endpoint(action_port), enable_selective_domain=True)
    return await load_agent(str(paths.MODELS), endpoints=endpoints)


if __name__ == "__main__":
    sys.exit(main())
