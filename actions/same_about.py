"""Answers "and methadone?"."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import (
    LAST_INTENT,
    RELATIONSHIP,
    SUBJECT,
    answerer,
    entities_of,
    relationship_of,
    remember,
    say,
)
from handrail.answers import DEFAULT_QUESTION


class ActionSameAbout(Action):
    """Asks the last question again about the subject, or the person, that the latest message names."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_same_about"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say the answer, or ask for the subject."""
        intent = tracker.get_slot(LAST_INTENT) or DEFAULT_QUESTION
        subjects = entities_of(tracker.latest_message, SUBJECT)
        if not subjects and not entities_of(tracker.latest_message, RELATIONSHIP):
            say(dispatcher, answerer().which_subject())
            return []
        catalogue, lexicon = answerer().catalogue, answerer().lexicon
        if subjects and not any(catalogue.has_subject(intent, lexicon.ancestors(subject)) for subject in subjects):
            # Nothing of that kind on this subject in particular: say what it is rather than the same again.
            intent = DEFAULT_QUESTION
        reply = answerer().answer(intent, subjects, tracker.get_slot(SUBJECT), relationship_of(tracker))
        say(dispatcher, reply)
        return remember(reply, intent, subjects)
