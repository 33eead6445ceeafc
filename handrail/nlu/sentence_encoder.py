"""Rasa featurizer that gives each message the vector of its sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail import paths
from handrail.nlu.danger import is_certain
from handrail.nlu.lexicon_entities import CANONICAL_TEXT
from handrail.nlu.message_parts import PARTS
from handrail.nlu.minilm import SHA256, shared_encoder, training_encoder
from handrail.nlu.vector_cache import VectorCache

PART_VECTORS = "part_vectors"
"""The vectors of a long message's parts: an array of (parts, 384)."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Encodes a message with MiniLM. A message without a single letter gets no features.

    What a message is about is encoded under the lexicon's names, so that slang and misspelt drug names look
    to the classifier like the words that it was trained on. Examples are encoded as they are written: under the
    lexicon's names they would be less varied, and 2 % fewer of the public questions were understood.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Return the components that have to stand before this one."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Return the packages that this component needs."""
        return ["safetensors", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the default configuration."""
        return dict(DenseFeaturizer.get_default_config())

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return the weights' checksum: other weights need a new training."""
        return SHA256

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Accept any configuration: there is nothing to set."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Create the component and load the encoder.

        Raises:
            WrongWeights: the encoder's weights are missing or changed.
        """
        shared_encoder()
        return cls(execution_context.node_name, config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add a vector of 384 numbers to each message that holds letters, and one for each of its parts.

        A certain emergency needs none: its card is there sooner, and also when the encoder fails.
        """
        open_ones = [message for message in messages if not is_certain(message)]
        self._add_vectors(open_ones, shared_encoder().encode)
        for message in open_ones:
            if message.get(PARTS):
                message.set(PART_VECTORS, shared_encoder().encode([part.canonical for part in message.get(PARTS)]))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add a sentence vector to each training example."""
        cache = VectorCache(paths.CACHE / "vectors.npz", SHA256)
        self._add_vectors(training_data.training_examples, lambda texts: cache.encode(texts, training_encoder().encode))
        return training_data

    def _add_vectors(self, messages: list[Message], encode: Callable[[list[str]], NDArray[np.float32]]) -> None:
        readable = [message for message in messages if is_readable(message)]
        vectors = encode([message.get(CANONICAL_TEXT) or message.get(TEXT) for message in readable])
        for message, vector in zip(readable, vectors, strict=True):
            message.add_features(
                Features(vector[np.newaxis], FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS])
            )


def is_readable(message: Message) -> bool:
    """Say whether a message holds a letter: without one there is nothing to encode."""
    return any(map(str.isalpha, message.get(TEXT) or ""))
