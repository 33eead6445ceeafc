"""`make evaluate-safety`: measures whether emergencies are noticed, and only those, and writes the report."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from handrail import paths
from handrail.documents import DocumentError
from handrail.knowledge import lexicon
from handrail.tools.evaluation import safety_counts, safety_timing
from handrail.tools.evaluation.inputs import DATA, EMERGENCIES, NOT_EMERGENCIES, QUESTIONS, InputError
from handrail.tools.evaluation.resources import circumstances
from handrail.tools.evaluation.safety_asking import Result, replies, results
from handrail.tools.evaluation.safety_inputs import (
    FILES,
    HELD_OUT,
    HELD_OUT_OTHERS,
    HELD_OUT_WITHIN,
    UNSEEN,
    UNSEEN_OTHERS,
    Message,
    read_messages,
)
from handrail.tools.evaluation.safety_misses import alarms, describe
from handrail.tools.evaluation.safety_report import SafetyFigures, markdown
from handrail.tools.evaluation.safety_timing import Timing, time_cards
from handrail.tools.evaluation.tables import bars_as_text
from handrail.tools.processes import SERVING, StartError
from handrail.tools.train import is_up_to_date
from handrail.typing_errors import with_typing_error

RESULTS = paths.ROOT / "results" / "safety"
REPORT, FIGURES = "report.md", "figures.json"
PUBLISHED = paths.DOCS / "safety-evaluation.md"
SETS = (*FILES, HELD_OUT, HELD_OUT_OTHERS, HELD_OUT_WITHIN, UNSEEN, UNSEEN_OTHERS)
MEANT = (EMERGENCIES, HELD_OUT, UNSEEN)
NOT_MEANT = (NOT_EMERGENCIES, QUESTIONS, HELD_OUT_OTHERS, UNSEEN_OTHERS)
"""The sets of messages that are emergencies, and of those that are none."""


def main(arguments: list[str] | None = None) -> int:
    """Measure, write the report, and print the table of bars. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="make evaluate-safety", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the evaluation files")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the report is written")
    parser.add_argument("--publish", action="store_true", help="write the report to docs/ too")
    given = parser.parse_args(arguments)
    if not is_up_to_date():
        print("The model is not up to date. Run 'make train' first.", file=sys.stderr)
        return 1
    try:
        figures = measure(*read_messages(given.data))
    except (InputError, DocumentError, StartError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    write(figures, given.out)
    if given.publish:
        PUBLISHED.write_text(markdown(figures), encoding="utf-8")
    for name in figures.missing:
        print(f"Not measured, since it is not there: {given.data / name}")
    print(bars_as_text(figures.bars))
    print(f"The report: {paths.shown(PUBLISHED if given.publish else given.out / REPORT)}")
    return 0


def measure(messages: Sequence[Message], missing: Sequence[str]) -> SafetyFigures:
    """Measure everything.

    Raises:
        DocumentError: a data file of the project has a fault.
        StartError: a server did not start.
    """
    began, known = time.monotonic(), circumstances()
    # The model is run in this process as the server runs it.
    os.environ.update(SERVING)
    _say("Taking the time from message to card")
    timing = time_cards()
    _say(f"Asking {len(messages)} messages, each twice")
    written = [message.text for message in messages]
    said = asyncio.run(replies([*written, *map(with_typing_error, written)]))
    _say("Asking each net by itself")
    found = results(messages, said[: len(messages)], said[len(messages) :])
    return figures(found, missing, timing, circumstances=known, seconds=time.monotonic() - began)


def figures(
    found: Sequence[Result],
    missing: Sequence[str],
    timing: Timing,
    *,
    circumstances: dict[str, str],
    seconds: float,
) -> SafetyFigures:
    """Put the figures of all results together."""
    sets = {source: own for source in SETS if (own := safety_counts.of(found, source))}
    meant = {source: own for source, own in sets.items() if source in MEANT}
    calm = {source: safety_counts.clear(own) for source, own in sets.items() if source in NOT_MEANT}
    return SafetyFigures(
        circumstances=circumstances,
        rows={source: len(own) for source, own in sets.items()},
        missing=missing,
        bars=[*safety_counts.bars(found), *safety_timing.bars(timing)],
        emergencies={source: safety_counts.by_kind(own) for source, own in meant.items()},
        false_alarms={
            # A line for each of some hundred intents or areas tells nothing; the list below names the alarms.
            source: safety_counts.by_category(own)[0 if source == NOT_EMERGENCIES else -1 :]
            for source, own in calm.items()
        },
        nets={source: safety_counts.of_nets(calm.get(source, own)) for source, own in sets.items()},
        misses={
            source: (
                describe(own, lexicon(), lambda one: one.written),
                describe(own, lexicon(), lambda one: one.mistyped),
            )
            for source, own in meant.items()
        },
        alarms=[alarm for own in calm.values() for alarm in alarms(own)],
        timing=timing,
        seconds=seconds,
    )


def write(figures: SafetyFigures, folder: Path) -> None:
    """Write the report and the figures into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / REPORT).write_text(markdown(figures), encoding="utf-8")
    (folder / FIGURES).write_text(json.dumps(dataclasses.asdict(figures), indent=1) + "\n", encoding="utf-8")


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {what} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
