"""Finds the subject, the country and the relationship that a message is about."""

from handrail.lexicon.matcher import Lexicon
from handrail.lexicon.mentions import Mention
from handrail.lexicon.records import Entry

__all__ = ["Entry", "Lexicon", "Mention"]
