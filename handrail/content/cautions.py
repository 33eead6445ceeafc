"""Finds what must not stand in a text that the bot says: doses, markup, addresses, shouting, names of sellers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from handrail import paths
from handrail.documents import Record, read_yaml, validate

FORBIDDEN = (
    (
        re.compile(
            r"\b\d+(?:[.,]\d+)?\s?-?(?:mg|mcg|µg|ug|milligrams?|micrograms?|grams?|ml|millilit(?:er|re)s?)\b", re.I
        ),
        "is an amount of a drug",
        "take it out: no text names a dose",
    ),
    (
        re.compile(r"\*\*|__|`|\]\(|^\s*\||^\s*\d+\.\s|^\s*>\s", re.M),
        "is markup that people would see as it stands",
        "use plain words and lines that start with '- '",
    ),
    (
        re.compile(r"https?://\S+|\bwww\.\S+|\b(?!FindTreatment)[\w-]+\.(?:com|org|net|gov|info)\b", re.I),
        "is a web address",
        "name the page under 'sources', or the service in a help-line file",
    ),
    (re.compile(r"\S*!"), "shouts", "end the sentence with a full stop"),
)
"""Patterns that no text of a topic may match: (pattern, what is wrong, how to mend it). FindTreatment.gov is the name
of the public finder in the US."""

OPT_OUT_WORDS = frozenset(
    ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "start", "unstop", "help", "info"]
)
"""On SMS the carrier takes these words for its own and may cut the person off (Twilio, 'Advanced Opt-Out'; the CTIA
Messaging Principles name STOP, END, QUIT, CANCEL and UNSUBSCRIBE). Nothing that people are to choose may be one."""


class Never(Record):
    """Names and sites that are never shown or cited."""

    names: list[str]
    sites: list[str]

    @classmethod
    def load(cls, path: Path = paths.NEVER) -> Never:
        """Read the list.

        Raises:
            DocumentError: the file has a fault.
        """
        return validate(cls, read_yaml(path))

    def name_in(self, text: str) -> str | None:
        """Return the first listed name that stands in `text`, or None."""
        found = _any_of(tuple(self.names)).search(text)
        return found.group() if found else None

    def is_site(self, address: str) -> bool:
        """Say whether `address` lies on a listed site."""
        host = (urlsplit(address).hostname or "").removeprefix("www.")
        return any(host == site or host.endswith("." + site) for site in self.sites)


def cautions(text: str) -> Iterator[tuple[str, str]]:
    """Yield what must not stand in `text`, each with how to mend it."""
    for pattern, what, mend in FORBIDDEN:
        for found in pattern.finditer(text):
            yield f"'{found.group().strip()}' {what}", mend


def is_opt_out_word(label: str) -> bool:
    """Say whether a label that people choose or type is a word that carriers act on."""
    return label.strip(" .?!").lower() in OPT_OUT_WORDS


@lru_cache(maxsize=4)
def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(map(re.escape, names)) + r")\b", re.I)
