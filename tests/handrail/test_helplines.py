"""The numbers in the help-line files are real, complete and never shown to people of another country."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path

import phonenumbers
import pytest
import textstat
from hypothesis import given, settings
from hypothesis import strategies as st

from handrail import paths
from handrail.documents import DocumentError
from handrail.helplines import (
    CountryLines,
    HelpLines,
    all_lines,
    allowed_numbers,
    crisis_words,
    emergency_number_words,
    expired,
    expiring,
    find_phone_numbers,
    resolve_country,
    short_help,
    stray_numbers,
    widget_data,
)
from handrail.helplines.lines import numbers_of
from handrail.helplines.numbers import (
    dialled,
    fault_of_emergency_number,
    fault_of_number,
    is_charged,
    only_digits,
    spellings,
)
from handrail.helplines.records import Kind, Line

HELPLINES = HelpLines.load()
FIRST_COUNTRIES = ("AU", "CA", "GB", "IE", "NZ", "US")
"""Have lines for everyone: a crisis line at any hour, drugs and alcohol, young people."""
COUNTRIES = (
    *("AU", "CA", "CH", "DE", "ES", "FI", "FR", "GB", "GH", "HK", "IE", "IN", "JM", "KE", "MX", "MY", "NG", "NL"),
    *("NO", "NZ", "PH", "SE", "SG", "US", "ZA"),
)
EVERYWHERE = (*COUNTRIES, None)
RENDERERS = (short_help, all_lines, crisis_words, emergency_number_words)

SHORT_HELP_CHARACTERS = 300
ALL_LINES_CHARACTERS = 4000
GRADE = 5.0

LINES = [(country, line) for country in COUNTRIES for line in HELPLINES.of(country).record.lines]
NUMBERS = [
    (country, "/".join(str(part) for part in place), number)
    for country in COUNTRIES
    for place, number in numbers_of(HELPLINES.of(country).record)
]

NEVER_LISTED = (
    "813.212.7149",
    "(844) 289-0879",
    "800-839-1686",
    "888-744-0069",
    "855-889-0555",
    "800-660-0986",
    "1933",
)
"""Private rehabs, lead-generation lines and a police tip-off line that pass themselves off as help."""
NOT_CONFIRMED = ("1-877-696-1996", "1-800-484-3731", "0300 123 1110", "55753", "82111")
"""In circulation, but not found on a page of their owner or of a government."""


def line_names(value: object) -> str | None:
    return value.id if isinstance(value, Line) else None


# The files


def test_every_country_of_the_project_has_a_file() -> None:
    assert tuple(sorted(HELPLINES.countries)) == COUNTRIES


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_file_has_what_the_short_help_needs(country: str) -> None:
    lines = HELPLINES.of(country)
    assert lines.emergency
    assert lines.first_crisis
    assert lines.first_crisis.kind is Kind.CRISIS
    assert lines.first_crisis.call or lines.first_crisis.text
    if country in FIRST_COUNTRIES:
        assert lines.first_crisis.hours == "any time"
        assert lines.first_drug_alcohol
        assert lines.first_drug_alcohol.call
        assert {Kind.CRISIS, Kind.DRUG_ALCOHOL, Kind.YOUNG_PEOPLE} <= {line.kind for line in lines.lines}


@pytest.mark.parametrize("country", COUNTRIES)
def test_what_a_file_lacks_is_said_in_it(country: str) -> None:
    lines = HELPLINES.of(country)
    said = " ".join(lines.missing).lower()
    assert lines.first_drug_alcohol or "no drug and alcohol line" in said or "its number could not be" in said
    if country not in FIRST_COUNTRIES:
        assert lines.first_crisis
        assert lines.first_crisis.hours == "any time" or "crisis line" in said
        assert Kind.YOUNG_PEOPLE in {line.kind for line in lines.lines} or "young people" in said
    for sentence in lines.missing:
        assert sentence.rstrip(".") in all_lines(lines)


@pytest.mark.parametrize(("country", "line"), LINES, ids=line_names)
def test_every_line_says_whom_it_serves_and_where_that_was_seen(country: str, line: Line) -> None:
    assert line.serves
    assert line.source.organisation
    assert line.source.title
    assert line.source.address.startswith("http")
    assert line.checked <= HELPLINES.of(country).record.review.written
    assert line.hours is None or not re.search(r"24/7|\d{4}", line.hours)


@pytest.mark.parametrize(("country", "place", "number"), NUMBERS)
def test_every_number_is_real_in_its_country(country: str, place: str, number: str) -> None:
    if number in HELPLINES.of(country).record.not_in_phone_plan:
        return
    check = fault_of_emergency_number if place.startswith("emergency") else fault_of_number
    assert check(number, country) is None


@pytest.mark.parametrize(("country", "place", "number"), NUMBERS)
def test_every_number_is_found_by_the_finder_in_any_of_its_spellings(country: str, place: str, number: str) -> None:
    assert [only_digits(found) for found in find_phone_numbers(f"Please call {number} today.")] == [only_digits(number)]
    parsed = phonenumbers.parse(number, country)
    if phonenumbers.is_valid_number(parsed):
        for style in (phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.INTERNATIONAL):
            written = phonenumbers.format_number(parsed, style)
            assert find_phone_numbers(f"It is {written}, they said.") == [written]


@pytest.mark.parametrize("number", [*NEVER_LISTED, *NOT_CONFIRMED])
def test_no_lead_generation_or_unconfirmed_number_is_listed(number: str) -> None:
    assert only_digits(number) not in allowed_numbers(HELPLINES)
    for path in paths.HELPLINES.glob("*.yml"):
        digits = re.sub(r"(?<=\d)[ .()-]+(?=\d)", "", path.read_text(encoding="utf-8"))
        assert not re.search(rf"(?<!\d)1?{only_digits(number)}(?!\d)", digits)


def test_no_line_is_run_by_law_enforcement_without_saying_so() -> None:
    assert [(country, line.id) for country, line in LINES if line.run_by_law_enforcement] == [("NG", "ndlea")]
    lines = HELPLINES.of("NG")
    note = lines.words.list_law_enforcement
    assert "drug law agency" in note
    assert note in short_help(lines)
    assert note in all_lines(lines)


def test_no_number_is_called_free_that_the_phone_plan_knows_to_be_charged() -> None:
    assert not [
        (country, line.id)
        for country, line in LINES
        if line.call and (line.cost or "").startswith("free") and is_charged(line.call, country)
    ]


# Which country


@pytest.mark.parametrize(
    ("said", "channel", "operator", "expected"),
    [
        ("GB", "US", "CA", "GB"),
        (None, "US", "CA", "US"),
        (None, None, "CA", "CA"),
        (None, None, None, None),
        ("uk", "US", None, "GB"),
        ("Uk ", None, None, "GB"),
        (" ie", None, None, "IE"),
        ("BR", "US", "US", "BR"),
        ("AQ", "US", "US", "AQ"),
        ("", "nz", None, "NZ"),
        ("xx", None, "AU", "AU"),
        ("USA", None, None, None),
        ("U S", None, None, None),
        ("ß", None, "US", "US"),
        ("'; DROP TABLE", "12", "?", None),
    ],
)
def test_what_the_person_says_wins_then_the_channel_then_the_operator(
    said: str | None, channel: str | None, operator: str | None, expected: str | None
) -> None:
    assert resolve_country(said, channel, operator) == expected


@pytest.mark.parametrize("country", [None, "", "BR", "it", "XX", "USA", "international", "🇺🇸", "us us", "KP", "PR"])
def test_an_unknown_country_gets_no_digit_of_any_country(country: str | None) -> None:
    lines = HELPLINES.of(country)
    assert lines is HELPLINES.international
    assert lines.country is None
    for render in RENDERERS:
        assert not re.search(r"\d", render(lines))
    assert not re.search(r"(?:tel|sms):", json.dumps(widget_data(lines)))


@given(st.one_of(st.none(), st.text(), st.from_regex(r"\A\s?[A-Za-z]{2}\s?\Z")))
def test_of_never_raises_and_never_gives_another_country(country: str | None) -> None:
    lines = HELPLINES.of(country)
    written = (country or "").strip().upper()
    assert lines.country in (None, "GB" if written == "UK" else written)


@given(st.one_of(st.none(), st.text()), st.one_of(st.none(), st.text()), st.one_of(st.none(), st.text()))
def test_resolve_country_gives_a_code_or_none(said: str | None, channel: str | None, operator: str | None) -> None:
    code = resolve_country(said, channel, operator)
    assert code is None or re.fullmatch(r"[A-Z]{2}", code)


# What people read


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("US", "911"),
        ("CA", "911"),
        ("GB", "999 or 112"),
        ("IE", "112 or 999"),
        ("AU", "000"),
        ("NZ", "111"),
        ("IN", "112"),
        ("ZA", "112 or 10177"),
        ("NG", "112"),
        ("KE", "999 or 112"),
        ("PH", "911"),
        ("SG", "995 or 999"),
        ("NO", "113 or 112"),
        ("JM", "110 or 119"),
        (None, "your local emergency number"),
    ],
)
def test_emergency_number_words(country: str | None, expected: str) -> None:
    assert emergency_number_words(HELPLINES.of(country)) == expected


def test_short_help_reads_as_in_the_specification() -> None:
    assert short_help(HELPLINES.of("US")) == (
        "Someone in danger now? Call 911.\n"
        "In crisis, or thinking of suicide? 988 Suicide & Crisis Lifeline: call or text 988. Free, any time.\n"
        "Drugs or alcohol? SAMHSA National Helpline: call 1-800-662-4357, or text your ZIP code to 435748. "
        "Free, any time."
    )
    assert short_help(HELPLINES.of(None)) == (
        "Someone in danger now? Call your local emergency number.\n"
        "In crisis, or thinking of suicide? "
        "Find a free line where you live at findahelpline.com or befrienders.org.\n"
        "Tell me which country you are in, and I can look for help lines there."
    )


def test_short_help_says_that_there_is_no_confirmed_drug_and_alcohol_line() -> None:
    assert short_help(HELPLINES.of("NL")) == (
        "Someone in danger now? Call 112.\n"
        "In crisis, or thinking of suicide? 113 Zelfmoordpreventie: call 113. Free, any time.\n"
        "Drugs or alcohol? I have no checked line for the Netherlands yet. "
        "Ask a doctor, or look on findahelpline.com."
    )
    sites = {str(line.web) for line in HELPLINES.international.lines}
    assert "https://findahelpline.com" in sites


def test_short_help_names_the_site_of_a_line_without_a_number() -> None:
    assert short_help(HELPLINES.of("NO")).endswith("Drugs or alcohol? RUSinfo: go to rusinfo.no.")


def test_languages_that_are_not_known_are_not_said() -> None:
    (entry,) = (row for row in all_lines(HELPLINES.of("IN")).splitlines() if "14446" in row)
    assert " In " not in entry


def test_what_is_not_confirmed_is_not_said() -> None:
    assert short_help(HELPLINES.of("GB")).endswith("FRANK: call 0300 123 6600.")
    assert "Hours can vary: check talktofrank.com." in all_lines(HELPLINES.of("GB"))


def test_crisis_words() -> None:
    assert crisis_words(HELPLINES.of("GB")) == "Samaritans: call 116 123. Free, any time."
    assert crisis_words(HELPLINES.of("AU")) == "Lifeline: call 13 11 14, or text 0477 13 11 14. Any time."


@pytest.mark.parametrize("country", EVERYWHERE)
def test_short_help_has_three_short_lines_that_start_with_danger(country: str | None) -> None:
    lines = HELPLINES.of(country)
    text = short_help(lines)
    assert len(text) <= SHORT_HELP_CHARACTERS
    danger, crisis, drugs = text.split("\n")
    assert emergency_number_words(lines) in danger
    assert crisis_words(lines) in crisis
    assert drugs


@pytest.mark.parametrize("country", EVERYWHERE)
def test_all_lines_name_every_line_and_number(country: str | None) -> None:
    lines = HELPLINES.of(country)
    text = all_lines(lines)
    assert len(text) <= ALL_LINES_CHARACTERS
    for line in lines.lines:
        assert f"{line.name}" in text
        assert line.serves.rstrip(".") in text
        assert (line.not_for or "").rstrip(".") in text
    for _, number in numbers_of(lines.record):
        assert number in text


@pytest.mark.parametrize("country", EVERYWHERE)
@pytest.mark.parametrize("render", RENDERERS)
def test_a_text_holds_only_numbers_of_its_own_country(country: str | None, render: object) -> None:
    lines = HELPLINES.of(country)
    text = render(lines)  # type: ignore[operator]
    assert stray_numbers(text, allowed=lines.numbers) == []
    assert "{" not in text
    assert "!" not in text


@pytest.mark.parametrize("country", EVERYWHERE)
def test_the_sentences_are_easy_to_read(country: str | None) -> None:
    """Names of organisations do not count: they are what they are."""
    lines = HELPLINES.of(country)
    text = f"{short_help(lines)} {all_lines(lines)}"
    for line in lines.lines:
        text = text.replace(line.name, "It").replace(line.region or line.name, "It")
        for site in (line.web, line.chat):
            text = text.replace(str(site).split("://")[-1].removeprefix("www."), "the site")
    sentences = [re.sub(r"^- ", "", sentence) for sentence in re.split(r"\n+", text)]
    assert textstat.flesch_kincaid_grade(". ".join(sentences)) <= GRADE


@pytest.mark.parametrize("country", EVERYWHERE)
def test_lines_come_in_the_order_crisis_drugs_family_and_the_rest(country: str | None) -> None:
    order = [kind.value for kind in Kind]
    kinds = [order.index(line["kind"]) for line in widget_data(HELPLINES.of(country))["lines"]]
    assert kinds == sorted(kinds)
    assert order[:3] == ["crisis", "drug_alcohol", "family"]


# What the page gets


def test_widget_data_is_small_and_is_json() -> None:
    everything = {lines.record.country: widget_data(lines) for lines in HELPLINES.everything}
    assert json.loads(json.dumps(everything)) == everything


@pytest.mark.parametrize("country", COUNTRIES)
def test_widget_links_dial_what_they_show(country: str) -> None:
    data = widget_data(HELPLINES.of(country))
    shown = [*data["emergency"]["numbers"]]
    for line in data["lines"]:
        shown += [line[way] for way in ("call", "text", "tty") if line[way]]
    for number in shown:
        assert re.fullmatch(r"(?:tel|sms):\+?\d+", number["href"])
        assert number["href"].split(":")[1].lstrip("+") in spellings(number["display"], country)


@pytest.mark.parametrize(
    ("number", "country", "expected"),
    [
        ("1-800-662-4357", "US", "+18006624357"),
        ("988", "US", "988"),
        ("1-866-531-2600", "CA", "+18665312600"),
        ("9-8-8", "CA", "988"),
        ("0808 2000 247", "GB", "08082000247"),
        ("116 123", "GB", "116123"),
        ("13 11 14", "AU", "131114"),
        ("1800 459 459", "IE", "1800459459"),
    ],
)
def test_dialled(number: str, country: str, expected: str) -> None:
    assert dialled(number, country) == expected


def test_widget_data_of_an_unknown_country_has_no_emergency_number() -> None:
    data = widget_data(HELPLINES.of("BR"))
    assert data["country"] is None
    assert data["emergency"] is None
    assert [line["web"] for line in data["lines"]] == ["https://findahelpline.com", "https://www.befrienders.org"]


# Age


def test_nothing_expires_on_the_day_it_was_written() -> None:
    assert expiring(HELPLINES, date(2026, 11, 22)) == []


def test_an_old_check_is_a_warning_first_and_an_error_later() -> None:
    assert expired(HELPLINES, date(2027, 6, 22)) == []
    warnings = expiring(HELPLINES, date(2027, 6, 22))
    count = len(LINES) + len(HELPLINES.international.record.lines) + len(COUNTRIES)
    assert len(warnings) == count
    assert re.match(r"data/content/helplines/AU\.yml:\d+: this was last checked on 2026-11-2\d: ", str(warnings[0]))
    assert len(expired(HELPLINES, date(2027, 11, 30))) == count


def test_a_check_in_the_future_is_an_error() -> None:
    assert expired(HELPLINES, date(2026, 11, 1))


# Faults in the files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small copy of the help lines to break: one country, the international file and the words."""
    for name in ("NZ.yml", "international.yml", "words.yml"):
        shutil.copy(paths.HELPLINES / name, tmp_path)
    return tmp_path


