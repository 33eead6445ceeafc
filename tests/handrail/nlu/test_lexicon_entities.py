"""What the lexicon knows becomes entities, and the text under the lexicon's names."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message

from handrail import paths
from handrail.nlu.lexicon_entities import CANONICAL_TEXT, LexiconEntities


def read(text: str | None, **data: object) -> Message:
    (message,) = LexiconEntities().process([Message(data={"text": text, **data})])
    return message


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("what is methadone", [("subject", "methadone")]),
        ("is suboxin safer than methadone", [("subject", "buprenorphine"), ("subject", "methadone")]),
        ("i live in australia", [("country", "AU")]),
        ("how do i talk to my mother about heroin", [("relationship", "mother"), ("subject", "heroin")]),
        ("how do i do this", []),
        ("\U0001f622", []),
    ],
)
def test_lexicon_entities_are_found(text: str, entities: list[tuple[str, str]]) -> None:
    assert [(entity["entity"], entity["value"]) for entity in read(text).get("entities", [])] == entities


def test_lexicon_entities_say_where_they_stand() -> None:
    text = "is Suboxin safe"
    (entity,) = read(text).get("entities")
    assert text[entity["start"] : entity["end"]] == "Suboxin"
    assert entity["kind"] == "medicine"
    assert entity["extractor"] == "LexiconEntities"


def test_lexicon_entities_give_the_text_its_usual_names() -> None:
    assert read("is suboxin safe").get(CANONICAL_TEXT) == "is buprenorphine safe"
    assert read("how do i do this").get(CANONICAL_TEXT) == "how do i do this"


def test_lexicon_entities_leave_the_text_itself_alone() -> None:
    assert read("is suboxin safe").get("text") == "is suboxin safe"


def test_lexicon_entities_stand_beside_those_found_before() -> None:
    before = [{"entity": "topic", "value": "drugs/heroin"}]
    assert [entity["entity"] for entity in read("what is heroin", entities=before).get("entities")] == [
        "topic",
        "subject",
    ]


@pytest.mark.parametrize("text", [None, ""])
def test_lexicon_entities_pass_over_a_message_without_text(text: str | None) -> None:
    assert read(text).get("entities") is None


def test_lexicon_entities_ask_for_a_new_training_when_the_lexicon_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "LEXICON", tmp_path)
    (tmp_path / "a.yml").write_text("kind: substance\n")
    first = LexiconEntities.fingerprint_addon({})
    assert LexiconEntities.fingerprint_addon({}) == first
    (tmp_path / "a.yml").write_text("kind: medicine\n")
    assert LexiconEntities.fingerprint_addon({}) != first
