"""Rasa intent classifier: logistic regression on the sentence vector and the words of a message."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

FILE = "intent_classifier.npz"

Vector = NDArray[np.float32]
Weights = dict[str, NDArray[Any]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TunedLogisticRegression(GraphComponent, IntentClassifier):
    """Logistic regression on dense and sparse features that are brought to the same length.

    Rasa's own LogisticRegressionClassifier fixes C=1 and balanced classes, far too smooth for unit vectors, and
    takes the counts of `CountVectorsFeaturizer` as they are, which drown the vectors. Here the counts become
    tf-idf of length `sparse_weight`. The figures are in `docs/decisions/0001-understanding.md`.

    Scikit-learn does the fitting; what is kept are plain arrays, which hold no code and load at once.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Return the components that have to stand before this one."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Return the packages that this component needs."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the default configuration.

        `C` is the inverse of scikit-learn's smoothing, `sparse_weight` the length of the tf-idf part beside the
        sentence vector's 1, `max_iter` the rounds of fitting, `ranking_length` how many intents are reported.
        """
        return {"C": 20.0, "sparse_weight": 1.0, "max_iter": 30, "ranking_length": 15}

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, weights: Weights | None = None
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._weights = weights

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TunedLogisticRegression:
        """Create an untrained component."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every example that has an intent and a sentence vector."""
        examples = [one for one in training_data.intent_examples if one.get(INTENT) and _has_vector(one)]
        if examples:
            self._weights = self._fitted(examples)
            with self._model_storage.write_to(self._resource) as folder:
                np.savez_compressed(folder / FILE, **self._weights)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TunedLogisticRegression:
        """Load a trained component."""
        with model_storage.read_from(resource) as folder, np.load(folder / FILE, allow_pickle=False) as stored:
            return cls(config, model_storage, resource, dict(stored))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and its ranking; a message without a single known word gets no intent at all.

        Without this, emoji, digits and noise would fall into whatever intent lies nearest.
        """
        for message in messages:
            ranking = self._ranking(message, self._weights) if self._weights and _is_readable(message) else []
            best = ranking[0] if ranking else {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
            message.set(INTENT, best, add_to_output=True)
            message.set("intent_ranking", ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    def _fitted(self, examples: list[Message]) -> Weights:
        # Slow to import, and only training needs them.
        from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415
        from sklearn.feature_extraction.text import TfidfTransformer  # noqa: PLC0415
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

        counts = scipy.sparse.vstack([_counts(example) for example in examples])
        tfidf = TfidfTransformer(sublinear_tf=True).fit(counts)
        dense = scipy.sparse.csr_matrix(np.vstack([_vector(example) for example in examples]))
        features = scipy.sparse.hstack([dense, self._config["sparse_weight"] * tfidf.transform(counts)]).tocsr()
        fit = LogisticRegression(C=self._config["C"], max_iter=self._config["max_iter"])
        with warnings.catch_warnings():
            # Stopping early is meant: after 30 rounds the held-out figures no longer change.
            warnings.simplefilter("ignore", ConvergenceWarning)
            fit.fit(features, [example.get(INTENT) for example in examples])
        return {
            "intents": fit.classes_.astype(str),
            "dense": fit.coef_[:, : dense.shape[1]],
            "sparse": np.ascontiguousarray(fit.coef_[:, dense.shape[1] :].T) * self._config["sparse_weight"],
            "intercept": fit.intercept_,
            "idf": tfidf.idf_,
        }

    @staticmethod
    def _ranking(message: Message, weights: Weights) -> list[dict[str, Any]]:
        counts = _counts(message)
        tfidf = (1 + np.log(counts.data)) * weights["idf"][counts.indices]
        length = np.sqrt(tfidf @ tfidf) or 1.0
        by_sense = weights["dense"] @ _vector(message)
        by_words = (tfidf / length) @ weights["sparse"][counts.indices]
        scores = weights["intercept"] + by_sense + by_words
        likely = np.exp(scores - scores.max())
        probabilities = likely / likely.sum()
        return [
            {INTENT_NAME_KEY: str(weights["intents"][place]), PREDICTED_CONFIDENCE_KEY: float(probabilities[place])}
            for place in np.argsort(-probabilities)
        ]


def _is_readable(message: Message) -> bool:
    """Say whether the message holds letters, and a word of the training examples or a term of the lexicon."""
    return _has_vector(message) and (_counts(message).nnz > 0 or bool(message.get(ENTITIES)))


def _has_vector(message: Message) -> bool:
    return message.get_dense_features(attribute=TEXT)[1] is not None


def _vector(message: Message) -> Vector:
    vector: Vector = message.get_dense_features(attribute=TEXT)[1].features[0]
    return vector


def _counts(message: Message) -> scipy.sparse.csr_matrix:
    _, sentence = message.get_sparse_features(attribute=TEXT)
    return scipy.sparse.csr_matrix((1, 0)) if sentence is None else scipy.sparse.csr_matrix(sentence.features)
