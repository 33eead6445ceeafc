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
from handrail.knowledge import lexicon as shared_lexicon
from handrail.nlu.features import text_of, vector_of, vectors_of
from handrail.nlu.minilm import SHA256, training_encoder
from handrail.nlu.text_regression import TextRegression
from handrail.nlu.vector_cache import VectorCache
from handrail.nlu.word_weights import words_and_pairs_of
from handrail.typing_errors import with_typing_error

FILE = "danger_regression.npz"
CALM, DANGER = "calm", "danger"
SHORT, SLIP = 50, 7
"""A slip of the finger changes the sense of a short sentence most, so those up to so many characters are also learned
with one. The number makes it the same slip in each training, and another than those measured with."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class DangerRegression(GraphComponent, IntentClassifier):
    """One logistic regression of all `emergency_*` intents against all others. It sets no intent.

    The classifier has to spread its certainty over 150 kinds of question. For a danger that nobody foresaw it is sure
    of none. Here there are two classes, and pairs of words count beside the sense of the sentence: "is turning" and
    "turned last", "won't" and "would he", which tell what happens now from what happened, or may happen.
    The figures are in `docs/decisions/0007-training-examples-as-people-write.md`.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Return the components that have to stand before this one."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Return the packages that this component needs."""
        return ["scipy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the default configuration: `C`, the inverse of the smoothing, and `rounds`, how long the fit goes."""
        return {"C": 5.0, "rounds": 60}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        trained: TextRegression | None = None,
    ) -> None:
        self._config = config
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
    ) -> DangerRegression:
        """Create an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every example that has an intent and a sentence vector, and on the sentences of `data/danger/`.

        Without both classes nothing is learned.
        """
        examples = [one for one in training_data.intent_examples if one.get(INTENT) and vector_of(one) is not None]
        further = _further_examples()
        labels = [DANGER if one.get(INTENT).startswith(EMERGENCY_PREFIX) else CALM for one in examples]
        labels += [label for _, label, _ in further]
        if len(set(labels)) < 2:
            return self._resource
        texts = [*map(text_of, examples), *(text for text, _, _ in further)]
        vectors = np.vstack([*vectors_of(examples), *(vector for _, _, vector in further)])
        self._trained = TextRegression.fit(
            texts, vectors, labels, C=self._config["C"], rounds=self._config["rounds"], terms=words_and_pairs_of
        )
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
    ) -> DangerRegression:
        """Load a trained component; one that had nothing to learn from says nothing."""
        with model_storage.read_from(resource) as folder:
            if not (folder / FILE).exists():
                return cls(config, model_storage, resource)
            with np.load(folder / FILE, allow_pickle=False) as stored:
                trained = TextRegression.from_arrays(stored, words_and_pairs_of)
        return cls(config, model_storage, resource, trained)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `DANGER_SHARE` on each message that has a sentence vector."""
        for message in messages:
            vector = vector_of(message)
            if self._trained is not None and vector is not None:
                shares = self._trained.probabilities(text_of(message), vector)
                share = float(shares[list(self._trained.classes).index(DANGER)])
                message.set(DANGER_SHARE, share, add_to_output=True)
        return messages


def _further_examples() -> list[tuple[str, str, NDArray[np.float32]]]:
    """Return the sentences of `data/danger/` as the classifier would read them, each with its label and vector."""
    sentences, lexicon = DangerSentences.load(), shared_lexicon()
    written = [(text, DANGER) for text in sentences.now] + [(text, CALM) for text in sentences.not_now]
    labelled = [(lexicon.canonical(text, lexicon.find(text)), label) for text, label in written]
    short = [one for one, (text, _) in zip(labelled, written, strict=True) if len(text) <= SHORT]
    # The lexicon has mended by now what it can: what is slipped in here stands for what it could not.
    labelled += [(with_typing_error(text, SLIP), label) for text, label in short]
    cache = VectorCache(paths.CACHE / "danger-vectors.npz", SHA256)
    vectors = cache.encode([text for text, _ in labelled], lambda new: training_encoder().encode(new))
    return [(text, label, vector) for (text, label), vector in zip(labelled, vectors, strict=True)]
