"""Rasa component that takes a long message apart, so that the question in a story is heard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import SPACY_DOCS
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail.knowledge import lexicon
from handrail.nlu.lexicon_entities import MENTIONS
from handrail.questions import Part, parts_of

PARTS = "parts"

LONG_FROM = 25
"""Words from which a message counts as long: below, it is one thought and is read as a whole."""
MOST_PARTS = 16
"""Each part is encoded, which takes time. Of a longer story the beginning and the end are read part by part."""


@dataclass(frozen=True)
class MessagePart:
    """A sentence of a message, and its text under the lexicon's names."""

    place: Part
    canonical: str


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MessageParts(GraphComponent):
    """Finds the sentences of messages that are long or ask two things. Has to stand after `LexiconEntities`."""

    @staticmethod
    def required_packages() -> list[str]:
        """Return the packages that this component needs."""
        return ["spacy"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageParts:
        """Create the component."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Give each long message, and each that asks two things, its parts."""
        for message in messages:
            doc = message.get(SPACY_DOCS[TEXT])
            if doc is None:
                continue
            parts = parts_of(doc)
            if len(parts) > 1 and (len(doc) >= LONG_FROM or sum(part.asks for part in parts) > 1):
                message.set(PARTS, [_named(message, part) for part in _first_and_last(parts)])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training examples as they are: each is one thought, and is learned as a whole."""
        return training_data


def _named(message: Message, part: Part) -> MessagePart:
    text = message.get(TEXT)[part.start : part.end]
    inside = [
        replace(mention, start=mention.start - part.start, end=mention.end - part.start)
        for mention in message.get(MENTIONS) or []
        if part.start <= mention.start and mention.end <= part.end
    ]
    return MessagePart(part, lexicon().canonical(text, inside))


def _first_and_last(parts: list[Part]) -> list[Part]:
    half = MOST_PARTS // 2
    return parts if len(parts) <= MOST_PARTS else [*parts[:half], *parts[-half:]]
