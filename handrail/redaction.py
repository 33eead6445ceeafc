"""Masks personal details in what a person wrote, before the words are stored or logged.

Each detail becomes a readable mask: "call me on 020 7946 0958" turns into "call me on [telephone]". The numbers and web
addresses of the help lines stay, and so does every word that the emergency patterns or the lexicon read. What it cannot
do is in `docs/privacy.md`; where the ideas come from, in `docs/decisions/0010-redaction.md`.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import phonenumbers

from handrail import knowledge
from handrail.emergencies.normalise import SHORT_FORMS
from handrail.helplines import allowed_numbers
from handrail.helplines.country import country_code
from handrail.lexicon.english import english_words
from handrail.lexicon.spelling import OneEdit
from handrail.lexicon.words import norms, word_set

# The words in the masks mean nothing to the emergency patterns, which know "phone" and "card": "his phone is dead".
EMAIL, WEB, ACCOUNT, PLACE = "[mail address]", "[web address]", "[account]", "[location]"
CARD, ID, PHONE, NUMBER = "[payment number]", "[identity number]", "[telephone]", "[number]"
BIRTH, ADDRESS, POSTCODE, NAME = "[birthdate]", "[address]", "[postcode]", "[name]"
MASKS = (EMAIL, WEB, ACCOUNT, PLACE, CARD, ID, PHONE, NUMBER, BIRTH, ADDRESS, POSTCODE, NAME)

REGIONS = ("US", "GB", "IE", "AU", "NZ", "IN", "ZA")
"""Whose national ways of writing numbers are tried after the person's own country's. Canada writes as the US does."""
FEWEST_PHONE_DIGITS, MOST_PHONE_DIGITS = 7, 15
"""Fewer digits are short codes, doses or years; more than 15 no phone network knows (ITU-T E.164)."""
FULL_DIGITS = 10
"""Digits of a number with its area in North America and in India; in North America a 1 may stand before them."""
LONG_NUMBER_DIGITS = 9
"""An unbroken number this long is an account, a case or an id: no question about drugs needs one."""
MOST_PARSED = 300
"""Stretches of digits of one message that libphonenumber looks at. Beyond them each stretch that could be a number is
masked unseen, so that 20,000 digits cost no more than a long message does."""
FEWEST_DIGITS_OF_PLACE = 3
"""Decimals of a coordinate that tell a street from a town: 0.001 of a degree is about 100 metres."""
WORDS_FOR_TITLE = 4
"""From this many words on, a text in which nearly every word has a capital tells nothing by its capitals."""


MOST_ROUNDS = 8
"""A mask can uncover a detail that was hidden behind another: an address behind a number that ran into it."""


@dataclass(frozen=True)
class Found:
    """A personal detail: the characters from `start` up to `end` (not included), and the mask that stands for it."""

    start: int
    end: int
    mask: str


def redact(text: str, country: str | None = None) -> str:
    """Return `text` with its personal details masked; text without any comes back as it is.

    Args:
        text: what a person wrote; any string. Half of a surrogate pair and other noise is left as it is.
        country: the ISO 3166 code of the person's country, in any case, or None when it is not known. It decides how
            phone numbers and id numbers without a country code are read.
    """
    for _ in range(MOST_ROUNDS):
        found = find(text, country)
        if not found:
            break
        text = _masked(text, found)
    return text


def _masked(text: str, details: list[Found]) -> str:
    parts: list[str] = []
    at = 0
    for found in details:
        parts += [text[at : found.start], found.mask]
        at = found.end
    return "".join([*parts, text[at:]])


def find(text: str, country: str | None = None) -> list[Found]:
    """Return the personal details in `text`, left to right, without overlaps.

    Where two overlap, the one of the recogniser that stands first in `_RECOGNISERS` counts. Arguments as for `redact`.
    """
    plain, known_country = _plain(text), country_code(country)
    kept: list[Found] = []
    for needs, recognise in _RECOGNISERS:
        if needs.search(plain):
            new = False
            for found in recognise(_Message(plain, known_country)):
                place = bisect_left(kept, found.start, key=_end)
                if place == len(kept) or found.end <= kept[place].start:
                    kept.insert(place, found)
                    new = True
            if new:
                plain = _closed(plain, kept)
    return kept


def _closed(plain: str, kept: list[Found]) -> str:
    """Close what is found to the recognisers that follow: no surname reaches into an e-mail address."""
    parts: list[str] = []
    at = 0
    for found in kept:
        parts += [plain[at : found.start], _TAKEN * (found.end - found.start)]
        at = found.end
    return "".join([*parts, plain[at:]])


@dataclass(frozen=True)
class _Message:
    """What the recognisers read: the text with plain digits, spaces and hyphens, and the person's country."""

    text: str
    country: str | None

    @property
    def capitals_tell(self) -> bool:
        """Whether a capital means anything: not in a text that is all capitals or a title."""
        words = _ANY_WORD.findall(self.text)
        capital = sum(word[0].isupper() for word in words)
        return not (self.text.isupper() or (len(words) >= WORDS_FOR_TITLE and capital > 0.7 * len(words)))


_Recogniser = Callable[[_Message], Iterator[Found]]

_TAKEN = "\N{NULL}"
"""Stands in the place of each character of a detail that was found: no letter, no digit, no space."""
_ANY_WORD = re.compile(r"[^\W\d_]{2,}")
_DIGIT = re.compile(r"\d")