def change(path: Path, old: str, new: str) -> int:
    """Replace the first `old` in a file and return the 1-based line on which it stood."""
    if not path.exists():
        shutil.copy(paths.HELPLINES / path.name, path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("file", "old", "new", "lines_below", "what"),
    [
        ("NZ.yml", "    serves: For young people aged 12 to 24, about anything.\n", "", -6, "serves' is missing"),
        ("NZ.yml", "    cost: free", "    price: free", 0, "price' is not known"),
        ("NZ.yml", "country: NZ", "country: AU", 0, "the file is not that of 'AU'"),
        ("NZ.yml", "country: NZ", "country: new zealand", 0, "country"),
        ("NZ.yml", "checked: 2026-11-22", "checked: 22.11.2026", 0, "checked"),
        ("NZ.yml", "checked: 2026-11-22", "checked: soon", 0, "checked"),
        ("NZ.yml", "call: 0800 787 797", "call: 0800 78", 0, "'0800 78' is not a number of NZ"),
        ("NZ.yml", "call: 0800 787 797", "call: 1-800-662-4357", 0, "is not a number of NZ"),
        ("NZ.yml", "call: 0800 787 797", "call: 0900 787 797", 0, "is charged at a premium"),
        ("NZ.yml", "call: 0800 787 797", "call: '0800787797'", 0, "is hard to read"),
        ("NZ.yml", "call: 0800 787 797", "call: 0800 ALCOHOL", 0, "call"),
        ("NZ.yml", 'numbers: ["111"]', 'numbers: ["999"]', 0, "'999' is not an emergency number of NZ"),
        ("NZ.yml", 'text: {to: "8681"}', 'text: {to: "86"}', 0, "'86' is not a number of NZ"),
        ("NZ.yml", "kind: poison", "kind: rehab", 0, "kind"),
        ("NZ.yml", "crisis: need_to_talk_1737", "crisis: poisons", 0, "is no line to call or text of kind crisis"),
        ("NZ.yml", "drug_alcohol: alcohol_drug", "drug_alcohol: alcool_drug", 0, "is no line of kind drug_alcohol or"),
        ("NZ.yml", "  drug_alcohol: alcohol_drug_helpline\n", "", -2, "though there is such a line"),
        ("NL.yml", "missing:\n  - No drug", "missing:\n  - x\n  - No drug", 1, "missing"),
        ("NL.yml", 'plan: ["113"]', 'plan: ["113", "114"]', 0, "no line has the number '114'"),
        ("NL.yml", 'plan: ["113"]', 'plan: ["113", "0800 0113"]', 0, "'0800 0113' is not a short number"),
        ("NL.yml", 'plan: ["113"]', 'plan: ["113", "112"]', 0, "'112' is in the phone plan"),
        ("NL.yml", 'not_in_phone_plan: ["113"]\n', "", -6, "'113' is not a number of NL"),
        ("NG.yml", 'not_in_phone_plan: ["112"]\n', "", -6, "'112' is not an emergency number of NG"),
        ("NZ.yml", "id: youthline", "id: poisons", 0, "stands twice"),
        ("NZ.yml", "title: 111 emergency service", "name: 111", 0, "not known"),
        ("NZ.yml", "clinical_review: pending", "clinical_review: done", 0, "clinical_review"),
        ("AU.yml", "    hours: any time\n    languages", "    cost: free\n    languages", 0, "is not a free number"),
        ("US.yml", "after_call: then press 1", "after_call: x", 0, "after_call"),
        ("GB.yml", "name: Samaritans", "name: [Samaritans", 1, "YAML"),
        ("international.yml", "web: https://findahelpline.com", "call: 116 123", 0, "is a number of some country"),
        ("words.yml", "call: call {number}", "dial: dial {number}", 0, "not known"),
    ],
)
def test_a_fault_is_named_with_file_and_line(
    folder: Path,
    file: str,
    old: str,
    new: str,
    *,
    lines_below: int,
    what: str,
) -> None:
    line = change(folder / file, old, new)
    with pytest.raises(DocumentError) as caught:
        HelpLines.load(folder)
    faults = [problem for problem in caught.value.problems if what in problem.what]
    assert faults, str(caught.value)
    assert all(problem.path == folder / file for problem in caught.value.problems)
    assert faults[0].mend
    if lines_below >= 0:
        assert line + lines_below in {problem.line for problem in faults}


