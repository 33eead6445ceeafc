"""Finds numbers that nobody has checked for too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from handrail.documents import Location, Problem
from handrail.helplines.lines import CountryLines, HelpLines

WARN_AFTER = timedelta(days=183)
"""Half a year: hours and numbers of charities change about once a year."""
REFUSE_AFTER = timedelta(days=366)
"""A year: a number this old must not be shown until someone has checked it again."""


def expiring(helplines: HelpLines, today: date) -> list[Problem]:
    """Return a problem for each number last checked more than 6 months ago, or in the future."""
    return _checked_outside(helplines, today - WARN_AFTER, today)


def expired(helplines: HelpLines, today: date) -> list[Problem]:
    """Return those of `expiring` that must stop a release: more than 12 months old, or in the future."""
    return _checked_outside(helplines, today - REFUSE_AFTER, today)


def _checked_outside(helplines: HelpLines, earliest: date, latest: date) -> list[Problem]:
    return [
        lines.document.problem(place, f"this was last checked on {checked}", "check it on the owner's page")
        for lines in helplines.everything
        for place, checked in _checked(lines)
        if not earliest <= checked <= latest
    ]


def _checked(lines: CountryLines) -> Iterator[tuple[Location, date]]:
    if lines.emergency:
        yield ("emergency", "checked"), lines.emergency.checked
    for position, line in enumerate(lines.record.lines):
        yield ("lines", position, "checked"), line.checked