def _end(found: Found) -> int:
    # One that ends where another begins comes before it.
    return found.end - 1


def _plain(text: str) -> str:
    """Return `text` with plain digits, spaces, hyphens and apostrophes, each character in its old place."""
    return text if text.isascii() else "".join(map(_plain_character, text))


@lru_cache(maxsize=2_000)
def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character in "’‘ʼ＇`´":
        return "'"
    if character == "＠":
        return "@"
    category = unicodedata.category(character)
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    return " " if category in ("Zs", "Cf") else character


@lru_cache(maxsize=1)
def _field_words() -> frozenset[str]:
    """Return every word that the lexicon or an emergency pattern knows: none of them is taken for a name."""
    words = set(SHORT_FORMS)
    for entry in knowledge.lexicon():
        for _, _, term in entry.by_role():
            words.update(norms(term))
    for file in knowledge.emergency_screen().files:
        record = file.record
        notations = [*record.words.values(), *record.contexts.values(), *(pattern.match for pattern in record.patterns)]
        for notation in notations:
            for wording in notation:
                words.update(re.findall(r"[a-z']+", wording.lower()))
    return frozenset(words)


@lru_cache(maxsize=1)
def _near_field_words() -> OneEdit:
    return OneEdit(word for word in _field_words() if len(word) >= _SHORTEST_MISSPELT)


@lru_cache(maxsize=1)
def _own_numbers() -> frozenset[str]:
    """Return the digits of every number of a help line, with and without the country code."""
    return frozenset(allowed_numbers(knowledge.helplines()))


@lru_cache(maxsize=1)
def _own_sites() -> frozenset[str]:
    """Return the host names at which the help lines can be reached, without "www."."""
    addresses = (
        str(address)
        for lines in knowledge.helplines().everything
        for line in lines.lines
        for address in (line.web, line.chat)
        if address
    )
    return frozenset(_without_www(urlsplit(address).hostname or "") for address in addresses)


# --- e-mail, web addresses, accounts --------------------------------------------------------------------------------

_LOCAL_PART = re.compile(r"[^\s@,;:<>()\[\]\"\\]{1,64}\Z")
_HOST = re.compile(r"@(?P<host>[^\W_](?:[\w-]{0,62}\w)?(?:\.[^\W_](?:[\w-]{0,62}\w)?){1,9})")
_SPOKEN_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64} ?(?:@|\(at\)|\[at\]|(?<= )at(?= )) ?"
    r"(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|icloud|aol|protonmail|proton|btinternet)"
    r" ?(?:\.|\(dot\)|\[dot\]|(?<= )dot(?= )) ?(?:com|net|me|co ?(?:\.|dot) ?uk|co|ca|ie)\b",
    re.IGNORECASE,
)
# A full stop without a space after it, behind a word in disguise: "he r@ped.my sister knows".
_WORD_AFTER_STOP = re.compile(r"(?P<word>\w+)\.(?P<next>[a-z]{2,4})", re.IGNORECASE)


def _emails(message: _Message) -> Iterator[Found]:
    text = message.text
    for host in _HOST.finditer(text):
        local = _LOCAL_PART.search(text, max(0, host.start() - 64), host.start())
        if local and not _is_disguised_word(local.group(), host["host"]):
            yield Found(local.start(), host.end(), EMAIL)


def _is_disguised_word(local: str, host: str) -> bool:
    stop = _WORD_AFTER_STOP.fullmatch(host)
    return stop is not None and _means_a_word(f"{local}a{stop['word']}") and _means_a_word(stop["next"])


def _means_a_word(word: str) -> bool:
    return word.lower() in _field_words() or word.lower() in english_words()


def _spoken_emails(message: _Message) -> Iterator[Found]:
    for match in _SPOKEN_EMAIL.finditer(message.text):
        yield Found(match.start(), match.end(), EMAIL)


# Of the bare ones only endings that are no words: people forget the space after a full stop ("he left.me too").
_ADDRESS_OF_PAGE = re.compile(
    r"(?:\bhttps?://|\bwww\.)[^\s<>\"]{1,2000}"
    r"|(?<![\w.@-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,5}"
    r"(?:com|org|net|edu|gov|info|io|co\.uk|org\.uk|ac\.uk|nhs\.uk|gov\.uk|com\.au|org\.au|co\.nz)\b(?:/[^\s<>\"]{0,2000})?",
    re.IGNORECASE,
)
_CLOSING_MARKS = ".,;:!?)]}'\""


def _web_addresses(message: _Message) -> Iterator[Found]:
    for match in _ADDRESS_OF_PAGE.finditer(message.text):
        address = match.group().rstrip(_CLOSING_MARKS)
        if "." in address and not (_is_own_site(address) or _is_named_for_the_field(address)):
            yield Found(match.start(), match.start() + len(address), WEB)


def _is_own_site(address: str) -> bool:
    """Say whether this is a page of a help line, with nothing about the person after a question mark."""
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host = _without_www(parts.hostname or "")
    except ValueError:
        return False
    return not (parts.query or parts.fragment or parts.username) and host in _own_sites()


def _is_named_for_the_field(address: str) -> bool:
    """Say whether this is the bare name of a site such as "drugs.com", which says nothing about the person."""
    return _without_www(address).split(".")[0] in _field_words() and address.count("/") == 0


def _without_www(host: str) -> str:
    return host.lower().removeprefix("www.").rstrip(".")


