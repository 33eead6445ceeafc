"""A database forgets as the memory does: the tables are read afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import AwaitableTrackerStore, FailSafeTrackerStore, InMemoryTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker

from handrail import rasa_mends
from handrail.settings import settings
from handrail.sql_store import ForgettingSQLTrackerStore
from handrail.stores import FORGET_INTENT, KeepsNothing, erase, forget_old
from handrail.tools.processes import HOST, free_port
from tests.handrail.test_stores import DOMAIN, a_tracker, one_turn

MARKER = "zebra-parade"
MINUTES = 30
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
USER = "postgres"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[int]:
    """A PostgreSQL server of the test's own; returns its port."""
    if not BINARIES:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    port = free_port()
    # PostgreSQL refuses to run as root, and a folder below pytest's own is closed to anybody else.
    as_somebody = ["setpriv", f"--reuid={USER}", "--clear-groups"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if as_somebody:
            shutil.chown(folder, USER)

        def run(program: str, *arguments: str) -> None:
            command = [*as_somebody, str(BINARIES[-1] / program), "-D", str(folder / "data"), *arguments]
            subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

        run("initdb", "-A", "trust", "-U", USER)
        settings_of_server = f"-p {port} -k {folder} -h {HOST} -c fsync=off"
        run("pg_ctl", "-o", settings_of_server, "-l", str(folder / "log"), "-w", "start")
        yield port
        run("pg_ctl", "-m", "immediate", "stop")


class Clock:
    """Seconds since 1970, as events count them, and as many more as a test says."""

    def __init__(self) -> None:
        self.later = 0.0

    def __call__(self) -> float:
        return time.time() + self.later


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> Iterator[ForgettingSQLTrackerStore]:
    if request.param == "sqlite":
        yield ForgettingSQLTrackerStore(DOMAIN, dialect="sqlite", db=str(tmp_path / "chats.db"), clock=clock)
        return
    port = request.getfixturevalue("postgresql")
    made = ForgettingSQLTrackerStore(
        DOMAIN, dialect="postgresql", host=HOST, port=port, db=USER, username=USER, clock=clock
    )
    yield made
    made.Base.metadata.drop_all(made.engine)
    made.engine.dispose()


@pytest.fixture(autouse=True)
def idle_minutes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HANDRAIL_IDLE_MINUTES", str(MINUTES))
    settings.cache_clear()
    yield
    settings.cache_clear()


def rows(store: ForgettingSQLTrackerStore) -> list[tuple[str, str]]:
    """Return the conversation and the content of every row of every table."""
    found = []
    with store.engine.connect() as connection:
        for table in sa.inspect(store.engine).get_table_names():
            found += [
                (row["sender_id"], str(tuple(row))) for row in connection.execute(sa.text(f"select * from {table}"))
            ]
    return found


async def test_sql_store_gives_a_conversation_back(store: ForgettingSQLTrackerStore) -> None:
    tracker = DialogueStateTracker.from_events("a chat", one_turn("methadone"), slots=DOMAIN.slots)
    await store.save(tracker)
    again = await store.retrieve("a chat")
    assert again is not None
    assert [event.type_name for event in again.events] == [event.type_name for event in tracker.events]


async def test_sql_store_erases_every_event_of_one_conversation(store: ForgettingSQLTrackerStore) -> None:
    await store.save(a_tracker(*one_turn(MARKER), conversation="one"))
    await store.save(a_tracker(*one_turn("methadone"), conversation="two"))
    wrapped = FailSafeTrackerStore(AwaitableTrackerStore(store))
    assert erase(wrapped, "one") is True
    assert erase(wrapped, "one") is False
    assert {conversation for conversation, _ in rows(store)} == {"two"}
    assert not [row for _, row in rows(store) if MARKER in row]


async def test_sql_store_forgets_when_the_person_says_so(store: ForgettingSQLTrackerStore) -> None:
    await store.save(a_tracker(*one_turn(MARKER)))
    await store.save(a_tracker(*one_turn(MARKER), *one_turn("forget me", FORGET_INTENT)))
    assert rows(store) == []
    await store.save(a_tracker(*one_turn("methadone")))
    assert await store.retrieve("a chat") is not None


async def test_sql_store_purges_what_is_idle_for_too_long(store: ForgettingSQLTrackerStore, clock: Clock) -> None:
    await store.save(a_tracker(*one_turn(MARKER), conversation="one"))
    clock.later = MINUTES * 60 - 5
    forget_old(FailSafeTrackerStore(AwaitableTrackerStore(store)))
    assert rows(store)
    clock.later = MINUTES * 60 + 5
    forget_old(FailSafeTrackerStore(AwaitableTrackerStore(store)))
    assert rows(store) == []


async def test_sql_store_does_not_go_on_with_a_conversation_that_is_too_old(
    store: ForgettingSQLTrackerStore, clock: Clock
) -> None:
    await store.save(a_tracker(*one_turn(MARKER)))
    clock.later = MINUTES * 60 + 5
    assert await store.retrieve("a chat") is None
    assert rows(store) == []


async def test_sql_store_that_fails_leaves_nothing_in_memory(tmp_path: Path) -> None:
    rasa_mends.apply()

    class Broken(InMemoryTrackerStore):
        async def save(self, tracker: object) -> None:
            raise OSError(28, f"No space left on device: {MARKER}")

    wrapped = FailSafeTrackerStore(AwaitableTrackerStore(Broken(DOMAIN)))
    await wrapped.save(a_tracker(*one_turn(MARKER)))
    assert isinstance(wrapped.fallback_tracker_store, KeepsNothing)
    assert list(await wrapped.fallback_tracker_store.keys()) == []
