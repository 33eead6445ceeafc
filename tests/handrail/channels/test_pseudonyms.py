"""A platform's ids become ones that say nothing."""

from __future__ import annotations

from handrail.channels.pseudonyms import CHARACTERS, Pseudonyms


def test_pseudonyms_are_the_same_each_time_and_differ_between_people() -> None:
    pseudonyms = Pseudonyms("telegram", b"secret")
    assert pseudonyms.of("12345") == pseudonyms.of("12345") != pseudonyms.of("12346")
    assert len(pseudonyms.of("12345")) == CHARACTERS


def test_pseudonyms_differ_between_channels_and_secrets() -> None:
    made = {Pseudonyms(channel, key).of("12345") for channel in ("telegram", "sms") for key in (b"one", b"two")}
    assert len(made) == 4


def test_pseudonyms_take_any_text() -> None:
    assert Pseudonyms("telegram", b"").of("\ud800é") != Pseudonyms("telegram", b"").of("é")
