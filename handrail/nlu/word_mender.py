"""Rasa component that reads misspelt everyday words as the words that were meant."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail.everyday_words import EverydayWords
from handrail.knowledge import lexicon
from handrail.nlu.danger import is_certain
from handrail.nlu.features import text_of
from handrail.nlu.lexicon_entities import CANONICAL_TEXT
from handrail.nlu.message_parts import PARTS

FILE = "words.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class WordMender(GraphComponent):
    """Mends what the encoder and the classifiers read; the message itself, and what is kept of it, stays as written.

    The lexicon mends the names of drugs and the like. A slip in any other word ("hapened", "reaslity") turns the
    sentence into another one for the encoder, which takes unknown words apart. The words that may be meant are those
    of the training examples. Has to stand after `MessageParts` and before the encoder.
    """

    @staticmethod
    def required_packages() -> list[str]:
        """Return the packages that this component needs."""
        return ["spacy_lookups_data"]

    def __init__(self, model_storage: ModelStorage, resource: Resource, words: EverydayWords | None = None) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._words = words

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WordMender:
        """Create a component that knows no words yet."""
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which words the examples hold, and how often."""
        counts = EverydayWords.count(map(text_of, training_data.intent_examples))
        with self._model_storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(counts), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WordMender:
        """Load the words that were learned."""
        with model_storage.read_from(resource) as folder:
            counts = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls(model_storage, resource, EverydayWords(counts))

    def process(self, messages: list[Message]) -> list[Message]:
        """Mend the text under the lexicon's names, of each message and of its parts."""
        if self._words is None:
            return messages
        mended = partial(self._words.mended, is_right=lexicon().knows)
        for message in messages:
            if is_certain(message) or not text_of(message):
                continue
            message.set(CANONICAL_TEXT, mended(text_of(message)))
            if message.get(PARTS):
                parts = [replace(part, canonical=mended(part.canonical)) for part in message.get(PARTS)]
                message.set(PARTS, parts)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples as they are: the slips in them are there to be learned from."""
        return training_data
