"""Rasa component that says how likely it is that somebody is in danger now, whatever the danger is."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail import paths
from handrail.emergencies.sentences import DangerSentences
from handrail.intents import DANGER_SHARE, EMERGENCY_PREFIX
from handrail.nlu.minilm import DIMENSIONS, SHA256, training_encoder
from handrail.nlu.sentence_encoder import INNER_VECTOR, PART_INNER_VECTORS
from handrail.nlu.small_net import SmallNet
from handrail.nlu.vector_cache import VectorCache

FILE = "danger_net.npz"
EVERY_ORDINARY = 3
"""Of the examples of ordinary questions one in so many is learned from: they outnumber the dangers by far, and a third
of them tell as much (`docs/decisions/0016-plain-words-and-long-ago.md`)."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerNet(GraphComponent, IntentClassifier):
    """A small net that tells all `emergency_*` intents from all others. It sets no intent.

    The classifier has to spread its certainty over 150 kinds of question. For a danger that nobody foresaw it is sure
    of none. Here there are two classes, and the net reads what the encoder's inner layers make of the message: they
    tell what happens now from what happened, or may happen, where the last layer tells what a sentence is about.
    The figures are in `docs/decisions/0014-danger-net.md`.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Return the components that have to stand before this one."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Return the packages that this component needs beside those that Rasa brings."""
        return []

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the default configuration.

        A part of a long message is read without what stands around it, so it has to be surer by `part_margin` than a
        whole message to count as much. Chosen on held-out messages.
        """
        return {"part_margin": 0.12}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, trained: SmallNet | None = None
    ) -> None:
        self._part_margin: float = config["part_margin"]
        self._model_storage = model_storage
        self._resource = resource
        self._trained = trained

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return a checksum of the sentences: changed ones need a new training."""
        return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(paths.DANGER.glob("*.yml")))).hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerNet:
        """Create an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the emergencies among the examples, on a part of the others, and on the sentences of `data/danger/`.

        Without both classes nothing is learned.
        """
        examples = [
            (one.get(INNER_VECTOR), one.get(INTENT).startswith(EMERGENCY_PREFIX))
            for one in training_data.intent_examples
            if one.get(INTENT) and one.get(INNER_VECTOR) is not None
        ]
        dangers = [example for example in examples if example[1]]
        ordinary = [example for example in examples if not example[1]]
        learned = dangers + ordinary[::EVERY_ORDINARY] + _further_examples()
        labels = np.array([is_danger for _, is_danger in learned], dtype=bool)
        if len(set(labels)) < 2:
            return self._resource
        self._trained = SmallNet.fit(np.array([vector for vector, _ in learned]), labels)
        with self._model_storage.write_to(self._resource) as folder:
            np.savez_compressed(folder / FILE, **self._trained.arrays())
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DangerNet:
        """Load a trained component; one that had nothing to learn from says nothing."""
        with model_storage.read_from(resource) as folder:
            if not (folder / FILE).exists():
                return cls(config, model_storage, resource)
            with np.load(folder / FILE, allow_pickle=False) as stored:
                return cls(config, model_storage, resource, SmallNet.from_arrays(stored))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `DANGER_SHARE` on each message that was encoded: the danger may stand in one part of a long story."""
        for message in messages:
            vector, parts = message.get(INNER_VECTOR), message.get(PART_INNER_VECTORS)
            if self._trained is None or vector is None:
                continue
            in_parts = max(map(self._trained.probability, parts if parts is not None else ()), default=0.0)
            share = max(self._trained.probability(vector), in_parts - self._part_margin)
            message.set(DANGER_SHARE, share, add_to_output=True)
        return messages


def _further_examples() -> list[tuple[NDArray[np.float32], bool]]:
    """Return what the inner layers make of each sentence of `data/danger/`, and whether it tells of a danger."""
    sentences = DangerSentences.load()
    labelled = [(text, True) for text in sentences.now] + [(text, False) for text in sentences.not_now]
    cache = VectorCache(paths.CACHE / "danger-vectors.npz", SHA256)
    vectors = cache.encode([text for text, _ in labelled], lambda new: training_encoder().encode_deep(new))
    return [(vector[DIMENSIONS:], is_danger) for vector, (_, is_danger) in zip(vectors, labelled, strict=True)]
