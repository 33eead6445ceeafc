"""The operator's settings: none is needed, and one that cannot be used is refused at the start."""

from __future__ import annotations

import pytest

from handrail.settings import Settings


def test_settings_need_no_variable() -> None:
    chosen = Settings.from_environment({})
    assert chosen.country is None
    assert chosen.origins == frozenset()
    assert chosen.idle_seconds == 30 * 60


def test_settings_make_a_long_secret_anew_at_each_start() -> None:
    first, second = Settings.from_environment({}).secret, Settings.from_environment({"HANDRAIL_SECRET": ""}).secret
    assert len(first) >= 32
    assert first != second


def test_settings_keep_the_secret_that_was_set() -> None:
    assert Settings.from_environment({"HANDRAIL_SECRET": "håndrail"}).secret == "håndrail".encode()


@pytest.mark.parametrize("written", ["https://a.org https://b.org", "  https://b.org\n https://a.org  https://a.org"])
def test_settings_read_a_list_of_origins(written: str) -> None:
    chosen = Settings.from_environment({"HANDRAIL_ORIGINS": written})
    assert chosen.origins == {"https://a.org", "https://b.org"}


def test_settings_read_the_minutes() -> None:
    assert Settings.from_environment({"HANDRAIL_IDLE_MINUTES": "5"}).idle_seconds == 300


@pytest.mark.parametrize("minutes", ["0", "-5", "1.5", "half", "5 minutes", "²", "inf"])
def test_settings_refuse_minutes_that_are_no_whole_number(minutes: str) -> None:
    with pytest.raises(ValueError, match="HANDRAIL_IDLE_MINUTES"):
        Settings.from_environment({"HANDRAIL_IDLE_MINUTES": minutes})


def test_settings_keep_the_country() -> None:
    assert Settings.from_environment({"HANDRAIL_COUNTRY": "GB"}).country == "GB"


@pytest.mark.parametrize("country", ["USA", "England", "Narnia", "ZZ"])
def test_settings_refuse_a_country_that_is_none(country: str) -> None:
    """Otherwise an operator who writes "USA" would never learn that people see no numbers."""
    with pytest.raises(ValueError, match="HANDRAIL_COUNTRY"):
        Settings.from_environment({"HANDRAIL_COUNTRY": country})
