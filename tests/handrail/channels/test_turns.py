"""One turn at a time for each person, in order, dangers first."""

from __future__ import annotations

import asyncio

import pytest

from handrail.channels.turns import Turn, Turns


class Notes:
    """Turns that wait for a sign, and note when they run."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.go = asyncio.Event()

    def turn(self, name: str) -> Turn:
        async def turn() -> None:
            self.begun.append(name)
            await self.go.wait()

        return turn


async def test_turns_of_one_person_run_one_after_the_other_in_the_platforms_order() -> None:
    turns, notes = Turns("test"), Notes()
    for name, order in (("second", 2.0), ("fourth", 4.0), ("third", 3.0)):
        turns.add("ada", notes.turn(name), order=order)
    await asyncio.sleep(0)
    assert len(notes.begun) == 1
    notes.go.set()
    await turns.finish()
    assert notes.begun == ["second", "third", "fourth"]


async def test_turns_with_a_danger_go_before_all_that_wait() -> None:
    turns, notes = Turns("test"), Notes()
    turns.add("ada", notes.turn("first"), order=1)
    await asyncio.sleep(0)
    turns.add("ada", notes.turn("waits"), order=2)
    turns.add("ada", notes.turn("danger"), order=3, urgent=True)
    notes.go.set()
    await turns.finish()
    assert notes.begun == ["first", "danger", "waits"]


async def test_turns_of_two_people_run_beside_each_other() -> None:
    turns, notes = Turns("test"), Notes()
    turns.add("ada", notes.turn("ada"))
    turns.add("bea", notes.turn("bea"))
    await asyncio.sleep(0)
    assert notes.begun == ["ada", "bea"]
    notes.go.set()
    await turns.finish()


async def test_turns_go_on_after_one_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    turns, notes = Turns("test"), Notes()

    async def fails() -> None:
        raise RuntimeError("what somebody wrote")

    notes.go.set()
    turns.add("ada", fails)
    turns.add("ada", notes.turn("next"))
    await turns.finish()
    assert notes.begun == ["next"]
    assert "turn.failed channel=test error=RuntimeError" in caplog.text
    assert "somebody" not in caplog.text


async def test_turns_that_do_not_end_are_ended_when_the_server_stops(caplog: pytest.LogCaptureFixture) -> None:
    turns, notes = Turns("test"), Notes()
    turns.add("ada", notes.turn("for ever"))
    await turns.finish(0.01)
    assert "turns.cut_off channel=test conversations=1" in caplog.text


async def test_turns_keep_nothing_of_who_is_done() -> None:
    turns, notes = Turns("test"), Notes()
    notes.go.set()
    turns.add("ada", notes.turn("only"))
    await turns.finish()
    await asyncio.sleep(0)
    assert not turns._waiting
    assert not turns._workers
