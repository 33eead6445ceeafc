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
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail import paths
from handrail.emergencies.sentences import DangerSentences
from handrail.intents import DANGER_SHARE, EMERGENCY_PREFIX
from handrail.knowledge import lexicon as shared_lexicon
from handrail.nlu.lexicon_entities import CANONICAL_TEXT
from handrail.nlu.minilm import SHA256, training_encoder
from handrail.nlu.softmax_regression import SoftmaxRegression
from handrail.nlu.vector_cache import VectorCache
from handrail.nlu.word_weights import WordWeights, words_and_pairs_of
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
        trained: tuple[WordWeights, SoftmaxRegression] | None = None,
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
        examples = [one for one in training_data.intent_examples if one.get(INTENT) and _vector(one) is not None]
        further = _further_examples()
        labels = [DANGER if one.get(INTENT).startswith(EMERGENCY_PREFIX) else CALM for one in examples]
        labels += [label for _, label, _ in further]
        if len(set(labels)) < 2:
            return self._resource
        texts = [*map(_text, examples), *(text for text, _, _ in further)]
        words = WordWeights.fit(texts, terms=words_and_pairs_of)
        vectors = [one.get_dense_features(attribute=TEXT)[1].features for one in examples]
        dense = np.vstack([*vectors, *(vector for _, _, vector in further)])
        regression = SoftmaxRegression.fit(
            dense, words.matrix(texts), labels, self._config["C"], self._config["rounds"]
        )
        self._trained = words, regression
        with self._model_storage.write_to(self._resource) as folder:
            np.savez_compressed(
                folder / FILE,
                classes=regression.classes,
                dense=regression.dense,
                sparse=regression.sparse,
                intercept=regression.intercept,
                vocabulary=np.array(words.vocabulary, dtype=str),
                idf=words.idf,
            )
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
                trained = (
                    WordWeights(stored["vocabulary"].tolist(), stored["idf"], terms=words_and_pairs_of),
                    SoftmaxRegression(stored["classes"], stored["dense"], stored["sparse"], stored["intercept"]),
                )
        return cls(config, model_storage, resource, trained)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `DANGER_SHARE` on each message that has a sentence vector."""
        for message in messages:
            vector = _vector(message)
            if self._trained is not None and vector is not None:
                words, regression = self._trained
                shares = regression.probabilities(vector, *words.of(_text(message)))
                share = float(shares[list(regression.classes).index(DANGER)])
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


def _text(message: Message) -> str:
    text: str = message.get(CANONICAL_TEXT) or message.get(TEXT) or ""
    return text


def _vector(message: Message) -> NDArray[np.float32] | None:
    _, sentence = message.get_dense_features(attribute=TEXT)
    return None if sentence is None else sentence.features[0]