_HANDLE = re.compile(r"(?<![\w@.])@(?P<name>\w(?:[\w.]{0,28}\w))")
_SITES = (
    r"(?:insta(?:gram)?|snap(?:chat)?|tik ?tok|twitter|discord|telegram|kik|skype|face ?book|fb|reddit|whats ?app|x)"
)
_NAMED_ACCOUNT = re.compile(
    rf"\b{_SITES}(?: (?:is|name|handle|user ?name|user|id|account|me|:)|:|'s|=){{1,4}} ?"
    r"(?P<name>(?=[a-z0-9_.#-]{0,30}[0-9_#])[a-z0-9_][a-z0-9_.#-]{2,30})(?!\S*@)",
    re.IGNORECASE,
)


def _accounts(message: _Message) -> Iterator[Found]:
    for match in _HANDLE.finditer(message.text):
        # "@lcohol", "drinking @work".
        if not (_means_a_word(f"a{match['name']}") or _means_a_word(match["name"])):
            yield Found(match.start(), match.end(), ACCOUNT)


def _named_accounts(message: _Message) -> Iterator[Found]:
    for match in _NAMED_ACCOUNT.finditer(message.text):
        name = match["name"].rstrip(".-")
        yield Found(match.start("name"), match.start("name") + len(name), ACCOUNT)


# --- numbers --------------------------------------------------------------------------------------------------------

_DECIMALS = rf"\.\d{{{FEWEST_DIGITS_OF_PLACE},15}}"
_SEXAGESIMAL = r"°\s?\d{1,2}['′]\s?(?:\d{1,2}(?:\.\d{1,4})?[\"″]?)?\s?"
_COORDINATES = re.compile(
    rf"(?<![\w.])[+-]?(?P<north>\d{{1,2}}){_DECIMALS}°? ?[NS]?[,; ] ?"
    rf"[+-]?(?P<east>\d{{1,3}}){_DECIMALS}°?(?: ?[EW]\b)?(?![\w.]\d)"
    rf"|\b\d{{1,2}}{_SEXAGESIMAL}[NS][, ]{{1,2}}\d{{1,3}}{_SEXAGESIMAL}[EW]\b"
    r"|(?<!\S)///[a-z]{2,20}\.[a-z]{2,20}\.[a-z]{2,20}\b",  # what3words
    re.IGNORECASE,
)


def _coordinates(message: _Message) -> Iterator[Found]:
    for match in _COORDINATES.finditer(message.text):
        if match["north"] is None or (int(match["north"]) <= 90 and int(match["east"]) <= 180):
            yield Found(match.start(), match.end(), PLACE)


# Groups of digits with the little that people put between them. A run that touches letters, money or a decimal point
# is something else: a dose, a price, the name of a drug.
_RUN = re.compile(r"(?<![\w$£€#])(?<![A-Za-z]-)(?<!\d[.,:/])[+(\[]{0,3}\d+(?:[ .()/-]{1,3}\d+)*")
_GROUP = re.compile(r"\d+")
_AFTER_RUN = re.compile(r"\w|[:%]|[,.]\d|-[A-Za-z]{2}|/\w")
_UNIT = re.compile(
    r"\s?(?:%|percent|per\s?cent|mg|mgs|mcg|µg|ug|g|gs|gram|grams|kg|kilos?|lbs?|oz|ml|mls|cl|l|litres?|liters?|units?|iu|"
    r"minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?|times|people|pills?|tablets?|tabs?|beers?|drinks?|"
    r"dollars|bucks|pounds|quid|euros?|rupees|rs|calories|steps|miles)\b",
    re.IGNORECASE,
)
_NOT_A_PHONE = re.compile(
    r"(?:19|20)\d\d(?: ?[-/] ?(?:19|20)\d\d| (?:19|20)\d\d)+"  # years
    r"|(?:19|20)\d\d[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./](?:19|20)?\d\d"  # dates
    r"|\d+\.\d+|\d{1,4}0 ?- ?\d{1,4}0|\d(?: ?[-./ ] ?\d)+"  # 3.14159, 500-1000, 5-4-3-2-1
    r"|(?=.*\d\.\d)(?=.*\d \d).*"  # 0.5 0.25 1.5: nobody parts the same number in both ways
)
_CALLING = re.compile(
    r"\b(?:call|ring|phone|telephone|text|dial|sms|whats ?app|tel|cell|mobile|number|contact|reach|fax)"
    r"(?:s|ed|ing|led|ling)?\b[^.?!;\n\d\[\]]{0,30}\Z",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"[ ,]{0,2}(?:x|ext\.?|extension) ?\d{1,6}\b", re.IGNORECASE)
_SOCIAL_SECURITY = re.compile(r"(?!000|666|9)\d{3}(?P<joint>[- ])(?!00)\d\d(?P=joint)(?!0000)\d{4}")
_NHS_SHAPE = re.compile(r"\d{3}[ -]?\d{3}[ -]?\d{4}")
_SIN_SHAPE = re.compile(r"[1-79]\d\d(?P<joint>[ -]?)\d{3}(?P=joint)\d{3}")
_OF_AN_ID = re.compile(
    r"\b(?:ssn|social security|social insurance|sin|nhs|passport|medicare|licen[cs]e|id number)\b"
    r"[^.?!;\n\d\[\]]{0,20}\Z",
    re.IGNORECASE,
)
_NEAR = 40
"""Characters before a number in which a word may say what it is."""
_CARD_DIGITS = range(13, 20)
_CARD_STARTS = frozenset("23456")
"""How long card numbers are and how they begin (ISO/IEC 7812; the networks' own ranges lie within)."""


