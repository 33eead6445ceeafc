"""What a platform does not take at first is sent again; what it never takes is sent in another way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handrail.channels.outgoing import Part
from handrail.channels.sending import WAIT_AT_MOST, WAIT_SECONDS, Refused, Sender, TryAgain

BUTTON = {"title": "More", "payload": "/tell_more"}
WITH_BUTTON = Part("Methadone", (BUTTON,), ("Methadone", "1 More"))


class Platform:
    """Fails as it is told, then takes all."""

    def __init__(self, *failures: Exception) -> None:
        self.got: list[Part] = []
        self.tried = 0
        self._failures: Iterator[Exception] = iter(failures)

    async def __call__(self, part: Part) -> None:
        self.tried += 1
        failure = next(self._failures, None)
        if failure:
            raise failure
        self.got.append(part)


class Sleep:
    def __init__(self) -> None:
        self.waits: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture
def sleep() -> Sleep:
    return Sleep()


@pytest.fixture
def sender(sleep: Sleep) -> Sender:
    return Sender("test", sleep)


async def test_sending_keeps_the_order(sender: Sender) -> None:
    platform = Platform()
    assert await sender.send([Part("one"), Part("two")], platform)
    assert [part.text for part in platform.got] == ["one", "two"]


@pytest.mark.parametrize("failure", [TryAgain("500"), ConnectionError("secret"), TimeoutError()], ids=repr)
async def test_sending_tries_again_and_waits_longer_each_time(sender: Sender, sleep: Sleep, failure: Exception) -> None:
    platform = Platform(failure, failure)
    assert await sender.send([Part("one")], platform)
    assert len(platform.got) == 1
    assert tuple(sleep.waits) == WAIT_SECONDS[:2]


async def test_sending_keeps_the_pause_that_the_platform_wants(sender: Sender, sleep: Sleep) -> None:
    assert await sender.send([Part("one")], Platform(TryAgain("429", after=17)))
    assert sleep.waits == [17]


async def test_sending_gives_up_where_the_platform_shuts_the_bot_out(
    sender: Sender, sleep: Sleep, caplog: pytest.LogCaptureFixture
) -> None:
    platform = Platform(TryAgain("429", after=WAIT_AT_MOST + 1))
    assert not await sender.send([Part("one")], platform)
    assert sleep.waits == []
    assert "delivery.failed channel=test" in caplog.text


async def test_sending_goes_on_with_the_rest_when_one_part_fails(sender: Sender) -> None:
    platform = Platform(*[TryAgain("500")] * (len(WAIT_SECONDS) + 1))
    assert not await sender.send([Part("one"), Part("two")], platform)
    assert [part.text for part in platform.got] == ["two"]


@pytest.mark.parametrize(
    "failures", [[Refused("400")], [TryAgain("500")] * 4, [ConnectionError()]], ids=["refused", "fails", "unknown"]
)
async def test_sending_leaves_the_buttons_out_when_they_are_not_taken(
    sender: Sender, failures: list[Exception]
) -> None:
    platform = Platform(*failures)
    assert await sender.send([WITH_BUTTON], platform)
    assert platform.got == [Part("Methadone"), Part("1 More")]


async def test_sending_does_not_repeat_what_is_refused(sender: Sender, sleep: Sleep) -> None:
    platform = Platform(Refused("400"))
    assert not await sender.send([Part("one")], platform)
    assert platform.tried == 1
    assert sleep.waits == []


async def test_sending_stops_when_the_person_is_gone(sender: Sender) -> None:
    platform = Platform(Refused("403", gone=True))
    with pytest.raises(Refused):
        await sender.send([WITH_BUTTON, Part("two")], platform)
    assert platform.tried == 1


async def test_sending_logs_nothing_of_what_is_said(sender: Sender, caplog: pytest.LogCaptureFixture) -> None:
    await sender.send([Part("Methadone")], Platform(*[ConnectionError("to Ada: Methadone")] * 4))
    assert "delivery.attempt_failed channel=test reason=ConnectionError" in caplog.text
    assert "Methadone" not in caplog.text
