"""Tells more on the topic at hand."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import LAST_TOPIC, answerer, say


class ActionTellMore(Action):
    """Says the depth of the topic that was answered last."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_tell_more"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say more, or offer topics when there is nothing to say more about."""
        say(dispatcher, answerer().more(tracker.get_slot(LAST_TOPIC)))
        return []
