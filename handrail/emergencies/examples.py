"""Runs the sentences that each emergency file must, and must not, find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handrail.documents import Location, Problem
from handrail.emergencies.records import Level
from handrail.emergencies.screen import EmergencyScreen, Finding, KindFile


@dataclass(frozen=True)
class Example:
    """One sentence of an emergency file.

    Attributes:
        file: the file it stands in.
        location: where in the file.
        text: the sentence.
        level: the level it must get, or None where the file's kind must not be found.
    """

    file: KindFile
    location: Location
    text: str
    level: Level | None

    def fault(self, screen: EmergencyScreen) -> str | None:
        """Return what `screen` gets wrong about the sentence, or None."""
        kind = self.file.record.kind
        found = screen.check(self.text)
        if self.level is None:
            return f"'{self.text}' is taken for {_named(found)}" if found and found.kind == kind else None
        if found and (found.kind, found.level) == (kind, self.level):
            return None
        return f"'{self.text}' must be found as {kind} ({self.level}), and is {_named(found)}"


def examples(screen: EmergencyScreen) -> Iterator[Example]:
    """Yield every example sentence of the files that `screen` was loaded from."""
    for file in screen.files:
        must = file.record.must_match
        for number, text in enumerate(must.emergency):
            yield Example(file, ("must_match", "emergency", number), text, "emergency")
        for number, text in enumerate(must.check):
            yield Example(file, ("must_match", "check", number), text, "check")
        for number, text in enumerate(file.record.must_not_match):
            yield Example(file, ("must_not_match", number), text, None)


def check_examples(screen: EmergencyScreen) -> list[Problem]:
    """Return one problem, with file and line, for each sentence that `screen` gets wrong."""
    problems = []
    for example in examples(screen):
        fault = example.fault(screen)
        if fault:
            mend = "change a pattern or a context until it holds"
            problems.append(example.file.document.problem(example.location, fault, mend))
    return sorted(problems)


def _named(found: Finding | None) -> str:
    return f"{found.kind} ({found.level}, pattern {found.pattern})" if found else "not found"
