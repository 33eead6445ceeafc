"""Rasa component that sees to it that a request for harm is refused, whatever the classifier thought."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from handrail.knowledge import harmful_requests
from handrail.nlu.ranking import put_first

REFUSED_ALREADY = ("ask_harmful", "ask_dose", "ask_mixing", "ask_taper")
"""A message that the classifier takes for one of these gets a refusal that may fit better than the pattern's."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class HarmfulOverride(GraphComponent, IntentClassifier):
    """Sets the intent of a refusal where a fixed pattern finds one and the classifier does not.

    It has to stand after `FieldGate`, which would turn some of them away, and before `EmergencyOverride`: a danger to
    life outranks a refusal.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._requests = harmful_requests()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> HarmfulOverride:
        """Create the component and load the patterns.

        Raises:
            DocumentError: the file of patterns has a fault.
        """
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent on each message that asks for what is refused."""
        for message in messages:
            intent = str((message.get(INTENT) or {}).get(INTENT_NAME_KEY))
            kind = None if intent.startswith(REFUSED_ALREADY) else self._requests.kind_of(message.get(TEXT) or "")
            if kind:
                put_first(message, kind)
        return messages
