"""Last part of the pipeline: an emergency outranks whatever the classifier thought."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from handrail.intents import DANGER_SHARE, EMERGENCY_CHECK, EMERGENCY_PREFIX, FALLBACK, RANKING
from handrail.knowledge import emergency_screen
from handrail.nlu.danger import danger_in


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class EmergencyOverride(GraphComponent, IntentClassifier):
    """Two nets, in this order: the fixed patterns, then what was trained: kinds of emergency, and danger as such.

    It has to stand after `FallbackClassifier`, which would otherwise overwrite an emergency that the
    classifier was unsure of.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the default configuration.

        A trained kind of emergency brings its card from the probability `certain` on. The bot asks whether it is
        happening now where `DangerNet` gives at least `check`; where a pattern matches and is excused, as in "I would
        die without her", at least `check_excused`. All were chosen on held-out sentences (docs/decisions/0016, 0018).
        """
        return {"certain": 0.9, "check": 0.8, "check_excused": 0.93}

    def __init__(self, config: dict[str, Any]) -> None:
        self._certain: float = config["certain"]
        self._check: float = config["check"]
        self._check_excused: float = config["check_excused"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmergencyOverride:
        """Create the component and load the patterns.

        Raises:
            DocumentError: an emergency file has a fault.
        """
        emergency_screen()
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the emergency's intent on each message that needs it."""
        for message in messages:
            intent, confidence = self._emergency(message)
            if intent:
                first = {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: confidence}
                message.set(INTENT, first, add_to_output=True)
                message.set(RANKING, [first, *message.get(RANKING, [])], add_to_output=True)
            elif str((message.get(INTENT) or {}).get(INTENT_NAME_KEY)).startswith(EMERGENCY_PREFIX):
                _demote(message)
        return messages

    def _emergency(self, message: Message) -> tuple[str | None, float]:
        finding = danger_in(message)
        if finding and finding.level == "emergency":
            return EMERGENCY_PREFIX + finding.kind, 1.0
        trained = [
            (entry[PREDICTED_CONFIDENCE_KEY], entry[INTENT_NAME_KEY])
            for entry in message.get(RANKING, [])
            if str(entry[INTENT_NAME_KEY]).startswith(EMERGENCY_PREFIX)
        ]
        if trained and max(trained)[0] >= self._certain:
            return max(trained)[1], max(trained)[0]
        if finding:
            return EMERGENCY_CHECK, 1.0
        share: float = message.get(DANGER_SHARE) or 0.0
        return (EMERGENCY_CHECK, share) if self._has_to_ask(share, message) else (None, 0.0)

    def _has_to_ask(self, share: float, message: Message) -> bool:
        if not self._check <= share < self._check_excused:
            return share >= self._check_excused
        return not emergency_screen().is_excused(message.get(TEXT) or "")


def _demote(message: Message) -> None:
    """Take a weak emergency from the first place: a card that does not fit teaches people to overlook cards."""
    rest = [one for one in message.get(RANKING, []) if not str(one[INTENT_NAME_KEY]).startswith(EMERGENCY_PREFIX)]
    first = {INTENT_NAME_KEY: FALLBACK, PREDICTED_CONFIDENCE_KEY: 0.0}
    message.set(INTENT, first, add_to_output=True)
    message.set(RANKING, [first, *(one for one in rest if one[INTENT_NAME_KEY] != FALLBACK)], add_to_output=True)
