"""The words that phone networks keep for themselves: who sends one alone stops or starts getting messages.

Twilio acts on them before the bot sees them (twilio.com/docs/messaging/tutorials/advanced-opt-out). In this field some
of them mean something else: who texts "quit" may want to quit drinking. docs/channels.md says how to set Twilio up.
"""

from __future__ import annotations

from handrail.content.channel_words import Keywords
from handrail.helplines import CountryLines, short_help

STOP = frozenset({"stop", "stopall", "stop all", "unsubscribe", "end", "quit", "cancel", "revoke", "optout", "opt out"})
START = frozenset({"start", "unstop"})
"""Twilio takes YES too. Here that is left out: it answers the question whether someone is in danger."""
HELP = frozenset({"help", "info"})
RESERVED = STOP | START | HELP | {"yes"}
"""None of these may be something that the bot asks a person to send."""
URGENT_LINES = 2
"""Of the three lines of help: danger and crisis. All three do not fit into a message of two segments."""


def is_stop(text: str) -> bool:
    """Say whether `text` asks for no further messages, as the networks read it: one word, alone."""
    return _bare(text) in STOP


def is_start(text: str) -> bool:
    """Say whether `text` asks for messages again."""
    return _bare(text) in START


def operator_texts(words: Keywords, lines: CountryLines) -> dict[str, str]:
    """Return what Twilio should answer to STOP, HELP and START: the texts to paste, by the name of the keyword.

    Twilio's own texts carry no number to call, and after STOP the bot cannot send one.
    """
    urgent = "\n".join(short_help(lines).splitlines()[:URGENT_LINES])
    said = {"STOP": words.operator_stop, "HELP": words.operator_help, "START": words.operator_start}
    return {keyword: f"{text}\n{urgent}" for keyword, text in said.items()}


def _bare(text: str) -> str:
    return " ".join(text.casefold().strip(" \t\n.!'\"").split())
