"""What a model made of a message, and what the bot then says: the rules' part of a turn, without a server.

With it, thresholds can be tried and classifiers be compared without asking everything again. How far it agrees with
the real bot stands in the report.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from handrail.answers import DEFAULT_QUESTION, Answerer, Reply
from handrail.intents import (
    DANGER_SHARE,
    EMERGENCY_CHECK,
    EMERGENCY_PREFIX,
    FALLBACK,
    IN_DOUBT,
    OUT_OF_SCOPE,
    QUESTION_PREFIX,
    RANKING,
    SAME_ABOUT,
)
from handrail.lexicon import Mention

IN_PLACE = 1.001
"""Probabilities add up to 1 at the most; with an entry that the emergency part has put in front they come to more."""
SPOKEN = ("answer", "refusal", "dialogue")
"""The kinds of reply that say something on the matter."""


@dataclass(frozen=True)
class Understood:
    """What a model made of one message.

    Attributes:
        ranking: (intent, probability) of the classifier, likeliest first; empty when it could not read the message.
        subjects: what the message is about, as lexicon ids, those of its question first.
        relationship: who it is about, or None.
        also_asked: a second question of the message, as its intent and its own subjects, or None.
        emergency: the intent that the emergency part has set, or None.
        danger: how likely it is to the trained net that somebody is in danger now (0 to 1).
        in_doubt: whether it may be about something else, so that it is asked about, not answered.
    """

    ranking: tuple[tuple[str, float], ...]
    subjects: tuple[str, ...] = ()
    relationship: str | None = None
    also_asked: tuple[str, tuple[str, ...]] | None = None
    emergency: str | None = None
    danger: float = 0.0
    in_doubt: bool = False

    @cached_property
    def by_intent(self) -> Mapping[str, float]:
        """The probability of each intent of the ranking."""
        return dict(self.ranking)

    @property
    def likeliest(self) -> str:
        """The classifier's best intent, whatever the thresholds say; the fallback when there is none."""
        return self.ranking[0][0] if self.ranking else FALLBACK

    def without_emergency(self) -> Understood:
        """Return the same, as if there were no emergency part."""
        return replace(self, emergency=None)


@dataclass(frozen=True)
class Bars:
    """The configuration of `FallbackClassifier`, and a bar of our own.

    Attributes:
        threshold: below this probability of the best intent the bot asks back.
        ambiguity: and when the best two lie closer together than this.
        out_of_scope: from this probability of `out_of_scope` on, a message counts as that; None: when it is likeliest.
    """

    threshold: float
    ambiguity: float
    out_of_scope: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What the bot says: the kind of reply, its topic and areas, and the areas of all topics among its choices."""

    kind: str
    topic: str | None = None
    areas: frozenset[str] = frozenset()
    offered: frozenset[str] = frozenset()

    @classmethod
    def of_reply(cls, reply: Reply) -> Outcome:
        """Take what counts from a reply."""
        return cls.of_row(reply.metadata)

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Outcome:
        """Take what counts from a row of `ask`."""
        areas = (area for choice in row["choices"] for area in choice["areas"])
        return cls(row["kind"], row["topic"], frozenset(row["areas"]), frozenset(areas))

    def is_right(self, wanted: Collection[str]) -> bool:
        """Say whether something is said, and on one of the wanted areas."""
        return self.kind in SPOKEN and not self.areas.isdisjoint(wanted)

    def is_offered(self, wanted: Collection[str]) -> bool:
        """Say whether one of the choices, beside whatever is said, leads to one of the wanted areas."""
        return not self.offered.isdisjoint(wanted)

    def is_asked_about(self, wanted: Collection[str]) -> bool:
        """Say whether it is a clarifying question, and one of its choices leads to one of the wanted areas."""
        return self.kind == "clarify" and self.is_offered(wanted)


def of_parsed(parsed: Mapping[str, Any]) -> Understood:
    """Read what Rasa's pipeline gives for a message."""
    entries = [entry for entry in parsed.get(RANKING) or [] if entry["name"] != FALLBACK]
    emergency = None
    if entries and _was_put_in_front(entries):
        emergency, entries = entries[0]["name"], entries[1:]
    found = parsed.get("entities") or []
    focus, second = parsed.get("focus"), parsed.get("also_asked")
    subjects = [one for one in found if one["entity"] == "subject"]
    people = _values([one for one in found if one["entity"] == "relationship"], focus)
    return Understood(
        ranking=tuple((entry["name"], entry["confidence"]) for entry in entries),
        subjects=_values(subjects, focus),
        relationship=people[0] if people else None,
        also_asked=(second["intent"], _values([one for one in subjects if _lies_in(one, second)])) if second else None,
        emergency=emergency,
        danger=parsed.get(DANGER_SHARE) or 0.0,
        in_doubt=bool(parsed.get(IN_DOUBT)),
    )


