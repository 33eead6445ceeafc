"""The classifier ranks what it was trained on, says nothing on what it cannot read, and comes back as it was saved."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail.nlu.intent_classifier import TunedLogisticRegression
from handrail.nlu.message_parts import PARTS, MessagePart
from handrail.nlu.sentence_encoder import PART_VECTORS
from handrail.questions import Part

CONTEXT = SimpleNamespace(node_name="classifier")
RESOURCE = Resource("classifier")
PLACES = {"ask_signs": 0, "ask_what_is": 1, "greet": 2}
WORDS = ("look", "thing", "hello")
"""One word for each place: an example of an intent holds the word of its place."""


def a_message(
    vector: list[float] | None,
    text: str = "",
    intent: str | None = None,
    entities: list[dict[str, str]] | None = None,
) -> Message:
    message = Message(data={TEXT: text, **({"intent": intent} if intent else {}), "entities": entities or []})
    if vector is not None:
        message.add_features(
            Features(np.array([vector], dtype=np.float32), FEATURE_TYPE_SENTENCE, TEXT, "SentenceEncoder")
        )
    return message


def a_story(whole: list[float], *parts: tuple[str, list[float], bool]) -> Message:
    """Return a long message. Each part is its text, its vector, and whether it asks something."""
    text = " ".join(part for part, _, _ in parts)
    message = a_message(whole, text)
    found = []
    for part, _, asks in parts:
        start = text.index(part)
        found.append(MessagePart(Part(start, start + len(part), asks), part))
    message.set(PARTS, found)
    message.set(PART_VECTORS, np.array([vector for _, vector, _ in parts], dtype=np.float32))
    return message


def examples() -> list[Message]:
    """Return examples whose intent is the place of the one in the vector, and of the word in the text."""
    rows = np.eye(3).tolist()
    return [
        a_message([value + 0.01 * number for value in rows[place]], WORDS[place], intent)
        for intent, place in PLACES.items()
        for number in range(6)
    ]


def trained(folder: Path, data: list[Message], **config: Any) -> TunedLogisticRegression:
    folder.mkdir(exist_ok=True)
    classifier = TunedLogisticRegression.create(
        {**TunedLogisticRegression.get_default_config(), **config}, LocalModelStorage(folder), RESOURCE, CONTEXT
    )
    classifier.train(TrainingData(data))
    return classifier


@pytest.fixture
def classifier(tmp_path: Path) -> TunedLogisticRegression:
    return trained(tmp_path / "model", examples())


def ranking(classifier: TunedLogisticRegression, message: Message) -> list[dict[str, Any]]:
    (done,) = classifier.process([message])
    assert (done.get("intent_ranking") or [done.get("intent")])[0] == done.get("intent")
    return done.get("intent_ranking")


@pytest.mark.parametrize(("intent", "place"), PLACES.items())
def test_intent_classifier_finds_the_intent_that_it_was_trained_on(
    classifier: TunedLogisticRegression, intent: str, place: int
) -> None:
    row = np.eye(3)[place]
    (first, *rest) = ranking(classifier, a_message(row.tolist(), WORDS[place]))
    assert first["name"] == intent
    assert first["confidence"] > 0.5
    assert [entry["confidence"] for entry in rest] == sorted((e["confidence"] for e in rest), reverse=True)
    assert first["confidence"] + sum(entry["confidence"] for entry in rest) == pytest.approx(1)


def test_intent_classifier_hears_the_words_where_the_sense_is_open(classifier: TunedLogisticRegression) -> None:
    assert ranking(classifier, a_message([0.5, 0.5, 0.5], "A THING"))[0]["name"] == "ask_what_is"


def test_intent_classifier_reads_the_sense_of_a_message_that_only_the_lexicon_knows(
    classifier: TunedLogisticRegression,
) -> None:
    message = a_message([0, 1, 0], "methadone", entities=[{"entity": "subject", "value": "methadone"}])
    assert ranking(classifier, message)[0]["name"] == "ask_what_is"


def test_intent_classifier_says_nothing_on_words_that_it_never_saw(classifier: TunedLogisticRegression) -> None:
    message = a_message([0, 0, 1], "asdf jkl")
    assert ranking(classifier, message) == []
    assert message.get("intent")["name"] is None


@pytest.mark.parametrize("text", ["", "\U0001f622", "look"])
def test_intent_classifier_says_nothing_without_a_sentence_vector(
    classifier: TunedLogisticRegression, text: str
) -> None:
    message = a_message(None, text)
    assert ranking(classifier, message) == []
    assert message.get("intent") == {"name": None, "confidence": 0.0}


def test_intent_classifier_reads_each_message_on_its_own(classifier: TunedLogisticRegression) -> None:
    messages = [a_message([1, 0, 0], "look"), a_message(None), a_message([0, 0, 1], "hello")]
    assert [message.get("intent")["name"] for message in classifier.process(messages)] == ["ask_signs", None, "greet"]


def test_intent_classifier_ranks_no_more_than_it_is_told(tmp_path: Path) -> None:
    classifier = trained(tmp_path / "model", examples(), ranking_length=2)
    assert len(ranking(classifier, a_message([1, 0, 0], "look"))) == 2


def test_intent_classifier_passes_over_examples_that_it_cannot_use(tmp_path: Path) -> None:
    useless = [a_message(None, "thank you", "thank"), a_message([1, 0, 0], "look")]
    classifier = trained(tmp_path / "model", [*examples(), *useless])
    assert {entry["name"] for entry in ranking(classifier, a_message([1, 0, 0], "look"))} == set(PLACES)


def test_intent_classifier_trains_on_nothing_without_an_error(tmp_path: Path) -> None:
    trained(tmp_path / "model", [])


def test_intent_classifier_trains_the_same_each_time(tmp_path: Path) -> None:
    one, two = (trained(tmp_path / name, examples()) for name in ("one", "two"))
    message = a_message([0.4, 0.5, 0.1], "look thing")
    assert ranking(one, message) == ranking(two, message)


def test_intent_classifier_comes_back_as_it_was_saved(tmp_path: Path, classifier: TunedLogisticRegression) -> None:
    config = TunedLogisticRegression.get_default_config()
    again = TunedLogisticRegression.load(config, LocalModelStorage(tmp_path / "model"), RESOURCE, CONTEXT)
    message = a_message([0.4, 0.5, 0.1], "look thing")
    # What is remembered of the examples is kept with half the digits.
    for found, wanted in zip(ranking(again, message), ranking(classifier, message), strict=True):
        assert found["name"] == wanted["name"]
        assert found["confidence"] == pytest.approx(wanted["confidence"], abs=1e-3)


SIGNS, WHAT_IS, GREET, NOTHING = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.3, 0.3, 0.3]


def test_intent_classifier_hears_the_question_in_a_story(classifier: TunedLogisticRegression) -> None:
    story = a_story(NOTHING, ("My son is 19.", NOTHING, False), ("What is this thing?", WHAT_IS, True))
    assert ranking(classifier, story)[0]["name"] == "ask_what_is"
    assert story.get("text")[story.get("focus")["start"] : story.get("focus")["end"]] == "What is this thing?"
    assert story.get("also_asked") is None


def test_intent_classifier_takes_no_greeting_in_a_story_for_all_of_it(
    classifier: TunedLogisticRegression,
) -> None:
    story = a_story([0.3, 0.3, 0.4], ("hello", GREET, False), ("How does it look?", SIGNS, True))
    assert ranking(classifier, story)[0]["name"] == "ask_signs"


def test_intent_classifier_reports_the_second_question(classifier: TunedLogisticRegression) -> None:
    two = a_story([0.6, 0.5, 0.0], ("How does it look and", SIGNS, True), ("what is the thing", WHAT_IS, True))
    first = ranking(classifier, two)[0]["name"]
    assert {first, two.get("also_asked")["intent"]} == {"ask_signs", "ask_what_is"}
    assert two.get("also_asked")["start"] != two.get("focus")["start"]


def test_intent_classifier_reports_no_second_question_that_is_doubtful(tmp_path: Path) -> None:
    doubtful = trained(tmp_path / "model", examples(), second_question=1.01)
    two = a_story([0.6, 0.5, 0.0], ("How does it look and", SIGNS, True), ("what is the thing", WHAT_IS, True))
    ranking(doubtful, two)
    assert two.get("also_asked") is None


def test_intent_classifier_says_how_near_the_questions_of_the_field_are(classifier: TunedLogisticRegression) -> None:
    near, far = a_message([1, 0, 0], "look"), a_message([0, 0, 1], "hello")
    classifier.process([near, far])
    assert near.get("familiarity") > 0.9
    assert far.get("familiarity") < 0.1


def test_intent_classifier_listens_to_the_nearest_examples(tmp_path: Path) -> None:
    data = [*examples(), *(a_message([0.5, 0.5, 0.7], "odd", "ask_signs") for _ in range(3))]
    message = a_message([0.5, 0.5, 0.7], "odd thing")
    alone = trained(tmp_path / "one", data, memory_weight=0.0)
    beside = trained(tmp_path / "two", data, memory_weight=0.9)
    share = [
        {one["name"]: one["confidence"] for one in ranking(found, message)}["ask_signs"] for found in (alone, beside)
    ]
    assert share[1] > share[0]
