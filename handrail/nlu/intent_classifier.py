"""Rasa intent classifier: logistic regression on the sentence vector and the words and letters of a message."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import scipy.sparse
import skops.io
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

FILE = "intent_classifier.skops"
DATA_TYPES = ["scipy.sparse._csr.csr_matrix"]
"""Types that a trained file may hold beside those that skops trusts by itself. None of them can run code."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TunedLogisticRegression(LogisticRegressionClassifier):
    """Logistic regression on dense and sparse features that are brought to the same length.

    Rasa's own class fixes C=1 and balanced classes, far too smooth for unit vectors, and takes the counts of
    `CountVectorsFeaturizer` as they are, which drown the vectors. Here the counts become tf-idf of length
    `sparse_weight`. The figures are in `docs/decisions/0001-understanding.md`.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the default configuration: `C` as in scikit-learn, `sparse_weight` from 0, `max_iter` rounds."""
        return {**LogisticRegressionClassifier.get_default_config(), "C": 20.0, "max_iter": 40, "sparse_weight": 1.0}

    def __init__(self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, name, model_storage, resource)
        self.clf = LogisticRegression(
            C=self.config["C"],
            max_iter=self.config["max_iter"],
            tol=self.config["tol"],
            solver=self.config["solver"],
            random_state=self.config["random_state"],
        )
        self._tfidf = TfidfTransformer(sublinear_tf=True)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every example that has an intent and a sentence vector."""
        examples = [
            example for example in training_data.intent_examples if example.get(INTENT) and _vector(example) is not None
        ]
        if examples:
            self._tfidf.fit(scipy.sparse.vstack([_counts(example) for example in examples]))
            with warnings.catch_warnings():
                # Stopping early is meant: after 40 rounds the held-out figures no longer change.
                warnings.simplefilter("ignore", ConvergenceWarning)
                self.clf.fit(self._features(examples), [example.get(INTENT) for example in examples])
            self.persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and its ranking; a message without a single known word gets no intent at all.

        Without this, emoji, digits and noise would fall into whatever intent lies nearest.
        """
        for message in messages:
            ranking = self._ranking(message) if _is_readable(message) else []
            best = ranking[0] if ranking else {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
            message.set(INTENT, best, add_to_output=True)
            message.set("intent_ranking", ranking[: self.config["ranking_length"]], add_to_output=True)
        return messages

    def persist(self) -> None:
        """Write the fitted parts, in a format that holds no code."""
        with self._model_storage.write_to(self._resource) as folder:
            skops.io.dump({"classifier": self.clf, "tfidf": self._tfidf}, folder / FILE)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TunedLogisticRegression:
        """Load the fitted parts.

        Raises:
            skops.io.exceptions.UntrustedTypesFoundException: the file holds anything but those parts.
        """
        component = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            parts = skops.io.load(folder / FILE, trusted=DATA_TYPES)
        component.clf, component._tfidf = parts["classifier"], parts["tfidf"]
        return component

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        probabilities = self.clf.predict_proba(self._features([message]))[0]
        return [
            {INTENT_NAME_KEY: str(self.clf.classes_[place]), PREDICTED_CONFIDENCE_KEY: float(probabilities[place])}
            for place in np.argsort(-probabilities)
        ]

    def _features(self, messages: list[Message]) -> scipy.sparse.csr_matrix:
        dense = np.vstack([vector for vector in map(_vector, messages) if vector is not None])
        sparse = self._tfidf.transform(scipy.sparse.vstack([_counts(message) for message in messages]))
        return scipy.sparse.hstack([scipy.sparse.csr_matrix(dense), self.config["sparse_weight"] * sparse]).tocsr()


def _is_readable(message: Message) -> bool:
    """Say whether the message holds letters, and a word of the training examples or a term of the lexicon."""
    return _vector(message) is not None and (_counts(message).nnz > 0 or bool(message.get(ENTITIES)))


def _vector(message: Message) -> NDArray[np.float32] | None:
    _, sentence = message.get_dense_features(attribute=TEXT)
    return None if sentence is None else sentence.features


def _counts(message: Message) -> scipy.sparse.spmatrix:
    _, sentence = message.get_sparse_features(attribute=TEXT)
    return scipy.sparse.csr_matrix((1, 1)) if sentence is None else scipy.sparse.csr_matrix(sentence.features)
