"""What `rasa shell` prints of the answers that matter most. `tests/server/test_shell.py` runs it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from rasa.core.channels import console

from handrail.helplines import short_help
from tests.channels.test_conformance import COUNTRIES, all_responses, emergency_messages

SAFETY = [(f"{name} {country.country}", message) for name, country, message in emergency_messages()]


def printed(message: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> str:
    assert console._print_bot_output(deepcopy(message)) is None, "no menu: the help line follows"
    return capsys.readouterr().out


def test_shell_prints_every_emergency_text_whole_and_no_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(SAFETY) > 1_000
    for name, message in SAFETY:
        said = printed(message, capsys)
        assert message["text"] in said, name
        assert "{" not in said, name
        assert all(button["title"] in said for button in message["buttons"]), name


def test_shell_prints_the_help_lines_of_every_country(capsys: pytest.CaptureFixture[str]) -> None:
    for country in COUNTRIES:
        assert short_help(country) in printed({"text": short_help(country)}, capsys)


def test_shell_has_words_for_all_that_the_bot_says_and_nothing_that_only_a_page_can_show() -> None:
    for name, message in all_responses():
        assert message["text"].strip(), name
        assert set(message) <= {"text", "buttons", "metadata"}, name
