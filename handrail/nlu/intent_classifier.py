"""Rasa intent classifier: Rasa's own logistic regression with a strength that suits sentence vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TunedLogisticRegression(LogisticRegressionClassifier):
    """Logistic regression on the sentence vector alone.

    Rasa's class fixes C=1 and balanced classes. On unit vectors that is far too smooth: with 60 kinds of
    question C=10 gave 96.1 % against 86.9 % (see `docs/decisions`). `C` is set in `config.yml`.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the default configuration."""
        return {**LogisticRegressionClassifier.get_default_config(), "C": 10.0, "max_iter": 1000}

    def __init__(self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, name, model_storage, resource)
        self.clf = LogisticRegression(
            C=self.config["C"],
            max_iter=self.config["max_iter"],
            tol=self.config["tol"],
            solver=self.config["solver"],
            random_state=self.config["random_state"],
        )

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the classifier on every example that has an intent and a sentence vector."""
        examples = [
            example for example in training_data.intent_examples if example.get(INTENT) and _vector(example) is not None
        ]
        if examples:
            self.clf.fit(
                np.vstack([_vector(example) for example in examples]),
                [example.get(INTENT) for example in examples],
            )
            self.persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and its ranking; a message without features gets no intent at all.

        Without this, text of emoji or digits alone would fall into the most frequent intent.
        """
        for message in messages:
            vector = _vector(message)
            ranking = self._ranking(vector) if vector is not None else []
            best = ranking[0] if ranking else {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
            message.set(INTENT, best, add_to_output=True)
            message.set("intent_ranking", ranking[: self.config["ranking_length"]], add_to_output=True)
        return messages

    def _ranking(self, vector: np.ndarray) -> list[dict[str, Any]]:
        probabilities = self.clf.predict_proba(vector)[0]
        order = np.argsort(-probabilities)
        return [
            {INTENT_NAME_KEY: str(self.clf.classes_[k]), PREDICTED_CONFIDENCE_KEY: float(probabilities[k])}
            for k in order
        ]


def _vector(message: Message) -> np.ndarray | None:
    _, sentence = message.get_dense_features(attribute=TEXT)
    return None if sentence is None else sentence.features