_Groups = list[tuple[int, int]]
_LONG_OWN_DIGITS = 6
"""Shorter numbers of help lines, such as 234 or 988, may also be the start of somebody's own number."""


def _is_long_own_number(digits: str) -> bool:
    return len(digits) >= _LONG_OWN_DIGITS and digits in _own_numbers()


def _numbers(message: _Message) -> Iterator[Found]:
    """Yield card, id and phone numbers, and any long unbroken number."""
    reader = _NumberReader(message)
    for run in _RUN.finditer(message.text):
        yield from reader.read(run)


class _NumberReader:
    """Looks through the runs of digits of one message."""

    def __init__(self, message: _Message) -> None:
        self._text = message.text
        self._country = message.country
        self._regions = tuple(dict.fromkeys([*([message.country] if message.country else []), *REGIONS]))
        self._parsed = 0

    def read(self, run: re.Match[str]) -> Iterator[Found]:
        """Yield what the groups of digits of `run` hold."""
        groups = [(run.start() + group.start(), run.start() + group.end()) for group in _GROUP.finditer(run.group())]
        if _UNIT.match(self._text, run.end()):
            groups.pop()  # "07911 123456 3 days ago", "10 20 30 mg"
        for stretch in self._around_own_numbers(groups):
            first = 0
            while first < len(stretch):
                found, first = self._from(stretch, first, run.start())
                if found:
                    yield found

    def _around_own_numbers(self, groups: _Groups) -> Iterator[_Groups]:
        """Yield the stretches of groups before, between and after the numbers of help lines."""
        begin = first = 0
        while first < len(groups):
            ends = [last for last, digits in self._joined(groups, first) if _is_long_own_number(digits)]
            if ends:
                yield groups[begin:first]
                begin = first = ends[-1]
            else:
                first += 1
        yield groups[begin:]

    def _joined(self, groups: _Groups, first: int) -> Iterator[tuple[int, str]]:
        """Yield the digits from the group numbered `first` on, each time with one more group, and that group's end."""
        digits, last = "", first
        while last < len(groups) and len(digits) <= _CARD_DIGITS[-1]:
            digits += self._text[slice(*groups[last])]
            last += 1
            yield last, digits

    def _from(self, groups: _Groups, first: int, earliest: int) -> tuple[Found | None, int]:
        """Return the longest that begins with the group numbered `first`, if any, and the next group to read."""
        start = self._with_sign(groups[first][0], earliest)
        before = self._text[max(0, start - _NEAR) : start]
        said = ID if _OF_AN_ID.search(before) else PHONE if _CALLING.search(before) else None
        joined = list(reversed(list(self._joined(groups, first))))
        # What is a number by itself comes before what only the words make one: "call 07911 123456 3 times".
        for trusted in (None, said) if said == PHONE else (said,):
            for last, digits in joined:
                if self._is_own(groups[first:last], digits):
                    return None, last
                end = groups[last - 1][1]
                if len(digits) < FEWEST_PHONE_DIGITS or _AFTER_RUN.match(self._text, end):
                    continue
                mask = self._mask(self._text[start:end], digits, trusted)
                if mask == PHONE:
                    extension = _EXTENSION.match(self._text, end)
                    end = extension.end() if extension else end
                if mask:
                    return Found(start, end, mask), last
        return None, first + 1

    def _with_sign(self, start: int, earliest: int) -> int:
        """Return where the number begins that has its first digit at `start`: at its "+" or "(" if there is one."""
        while start > earliest and self._text[start - 1] in "+([":
            start -= 1
        return start

    def _is_own(self, groups: _Groups, digits: str) -> bool:
        """Say whether the groups are the number of a help line, or several of them: "988 911"."""
        own = _own_numbers()
        return digits in own or all(self._text[slice(*group)] in own for group in groups)

    def _mask(self, written: str, digits: str, said: str | None) -> str | None:
        """Return the mask for one stretch of digits, or None where it is nothing personal.

        `said` is what the words before it say that it is: PHONE, ID or None.
        """
        size = len(digits)
        if size in _CARD_DIGITS and written[0] in _CARD_STARTS and _luhn(digits):
            return CARD
        if said == ID or self._is_id(written, digits):
            return ID
        may_be_phone = size <= MOST_PHONE_DIGITS and ("+" in written or not _NOT_A_PHONE.fullmatch(written))
        if may_be_phone and (said == PHONE or self._is_phone(written, digits)):
            return PHONE
        return NUMBER if written.isdigit() and size >= LONG_NUMBER_DIGITS else None

    def _is_id(self, written: str, digits: str) -> bool:
        if _SOCIAL_SECURITY.fullmatch(written) and (self._country in (None, "US") or "-" in written):
            return True
        if self._country == "GB":
            return bool(_NHS_SHAPE.fullmatch(written)) and digits[0] != "0" and _nhs(digits)
        return self._country == "CA" and bool(_SIN_SHAPE.fullmatch(written)) and _luhn(digits)

    def _is_phone(self, written: str, digits: str) -> bool:
        self._parsed += 1
        if self._parsed > MOST_PARSED:
            return True
        if "+" in written or digits.startswith(("00", "011")):
            abroad = "+" + digits.removeprefix("00").removeprefix("011")
            return _is_valid(abroad, None) or self._is_phone_at_home(digits)
        if self._country and _is_valid(digits, self._country):
            return True
        # In some country "100 300 600" is a phone number too, and so is "20 30 40 50": here they are doses.
        in_full = digits[0] == "0" or len(digits) == FULL_DIGITS + (digits[0] == "1")
        in_long_groups = digits[0] == "0" or max(map(len, _GROUP.findall(written))) > 2
        return in_full and in_long_groups and self._is_phone_at_home(digits)

    def _is_phone_at_home(self, digits: str) -> bool:
        return any(_is_valid(digits, region) for region in self._regions)