def test_a_file_without_a_drug_and_alcohol_line_says_so(folder: Path) -> None:
    change(folder / "ES.yml", "missing:\n", "")
    path = folder / "ES.yml"
    path.write_text(re.sub(r"^  - No .*\n", "", path.read_text(encoding="utf-8"), flags=re.M), encoding="utf-8")
    with pytest.raises(DocumentError, match="say in 'missing' that there is none"):
        HelpLines.load(folder)


@pytest.mark.parametrize("key", ["missing: [No line.]", "not_in_phone_plan: ['113']"])
def test_the_international_file_lacks_nothing(folder: Path, key: str) -> None:
    change(folder / "international.yml", "\nlines:", f"{key}\n\nlines:")
    with pytest.raises(DocumentError, match="belongs to one country"):
        HelpLines.load(folder)


def test_a_line_without_a_way_to_reach_it_is_refused(folder: Path) -> None:
    change(folder / "NZ.yml", "    call: 0800 764 766\n", "")
    with pytest.raises(DocumentError, match="there is no way to reach it"):
        HelpLines.load(folder)


def test_a_text_option_without_its_conditions_is_refused(folder: Path) -> None:
    path = folder / "NZ.yml"
    path.write_text(re.sub(r"  text_note: .*\n", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(DocumentError, match="'text' and 'text_note' go together"):
        HelpLines.load(folder)


@pytest.mark.parametrize("key", ["emergency", "first"])
def test_a_country_needs_emergency_and_first_and_the_international_file_has_neither(folder: Path, key: str) -> None:
    block = re.search(rf"^{key}:\n(?:  .*\n)+", (folder / "NZ.yml").read_text(encoding="utf-8"), re.M)
    assert block
    change(folder / "NZ.yml", block.group(), "")
    change(folder / "international.yml", "\nlines:", f"{block.group()}\nlines:")
    with pytest.raises(DocumentError) as caught:
        HelpLines.load(folder)
    assert {(problem.path.name, problem.what) for problem in caught.value.problems} >= {
        ("NZ.yml", f"'{key}' is missing"),
        ("international.yml", f"'{key}' belongs to one country"),
    }


@pytest.mark.parametrize("file", ["international.yml", "words.yml"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(DocumentError, match=rf"{file}:1: the file is missing"):
        HelpLines.load(folder)


def test_every_fault_of_every_file_is_named_at_once(folder: Path) -> None:
    change(folder / "NZ.yml", "0800 787 797", "0800 78")
    change(folder / "IE.yml", "1800 459 459", "1800 45")
    with pytest.raises(DocumentError) as caught:
        HelpLines.load(folder)
    assert {problem.path.name for problem in caught.value.problems} == {"NZ.yml", "IE.yml"}


def test_a_new_country_needs_only_a_file(folder: Path) -> None:
    text = (folder / "NZ.yml").read_text(encoding="utf-8")
    text = re.sub(r"^  - id: (?!need_to_talk|alcohol_drug)\w+\n(?:    .*\n|\n)+", "", text, flags=re.M)
    for old, new in (("NZ", "SG"), ("0800 787 797", "6732 6837"), ('"111"', '"995"'), ("1737", "1771")):
        text = text.replace(old, new)
    text = re.sub(r"    text: .*\n|  text.*\n|    cost: free\n", "", text)
    (folder / "SG.yml").write_text(text, encoding="utf-8")
    lines = HelpLines.load(folder).of("sg")
    assert isinstance(lines, CountryLines)
    assert emergency_number_words(lines) == "995"


# The finder of phone numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Call 911 now.", ["911"]),
        ("Text or call 988.", ["988"]),
        ("Dial 999 or 112.", ["999", "112"]),
        ("call 999, or text 85258", ["999", "85258"]),
        ("Ring 111, they answer.", ["111"]),
        ("Just call 9-1-1.", ["9-1-1"]),
        ("Call 911.If they stop", ["911"]),
        ("If needed.Call 999.Then wait", ["999"]),
        ("the 911 operator", ["911"]),
        ("988 can help.", ["988"]),
        ("a 999 call handler", ["999"]),
        ("call nine one one", ["nine one one"]),
        ("dial triple zero", ["triple zero"]),
        ("call 000", ["000"]),
        ("call or text 1737", ["1737"]),
        ("text HOME to 741741", ["741741"]),
        ("text START to 678-678", ["678-678"]),
        ("on 116 123", ["116 123"]),
        ("13 11 14", ["13 11 14"]),
        ("813.212.7149", ["813.212.7149"]),
        ("(844) 289-0879", ["(844) 289-0879"]),
        ("+1 (800) 662-4357", ["+1 (800) 662-4357"]),
        ("800/662-4357", ["800/662-4357"]),
        ("1–800–662–4357", ["1–800–662–4357"]),
        ("1\u2011800\u2011222\u20111222", ["1\u2011800\u2011222\u20111222"]),
        ("116\u00a0123", ["116\u00a0123"]),
        ("call ９１１", ["９１１"]),
        ("020 7946 0958", ["020 7946 0958"]),
        ("02079460958", ["02079460958"]),
        ("555-0123 is the line", ["555-0123"]),
        ("8 0 0 6 6 2 4 3 5 7", ["8 0 0 6 6 2 4 3 5 7"]),
        ("tel:+18006624357", ["+18006624357"]),
        ("In 2019 0800 1111 was new", ["0800 1111"]),
        ("1-800-QUIT-NOW", ["1-800-QUIT-NOW"]),
        ("1-800-quit-now", ["1-800-quit-now"]),
        ("1-855-DRUGFREE", ["1-855-DRUGFREE"]),
        ("1-855-DÉJELO-YA", ["1-855-DÉJELO-YA"]),
        ("1-844-POISON-X", ["1-844-POISON-X"]),
        ("0800 POISON", ["0800 POISON"]),
        ("13YARN", ["13YARN"]),
        ("1800RESPECT", ["1800RESPECT"]),
        ("988lifeline.org or text 988", ["988"]),
        *((number, [number]) for number in NEVER_LISTED if len(number) > 4),
    ],
)
def test_what_looks_like_a_phone_number_is_found(text: str, expected: list[str]) -> None:
    assert find_phone_numbers(text) == expected
    assert stray_numbers(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "In 2024, about 80,391 people died.",
        "From 2019 to 2024",
        "2019-2024",
        "2025-26",
        "In 2019 80 people came.",
        "call in 2024",
        "We got a call in 1999.",
        "They are there 24/7.",
        "24/7/365",
        "24 hours a day, 365 days a year",
        "A 12-step group",
        "step 12, 13 and 14",
        "99 percent, or 37.6%",
        "Phone calls rose by 120%.",
        "ages 12-17 and 18-25",
        "50-100 times",
        "100-200 mg",
        "500-1000 mg",
        "150 mg",
        "10000 mg",
        "naltrexone 380 mg every 4 weeks",
        "wait 30-90 minutes",
        "The call took 300 minutes.",
        "Call within 24 hours.",
        "call 100 people",
        "text messages rose from 500 to 900",
        "over 100 messages",
        "2 breaths, then 1 breath every 5 seconds",
        "5-4-3-2-1",
        "2026-11-22",
        "22/11/2026 or 11/22/2026",
        "22.11.2026",
        "10:00-18:00",
        "9.30-17.30",
        "8am to 10pm",
        "3.14159",
        "$10000, £10,000 or 1,000,000 euros",
        "A-US-02, B-OD-07 and C-METH-01",
        "DCB0129, NBK572854 and Covid-19",
        "10.1007/s11606-025-09499-2",
        "https://www.ncbi.nlm.nih.gov/books/572854",
        "988lifeline.org",
        "nine in ten",
        "one two three",
        "See page 112.",
        "message 3 of 12",
        "I called 3 times in 2020.",
        "",
    ],
)
def test_what_is_something_else_is_not_taken_for_a_phone_number(text: str) -> None:
    assert find_phone_numbers(text) == []


def test_allowed_numbers_are_not_stray() -> None:
    allowed = allowed_numbers(HELPLINES)
    assert stray_numbers("Call 988, 1-800-662-4357 or +44 808 808 2234, not 1-800-839-1686.", allowed) == [
        "1-800-839-1686"
    ]
    assert stray_numbers("Call 1-800-QUIT-NOW.", allowed) == []


@pytest.mark.parametrize("country", COUNTRIES)
def test_numbers_of_a_country_are_among_the_allowed(country: str) -> None:
    assert HELPLINES.of(country).numbers <= allowed_numbers(HELPLINES)


def test_the_words_hold_no_number() -> None:
    assert not re.search(r"\d", (paths.HELPLINES / "words.yml").read_text(encoding="utf-8"))


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_the_finder_takes_any_text_and_returns_parts_of_it(text: str) -> None:
    for number in find_phone_numbers(text):
        assert number in text


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(NUMBERS), st.sampled_from(["Call {}.", "It is {}", "({})", "text {}!", "• {}\n", "Ring {}, now"])
)
def test_a_full_number_is_found_wherever_it_stands(entry: tuple[str, str, str], frame: str) -> None:
    _, _, number = entry
    if re.fullmatch(r"\d{5,6}|\d{3} \d{3}|.{8,}", number):
        assert [only_digits(found) for found in find_phone_numbers(frame.format(number))] == [only_digits(number)]
