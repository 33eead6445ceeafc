"""The word mender changes what the encoder reads, and nothing else."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail.nlu.lexicon_entities import CANONICAL_TEXT
from handrail.nlu.message_parts import PARTS, MessagePart
from handrail.nlu.word_mender import WordMender
from handrail.questions import Part

CONTEXT = SimpleNamespace(node_name="words")
RESOURCE = Resource("words")
EXAMPLES = ("what happened to her", "it happened again", "nothing happened")


@pytest.fixture
def mender(tmp_path: Path) -> WordMender:
    storage = LocalModelStorage(tmp_path)
    examples = [Message(data={TEXT: text, "intent": "ask_relapse"}) for text in EXAMPLES]
    WordMender.create({}, storage, RESOURCE, CONTEXT).train(TrainingData(examples))
    return WordMender.load({}, storage, RESOURCE, CONTEXT)


def test_word_mender_mends_what_is_read_and_keeps_what_was_written(mender: WordMender) -> None:
    message = Message(data={TEXT: "it hapened", CANONICAL_TEXT: "it hapened"})
    mender.process([message])
    assert message.get(CANONICAL_TEXT) == "it happened"
    assert message.get(TEXT) == "it hapened"


def test_word_mender_mends_each_part_of_a_story(mender: WordMender) -> None:
    part = MessagePart(Part(0, 10, asks=False), "it hapened")
    message = Message(data={TEXT: "it hapened.", PARTS: [part]})
    mender.process([message])
    assert [one.canonical for one in message.get(PARTS)] == ["it happened"]
    assert message.get(PARTS)[0].place == part.place


def test_word_mender_leaves_names_of_drugs_alone(mender: WordMender) -> None:
    message = Message(data={TEXT: "percs", CANONICAL_TEXT: "percs"})
    mender.process([message])
    assert message.get(CANONICAL_TEXT) == "percs"


@pytest.mark.parametrize("text", ["", None, "he is blue and wont wake up hapened"])
def test_word_mender_has_nothing_to_do_with_no_words_or_a_certain_emergency(
    mender: WordMender, text: str | None
) -> None:
    message = Message(data={TEXT: text})
    mender.process([message])
    assert message.get(CANONICAL_TEXT) is None


def test_word_mender_that_learned_nothing_mends_nothing(tmp_path: Path) -> None:
    message = Message(data={TEXT: "it hapened", CANONICAL_TEXT: "it hapened"})
    WordMender.create({}, LocalModelStorage(tmp_path), RESOURCE, CONTEXT).process([message])
    assert message.get(CANONICAL_TEXT) == "it hapened"