def _is_valid(number: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _luhn(digits: str) -> bool:
    """Say whether the check digit of a card number or of a Canadian SIN is right (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(map(int, digits[::-2])) + sum(number - 9 * (number > 9) for number in doubled)) % 10 == 0


def _nhs(digits: str) -> bool:
    """Say whether the check digit of an NHS number is right (NHS Data Model and Dictionary: modulus 11)."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == int(digits[9])


# HMRC National Insurance Manual, NIM39110: which letters and prefixes are in use.
_NATIONAL_INSURANCE = re.compile(
    r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?P<joint>[ -]?)"
    r"\d\d(?P=joint)\d\d(?P=joint)\d\d(?P=joint)[A-D]\b"
)


def _national_insurance(message: _Message) -> Iterator[Found]:
    """Yield NI numbers. In small letters only in one piece: "give me 10 20 30 a day" has spaces."""
    for match in _NATIONAL_INSURANCE.finditer(message.text.upper() if message.text.isascii() else message.text):
        if message.text[match.start() : match.end()].isupper() or not match["joint"]:
            yield Found(match.start(), match.end(), ID)


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_BIRTH = re.compile(
    r"\b(?:d\.?o\.?b\.?|date of birth|birth ?date|birthday|born)(?:\s?(?:is|was|on|the|it's|:|-|=|,)){0,3}\s?"
    r"(?P<date>\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d\d)|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b,?(?: (?:19|20)?\d\d\b)?"
    rf"|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? (?:19|20)\d\d\b)?)",
    re.IGNORECASE,
)


def _births(message: _Message) -> Iterator[Found]:
    """Yield dates that are said to be dates of birth. A year alone stays: it tells an age, which an answer may need."""
    for match in _BIRTH.finditer(message.text):
        yield Found(match.start("date"), match.end("date"), BIRTH)


# --- addresses ------------------------------------------------------------------------------------------------------

_KIND_OF_STREET = (
    r"(?:street|road|avenue|lane|boulevard|crescent|drive|close|court|place|terrace|gardens|grove|square|highway|"
    r"parkway|parade|way|walk|mews|rd|ave|ln|blvd|cres|dr|hwy|st)"
)
_SURE_KINDS = word_set("street road avenue lane boulevard crescent rd ave blvd")
_STREET_WORD = r"[^\W\d_][^\W\d_'.-]{1,20}"
_STREET = re.compile(
    r"(?<![\w$£€.,:/-])(?:(?:flat|apt|apartment|unit|suite) ?#?\d{1,4}[a-z]?,? {0,2})?\d{1,5}[a-z]?,? "
    rf"(?P<name>(?:[NSEW][EW]?\.? )?{_STREET_WORD}(?: {_STREET_WORD}){{0,2}}?) (?P<kind>{_KIND_OF_STREET})\b\.?",
    re.IGNORECASE,
)
_POST_BOX = re.compile(r"\bp\.? ?o\.? box \d{1,6}\b", re.IGNORECASE)


def _addresses(message: _Message) -> Iterator[Found]:
    for match in _POST_BOX.finditer(message.text):
        yield Found(match.start(), match.end(), ADDRESS)
    capitals_tell = message.capitals_tell
    for match in _STREET.finditer(message.text):
        words = match["name"].split()
        named = capitals_tell and all(word[0].isupper() for word in [*words, match["kind"]])
        if named or (match["kind"].lower() in _SURE_KINDS and not any(map(_is_no_street, words))):
            yield Found(match.start(), match.end(), ADDRESS)


def _is_no_street(word: str) -> bool:
    return word.lower() in _field_words() or word.lower() in _NOT_STREETS


_NOT_STREETS = word_set(
    """
    a an and the in on at to of for from off by or per with into out down up under over near across along
    between his her their my our your this that these those some same other each every different more mg g gram
    grams kilo kilos oz bags bag pills days nights weeks months years hours minutes times blocks doors houses
    people kids guys girls men women miles km bucks quid dollars long whole back side busy
    """
)

