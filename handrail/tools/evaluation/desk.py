"""Asks the real bot through the desk of the web page, timing each turn and reading how much memory it takes."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handrail.tools.ask import ask
from handrail.tools.evaluation.bars import Asked
from handrail.tools.evaluation.inputs import Row
from handrail.tools.evaluation.resources import Memory, memory
from handrail.tools.evaluation.understanding import Outcome

WARM_UP = ("what is methadone", "how do i talk to my son", "thanks")
"""Asked first and left out of the times: the first turns compile and fill caches."""


@dataclass(frozen=True)
class DeskRun:
    """What the bot said to each row of each file, the seconds of each turn, and the memory after the last."""

    said: Mapping[str, list[Asked]]
    seconds: Sequence[float]
    memory: Memory


async def ask_all(files: Mapping[str, Sequence[Row]]) -> DeskRun:
    """Ask every row's text, each in a chat of its own.

    Raises:
        StartError: the action server did not start.
    """
    rows = [(name, row) for name, own in files.items() for row in own]
    said: dict[str, list[Asked]] = {name: [] for name in files}
    seconds: list[float] = []
    texts = [*WARM_UP, *(row["text"] for _, row in rows)]
    taken = memory()
    place = -len(WARM_UP)
    started = time.perf_counter()
    async for answer in ask([text] for text in texts):
        if place >= 0:
            seconds.append(time.perf_counter() - started)
            name, row = rows[place]
            said[name].append((row, Outcome.of_row(answer)))
        place += 1
        if place == len(rows):
            taken = memory()
        started = time.perf_counter()
    return DeskRun(said, seconds, taken)
