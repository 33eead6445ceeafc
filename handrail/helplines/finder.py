"""Finds everything in a text that a person could take for a number to call or text.

No text of the bot may hold a phone number: only the help-line files may, so that no number is ever wrong in
one place and right in another. The finder would rather flag a number too many than miss one; years, dates,
percentages, ages, ranges, doses, times and ids are known to be something else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

from handrail.helplines.lines import HelpLines
from handrail.helplines.numbers import only_digits

REGIONS = ("US", "GB", "IE", "AU", "NZ")
"""Whose ways of writing numbers libphonenumber looks for. Canada writes them as the US does."""

FEWEST_DIGITS = 5
MOST_DIGITS = 15
"""The longest number that the world's phone network knows (ITU-T E.164)."""
FULL_NUMBER_DIGITS = 7

_CALLING = r"(?:call|dial|ring|phone|telephone|text|sms)(?:s|ed|ing|led|ling)?"
_UNIT = (
    r"(?:%|percent|per\s?cent|mg|mcg|µg|g|kg|lb|oz|ml|mls|l|litres?|liters?|units?|iu|minutes?|mins?|hours?|hrs?|"
    r"days?|weeks?|months?|years?|times|people|adults|children|teens|men|women|deaths|calls|callers|friends|"
    r"dollars|pounds|euros?|states|countries|calories|miles|meters|metres|degrees)\b"
)
_RUN = re.compile(r"(?<![\w$£€#])(?<![A-Za-z0-9]-)(?<!\d[.,/:])\+?\(?\d(?:[ .()-]{0,3}\d)*(?![\w])")
_GROUP = re.compile(r"\d+")
_YEAR = r"(?:19|20)\d\d"
_SOMETHING_ELSE = re.compile(
    rf"""
      {_YEAR}(?:\s?-\s?{_YEAR}|\s{_YEAR})*        # years, and from one year to another
    | {_YEAR}\s?-\s?\d\d                          # 2025-26
    | {_YEAR}[-.]\d\d?[-.]\d\d?                   # 2026-11-22
    | \d\d?[-.]\d\d?[-.](?:{_YEAR}|\d\d)          # 22.11.2026
    | \d+\.\d+                                    # 3.14159
    | \d\d?\.\d\d\s?-\s?\d\d?\.\d\d               # 9.30-17.30, 0.50-1.25
    | \d{{1,3}}\s?-\s?\d{{1,3}}                   # 100-200
    | \d+0\s?-\s?\d+0                             # 500-1000
    | \d(?:[ -]\d){{4,5}}                         # 5-4-3-2-1
    """,
    re.VERBOSE,
)
_SHORT_GROUPS = re.compile(r"\d{5,6}|\d{3}[ -]\d{3}|\d\d[ -]\d\d[ -]\d\d|\d{2,4}[-.]\d{2,4}")
"""How short codes of 5 or 6 digits are written: 741741, 116 123, 13 11 14."""
_AFTER_CALLING = re.compile(
    rf"\b{_CALLING}\b(?!\s+messages?\b)(?P<between>[^.?!;\n\d]{{0,40}}?)(?<![\w$£€#.,/:-])(?P<number>\d{{3,6}}|\d{{3}}-\d{{3}}|\d-\d-\d)"
    rf"(?![\w%]|[-/:,.]\d|\s*{_UNIT})",
    re.IGNORECASE,
)
_NEXT_NUMBER = re.compile(
    rf"(?P<joint>,?\s(?:or|and)\s(?:{_CALLING}\s)?)(?P<number>\d{{3,6}}|\d-\d-\d)(?![\w%]|[-/:,.]\d|\s*{_UNIT})",
    re.IGNORECASE,
)
_WELL_KNOWN = re.compile(
    rf"(?<![\w$£€#.,/:-])(?:9-1-1|9-8-8|9-9-9|1-1-2|911|988|(?:\d{{3}}|1737)(?=[\s-](?:"
    r"operators?|dispatch(?:ers?)?|call(?:er)?s?|handlers?|lifelines?|help\s?lines?|hotlines?|lines?)\b))"
    rf"(?![\w%]|[-/:,.]\d|\s*(?!calls|callers){_UNIT})",
    re.IGNORECASE,
)
_SPELT_DIGIT = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_SPELT = re.compile(
    rf"\b{_CALLING}\b[^.?!;\n\d]{{0,20}}?"
    rf"\b(?P<number>(?:double|triple|treble)[\s-]{_SPELT_DIGIT}(?:[\s-]{_SPELT_DIGIT})*|{_SPELT_DIGIT}(?:[\s-]{_SPELT_DIGIT}){{2,}})\b",
    re.IGNORECASE,
)
_LETTERED = re.compile(
    r"(?<![\w-])(?:"
    r"(?:\+?1[-. ]?)?\(?8\d\d\)?[-. ]?(?=[A-Z0-9-]*[A-Z]{3})[A-Z0-9]+(?:-[A-Z0-9]+)*"  # 1-800-QUIT-NOW
    r"|1-8\d\d-(?=[A-Za-z0-9-]*[A-Za-z]{3})[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"  # 1-800-quit-now
    r"|(?:0800|0808|0508|1800|1300)[- ]?(?=[A-Z0-9-]*[A-Z]{3})[A-Z0-9]+(?:-[A-Z0-9]+)*"  # 0800 POISON
    r"|13[- ]?[A-Z]{4}"  # 13YARN
    r")(?!\w)"
)
_ADDRESS = re.compile(
    r"\b(?:https?://|www\.)\S+"
    r"|\b(?=[0-9-]*[a-z])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:org|com|net|gov|edu|info|int|uk|ie|au|nz|ca|me)\b(?:/\S*)?",
    re.IGNORECASE,
)

