"""A sign-off is whole or not there, and holds for the words that were read."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from handrail.content.review import Review, mark_of

SIGNED: dict[str, Any] = {
    "written": "2026-11-22",
    "clinical_review": "signed_off",
    "reviewer": "Dr Ada Example",
    "reviewed": "2026-12-01",
    "signed_text": "0123456789ab",
}


def test_review_that_is_whole_is_taken() -> None:
    assert Review(**SIGNED).reviewer == "Dr Ada Example"
    assert Review(written="2026-11-22", clinical_review="pending").reviewer is None


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"reviewer": None}, id="nobody is named"),
        pytest.param({"reviewer": " "}, id="the name is blank"),
        pytest.param({"reviewed": None}, id="no day"),
        pytest.param({"signed_text": None}, id="no mark of the words"),
        pytest.param({"signed_text": "the words"}, id="the mark is none"),
        pytest.param({"reviewed": "2026-11-21"}, id="signed before it was written"),
        pytest.param({"clinical_review": "pending"}, id="pending, but with a name"),
        pytest.param({"clinical_review": "done"}, id="another word for it"),
    ],
)
def test_review_is_refused_when(fault: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Review(**{**SIGNED, **fault})


@pytest.mark.parametrize(
    "changed",
    [
        [{"text": "Call now. Stay with him."}],
        [{"text": "Call now. Stay with them."}, {"text": "One more."}],
        [{"text": "Call now. Stay with them.", "buttons": [{"title": "Go on"}]}],
    ],
)
def test_mark_changes_with_the_words(changed: Any) -> None:
    assert mark_of(changed) != mark_of([{"text": "Call now. Stay with them."}])


def test_mark_does_not_hang_on_the_layout() -> None:
    assert mark_of({"a": "Call now.\nStay  with them.\n", "b": ["x"]}) == mark_of(
        {"b": ["x"], "a": "Call now. Stay with them."}
    )
