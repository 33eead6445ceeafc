"""A text for SMS keeps to the GSM alphabet where it can, and its segments are counted as the networks do."""

from __future__ import annotations

import pytest

from handrail.content.sms import in_gsm, segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("[" * 80, 1),
        ("[" * 81, 2),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_of_a_text(text: str, count: int) -> None:
    assert segments(text) == count


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Línea de la Vida", "Linea de la Vida"),
        ("“Don’t wait” – call…", '"Don\'t wait" - call...'),
        ("Hör auf, é à ñ", "Hör auf, é à ñ"),
        ("Привет 😀", "Привет 😀"),
    ],
)
def test_a_text_for_sms_is_written_plainly(text: str, plain: str) -> None:
    assert in_gsm(text) == plain
