"""Puts an intent in front of all others that a message may have."""

from __future__ import annotations

from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

from handrail.intents import RANKING


def put_first(message: Message, intent: str) -> None:
    """Make `intent` the message's own, beyond doubt, and the first of its ranking, where it stands once."""
    first = {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: 1.0}
    rest = [entry for entry in message.get(RANKING, []) if entry[INTENT_NAME_KEY] != intent]
    message.set(INTENT, first, add_to_output=True)
    message.set(RANKING, [first, *rest], add_to_output=True)
