"""Rasa component that tells what is not a question for this bot from what is."""

from __future__ import annotations

import math
import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from handrail.intents import FALLBACK, IN_DOUBT, OUT_OF_SCOPE, RANKING
from handrail.nlu.intent_classifier import FAMILIARITY, is_in_field
from handrail.nlu.ranking import put_first

SUBJECT = "subject"
HARMFUL = "ask_harmful"
"""Opens the name of each kind of request that is refused."""
REFERS_BACK = re.compile(r"\b(?:it|its|him|his|her|hers|them|they|their|he|she|he's|she's|hes|shes)\b", re.I)
"""Words that stand for what was said before: "what are its side effects", "how do I talk to him about it"."""
SHORT = 12
"""Words up to which such a message is taken to go on with the talk, and not to be about something else."""
CLEAR = 0.3
"""How likely the likeliest question has to be for that."""
LIKELY_HARMFUL = 0.4
"""When the kinds of harmful request are together this likely, the message is refused, not turned away: "I do not know
that" leaves the person without a warning. Measured in docs/decisions/0015."""
LEAST, MOST = 1e-4, 1 - 1e-4
"""Shares beyond these say no more than these."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class FieldGate(GraphComponent, IntentClassifier):
    """Turns away a message that names nothing of the field and lies far from every question of it.

    The classifier's confidence does not say so: among 140 kinds of question one is always the likeliest. Here two
    things count together: how near the nearest examples are, and how likely `out_of_scope` is. A message that names a
    drug, a medicine, a treatment or a group is never turned away, nor is a short one that goes on with what was said
    before, nor what is likely a request for harm. Has to stand after `FallbackClassifier`.

    People who need help often name nothing of the field: "does my insurance pay a second time". So what lies just
    beyond the bound is not turned away but gets the question what is meant; and so does what the classifier takes for
    another subject, when it does not lie far out.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the default configuration.

        How far out a message lies is logit(share of out_of_scope) - `familiarity_weight` x familiarity. Beyond `bound`
        it is not answered, but asked about; beyond `far`, which is not less, it is turned away. All were chosen on
        messages that were not learned from: see docs/decisions/0007, 0015 and 0016.
        """
        return {"familiarity_weight": 30.0, "bound": -18.5, "far": -14.5}

    def __init__(self, config: dict[str, Any]) -> None:
        self._weight: float = config["familiarity_weight"]
        self._bound: float = config["bound"]
        self._far: float = config["far"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FieldGate:
        """Create the component."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent `out_of_scope` on each message that is none of the field's, and mark those that may be."""
        for message in messages:
            distance = self._distance(message)
            if distance is None:
                continue
            if distance > self._far:
                put_first(message, OUT_OF_SCOPE)
            elif distance > self._bound or _intent_of(message) == OUT_OF_SCOPE:
                message.set(IN_DOUBT, True, add_to_output=True)
                put_first(message, FALLBACK)
        return messages

    def _distance(self, message: Message) -> float | None:
        """Return how far from the field a message lies; None when it is not for the gate to say."""
        intent = _intent_of(message)
        if message.get(FAMILIARITY) is None or not (is_in_field(intent) or intent in (FALLBACK, OUT_OF_SCOPE)):
            return None
        if any(entity["entity"] == SUBJECT for entity in message.get(ENTITIES) or []):
            return None
        if self._goes_on(message):
            return None
        shares = {entry[INTENT_NAME_KEY]: entry[PREDICTED_CONFIDENCE_KEY] for entry in message.get(RANKING, [])}
        if sum(share for kind, share in shares.items() if str(kind).startswith(HARMFUL)) >= LIKELY_HARMFUL:
            return None
        share = min(max(shares.get(OUT_OF_SCOPE, 0.0), LEAST), MOST)
        return math.log(share / (1 - share)) - self._weight * float(message.get(FAMILIARITY))

    @staticmethod
    def _goes_on(message: Message) -> bool:
        text = message.get(TEXT) or ""
        questions = [one for one in message.get(RANKING, []) if is_in_field(str(one[INTENT_NAME_KEY]))]
        return (
            len(text.split()) <= SHORT
            and bool(REFERS_BACK.search(text))
            and bool(questions)
            and questions[0][PREDICTED_CONFIDENCE_KEY] >= CLEAR
        )


def _intent_of(message: Message) -> str:
    return str((message.get(INTENT) or {}).get(INTENT_NAME_KEY) or "")