def with_mentions(understood: Understood, mentions: Sequence[Mention]) -> Understood:
    """Add what the lexicon found to what a pipeline without a lexicon made of a message."""
    people = [mention.id for mention in mentions if mention.entity == "relationship"]
    subjects = tuple(mention.id for mention in mentions if mention.entity == "subject")
    return replace(understood, subjects=subjects, relationship=people[0] if people else None)


def decide(understood: Understood, bars: Bars) -> str:
    """Return the intent that the rules go by."""
    if understood.emergency:
        return understood.emergency
    if understood.in_doubt:
        return FALLBACK
    ranking = understood.ranking
    if bars.out_of_scope is not None:
        if understood.by_intent.get(OUT_OF_SCOPE, 0.0) >= bars.out_of_scope:
            return OUT_OF_SCOPE
        ranking = tuple(entry for entry in ranking if entry[0] != OUT_OF_SCOPE)
    if not ranking or ranking[0][1] < bars.threshold:
        return FALLBACK
    if len(ranking) > 1 and ranking[0][1] - ranking[1][1] < bars.ambiguity:
        return FALLBACK
    return ranking[0][0]


def outcome(answerer: Answerer, understood: Understood, bars: Bars) -> Outcome:
    """Return what the bot says to the first message of a talk."""
    intent = decide(understood, bars)
    if understood.in_doubt and intent == FALLBACK:
        reply = answerer.ask_if_of_the_field(understood.ranking, relationship=understood.relationship)
    elif intent == FALLBACK:
        reply = answerer.clarify(understood.ranking, understood.subjects, relationship=understood.relationship)
    elif intent.startswith(QUESTION_PREFIX):
        reply = answerer.answer(
            intent,
            understood.subjects,
            relationship=understood.relationship,
            also_asked=understood.also_asked,
            ranking=understood.ranking,
        )
    elif intent == SAME_ABOUT and (understood.subjects or understood.relationship):
        reply = answerer.answer(DEFAULT_QUESTION, understood.subjects, relationship=understood.relationship)
    elif intent == SAME_ABOUT:
        reply = answerer.which_subject()
    else:
        return Outcome(_kind_without_topic(intent))
    return Outcome.of_reply(reply)


def _kind_without_topic(intent: str) -> str:
    if intent == EMERGENCY_CHECK:
        return "check"
    if intent.startswith(EMERGENCY_PREFIX):
        return "emergency"
    return "fallback" if intent == OUT_OF_SCOPE else "dialogue"


def _was_put_in_front(entries: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether the first entry is the emergency part's own: it puts one before the classifier's."""
    first = str(entries[0]["name"])
    if not first.startswith(EMERGENCY_PREFIX):
        return False
    repeated = any(entry["name"] == first for entry in entries[1:])
    return repeated or len(entries) == 1 or sum(entry["confidence"] for entry in entries) > IN_PLACE


def _values(entities: Sequence[Mapping[str, Any]], focus: Mapping[str, Any] | None = None) -> tuple[str, ...]:
    """Return the entities' values, those within `focus` first."""
    ordered = sorted(entities, key=lambda one: focus is not None and not _lies_in(one, focus))
    return tuple(one["value"] for one in ordered)


def _lies_in(entity: Mapping[str, Any], stretch: Mapping[str, Any]) -> bool:
    return bool(stretch["start"] <= entity["start"] and entity["end"] <= stretch["end"])