# The areas that postcodes begin with (Royal Mail), and the shape of the rest.
_POSTCODE_AREAS = (
    "AB|AL|B|BA|BB|BD|BF|BH|BL|BN|BR|BS|BT|BX|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|E|EC|EH|EN|EX|FK|FY|"
    "G|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|L|LA|LD|LE|LL|LN|LS|LU|M|ME|MK|ML|N|NE|NG|NN|NP|NR|NW|"
    "OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|S|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA|TD|TF|TN|TQ|TR|TS|TW|UB|W|WA|WC|WD|WF|"
    "WN|WR|WS|WV|YO|ZE"
)
_UK_POSTCODE = re.compile(
    rf"\b(?P<outward>(?:{_POSTCODE_AREAS})\d(?:\d|[A-Z])?)(?P<joint> ?)(?P<inward>\d[ABD-HJLNP-UW-Z]{{2}})\b",
    re.IGNORECASE,
)
_NOT_INWARD = word_set("st nd rd th hr yr gs gr lb tb ps ax ad")
"""Behind a number these are an ordinal, a time or a weight: "my second M30 2hr ago"."""
_CANADIAN_POSTCODE = re.compile(r"\b[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d\b", re.IGNORECASE)
_STATE = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
)
_CODE_IN_DIGITS = (
    re.compile(rf"\b(?:{_STATE}),? (?P<code>\d{{5}}(?:-\d{{4}})?)(?![\w-])(?!,\d| ?mg)"),
    re.compile(r"\b(?:NSW|VIC|QLD|SA|WA|TAS|NT|ACT),? (?P<code>\d{4})(?![\w-])(?!,\d| ?mg)"),
    re.compile(
        r"\b(?:zip(?: ?code)?|post ?code|postal code)(?:\s?(?:is|:|-|=|it's)){0,2}\s?"
        r"(?P<code>\d{5}(?:-\d{4})?|\d{4,6})(?!\w)",
        re.IGNORECASE,
    ),
)


def _postcodes(message: _Message) -> Iterator[Found]:
    text = message.text
    for match in _UK_POSTCODE.finditer(text):
        one_case = match.group().isupper() or match.group().islower()
        if one_case and match["inward"][1:].lower() not in _NOT_INWARD:
            yield Found(match.start(), match.end(), POSTCODE)
    for match in _CANADIAN_POSTCODE.finditer(text):
        yield Found(match.start(), match.end(), POSTCODE)
    for shape in _CODE_IN_DIGITS:
        for match in shape.finditer(text):
            yield Found(match.start("code"), match.end("code"), POSTCODE)


# --- names ----------------------------------------------------------------------------------------------------------

_SHORTEST_MISSPELT = 5
"""A shorter word is too near to too many others to say that it is one of them, misspelt."""
_REST_OF_WORD = r"(?:[^\W\d_]|['-](?=[^\W\d_])){1,24}(?!\w)"
_WORD = rf"[^\W\d_]{_REST_OF_WORD}"
_CAPITAL_WORD = rf"[A-Z]{_REST_OF_WORD}"
_NAMES = rf"(?P<names>{_WORD}(?: {_WORD}){{0,2}})"
_RELATION = (
    r"(?:(?:little|big|older|younger|oldest|youngest|eldest|late|best|ex|step|half|teenage|twin|grand) ?)?-?"
    r"(?:son|daughter|child|kid|boy|girl|baby|brother|sister|bro|sis|husband|hubby|wife|partner|boyfriend|girlfriend|bf|gf|"
    r"fianc[eé]e?|spouse|mother|father|mom|mum|mam|dad|stepson|stepdaughter|stepdad|stepmom|stepmum|grandson|granddaughter|"
    r"nephew|niece|cousin|uncle|aunt|auntie|friend|mate|buddy|pal|bestie|roommate|flatmate|housemate|ex|"
    r"neighbou?r|coworker|colleague|boss|landlord|dealer|sponsor|doctor|therapist|counsell?or|nurse|social worker)"
)
_SHORT_FORM = re.compile(r"'(?:d|m|t|ll|re|ve)\Z", re.IGNORECASE)
"""The end of "I'd" and "we've": no name ends so."""
_PERSON = rf"(?:{_RELATION}|someone|somebody|guy|man|woman|lad|lady|person|bloke|dude|client|student|patient)"
# These words are followed by a name, or by something that is plainly none.
_SURE_FRAMES = re.compile(
    r"(?:\b(?:my|his|her|their|our)(?: (?:full|first|last|real|middle|legal|own))?"
    rf"(?: {_RELATION}(?:'s|s)?)? ?(?:nick|sur)?name(?:s|'s| is| was|:| is:| =)"
    r"|(?:^|[.!?\n,] ?)(?:the )?name(?:s|'s|:| is:?)"
    r"|\b(?:i'm|im|i am|he's|hes|he is|she's|shes|she is|they're|they are|who is|who's"
    rf"|{_RELATION} is|{_PERSON}) (?:called|named)"
    rf"|\b(?:i|he|she|they) (?:go|goes) by) {_NAMES}",
    re.IGNORECASE,
)
# After these a name may stand, and often something else does: only what looks like a name counts.
_LOOSE_FRAMES = re.compile(
    rf"\b(?:call me|(?:my|his|her|our|their) {_RELATION},?) {_NAMES}",
    re.IGNORECASE,
)
# "Thanks, Dan" and "- Dan" as the last words.
_SIGNED = re.compile(
    r"(?:(?:^|[\n.!?,] ?)(?:(?:kind |best |warm )?regards|best wishes|yours(?: sincerely| truly| faithfully)?|sincerely"
    r"|thanks(?: again)?|thank you|many thanks|cheers|love)[,.!]?\s{1,3}(?:[-~] ?)?|\n\s?[-~] ?)"
    rf"(?P<names>{_WORD}(?: {_WORD})?)\W{{0,5}}\Z",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(rf"\b(?:i'm|im|i am|it's|its|this is) {_NAMES}", re.IGNORECASE)
_ON_THE_LINE = re.compile(
    rf"(?:\bthis is|\bit's|\bits|^|[\n.!?,]) ?\b(?P<names>{_WORD}(?: {_WORD})?) (?:here|speaking|calling)\b",
    re.IGNORECASE,
)
_TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Professor|Doctor)\.? (?P<names>{_CAPITAL_WORD}(?: {_CAPITAL_WORD})?)")

