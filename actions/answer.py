"""Answers a question."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import (
    SUBJECT,
    also_asked,
    answerer,
    entities_of,
    intent_of,
    ranking_of,
    relationship_of,
    remember,
    say,
)


class ActionAnswer(Action):
    """Says the topic that answers the latest question."""

    def __init__(self) -> None:
        # The server makes its actions when it starts: read the topics then, not while the first person waits.
        answerer()

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say the answer and remember what it was about."""
        message = tracker.latest_message
        intent, subjects = intent_of(message), entities_of(message, SUBJECT)
        reply = answerer().answer(
            intent,
            subjects,
            tracker.get_slot(SUBJECT),
            relationship_of(tracker),
            also_asked=also_asked(message),
            ranking=ranking_of(message),
        )
        say(dispatcher, reply)
        return remember(reply, intent, subjects)
