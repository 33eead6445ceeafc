"""Asks which topic is meant."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import SUBJECT, answerer, entities_of, ranking_of, relationship_of, say
from handrail.intents import IN_DOUBT


class ActionClarify(Action):
    """Offers the two or three likeliest topics when the question is not clear, in plain words."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_clarify"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say the choices, or that the question is outside of the field.

        What may be about something else is never answered outright.
        """
        message = tracker.latest_message
        subjects = entities_of(message, SUBJECT)
        ranking, who = ranking_of(message), relationship_of(tracker)
        if message.get(IN_DOUBT):
            say(dispatcher, answerer().ask_if_of_the_field(ranking, tracker.get_slot(SUBJECT), who))
        else:
            say(dispatcher, answerer().clarify(ranking, subjects, tracker.get_slot(SUBJECT), who))
        return []
