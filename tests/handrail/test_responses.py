"""The responses that are shown without Rasa: complete, filled in, and with buttons that work."""

from __future__ import annotations

from pathlib import Path

import pytest

from handrail import paths
from handrail.channels.guard import is_payload
from handrail.documents import DocumentError
from handrail.emergencies import Finding
from handrail.helplines import emergency_number_words
from handrail.knowledge import emergency_screen, helplines
from handrail.responses import Responses

HELPLINES, RESPONSES = helplines(), Responses.load()
KINDS = sorted(path.stem for path in paths.EMERGENCIES.glob("*.yml"))


@pytest.mark.parametrize("country", ["US", "GB", "AU", None])
@pytest.mark.parametrize("level", ["emergency", "check"])
@pytest.mark.parametrize("kind", KINDS)
def test_responses_have_a_card_for_every_emergency(kind: str, level: str, country: str | None) -> None:
    lines = HELPLINES.of(country)
    card = RESPONSES.card(Finding(kind=kind, level=level, pattern="any"), lines)
    assert emergency_number_words(lines) in card["text"]
    assert "{" not in card["text"]
    assert card["metadata"].get("emergency") == (kind if level == "emergency" else None)
    assert all(is_payload(button["payload"]) for button in card.get("buttons", []))


def test_responses_have_buttons_below_the_question_whether_it_is_happening_now() -> None:
    card = RESPONSES.card(Finding(kind=KINDS[0], level="check", pattern="any"), HELPLINES.international)
    assert card["buttons"]


def test_responses_know_every_kind_that_the_screen_knows() -> None:
    assert {file.record.kind for file in emergency_screen().files} == set(KINDS)


def test_responses_filling_one_in_leaves_the_next_untouched() -> None:
    message = RESPONSES.message("utter_welcome", HELPLINES.of("GB"))
    message["metadata"]["kind"] = "changed"
    message["buttons"].clear()
    again = RESPONSES.message("utter_welcome", HELPLINES.of("US"))
    assert again["metadata"]["kind"] == "dialogue"
    assert again["buttons"]
    assert emergency_number_words(HELPLINES.of("US")) in again["text"]


@pytest.mark.parametrize("text", ["", "intents: []\n", "responses:\n", "responses: {}\n", "- a list\n", "a: [\n"])
def test_responses_refuse_a_domain_without_any(tmp_path: Path, text: str) -> None:
    path = tmp_path / "domain.yml"
    path.write_text(text)
    with pytest.raises(DocumentError) as error:
        Responses.load(path)
    assert error.value.problems[0].path == path
