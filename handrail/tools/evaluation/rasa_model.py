"""Reads messages with a trained Rasa model in this process, one after the other, and times each."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handrail.nlu.danger import reading_everything

WARM_UP = 5
"""Messages that are read first and not timed: the first ones compile and fill caches."""


@dataclass(frozen=True)
class Parsed:
    """What Rasa's pipeline gave for a message, and how many seconds that took."""

    data: dict[str, Any]
    seconds: float


def parse(model: Path, texts: Sequence[str]) -> list[Parsed]:
    """Return what the model makes of each text."""
    from rasa.core.agent import Agent  # noqa: PLC0415  (seconds to import)
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

    # Rasa would print each message.
    configure_structlog(logging.ERROR)
    with reading_everything():
        return asyncio.run(_parse(Agent.load(str(model)), texts))


async def _parse(agent: Any, texts: Sequence[str]) -> list[Parsed]:
    for text in texts[:WARM_UP]:
        await agent.parse_message(text)
    found = []
    for text in texts:
        started = time.perf_counter()
        data = await agent.parse_message(text)
        found.append(Parsed(data, time.perf_counter() - started))
    return found
