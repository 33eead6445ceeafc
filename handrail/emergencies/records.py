"""The shape of one file of `data/emergencies/`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, validator

from handrail.content.review import Review
from handrail.documents import Record

Level = Literal["emergency", "check"]

# Fewer sentences than this show too little of how differently people write.
FEWEST_EXAMPLES = 60


class Pattern(Record):
    """Wordings that show one danger. A match counts unless one of the contexts named in `unless` holds."""

    id: str = Field(regex=r"^[a-z][a-z0-9_]*$")
    level: Level
    match: list[str] = Field(min_items=1)
    unless: list[str] = Field(default_factory=list)


class MustMatch(Record):
    """Sentences that must be found, by the level that they must get."""

    emergency: list[str] = Field(min_items=1)
    check: list[str] = Field(default_factory=list)


class HappeningNow(Record):
    """Words by which a message says that it is happening at this moment.

    Attributes:
        match: the wordings, in the notation of the patterns.
        lifts: contexts that then no longer forbid: what the other sentences only ask or fear is then meant.
    """

    match: list[str] = Field(min_items=1)
    lifts: list[str] = Field(min_items=1)


class EmergencyFile(Record):
    """One kind of emergency: how people say it, what only looks like it, and sentences that prove both."""

    kind: str = Field(regex=r"^[a-z][a-z_]*$")
    intent: str
    order: int = Field(ge=1)
    facts: list[str] = Field(min_items=1)
    review: Review
    words: dict[str, list[str]] = Field(default_factory=dict)
    real_words: list[str] = Field(default_factory=list)
    contexts: dict[str, list[str]] = Field(default_factory=dict)
    happening_now: HappeningNow | None = None
    patterns: list[Pattern] = Field(min_items=1)
    must_match: MustMatch
    must_not_match: list[str] = Field(min_items=FEWEST_EXAMPLES)

    @validator("intent")
    def _intent_names_the_kind(cls, intent: str, values: dict[str, object]) -> str:
        if "kind" in values and intent != f"emergency_{values['kind']}":
            raise ValueError(f"does not fit the kind: write emergency_{values['kind']}")
        return intent

    @validator("must_match")
    def _enough_examples(cls, examples: MustMatch) -> MustMatch:
        if len(examples.emergency) + len(examples.check) < FEWEST_EXAMPLES:
            raise ValueError(f"has too few sentences: give at least {FEWEST_EXAMPLES}")
        return examples
