"""Shows the topic behind a button."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import answerer, entities_of, remember, say


class ActionShowTopic(Action):
    """Says the topic that the person chose."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_show_topic"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say the topic; an id that is not known gets the fallback."""
        chosen = entities_of(tracker.latest_message, "topic")
        topic = answerer().catalogue.topics.get(chosen[0]) if chosen else None
        reply = answerer().show(topic) if topic else answerer().fallback()
        say(dispatcher, reply)
        return remember(reply)
