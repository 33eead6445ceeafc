"""Takes the talk back to its start."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import LAST_INTENT, LAST_TOPIC, RELATIONSHIP, SUBJECT


class ActionStartAgain(Action):
    """Forgets what the talk was about. The country stays: the help lines must go on being the right ones."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_start_again"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Empty the slots that carry the talk."""
        return [SlotSet(slot, None) for slot in (SUBJECT, RELATIONSHIP, LAST_INTENT, LAST_TOPIC)]
