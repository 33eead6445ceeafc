"""Rasa's own check of the data is silent when all is well, and hides no fault."""

from __future__ import annotations

import subprocess

import pytest

from handrail.tools import validate

NOISE = "lib/x.py:3: DeprecationWarning: pkg_resources is deprecated\n  import pkg_resources\n"
REMINDER = "io.py:100: UserWarning: The utterance 'utter_emergency_reminder' is not used in any story or rule.\n"
UNUSED = "io.py:100: UserWarning: The utterance 'utter_lost' is not used in any story or rule.\n"
CONFLICT = "io.py:100: UserWarning: Duplicate utter_x\n"


@pytest.mark.parametrize(
    ("ran", "expected", "on_screen"),
    [
        pytest.param((0, NOISE + REMINDER), 0, "nothing wrong", id="only noise"),
        pytest.param((0, NOISE + REMINDER + UNUSED), 1, "utter_lost", id="a response that nothing says"),
        pytest.param((0, CONFLICT), 1, "Duplicate utter_x", id="any other warning"),
        pytest.param((1, "YamlValidationException: line 3"), 1, "line 3", id="Rasa fails"),
        pytest.param((3, ""), 3, "", id="Rasa fails and says nothing"),
    ],
)
def test_validate_shows_what_matters(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ran: tuple[int, str],
    expected: int,
    on_screen: str,
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], *ran))
    assert validate.main() == expected
    shown = capsys.readouterr()
    assert on_screen in shown.out + shown.err
    assert "pkg_resources" not in shown.out + shown.err or expected
