"""What a help-line file may hold: the records that `data/content/helplines/*.yml` are read into."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from pydantic import AnyHttpUrl, Field, constr, root_validator

from handrail.content.review import Review
from handrail.documents import Location, Record

INTERNATIONAL = "international"
"""Stands in place of a country code in the file for people whose country is not known."""

if TYPE_CHECKING:
    Name = str
    Country = str
    Digits = str
    Fact = str
    Phrase = str
else:
    Name = constr(regex=r"^[a-z][a-z0-9_]*$")
    Country = constr(regex=rf"^([A-Z]{{2}}|{INTERNATIONAL})$")
    Digits = constr(regex=r"^\d+([ -]\d+)*$")  # as people of the country write it, grouped for reading
    Fact = constr(regex=r"^[A-Z]+(-[A-Z]+)*-\d+$")
    Phrase = constr(min_length=2, max_length=220)


class Kind(str, Enum):
    """What a line is for. The order is the order in which people see the lines."""

    CRISIS = "crisis"
    DRUG_ALCOHOL = "drug_alcohol"
    FAMILY = "family"
    VIRTUAL_SPOTTING = "virtual_spotting"
    POISON = "poison"
    VIOLENCE = "violence"
    CHILD_PROTECTION = "child_protection"
    YOUNG_PEOPLE = "young_people"
    HEALTH_ADVICE = "health_advice"
    NICOTINE = "nicotine"


FIRST_CRISIS_KINDS = frozenset({Kind.CRISIS})
FIRST_DRUG_ALCOHOL_KINDS = frozenset({Kind.DRUG_ALCOHOL, Kind.HEALTH_ADVICE})
"""Canada has no drug line for the whole country; its health lines tell people where to turn."""


class Page(Record):
    """A page on which a number was seen."""

    organisation: str
    title: str
    address: AnyHttpUrl


class Text(Record):
    """How to reach a line by text message: the number, and the word to send if there is one."""

    to: Digits
    keyword: str | None = None


class Emergency(Record):
    """The emergency numbers of a country, the one to name first in front."""

    numbers: list[Digits] = Field(min_items=1, max_items=2)
    what_for: Phrase
    text: Text | None = None
    text_note: Phrase | None = None
    facts: list[Fact] = Field(default_factory=list)
    source: Page
    also: list[Page] = Field(default_factory=list)
    checked: date

    @root_validator(skip_on_failure=True)
    def _text_has_its_conditions(cls, values: dict[str, Any]) -> dict[str, Any]:
        if bool(values["text"]) != bool(values["text_note"]):
            raise ValueError("'text' and 'text_note' go together: say who can text, or take both out")
        return values


class Line(Record):
    """One help line. What could not be confirmed is left out, and the bot then does not say it."""

    id: Name
    name: str = Field(min_length=2, max_length=60)
    kind: Kind
    call: Digits | None = None
    after_call: Phrase | None = None
    text: Text | None = None
    tty: Digits | None = None
    chat: AnyHttpUrl | None = None
    web: AnyHttpUrl | None = None
    hours: Phrase | None = None
    cost: Phrase | None = None
    languages: list[str] = Field(default_factory=list)
    interpreters: bool = False
    serves: Phrase
    not_for: Phrase | None = None
    region: Phrase | None = None
    run_by_law_enforcement: bool = False
    facts: list[Fact] = Field(default_factory=list)
    source: Page
    also: list[Page] = Field(default_factory=list)
    checked: date

    @root_validator(skip_on_failure=True)
    def _can_be_reached(cls, values: dict[str, Any]) -> dict[str, Any]:
        if not any(values[way] for way in ("call", "text", "chat", "web")):
            raise ValueError("there is no way to reach it: add 'call', 'text', 'chat' or 'web'")
        if values["after_call"] and not values["call"]:
            raise ValueError("'after_call' without a number to call: add 'call' or take it out")
        return values

    @property
    def numbers(self) -> Iterator[tuple[Location, str]]:
        """Each number of the line with its place in the record."""
        if self.call:
            yield ("call",), self.call
        if self.text:
            yield ("text", "to"), self.text.to
        if self.tty:
            yield ("tty",), self.tty


class First(Record):
    """The ids of the two lines that stand in the short help below each answer.

    Without a drug and alcohol line that could be confirmed, `drug_alcohol` is left out and `missing` says so.
    """

    crisis: Name
    drug_alcohol: Name | None = None


class CountryRecord(Record):
    """A whole help-line file."""

    country: Country
    name: str
    emergency: Emergency | None = None
    first: First | None = None
    lines: list[Line] = Field(min_items=1)
    missing: list[Phrase] = Field(default_factory=list)
    """What was looked for and could not be confirmed, in plain sentences that people see below the lines."""
    not_in_phone_plan: list[Digits] = Field(default_factory=list)
    """Short numbers of this file that libphonenumber does not know, though a public page names them."""
    review: Review


class HelpLineWords(Record):
    """The sentences around the numbers, from `words.yml`. Braces name what is filled in."""

    danger: str
    emergency_unknown: str
    crisis: str
    crisis_unknown: str
    drug_alcohol: str
    drug_alcohol_unknown: str
    country_unknown: str
    line: str
    call: str
    call_or_text: str
    text: str
    text_keyword: str
    visit: str
    or_: str = Field(alias="or")
    and_: str = Field(alias="and")
    list_title: str
    list_title_unknown: str
    list_emergency: str
    list_emergency_unknown: str
    list_chat: str
    list_tty: str
    list_hours: str
    list_hours_unknown: str
    list_hours_unknown_site: str
    list_languages: str
    list_interpreters: str
    list_law_enforcement: str
    list_missing: str
    kinds: dict[Kind, str]

    @root_validator(skip_on_failure=True)
    def _every_kind_has_a_title(cls, values: dict[str, Any]) -> dict[str, Any]:
        missing = [kind.value for kind in Kind if kind not in values["kinds"]]
        if missing:
            raise ValueError(f"'kinds' lacks {', '.join(missing)}: add a title for each")
        return values
