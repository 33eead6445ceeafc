"""Sends the whole pipeline what no editor thinks of, made by seeded generators, and checks every reply."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import re
import sys
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from handrail.channels.guard import ANSWER_SECONDS
from handrail.helplines import HelpLines, emergency_number_words
from handrail.tools.fuzz_inputs import GENERATORS, Case, case
from handrail.tools.in_process import rasa_agent

if TYPE_CHECKING:
    from handrail.channels.web_desk import WebDesk

PATIENCE_SECONDS = 60.0
"""How long the guard waits here: a turn that hangs ends, and one that is only slow is measured and not cut off."""
OPENED_WITH = "what is methadone"
"""Said first in a chat whose case wants a talk that goes on."""
MARKUP = re.compile(r"<[/!a-z][^\s<>]{0,40}|javascript:|\bon(?:error|load|click)=|\{\{|\$\{", re.IGNORECASE)
"""What a browser or a template would take for more than text. The bot's own words hold none of it."""
SHOWN_CHARACTERS = 200

OK = 200
REFUSALS = frozenset({400, 413})
"""What a message with a valid token may be refused with: not a button's payload, or too long."""


@dataclass(frozen=True)
class Outcome:
    """What became of one case.

    Attributes:
        faults: what is wrong with the replies, in plain words; empty when all is well.
        seconds: wall clock of the slowest turn.
        processor_seconds: what this process worked for it; what else runs on the machine does not count.
    """

    case: Case
    faults: tuple[str, ...]
    seconds: float
    processor_seconds: float


def main(arguments: list[str] | None = None) -> int:
    """Send `--count` cases and report. Returns 1 when a reply was wrong, and says how to send that case again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="how many cases")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other cases")
    parser.add_argument("--first", type=int, default=0, help="the index to begin with: with --count 1, one case again")
    given = parser.parse_args(arguments)
    started = time.monotonic()
    outcomes = asyncio.run(_all(given.seed, range(given.first, given.first + given.count)))
    print(report(outcomes, given.seed, time.monotonic() - started))
    return int(any(outcome.faults for outcome in outcomes))


async def _all(seed: int, indexes: Iterable[int]) -> list[Outcome]:
    outcomes = []
    async for outcome in fuzz(seed, indexes):
        outcomes.append(outcome)
        if outcome.faults:
            print(told(outcome, seed), flush=True)
    return outcomes


async def fuzz(seed: int, indexes: Iterable[int]) -> AsyncIterator[Outcome]:
    """Yield the outcome of each case, in order; each is a chat of its own on the way of `make ask`.

    Raises:
        StartError: the action server did not start.
    """
    helplines = HelpLines.load()
    async with rasa_agent() as agent:
        # A clock that moves on by a second a message: nobody is told to slow down here.
        desk = _patient_desk(itertools.count().__next__)
        for index in indexes:
            yield await _outcome(desk, agent.handle_message, case(seed, index), helplines)


def _patient_desk(clock: Any) -> WebDesk:
    from handrail import knowledge  # noqa: PLC0415  (Rasa's parts take seconds to import)
    from handrail.channels.guard import Guard  # noqa: PLC0415
    from handrail.channels.sessions import SessionTokens  # noqa: PLC0415
    from handrail.channels.web_desk import CHANNEL, WebDesk  # noqa: PLC0415
    from handrail.responses import Responses  # noqa: PLC0415

    responses, words = Responses.load(), knowledge.words()
    guard = Guard(
        *(CHANNEL, knowledge.emergency_screen(), knowledge.helplines(), responses, words),
        emergency_seconds=PATIENCE_SECONDS,
        answer_seconds=PATIENCE_SECONDS,
    )
    return WebDesk(guard, SessionTokens(b"not exposed"), responses, words, clock)


async def _outcome(desk: WebDesk, handle_message: Any, sent: Case, helplines: HelpLines) -> Outcome:
    token = desk.open({"country": sent.country}).body["token"]
    faults: list[str] = []
    slowest = busiest = 0.0
    messages = [{"text": OPENED_WITH}] * sent.opened + [{"payload" if sent.payload else "text": sent.text}]
    for number, message in enumerate(messages):
        began, worked = time.perf_counter(), time.process_time()
        try:
            answer = await desk.message({"token": token, "id": str(number), **message}, handle_message)
        except Exception as error:
            # Whatever it is: to find it is what this command is for.
            faults.append(f"an exception escaped: {type(error).__name__}: {error}"[:SHOWN_CHARACTERS])
            continue
        slowest = max(slowest, time.perf_counter() - began)
        busiest = max(busiest, time.process_time() - worked)
        faults += faults_of(answer.status, answer.body, sent, helplines)
    if busiest > ANSWER_SECONDS:
        faults.append(f"a turn took {busiest:.1f} s of processor; the guard waits {ANSWER_SECONDS} s")
    await desk.close({"token": token})
    return Outcome(sent, tuple(faults), slowest, busiest)


def faults_of(status: int, body: dict[str, Any], sent: Case, helplines: HelpLines) -> list[str]:
    """Return what is wrong with one reply, in plain words.

    Args:
        status: the HTTP status that the page would get.
        body: its JSON.
        sent: the case that it answers.
        helplines: where the emergency number of the body's country stands.
    """
    faults = []
    texts = [message["text"] for message in body["messages"]]
    shown = "\n".join(texts)
    if not shown.strip() or not all(text.strip() for text in texts):
        faults.append("nothing was said, or a bubble is empty")
    if status == OK and not body["ok"]:
        faults.append("Rasa said nothing, and the guard answered")
    if status not in {OK, *REFUSALS}:
        faults.append(f"the status was {status}")
    if emergency_number_words(helplines.of(body["help"]["country"])) not in shown:
        faults.append("the emergency number was missing")
    whole = json.dumps(body, ensure_ascii=False)
    if sent.marker in whole:
        faults.append("the reply repeats what was written")
    echoed = sorted(part for part in set(MARKUP.findall(sent.text)) if part in whole)
    if echoed:
        faults.append(f"the reply holds markup of the message: {' '.join(echoed)}"[:SHOWN_CHARACTERS])
    return faults


def report(outcomes: Sequence[Outcome], seed: int, seconds: float) -> str:
    """Return what was sent, how many of it had a fault, and how long the slowest turn of each kind took."""
    wrong = sum(bool(outcome.faults) for outcome in outcomes)
    lines = [f"{len(outcomes)} cases of seed {seed} in {seconds:.0f} s: {wrong} with a fault."]
    for kind in GENERATORS:
        own = [outcome for outcome in outcomes if outcome.case.kind == kind]
        if own:
            busiest = max(own, key=lambda outcome: outcome.processor_seconds)
            worked, waited = busiest.processor_seconds * 1000, max(outcome.seconds for outcome in own) * 1000
            lines.append(
                f"  {kind:18} {len(own):5} cases; slowest turn: {worked:4.0f} ms of processor (index "
                f"{busiest.case.index}), {waited:4.0f} ms until answered"
            )
    return "\n".join(lines)


def told(outcome: Outcome, seed: int) -> str:
    """Return what is wrong with a case, its beginning, and the command that sends it again."""
    sent = outcome.case
    again = f"make fuzz SEED={seed} FIRST={sent.index} COUNT=1"
    return (
        f"{sent.kind} {sent.index}: {'; '.join(outcome.faults)}\n  {sent.text[:SHOWN_CHARACTERS]!r}\n  again: {again}"
    )


if __name__ == "__main__":
    sys.exit(main())
