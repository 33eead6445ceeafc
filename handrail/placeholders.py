"""What the words in braces in the bot's sentences stand for, in one country."""

from __future__ import annotations

import re

from handrail.helplines import CountryLines, crisis_words, emergency_number_words, short_help
from handrail.settings import MINUTE, settings

BRACES = re.compile(r"\{\w+\}")
"""A placeholder as it stands in a response."""


def placeholders(lines: CountryLines) -> dict[str, str]:
    """Return the text for each placeholder that a response in `domain.yml` may name."""
    return {
        "emergency_number": emergency_number_words(lines),
        "crisis_words": crisis_words(lines),
        "help_line": short_help(lines),
        "idle_minutes": f"{settings().idle_seconds / MINUTE:.0f}",
    }
