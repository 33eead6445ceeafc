"""Measures how plain a text is, and finds words that hurt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import textstat

GRADE_AT_MOST = 6.0
"""US school grade by Flesch-Kincaid. About 1 in 4 adults reads with difficulty; health texts are to be written for
grade 6 or below (AHRQ Health Literacy Universal Precautions Toolkit, tool 11)."""
EMERGENCY_GRADE_AT_MOST = 5.0
"""A card is read in panic."""

HURTING_WORDS = {
    r"addicts?|junkies?|druggies?|crackheads?|users?|abusers?": "say 'people who use drugs' or 'someone who uses'",
    r"alcoholics?(?! Anonymous)|a drunk|drunks|boozers?": "say 'someone who drinks heavily' or 'alcohol use disorder'",
    r"(?:drug|alcohol|substance|opioid) (?:abuse|misuse|habit)": "say 'use', or name the disorder",
    r"clean(?! (?:needle|cloth|water|kit|equipment|glove|syringe|dressing|skin|the wound|it|up)s?)|dirty": (
        "say 'not using', or 'tested negative' and 'tested positive'"
    ),
    r"enabl(?:e|es|er|ers|ing)|co-?dependen(?:t|cy)": "say 'support' or 'boundary', and what is meant",
    r"tough love|rock bottom|cold turkey|wagon": "say what is meant in plain words",
    r"commit(?:s|ted|ting)? suicide|successful suicide|failed attempt": "say 'died by suicide' or 'tried to die'",
    r"substitution|replacement therapy|medication.assisted treatment": "say 'medicine for opioid use disorder'",
    r"MAT": "say 'medicine for opioid use disorder'",
    r"addicted bab(?:y|ies)": "say 'baby exposed to opioids'",
}
"""Patterns of words that the bot never says, each with what it says instead (NIDA, 'Words Matter')."""
MENTIONED_NOT_USED = re.compile(r"[\"“][^\"”]*[\"”]")
"""Words in quotes are shown, not used: "avoid the word ..." has to name the word."""

SHORT_WORD = "drug"
NAMES = re.compile(
    r"\b(?:Alcoholics Anonymous|Narcotics Anonymous|Al-Anon|Nar-Anon|[A-Z]{2,}|[A-Z]\w+ (?:[A-Z]\w+ ?)+)\b"
)


def grade(text: str, names: Iterable[str] = ()) -> float:
    """Return the US school grade of `text` by Flesch-Kincaid.

    Args:
        text: sentences; a line of a list counts as a sentence.
        names: names of drugs, medicines and organisations. Each counts as one short word: a reader who needs
            the topic knows its name, however many syllables it has.
    """
    prose = NAMES.sub(SHORT_WORD, _names_pattern(tuple(sorted(names))).sub(SHORT_WORD, _sentences(text)))
    return float(textstat.flesch_kincaid_grade(prose)) if prose.strip() else 0.0


def hurting_words(text: str) -> list[tuple[str, str]]:
    """Return each word that hurts with what to say instead."""
    used = MENTIONED_NOT_USED.sub("", text)
    return [(found.group(), instead) for pattern, instead in _hurting() for found in pattern.finditer(used)]


def _sentences(text: str) -> str:
    lines = (re.sub(r"^(?:- |\d+\. )", "", line.strip()) for line in text.splitlines())
    return " ".join(line if line.endswith((".", "?", "!", ":")) else f"{line}." for line in lines if line)


@lru_cache(maxsize=4)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")(?:'s|s)?\b" if names else r"(?!)", re.I)


@lru_cache(maxsize=1)
def _hurting() -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(rf"\b(?:{pattern})\b", 0 if pattern.isupper() else re.I), instead)
        for pattern, instead in HURTING_WORDS.items()
    ]
