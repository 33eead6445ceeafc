"""Faults of Rasa that would leave a person waiting: Rasa's own code shows each, and ours does not."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from rasa.core.lock_store import InMemoryLockStore, LockStore
from rasa.nlu.utils.spacy_utils import SpacyNLP
from rasa.utils.endpoints import EndpointConfig, read_endpoint_config

from handrail import logs, paths, rasa_mends
from handrail.channels import guard

rasa_mends.apply()
RASAS_LOCK = LockStore.lock.__wrapped__
RASAS_SESSION = EndpointConfig.session.__wrapped__
RASAS_SECONDS = 1.0
PATIENCE = 20.0


async def test_rasa_mends_give_an_endpoint_up_after_its_time() -> None:
    endpoint = EndpointConfig("http://127.0.0.1/webhook", timeout_seconds=0.7)
    async with endpoint.session() as session, RASAS_SESSION(endpoint) as rasas:
        assert session.timeout.total == 0.7
        assert rasas.timeout.total == 300


async def test_rasa_mends_leave_other_endpoints_alone() -> None:
    endpoint = EndpointConfig("http://127.0.0.1/model")
    async with endpoint.session() as session, RASAS_SESSION(endpoint) as rasas:
        assert session.timeout == rasas.timeout


def test_rasa_mends_an_action_is_given_up_before_the_guard_answers_itself() -> None:
    actions = read_endpoint_config(str(paths.ROOT / "endpoints.yml"), "action_endpoint")
    assert actions is not None
    assert actions.kwargs[rasa_mends.TIMEOUT] + 0.5 <= guard.ANSWER_SECONDS < 2.0
    assert guard.EMERGENCY_SECONDS < guard.ANSWER_SECONDS


class Processor:
    """Stands in for Rasa's processor, whose reading of a message takes long and lets nothing else run."""

    http_interpreter = None

    async def read(self, reads: threading.Event, go_on: threading.Event) -> dict[str, str]:
        reads.set()
        assert go_on.wait(PATIENCE)
        return {"heard": "yes" if logs._hearing.get() else "no"}


async def test_rasa_mends_keep_the_server_answering_while_a_message_is_read() -> None:
    reads, go_on = threading.Event(), threading.Event()
    with logs.hearing():
        parsing = asyncio.ensure_future(rasa_mends._beside_the_server(Processor.read)(Processor(), reads, go_on))
    await asyncio.wait_for(asyncio.to_thread(reads.wait), PATIENCE)
    await asyncio.sleep(0)  # the server's loop runs
    go_on.set()
    assert await asyncio.wait_for(parsing, PATIENCE) == {"heard": "yes"}


async def test_rasa_mends_say_so_when_reading_a_message_waits() -> None:
    async def waits(_: object) -> dict[str, str]:
        await asyncio.sleep(0)
        return {}

    with pytest.raises(RuntimeError, match="waits"):
        await rasa_mends._beside_the_server(waits)(Processor())


@pytest.mark.parametrize("take", [pytest.param(LockStore.lock, id="ours"), pytest.param(RASAS_LOCK, id="rasas")])
async def test_rasa_mends_let_the_next_message_in_at_once(take: rasa_mends.Lock) -> None:
    locks, free = InMemoryLockStore(), asyncio.Event()

    async def first() -> None:
        async with take(locks, "a chat"):
            await free.wait()

    async def second() -> float:
        async with take(locks, "a chat"):
            return time.monotonic()

    holding = asyncio.ensure_future(first())
    await asyncio.sleep(0)
    waiting = asyncio.ensure_future(second())
    await asyncio.sleep(0)
    started = time.monotonic()
    free.set()
    await holding
    waited = await waiting - started
    assert waited < RASAS_SECONDS / 2 if take is LockStore.lock else waited >= RASAS_SECONDS / 2


def test_rasa_mends_let_spacy_forget_the_words_that_people_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    component = SpacyNLP(SpacyNLP.load_model(str(paths.SPACY_PIPELINE)), {})
    words = component.provide().model.vocab.strings
    monkeypatch.setattr(rasa_mends, "WORDS_AT_MOST", len(words) + 1)
    component.provide().model("zqone zqtwo zqthree")
    assert "zqone" in words
    assert "zqone" not in component.provide().model.vocab.strings
