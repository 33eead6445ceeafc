"""What every action needs: the question as the tracker holds it, and a way to say a reply."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from handrail.answers import Answerer, Reply

SUBJECT, COUNTRY, RELATIONSHIP = "subject", "country", "relationship"
LAST_INTENT, LAST_TOPIC = "last_intent", "last_topic"


@lru_cache(maxsize=1)
def answerer() -> Answerer:
    """Return the process's one answerer."""
    return Answerer.load()


def intent_of(message: dict[str, Any]) -> str:
    """Return the intent of a tracker's message, or an empty text."""
    return (message.get("intent") or {}).get("name") or ""


def ranking_of(message: dict[str, Any]) -> list[tuple[str, float]]:
    """Return (intent, probability) of a tracker's message, likeliest first."""
    return [(entry["name"] or "", entry["confidence"]) for entry in message.get("intent_ranking") or []]


def entities_of(message: dict[str, Any], entity: str) -> list[str]:
    """Return the values of one kind of entity in a tracker's message: those of its question first, then as named."""
    found = [one for one in message.get("entities") or [] if one["entity"] == entity]
    focus = message.get("focus")
    if focus:
        found.sort(key=lambda one: not _lies_in(one, focus))
    return [one["value"] for one in found]


def also_asked(message: dict[str, Any]) -> tuple[str, list[str]] | None:
    """Return the second question of a tracker's message, as its intent and its own subjects, or None."""
    second = message.get("also_asked")
    if not second:
        return None
    named = [one for one in message.get("entities") or [] if one["entity"] == SUBJECT]
    return second["intent"], [one["value"] for one in named if _lies_in(one, second)]


def _lies_in(entity: dict[str, Any], stretch: dict[str, Any]) -> bool:
    start, end = entity.get("start"), entity.get("end")
    return start is not None and end is not None and bool(stretch["start"] <= start and end <= stretch["end"])


def relationship_of(tracker: Tracker) -> str | None:
    """Return who the person asks about: in this message, or else as said before."""
    named = entities_of(tracker.latest_message, RELATIONSHIP)
    if named:
        return named[0]
    said = tracker.get_slot(RELATIONSHIP)
    if isinstance(said, list):
        said = said[0] if said else None
    return said if isinstance(said, str) else None


def say(dispatcher: CollectingDispatcher, reply: Reply) -> None:
    """Send a reply: words and buttons for every channel, its facts for those that can show them."""
    dispatcher.utter_message(
        text=reply.text,
        buttons=[{"title": choice.title, "payload": choice.payload} for choice in reply.choices],
        metadata=reply.metadata,
    )


def remember(reply: Reply, intent: str | None = None, subjects: list[str] | None = None) -> list[dict[str, Any]]:
    """Return the events that let the next message carry on from this reply."""
    if reply.topic is None:
        return []
    question = reply.topic.front.answers[0]
    subject = subjects[0] if subjects else question.subject
    events = [SlotSet(LAST_TOPIC, reply.topic.id), SlotSet(LAST_INTENT, intent or question.intent)]
    if subject:
        events.append(SlotSet(SUBJECT, subject))
    return events
