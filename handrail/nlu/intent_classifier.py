"""Rasa intent classifier: what a message asks, by its sense, its words, and the examples that lie nearest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail.intents import EMERGENCY_PREFIX, QUESTION_PREFIX, RANKING
from handrail.nlu.example_memory import ExampleMemory
from handrail.nlu.features import text_of, vector_of
from handrail.nlu.kind_axes import KindAxes
from handrail.nlu.message_parts import PARTS, MessagePart
from handrail.nlu.sentence_encoder import PART_VECTORS
from handrail.nlu.text_regression import TextRegression

FILE = "intent_classifier.npz"

FOCUS = "focus"
"""Where the question of a long message stands: {"start", "end"}, character offsets."""
ALSO_ASKED = "also_asked"
"""A second question of the message: {"intent", "confidence", "start", "end"}; left out when there is none."""

FAMILIARITY = "familiarity"
"""How near the message lies to questions of the field: about 0.4 for other subjects, 0.7 in the field."""
NOT_OF_THE_FIELD = frozenset({"ask_other_addictions", "ask_are_you_human", "ask_what_can_you_do", "ask_privacy"})
"""Questions that the bot answers and that are not about drugs or alcohol."""

Vector = NDArray[np.float32]


@dataclass(frozen=True)
class _Trained:
    regression: TextRegression
    # What the nearest examples ask is read along the axes that tell kinds of question apart; how familiar a message
    # is, along the encoder's own, where other subjects lie far off.
    kind_axes: KindAxes
    kinds: ExampleMemory
    memory: ExampleMemory

    @property
    def intents(self) -> NDArray[np.str_]:
        return self.regression.classes


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TunedLogisticRegression(GraphComponent, IntentClassifier):
    """Logistic regression on the sentence vector and the tf-idf of the words, each of length 1, beside the intents of
    the nearest examples.

    Rasa's own LogisticRegressionClassifier fixes C=1 and balanced classes, far too smooth for unit vectors, and
    takes the counts of `CountVectorsFeaturizer` as they are, which drown the vectors. The figures are in
    `docs/decisions/0001-understanding.md`.

    A long message is read as a whole and part by part; its questions count most. What is kept are plain arrays,
    which hold no code and load at once.
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
        """Return the default configuration.

        `C` is the inverse of the smoothing, `rounds` how often each example is learned from, `ranking_length` how many
        intents are reported. `memory_weight` (0 to 1) is what the nearest examples count against the regression.
        `parts_weight` (0 to 1) is what the parts of a long message count against the whole, and `statement_weight` what
        a part counts that asks nothing, against 1 for one that asks. `second_question` is the probability from which
        another question of the message is reported.
        """
        return {
            "C": 60.0,
            "rounds": 10,
            "ranking_length": 15,
            "memory_weight": 0.5,
            "parts_weight": 0.5,
            "statement_weight": 0.25,
            "second_question": 0.5,
        }

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, trained: _Trained | None = None
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._trained = trained

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
        encoded = [
            (one, vector)
            for one in training_data.intent_examples
            if one.get(INTENT) and (vector := vector_of(one)) is not None
        ]
        if encoded:
            self._trained = self._fitted(encoded)
            regression, memory, kinds = self._trained.regression, self._trained.memory, self._trained.kinds
            with self._model_storage.write_to(self._resource) as folder:
                np.savez_compressed(
                    folder / FILE,
                    **regression.arrays(),
                    axes=memory.axes,
                    # Half the digits are enough to tell near from far, and half the size.
                    places=memory.places.astype(np.float16),
                    kind_axes=self._trained.kind_axes.axes,
                    kind_centre=self._trained.kind_axes.centre,
                    kinds_axes=kinds.axes,
                    kinds_places=kinds.places.astype(np.float16),
                    example_intents=memory.intents,
                    in_field=memory.in_field,
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
    ) -> TunedLogisticRegression:
        """Load a trained component."""
        with model_storage.read_from(resource) as folder, np.load(folder / FILE, allow_pickle=False) as stored:
            trained = _Trained(
                TextRegression.from_arrays(stored),
                KindAxes(stored["kind_axes"], stored["kind_centre"]),
                *(
                    ExampleMemory(
                        stored[axes],
                        stored[places].astype(np.float32),
                        stored["example_intents"],
                        stored["in_field"],
                        len(stored["classes"]),
                    )
                    for axes, places in (("kinds_axes", "kinds_places"), ("axes", "places"))
                ),
            )
        return cls(config, model_storage, resource, trained)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and its ranking; a message without a single known word gets no intent at all.

        Without this, emoji, digits and noise would fall into whatever intent lies nearest.
        """
        for message in messages:
            ranking = self._ranking(message, self._trained) if self._trained else []
            best = ranking[0] if ranking else {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}
            message.set(INTENT, best, add_to_output=True)
            message.set(RANKING, ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    def _fitted(self, encoded: list[tuple[Message, Vector]]) -> _Trained:
        dense = np.vstack([vector for _, vector in encoded])
        intents = [example.get(INTENT) for example, _ in encoded]
        texts = [text_of(example) for example, _ in encoded]
        regression = TextRegression.fit(texts, dense, intents, C=self._config["C"], rounds=self._config["rounds"])
        numbers = np.searchsorted(regression.classes, intents)
        in_field = [is_in_field(intent) for intent in intents]
        kind_axes = KindAxes.fit(dense, numbers)
        kinds, memory = (
            ExampleMemory.of(vectors, numbers, in_field, len(regression.classes))
            for vectors in (kind_axes.places(dense), dense)
        )
        return _Trained(regression, kind_axes, kinds, memory)

    def _ranking(self, message: Message, trained: _Trained) -> list[dict[str, Any]]:
        vector, text = vector_of(message), text_of(message)
        if vector is None or not (trained.regression.words.knows(text) or message.get(ENTITIES)):
            return []
        shares, familiarity = self._read(trained, vector, text)
        message.set(FAMILIARITY, familiarity)
        if message.get(PARTS):
            shares = self._with_parts(message, trained, shares)
        return [
            {INTENT_NAME_KEY: str(trained.intents[place]), PREDICTED_CONFIDENCE_KEY: float(shares[place])}
            for place in np.argsort(-shares)
        ]

    def _read(self, trained: _Trained, vector: Vector, text: str) -> tuple[Vector, float]:
        """Return the share of each intent for one text, and how near it lies to questions of the field."""
        nearness = trained.kinds.nearness(trained.kind_axes.places(vector))
        weight = self._config["memory_weight"]
        by_regression = trained.regression.probabilities(text, vector)
        shares: Vector = (1 - weight) * by_regression + weight * trained.kinds.shares(nearness)
        return shares, trained.memory.familiarity(trained.memory.nearness(vector))

    def _with_parts(self, message: Message, trained: _Trained, whole: Vector) -> Vector:
        parts: Sequence[MessagePart] = message.get(PARTS)
        read: list[Vector] = []
        for part, vector in zip(parts, message.get(PART_VECTORS), strict=True):
            found, familiarity = self._read(trained, vector, part.canonical)
            read.append(found)
            if part.place.asks:
                # A story is unlike any example; its question is not.
                message.set(FAMILIARITY, max(message.get(FAMILIARITY), familiarity))
        shares = np.array(read)
        # Greetings and thanks in a story are no small talk, and what is out of place in it is not the whole of it.
        questions = np.char.startswith(trained.intents, QUESTION_PREFIX)
        emergencies = np.char.startswith(trained.intents, EMERGENCY_PREFIX)
        shares[:, ~(questions | emergencies)] = 0
        counts = np.array([1.0 if part.place.asks else self._config["statement_weight"] for part in parts])
        counts *= shares.max(axis=1)
        if not counts.sum():
            return whole
        mixed = (counts / counts.sum()) @ shares
        blended: Vector = (1 - self._config["parts_weight"]) * whole + self._config["parts_weight"] * mixed
        self._report_questions(message, trained.intents, np.where(questions, shares, 0), blended)
        blended /= blended.sum()
        return blended

    def _report_questions(self, message: Message, intents: NDArray[np.str_], shares: Vector, blended: Vector) -> None:
        """Say where the question stands that is answered, and which other one is asked."""
        first = int(np.argmax(blended))
        parts: Sequence[MessagePart] = message.get(PARTS)
        focus = parts[int(np.argmax(shares[:, first]))].place
        message.set(FOCUS, {"start": focus.start, "end": focus.end}, add_to_output=True)
        others = [
            (float(share.max()), str(intents[share.argmax()]), part.place)
            for share, part in zip(shares, parts, strict=True)
            if part.place.asks and share.argmax() != first and part.place != focus
        ]
        if not others:
            return
        confidence, intent, place = max(others, key=lambda other: other[0])
        if confidence >= self._config["second_question"]:
            second = {"intent": intent, "confidence": confidence, "start": place.start, "end": place.end}
            message.set(ALSO_ASKED, second, add_to_output=True)


def is_in_field(intent: str) -> bool:
    """Say whether an intent is a question about drugs, alcohol, and the people around them."""
    return intent.startswith(QUESTION_PREFIX) and intent not in NOT_OF_THE_FIELD