# Given names that mean nothing else, from the frequent names of the US and UK (Social Security Administration, ONS).
# Those that the lexicon reads as a drug or a place (Adam, Charlie, Gina, Lucy, Molly, Tina, Virginia) are left out.
GIVEN_NAMES = word_set(
    """
    aaron abby abdul abigail adrian ahmed aidan aisha alan albert alejandro alex alexander alexandra alfie
    ali alice alicia alison allison amanda amelia amy ana andre andrea andrew andy angela anita ann anna anne
    annie anthony antonio archie arthur ashley barbara becky ben benjamin beth bethany betty beverly bob bobby
    brad bradley brandon brenda brian brittany bruce bryan callum cameron carl carla carlos carol caroline
    carolyn catherine charles charlotte chelsea cheryl chloe chris christian christopher
    cindy claire clare colin connor craig cynthia damian dan dana daniel daniela danielle danny darren dave
    david dean deborah debra denise dennis derek diana diane dmitri donald donna dorothy douglas dylan ed eddie
    edward elaine eleanor elena elijah elizabeth ella ellen ellie emily emma eric erin ethan eva evan evelyn
    fatima fiona frances francesca fred gabriel gareth gary gavin geoff george georgia gerald gillian glenn
    gloria gordon graham greg gregory hannah harold harriet harry hassan hayley heather helen henry ian ibrahim
    imran isaac isabel isabella jacob jacqueline jade jake james jamie jan jane janet janice jared jasmine jason
    javier jayden jean jeff jeffrey jen jenna jennifer jenny jeremy jerry jess jesse jessica jessie jill jim
    jimmy joan joanna joanne jodie joe joel john johnny jon jonathan jose joseph josh joshua joyce juan juanita
    judith judy julia julian julie justin kara karen kate katherine kathleen kathryn kathy katie kayla keith
    kelly ken kenneth kevin kim kimberly kirsty kyle larry laura lauren lawrence leanne lee leo leon leonard
    lesley leslie lewis liam linda lindsay lisa liz logan lois lori louis louise luis luke lydia lynn maggie
    manuel marc marcus margaret maria marie marilyn mario marisol martha martin mary matt matthew maureen megan
    mel melanie melissa michael michelle miguel mike mohammed monica muhammad nancy naomi natalie
    natasha nathan neil nicholas nick nicola nicole nigel nina noah nora oliver olivia omar oscar owen pamela
    patricia patrick paul paula pauline pedro peter phil philip phillip priya rachel rajesh ralph raymond
    rebecca ricardo richard rick robert roberto roger ronald rosie ross roy russell ruth ryan sally sam samantha
    samuel sandra sara sarah scott sean sebastian shannon sharon shaun shawn sheila shirley simon sofia sonia
    sophia sophie stacey stella stephanie stephen steve steven stuart susan suzanne tamara tanya tara teresa
    terry thea theresa thomas tim timothy toby todd tom tommy tony tracy travis trevor tyler valerie vanessa
    vera veronica vicky victor victoria vincent walter wayne wendy wesley yasmin yusuf yvonne zachary
    zoe
    """
)
# Given names that are also words: names where a name is due ("my name is Grace"), words elsewhere ("my son will").
_NAMES_THAT_ARE_WORDS = word_set(
    """
    amber angel april art autumn bill billy blake chad chase chip cliff clay cole daisy dale dawn drew eve faith
    fern frank gene glen grace grant guy hazel heath holly hope hunter iris ivy jack jay jordan joy june kit
    lance lily mark mason max may miles nova olive paris pat pearl penny piper poppy prince randy ray reed rich
    river rob robin ron rose rosemary rowan ruby rusty sandy skip skye sonny sue summer ted trent violet wade
    warren will willow
    """
)
_SURNAMES = word_set(
    """
    adams allen anderson baker bell campbell carter clark collins cooper davis edwards evans fisher garcia
    harris hill jackson johnson jones khan king lewis marsh martinez miller mitchell moore morgan morris murphy
    nelson parker patel phillips reed roberts robinson rodriguez singh smith stone taylor thomas thompson turner
    walker watson wells williams wilson wood wright
    """
)
_NEVER_NAMES = word_set(
    """
    and or but so then that this here there not no none nobody important private secret irrelevant unknown
    anonymous anon mud written mentioned listed known called the a an on in at of to for from with by about is
    was were are it its i i'm i've he he's she she's they we you me my his her their our who what when where why
    how which if because since please pls plz thanks thank cheers mate hi hello hey ok okay lol also just really
    very still now today tonight asap later back tomorrow anytime time soon crazy stupid names back-up whatever
    anything something nothing everything google right everyone sir madam maam ma'am all again doctor nurse god
    jesus lord hell don't doesn't didn't can't won't isn't wasn't hasn't haven't couldn't wouldn't
    """
)


