"""Goes on with the question that looked like an emergency and was not."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import SUBJECT, answerer, entities_of, intent_of, ranking_of, relationship_of, remember, say
from handrail.intents import EMERGENCY_CHECK, QUESTION_PREFIX

SURE = 0.15
"""The same share as FallbackClassifier's threshold in `config.yml`: from here on an answer is given outright."""


class ActionAnswerAfterCheck(Action):
    """Answers the message that led to "is this happening now?", once the person says that it is not."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_answer_after_check"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say the answer to the earlier message, or ask which topic is meant."""
        message = _checked_message(tracker)
        subjects = entities_of(message, SUBJECT)
        remembered, who = tracker.get_slot(SUBJECT), relationship_of(tracker)
        questions = [entry for entry in ranking_of(message) if entry[0].startswith(QUESTION_PREFIX)]
        if questions and questions[0][1] >= SURE:
            reply = answerer().answer(questions[0][0], subjects, remembered, who)
        else:
            reply = answerer().clarify(questions, subjects, remembered, who)
        say(dispatcher, reply)
        return remember(reply, subjects=subjects)


def _checked_message(tracker: Tracker) -> dict[str, Any]:
    """Return the message that led to the question, also when a "no" or another message came in between."""
    messages = [event["parse_data"] for event in tracker.events if event["event"] == "user"]
    earlier = reversed(messages[:-1])
    return next((message for message in earlier if intent_of(message) == EMERGENCY_CHECK), {})
