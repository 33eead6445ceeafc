"""The map keeps what was used most recently, and no more than it may."""

from __future__ import annotations

from handrail.bounded import BoundedMap
from tests.handrail.channels.stand_ins import Clock


def a_map(*keys: str, limit: int = 3) -> BoundedMap[str, int]:
    entries: BoundedMap[str, int] = BoundedMap(limit)
    for number, key in enumerate(keys):
        entries[key] = number
    return entries


def kept(entries: BoundedMap[str, int]) -> set[str]:
    return {key for key in "abcdef" if entries.get(key) is not None}


def test_bounded_drops_the_entry_written_longest_ago() -> None:
    entries = a_map("a", "b", "c", "d")
    assert len(entries) == 3
    assert kept(entries) == {"b", "c", "d"}


def test_bounded_keeps_an_entry_that_was_read() -> None:
    entries = a_map("a", "b", "c")
    assert entries.get("a") == 0
    entries["d"] = 3
    assert kept(entries) == {"a", "c", "d"}


def test_bounded_keeps_an_entry_that_was_written_again() -> None:
    assert kept(a_map("a", "b", "c", "a", "d")) == {"a", "c", "d"}


def test_bounded_reading_what_is_not_there_changes_nothing() -> None:
    entries = a_map("a", "b", "c")
    assert entries.get("x") is None
    assert len(entries) == 3


def test_bounded_takes_an_entry_out_once() -> None:
    entries = a_map("a", "b")
    assert entries.pop("a") == 0
    assert entries.pop("a") is None
    assert kept(entries) == {"b"}


def test_bounded_lets_go_of_what_was_not_used_for_a_while() -> None:
    clock = Clock()
    entries: BoundedMap[str, int] = BoundedMap(3, seconds=60, clock=clock)
    entries["a"] = 1
    clock.now += 40
    entries["b"] = 2
    clock.now += 40
    assert kept(entries) == {"b"}
    clock.now += 40
    assert kept(entries) == {"b"}  # it was read in between
    clock.now += 61
    entries.forget_old()
    assert len(entries) == 0
