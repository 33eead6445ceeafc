"""Asks many questions at once, each as a message from the web page in a chat of its own, and writes the answers."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

from handrail.tools.in_process import rasa_agent

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
    async with rasa_agent() as agent:
        from handrail.channels.web_desk import WebDesk  # noqa: PLC0415  (seconds to import)

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


if __name__ == "__main__":
    sys.exit(main())
