"""A channel without its secrets does not start, and says what to set."""

from __future__ import annotations

import re

import pytest
from rasa.shared.exceptions import RasaException

from handrail.channels.credentials import PUBLIC, MissingSetting, Setting, read

TOKEN = Setting("SOME_TOKEN", "the token from the console", re.compile(r"\d+"))


def test_credentials_come_in_the_order_asked_for() -> None:
    environment = {"HANDRAIL_PUBLIC_URL": "https://bot.example.org/bot", "SOME_TOKEN": " 12 "}
    assert read("x", TOKEN, PUBLIC, environment=environment) == ["12", "https://bot.example.org/bot"]


@pytest.mark.parametrize("environment", [{}, {"SOME_TOKEN": ""}, {"SOME_TOKEN": " "}])
def test_credentials_that_are_missing_are_all_named(environment: dict[str, str]) -> None:
    with pytest.raises(MissingSetting) as refused:
        read("telegram", TOKEN, PUBLIC, environment=environment)
    said = str(refused.value)
    assert "The channel 'telegram' cannot start." in said
    assert "SOME_TOKEN is missing: set it to the token from the console." in said
    assert "HANDRAIL_PUBLIC_URL is missing" in said


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org",
        "example.org",
        "https://",
        "https://a.org/?x=1",
        "https://ada:pw@a.org",
        "https://a b",
        "https://a:b",
    ],
)
def test_credentials_that_cannot_be_right_are_refused_and_not_shown(address: str) -> None:
    with pytest.raises(MissingSetting, match="HANDRAIL_PUBLIC_URL cannot be right") as refused:
        read("x", PUBLIC, environment={"HANDRAIL_PUBLIC_URL": address})
    assert address not in str(refused.value).replace("https address", "")


def test_credentials_missing_is_an_error_that_rasa_prints_without_a_trace() -> None:
    assert issubclass(MissingSetting, RasaException)
