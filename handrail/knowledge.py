"""What the bot knows, read once a process: several parts need the same files, and reading them takes seconds."""

from __future__ import annotations

from functools import lru_cache

from handrail.content import ChannelWords, Words
from handrail.emergencies import EmergencyScreen
from handrail.harmful import HarmfulRequests
from handrail.helplines import HelpLines
from handrail.lexicon import Lexicon


@lru_cache(maxsize=1)
def emergency_screen() -> EmergencyScreen:
    """Return the screen; raises DocumentError when a file of `data/emergencies/` has a fault."""
    return EmergencyScreen.load()


@lru_cache(maxsize=1)
def harmful_requests() -> HarmfulRequests:
    """Return the wordings of what is refused; raises DocumentError when `data/harmful/patterns.yml` has a fault."""
    return HarmfulRequests.load()


@lru_cache(maxsize=1)
def helplines() -> HelpLines:
    """Return the help lines; raises DocumentError when a file of `data/content/helplines/` has a fault."""
    return HelpLines.load()


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the lexicon; raises DocumentError when a file of `data/lexicon/` has a fault."""
    return Lexicon.load()


@lru_cache(maxsize=1)
def words() -> Words:
    """Return the fixed phrases; raises DocumentError when `data/content/words.yml` has a fault."""
    return Words.load()


@lru_cache(maxsize=1)
def channel_words() -> ChannelWords:
    """Return the phrases of messaging apps; raises DocumentError when `data/content/channels.yml` has a fault."""
    return ChannelWords.load()
