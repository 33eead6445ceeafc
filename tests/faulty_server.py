"""The Rasa server with faults that a test switches on and off while it runs: the name of one in a file.

python -m tests.faulty_server FAULT_FILE [what handrail.tools.serve takes]
"""

from __future__ import annotations

import asyncio
import errno
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FAULTS = (
    "nlu_raises",
    "nlu_hangs",
    "policy_raises",
    "responses_raise",
    "store_cannot_read",
    "store_cannot_write",
    "store_hangs",
    "disk_full",
    "lock_times_out",
    "cancelled",
)
BLOCKED_SECONDS = 1.5


def main() -> int:
    """Serve as `handrail.tools.serve` does, with the faults built in."""
    switch = Path(sys.argv[1])

    def on(fault: str) -> bool:
        return switch.read_text() == fault

    _build_in(on)
    from handrail.tools import serve

    return serve.main(sys.argv[2:])


def _build_in(on: Callable[[str], bool]) -> None:
    from rasa.core.lock_store import InMemoryLockStore, LockError
    from rasa.core.policies.rule_policy import RulePolicy

    from handrail.nlg import HelpLineNLG
    from handrail.nlu.lexicon_entities import LexiconEntities
    from handrail.stores import ForgettingTrackerStore

    def quoting(*given: Any) -> str:
        """An exception's text as libraries write it: with all that was handed over."""
        return " ".join(str(getattr(one, "data", one)) for one in given)

    process = LexiconEntities.process

    def faulty_process(self: LexiconEntities, messages: list[Any]) -> list[Any]:
        if on("nlu_raises"):
            raise RuntimeError(quoting(*messages))
        if on("nlu_hangs"):
            time.sleep(BLOCKED_SECONDS)
        return process(self, messages)

    LexiconEntities.process = faulty_process

    predict = RulePolicy.predict_action_probabilities

    def faulty_predict(self: RulePolicy, tracker: Any, *rest: Any, **keywords: Any) -> Any:
        if on("policy_raises"):
            raise RuntimeError(quoting(tracker.latest_message.text))
        return predict(self, tracker, *rest, **keywords)

    RulePolicy.predict_action_probabilities = faulty_predict

    generate = HelpLineNLG.generate

    async def faulty_generate(self: HelpLineNLG, utter_action: str, tracker: Any, *rest: Any, **keywords: Any) -> Any:
        if on("responses_raise"):
            raise KeyError(quoting(utter_action, tracker.latest_message.text))
        return await generate(self, utter_action, tracker, *rest, **keywords)

    HelpLineNLG.generate = faulty_generate

    retrieve, save = ForgettingTrackerStore.retrieve, ForgettingTrackerStore.save

    async def faulty_retrieve(self: ForgettingTrackerStore, sender_id: str) -> Any:
        if on("store_cannot_read"):
            raise ConnectionError("the database is gone")
        if on("store_hangs"):
            await asyncio.sleep(3600)
        return await retrieve(self, sender_id)

    async def faulty_save(self: ForgettingTrackerStore, tracker: Any) -> None:
        if on("store_cannot_write"):
            raise ConnectionError(quoting(tracker.latest_message.text))
        if on("disk_full"):
            raise OSError(errno.ENOSPC, quoting("No space left on device", tracker.latest_message.text))
        if on("cancelled"):
            raise asyncio.CancelledError
        await save(self, tracker)

    ForgettingTrackerStore.retrieve, ForgettingTrackerStore.save = faulty_retrieve, faulty_save

    get_lock = InMemoryLockStore.get_lock

    def faulty_get_lock(self: InMemoryLockStore, conversation_id: str) -> Any:
        if on("lock_times_out"):
            raise LockError(f"Could not acquire lock for conversation_id '{conversation_id}'.")
        return get_lock(self, conversation_id)

    InMemoryLockStore.get_lock = faulty_get_lock


if __name__ == "__main__":
    sys.exit(main())
