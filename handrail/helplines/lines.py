"""The help lines of every country, read from `data/content/helplines/` and checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from handrail import paths
from handrail.documents import Document, DocumentError, Location, Problem, read_yaml, validate
from handrail.helplines.country import country_code
from handrail.helplines.numbers import (
    LONGEST_SHORT_NUMBER,
    fault_of_emergency_number,
    fault_of_number,
    is_charged,
    only_digits,
    spellings,
)
from handrail.helplines.records import (
    FIRST_CRISIS_KINDS,
    FIRST_DRUG_ALCOHOL_KINDS,
    INTERNATIONAL,
    CountryRecord,
    Emergency,
    HelpLineWords,
    Kind,
    Line,
)

WORDS_FILE = "words.yml"


@dataclass(frozen=True)
class CountryLines:
    """The help lines of one country, or those for people whose country is not known."""

    record: CountryRecord
    words: HelpLineWords = field(repr=False)
    document: Document = field(repr=False)

    @property
    def country(self) -> str | None:
        """The ISO alpha-2 code of the country, or None when it is not known."""
        return None if self.record.country == INTERNATIONAL else self.record.country

    @property
    def name(self) -> str:
        """The name of the country as it stands in a sentence."""
        return self.record.name

    @property
    def emergency(self) -> Emergency | None:
        """The emergency numbers, or None when the country is not known."""
        return self.record.emergency

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line in the order in which people see them: by kind, then as the file has them."""
        order = list(Kind)
        return tuple(sorted(self.record.lines, key=lambda line: order.index(line.kind)))

    @property
    def first_crisis(self) -> Line | None:
        """The crisis line of the short help."""
        return self._line(self.record.first.crisis) if self.record.first else None

    @property
    def first_drug_alcohol(self) -> Line | None:
        """The drug and alcohol line of the short help, or None where none could be confirmed."""
        first = self.record.first
        return self._line(first.drug_alcohol) if first and first.drug_alcohol else None

    @property
    def missing(self) -> tuple[str, ...]:
        """What could not be confirmed, in plain sentences."""
        return tuple(self.record.missing)

    @property
    def numbers(self) -> frozenset[str]:
        """The digits of every number of the country, with and without the country code."""
        if self.country is None:
            return frozenset()
        return frozenset(
            spelling for _, number in numbers_of(self.record) for spelling in spellings(number, self.country)
        )

    def _line(self, line_id: str) -> Line:
        return next(line for line in self.record.lines if line.id == line_id)


@dataclass(frozen=True)
class HelpLines:
    """The help lines of all countries. Build it with `HelpLines.load`."""

    countries: Mapping[str, CountryLines]
    international: CountryLines

    @classmethod
    def load(cls, folder: Path = paths.HELPLINES) -> HelpLines:
        """Read every file of `folder`.

        Raises:
            DocumentError: with every problem of every file, so that an editor mends them in one go.
        """
        words = validate(HelpLineWords, read_yaml(folder / WORDS_FILE))
        problems: list[Problem] = []
        found: dict[str, CountryLines] = {}
        for path in sorted(folder.glob("*.yml")):
            if path.name == WORDS_FILE:
                continue
            try:
                lines = _read(path, words)
            except DocumentError as error:
                problems.extend(error.problems)
            else:
                found[lines.record.country] = lines
        international = found.pop(INTERNATIONAL, None)
        if international is None and not problems:
            problems.append(Problem(folder / f"{INTERNATIONAL}.yml", 1, "the file is missing", "create it"))
        if problems or international is None:
            raise DocumentError(problems)
        return cls(countries=found, international=international)

    def of(self, country: str | None) -> CountryLines:
        """Return the lines of a country (ISO alpha-2, any case), or those for an unknown country.

        It never raises, and it never returns the lines of another country.
        """
        return self.countries.get(country_code(country) or "", self.international)

    @property
    def everything(self) -> tuple[CountryLines, ...]:
        """Each country's lines, the international ones last."""
        return (*self.countries.values(), self.international)


def numbers_of(record: CountryRecord) -> Iterator[tuple[Location, str]]:
    """Yield each number of a file with its place."""
    if record.emergency:
        for position, number in enumerate(record.emergency.numbers):
            yield ("emergency", "numbers", position), number
        if record.emergency.text:
            yield ("emergency", "text", "to"), record.emergency.text.to
    for position, line in enumerate(record.lines):
        for place, number in line.numbers:
            yield ("lines", position, *place), number