def _names(message: _Message) -> Iterator[Found]:
    """Yield names where the words around them say that they are names."""
    capitals_tell = message.capitals_tell
    frames: tuple[tuple[re.Pattern[str], Callable[[str, bool], bool]], ...] = (
        (_SURE_FRAMES, _is_name_in_sure_frame),
        (_LOOSE_FRAMES, _is_name_in_loose_frame),
        (_SIGNED, _is_name_in_loose_frame),
        (_ON_THE_LINE, _is_name_in_loose_frame),
        (_TITLED, _is_name_in_sure_frame),
        (_INTRODUCED, _is_name_alone),
    )
    for frame, is_name in frames:
        at = 0
        while match := frame.search(message.text, at):
            end = _end_of_names(match, is_name, capitals_tell)
            if end:
                yield Found(match.start("names"), end, NAME)
            # The words behind one frame may open the next: "I'm called Dan, his name is Joe".
            at = max(end, match.start("names")) or match.end()


def _end_of_names(match: re.Match[str], is_name: Callable[[str, bool], bool], capitals_tell: bool) -> int:
    """Return where the names end that begin the group `names` of `match`, or 0 when its first word is none."""
    words = match["names"].split(" ")
    if _SHORT_FORM.search(words[0]) or not is_name(_without_tail(words[0]), capitals_tell):
        return 0
    length = len(_without_tail(words[0]))
    if length == len(words[0]):
        for word in words[1:]:
            if _SHORT_FORM.search(word) or not _is_further_name(_without_tail(word), capitals_tell):
                break
            length += 1 + len(_without_tail(word))
            if word != _without_tail(word):
                break
    end = match.start("names") + length
    return 0 if _lexicon_reads(match.string, match.start("names"), end) else end


def _lexicon_reads(text: str, start: int, end: int) -> bool:
    """Say whether the lexicon finds something else without the name from `start` to `end`: "jack and coke"."""
    if _field_words().isdisjoint(text[start:end].lower().split(" ")):
        return False
    lexicon, rest = knowledge.lexicon(), text[end : end + _NEAR]
    found, left = lexicon.find(text[start:end] + rest), lexicon.find(NAME + rest)
    return [mention.id for mention in found] != [mention.id for mention in left]


def _without_tail(word: str) -> str:
    """Return the name in "Dan's"."""
    return word[:-2] if word.lower().endswith("'s") else word


def _is_name_in_sure_frame(word: str, capitals_tell: bool) -> bool:
    lower = word.lower()
    if lower in GIVEN_NAMES or lower in _NAMES_THAT_ARE_WORDS:
        return True
    if _is_no_name(lower):
        return False
    if _looks_like_name(word, capitals_tell):
        return True
    return lower not in english_words() and not _may_be_misspelt(lower)


def _is_name_in_loose_frame(word: str, capitals_tell: bool) -> bool:
    lower = word.lower()
    if lower in GIVEN_NAMES:
        return True
    if _is_no_name(lower) or not _looks_like_name(word, capitals_tell):
        return False
    return lower not in english_words() and not _may_be_misspelt(lower)


def _is_name_alone(word: str, capitals_tell: bool) -> bool:
    """Say whether a word behind "I'm" or "this is" is a name: only where it can be nothing else."""
    return word.lower() in GIVEN_NAMES


def _is_further_name(word: str, capitals_tell: bool) -> bool:
    """Say whether a word right behind a given name is a surname or a second name."""
    lower = word.lower()
    if lower in _SURNAMES or lower in GIVEN_NAMES:
        return True
    return not _is_no_name(lower) and _looks_like_name(word, capitals_tell) and not _may_be_misspelt(lower)


def _looks_like_name(word: str, capitals_tell: bool) -> bool:
    return capitals_tell and word[0].isupper() and not word.isupper()


def _is_no_name(word: str) -> bool:
    """Say whether a word, or a part of it, is one that is needed or plainly no name ("al-anon")."""
    parts = (part for part in re.split("['-]", word) if len(part) > 1)
    whole = {word, *parts, re.sub("['-]", "", word)}
    return not (whole.isdisjoint(_NEVER_NAMES) and whole.isdisjoint(_field_words()))


def _may_be_misspelt(word: str) -> bool:
    """Say whether a word is one slip away from a word that the lexicon or a pattern knows: then it stays."""
    return len(word) >= _SHORTEST_MISSPELT and bool(_near_field_words().near(word))


# Each with what a text must hold for it to be tried, so that most messages cost a few searches. The order decides
# where two find the same: an e-mail address may look like an account, a card number may hold a phone number.
_RECOGNISERS: tuple[tuple[re.Pattern[str], _Recogniser], ...] = (
    (re.compile("@"), _emails),
    (
        re.compile(r"gmail|googlemail|yahoo|ymail|hotmail|outlook|icloud|aol|proton|btinternet", re.IGNORECASE),
        _spoken_emails,
    ),
    (re.compile(r"://|www\.|\.(?:com|org|net|edu|gov|info|io|co|ac|nhs)\b", re.IGNORECASE), _web_addresses),
    (re.compile("@"), _accounts),
    (re.compile(_SITES, re.IGNORECASE), _named_accounts),
    (re.compile(r"\d\.\d|°|///"), _coordinates),
    (_DIGIT, _national_insurance),
    (_DIGIT, _births),
    (_DIGIT, _addresses),
    (_DIGIT, _postcodes),
    (_DIGIT, _numbers),
    (
        re.compile(
            rf"\bname|\bcall|\bthis is|\bi'?m\b|\bi am\b|\bit'?s\b|\b(?:speaking|here|goe?s? by)\b|\b{_RELATION}\b"
            r"|regards|wishes|sincerely|yours|thank|cheers|\blove\b|\n\s?[-~]|\b(?:mr|mrs|ms|mx|dr|prof)\b",
            re.IGNORECASE,
        ),
        _names,
    ),
)