Span = tuple[int, int]


def find_phone_numbers(text: str) -> list[str]:
    """Return everything in `text` that looks like a number to call or text, in order, as it stands there."""
    plain = _blank_addresses(_plain(text))
    spans = sorted({*_runs(plain), *_known_to_libphonenumber(plain), *_in_words(plain)})
    return [text[start:end].strip() for start, end in _merged(spans)]


def stray_numbers(text: str, allowed: Collection[str] = ()) -> list[str]:
    """Return the phone numbers in `text` that have no business there.

    Args:
        text: what the bot may say.
        allowed: digit strings that may stand in it, such as `allowed_numbers` or `CountryLines.numbers`;
            none by default, as only the help-line files hold numbers.
    """
    return [number for number in find_phone_numbers(text) if not _is_allowed(number, allowed)]


def allowed_numbers(helplines: HelpLines) -> set[str]:
    """Return the digits of every number of every country, with and without the country code."""
    return {number for lines in helplines.everything for number in lines.numbers}


def _is_allowed(number: str, allowed: Collection[str]) -> bool:
    digits = only_digits(number)
    if digits in allowed:
        return True
    # A number in letters may be longer than what is dialled: phones ignore the rest ("1800RESPECT").
    return number[-1].isalpha() and any(
        len(known) >= FULL_NUMBER_DIGITS and digits.startswith(known) for known in allowed
    )


def _plain(text: str) -> str:
    """Return `text` with plain digits, letters, spaces and hyphens, each character in its old place."""
    return "".join(_plain_character(character) for character in text)


def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    base = unicodedata.normalize("NFD", character)[0]
    if base.isascii():
        return base
    category = unicodedata.category(character)
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    return " " if category in ("Zs", "Cf") else character


def _blank_addresses(text: str) -> str:
    return _ADDRESS.sub(lambda match: "\N{MIDDLE DOT}" * len(match.group()), text)


def _runs(text: str) -> Iterator[Span]:
    for match in _RUN.finditer(text):
        run, start = match.group(), match.start()
        if run.startswith("(") and ")" not in run:
            run, start = run[1:], start + 1
        leading_years = re.match(rf"(?:{_YEAR} )+(?=\d)", run)
        if leading_years and not _SOMETHING_ELSE.fullmatch(run):
            run, start = run[leading_years.end() :], start + leading_years.end()
        if _looks_like_number(run) and not re.match(rf"\s?{_UNIT}", text[match.end() :], re.IGNORECASE):
            yield start, match.end()


def _looks_like_number(run: str) -> bool:
    digits = sum(len(group) for group in _GROUP.findall(run))
    if not FEWEST_DIGITS <= digits <= MOST_DIGITS or _SOMETHING_ELSE.fullmatch(run):
        return False
    return digits >= FULL_NUMBER_DIGITS or bool(_SHORT_GROUPS.fullmatch(run))


def _known_to_libphonenumber(text: str) -> Iterator[Span]:
    for region in REGIONS:
        for match in PhoneNumberMatcher(text, region, leniency=Leniency.VALID):
            followed_by_unit = re.match(rf"\s?{_UNIT}", text[match.end :], re.IGNORECASE)
            if not _SOMETHING_ELSE.fullmatch(match.raw_string) and not followed_by_unit:
                yield match.start, match.end


def _in_words(text: str) -> Iterator[Span]:
    for match in _AFTER_CALLING.finditer(text):
        yield from _not_years(match)
        following = _NEXT_NUMBER.match(text, match.end("number"))
        while following:
            yield from _not_years(following)
            following = _NEXT_NUMBER.match(text, following.end("number"))
    for pattern in (_WELL_KNOWN, _LETTERED):
        for match in pattern.finditer(text):
            yield match.span()
    for match in _SPELT.finditer(text):
        yield match.span("number")


def _not_years(match: re.Match[str]) -> Iterator[Span]:
    if not re.fullmatch(_YEAR, match.group("number")):
        yield match.span("number")


def _merged(spans: list[Span]) -> Iterator[Span]:
    """Yield the spans with those that overlap made into one."""
    pending: Span | None = None
    for start, end in spans:
        if pending and start < pending[1]:
            pending = (pending[0], max(pending[1], end))
            continue
        if pending:
            yield pending
        pending = (start, end)
    if pending:
        yield pending
