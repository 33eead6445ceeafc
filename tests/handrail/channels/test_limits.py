"""An address that floods the bot is slowed down, and nobody else is."""

from __future__ import annotations

import pytest

from handrail.channels.limits import BURST, SECONDS_BETWEEN_LINES, AddressLimit, Tally
from tests.handrail.channels.stand_ins import Clock

PER_SECOND = 10.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limit(clock: Clock) -> AddressLimit:
    return AddressLimit(PER_SECOND, clock)


def allowed(limit: AddressLimit, address: str, times: int) -> int:
    return sum(limit.allows(address) for _ in range(times))


def test_limits_allow_a_burst_and_no_more(limit: AddressLimit) -> None:
    assert allowed(limit, "one", 500) == PER_SECOND * BURST


def test_limits_slow_down_no_other_address(limit: AddressLimit) -> None:
    allowed(limit, "one", 500)
    assert limit.allows("two")


def test_limits_allow_a_steady_rate(limit: AddressLimit, clock: Clock) -> None:
    allowed(limit, "one", 500)
    for _ in range(20):
        clock.now += 1
        assert allowed(limit, "one", 500) == PER_SECOND


def test_limits_allow_a_burst_again_after_a_quiet_time(limit: AddressLimit, clock: Clock) -> None:
    allowed(limit, "one", 500)
    clock.now += BURST + 1
    limit.forget_old()
    assert allowed(limit, "one", 500) == PER_SECOND * BURST


def test_limits_tell_of_a_flood_in_a_line_a_minute_and_leave_none_out(clock: Clock) -> None:
    tally = Tally(clock)
    told = []
    for _ in range(10 * int(SECONDS_BETWEEN_LINES)):
        told += [tally.add() for _ in range(500)]
        clock.now += 1
    lines = [count for count in told if count]
    assert lines[0] == 1
    assert len(lines) <= 10
    clock.now += SECONDS_BETWEEN_LINES
    assert sum(lines) + tally.due() == len(told)
    assert tally.due() == 0
