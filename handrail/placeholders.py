"""What the words in braces in the bot's sentences stand for, in one country."""

from __future__ import annotations

import re

from handrail.helplines import CountryLines, crisis_words, emergency_number_words, line_words, short_help
from handrail.helplines.records import Kind
from handrail.settings import MINUTE, settings

BRACES = re.compile(r"\{\w+\}")
"""A placeholder as it stands in a response."""


def placeholders(lines: CountryLines) -> dict[str, str]:
    """Return the text for each placeholder that a response in `domain.yml` may name."""
    return {
        "emergency_number": emergency_number_words(lines),
        "crisis_words": crisis_words(lines),
        "violence_words": line_words(lines, Kind.VIOLENCE),
        "child_words": line_words(lines, Kind.CHILD_PROTECTION, Kind.YOUNG_PEOPLE),
        "help_line": short_help(lines),
        "idle_minutes": f"{settings().idle_seconds / MINUTE:.0f}",
    }
