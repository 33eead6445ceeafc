"""Help lines: the numbers of each country, checked, and the sentences that say them."""

from handrail.helplines.country import resolve_country
from handrail.helplines.finder import allowed_numbers, find_phone_numbers, stray_numbers
from handrail.helplines.freshness import expired, expiring
from handrail.helplines.lines import CountryLines, HelpLines
from handrail.helplines.rendering import (
    all_lines,
    crisis_words,
    emergency_number_words,
    line_words,
    short_help,
    widget_data,
)

__all__ = [
    "CountryLines",
    "HelpLines",
    "all_lines",
    "allowed_numbers",
    "crisis_words",
    "emergency_number_words",
    "expired",
    "expiring",
    "find_phone_numbers",
    "line_words",
    "resolve_country",
    "short_help",
    "stray_numbers",
    "widget_data",
]
