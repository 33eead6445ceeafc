"""Says what stands in `domain.yml`, with the help lines of the person's own country filled in.

It runs inside the Rasa server, so that a person sees the numbers when the action server does not answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from handrail import knowledge, rasa_mends, rasa_speed
from handrail.helplines import CountryLines, resolve_country
from handrail.placeholders import placeholders
from handrail.settings import settings

HELP_LINE = "utter_help_line"
ENDS_OF_TURN = frozenset({HELP_LINE, "utter_default"})
"""Responses that carry the help line; one of them ends every turn."""
WELCOME = "utter_welcome"
REMINDER = "utter_emergency_reminder"
"""What stands above each answer while an emergency is in mind."""
REMINDER_IN_METADATA = "reminder"
"""Carries the reminder's words, for channels that show it above the answer and not above the help line."""
FORGOTTEN_IN_METADATA = "forgotten"
"""Set on the answer to "forget me": whoever keeps anything of the chat has to drop it."""
OVERDOSE_CARD, OVERDOSE_STEP = "utter_emergency_overdose", "utter_overdose_step"
OVERDOSE_STEPS = 6
EMERGENCY_SLOT = "emergency"
NO_EMERGENCY = "nothing"
OF_EMERGENCIES = ("utter_emergency_", "utter_overdose_", "utter_next_", "utter_danger_over")
"""How the responses begin that speak of the emergency themselves: they need no reminder."""
COUNTRY_SLOT = "country"
COUNTRY_IN_METADATA = "country"
WELCOMED_IN_METADATA = "welcomed"
"""Set by a channel that has shown the welcome before the first message."""

rasa_speed.apply()
rasa_mends.apply()


class HelpLineNLG(TemplatedNaturalLanguageGenerator):
    """Renders responses. `endpoints.yml` names this class, and Rasa makes one a server."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        super().__init__(domain.responses if domain else {})
        self._helplines = knowledge.helplines()
        self._country_names = {entry.id: entry.name for entry in knowledge.lexicon() if entry.kind == "country"}
        self._words = knowledge.words()

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Return the response `utter_action` for this conversation, or None when the domain has no such response."""
        said = said_country(tracker)
        # What the person said wins, also when there are no lines for it: then no country's numbers show.
        lines = self._helplines.of(said or resolve_country(None, channel_country(tracker), settings().country))
        filled: dict[str, Any] | None = self.generate_from_slots(
            utter_action,
            {
                **tracker.current_slot_values(),
                "country_state": self._country_state(said, lines),
                "help_country": lines.country or "unknown",
                "step": str(_overdose_step(tracker)),
            },
            output_channel,
            **{**placeholders(lines), "country_name": self._country_name(said), **kwargs},
        )
        if filled is not None and utter_action in ENDS_OF_TURN:
            apology = self._apology(tracker) if utter_action == HELP_LINE else []
            filled["text"] = "\n\n".join([*apology, *self._introduction(tracker), filled["text"]])
        if filled is not None:
            filled["metadata"] = {**filled.get("metadata", {}), COUNTRY_IN_METADATA: lines.record.country}
            reminder = await self._reminder(utter_action, tracker, output_channel)
            if reminder:
                filled["text"] = f"{reminder}\n\n{filled['text']}"
                filled["metadata"][REMINDER_IN_METADATA] = reminder
        return filled

    async def _reminder(self, utter_action: str, tracker: DialogueStateTracker, output_channel: str) -> str | None:
        """Return what stands above the answer of this turn while an emergency is in mind, else None."""
        if utter_action not in ENDS_OF_TURN or tracker.get_slot(EMERGENCY_SLOT) in (None, NO_EMERGENCY):
            return None
        if any(action.startswith(OF_EMERGENCIES) for action in _said(tracker)):
            return None
        filled = await self.generate(REMINDER, tracker, output_channel)
        return filled["text"] if filled else None

    def _country_state(self, said: str | None, lines: CountryLines) -> str:
        if said is None:
            return "not_said"
        return "known" if lines.country else "no_lines"

    def _country_name(self, said: str | None) -> str:
        return self._country_names.get(said or "", self._words.your_country)

    def _apology(self, tracker: DialogueStateTracker) -> list[str]:
        """The help line comes last: when nothing came before it, an action could not answer."""
        return [] if any(isinstance(event, BotUttered) for event in _turn(tracker)) else [self._words.no_answer]

    def _introduction(self, tracker: DialogueStateTracker) -> list[str]:
        messages = [event for event in tracker.applied_events() if isinstance(event, UserUttered)]
        if len(messages) != 1 or (messages[0].metadata or {}).get(WELCOMED_IN_METADATA):
            return []
        return [] if WELCOME in _said(tracker) else [self._words.introduction]


def said_country(tracker: DialogueStateTracker) -> str | None:
    """Return the country that the person named last, as the lexicon's id, or None."""
    value = tracker.get_slot(COUNTRY_SLOT)
    if isinstance(value, list):
        value = value[-1] if value else None
    return value if isinstance(value, str) else None


def channel_country(tracker: DialogueStateTracker) -> str | None:
    """Return the country that the channel gave with the latest message, or None."""
    message = tracker.latest_message
    metadata: Mapping[str, Any] = (message.metadata or {}) if message else {}
    country = metadata.get(COUNTRY_IN_METADATA)
    return country if isinstance(country, str) else None


def _said(tracker: DialogueStateTracker) -> list[str]:
    """Return the names of the responses said since the latest message of the person."""
    return [_response(event) for event in _turn(tracker) if isinstance(event, BotUttered)]


def _response(event: BotUttered) -> str:
    name: str = (event.metadata or {}).get("utter_action") or ""
    return name


def _overdose_step(tracker: DialogueStateTracker) -> int:
    """Return which step comes next: one more than were said since the overdose card, and the last one for good."""
    said = 0
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            if _response(event) == OVERDOSE_CARD:
                break
            said += _response(event) == OVERDOSE_STEP
    return min(said + 1, OVERDOSE_STEPS)


def _turn(tracker: DialogueStateTracker) -> list[Any]:
    """Return the events since the latest message of the person."""
    turn: list[Any] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        turn.append(event)
    return turn