def _read(path: Path, words: HelpLineWords) -> CountryLines:
    document = read_yaml(path)
    record = validate(CountryRecord, document)
    problems = list(_file_problems(record, document))
    if not problems and record.country != INTERNATIONAL:
        problems.extend(_number_problems(record, document))
    if problems:
        raise DocumentError(problems)
    return CountryLines(record=record, words=words, document=document)


def _file_problems(record: CountryRecord, document: Document) -> Iterator[Problem]:
    if document.path.stem != record.country:
        yield document.problem(
            ("country",), f"the file is not that of '{record.country}'", f"write 'country: {document.path.stem}'"
        )
    elif record.country != INTERNATIONAL and country_code(record.country) != record.country:
        yield document.problem(("country",), f"there is no country '{record.country}'", "write its ISO code")
    seen: set[str] = set()
    for position, line in enumerate(record.lines):
        if line.id in seen:
            yield document.problem(("lines", position, "id"), f"the id '{line.id}' stands twice", "rename one")
        seen.add(line.id)
    if record.country == INTERNATIONAL:
        yield from _international_problems(record, document)
    else:
        yield from _country_problems(record, document)


def _international_problems(record: CountryRecord, document: Document) -> Iterator[Problem]:
    for key in ("emergency", "first", "missing", "not_in_phone_plan"):
        if getattr(record, key):
            yield document.problem((key,), f"'{key}' belongs to one country", "take it out of this file")
    for place, number in numbers_of(record):
        yield document.problem(place, f"'{number}' is a number of some country", "take it out of this file")


def _country_problems(record: CountryRecord, document: Document) -> Iterator[Problem]:
    for key in ("emergency", "first"):
        if not getattr(record, key):
            yield document.problem((key,), f"'{key}' is missing", "add it")
    if not record.first:
        return
    by_id = {line.id: line for line in record.lines}
    crisis = by_id.get(record.first.crisis)
    if crisis is None or crisis.kind not in FIRST_CRISIS_KINDS or not (crisis.call or crisis.text):
        yield document.problem(
            ("first", "crisis"),
            f"'{record.first.crisis}' is no line to call or text of kind {_names(FIRST_CRISIS_KINDS)}",
            "name the id of one",
        )
    yield from _drug_alcohol_problems(record, document)


def _drug_alcohol_problems(record: CountryRecord, document: Document) -> Iterator[Problem]:
    wanted = record.first.drug_alcohol if record.first else None
    usable = [line.id for line in record.lines if line.kind in FIRST_DRUG_ALCOHOL_KINDS]
    if wanted is not None and wanted not in usable:
        yield document.problem(
            ("first", "drug_alcohol"),
            f"'{wanted}' is no line of kind {_names(FIRST_DRUG_ALCOHOL_KINDS)}",
            "name the id of one",
        )
    if wanted is None and any(line.kind is Kind.DRUG_ALCOHOL for line in record.lines):
        yield document.problem(("first",), "'drug_alcohol' is missing, though there is such a line", "name its id")
    elif wanted is None and not record.missing:
        yield document.problem(
            ("first",), "'drug_alcohol' is missing", "add it, or say in 'missing' that there is none"
        )


def _names(kinds: Iterable[Kind]) -> str:
    return " or ".join(sorted(kind.value for kind in kinds))


def _number_problems(record: CountryRecord, document: Document) -> Iterator[Problem]:
    country = record.country
    faults: dict[str, list[tuple[Location, tuple[str, str] | None]]] = {}
    for place, number in numbers_of(record):
        check = fault_of_emergency_number if place[0] == "emergency" else fault_of_number
        faults.setdefault(number, []).append((place, check(number, country)))
    for number, found in faults.items():
        if number not in record.not_in_phone_plan:
            yield from (document.problem(place, *fault) for place, fault in found if fault)
    for position, number in enumerate(record.not_in_phone_plan):
        place = ("not_in_phone_plan", position)
        if number not in faults:
            yield document.problem(place, f"no line has the number '{number}'", "take it out")
        elif len(only_digits(number)) > LONGEST_SHORT_NUMBER:
            yield document.problem(place, f"'{number}' is not a short number", "check each digit on the owner's page")
        elif not any(fault for _, fault in faults[number]):
            yield document.problem(
                place, f"'{number}' is in the phone plan", "take it out: it is checked like the rest"
            )
    for position, line in enumerate(record.lines):
        if line.call and line.cost and line.cost.startswith("free") and is_charged(line.call, country):
            yield document.problem(
                ("lines", position, "cost"),
                f"'{line.call}' is not a free number",
                "take 'cost' out or write what a call costs",
            )
