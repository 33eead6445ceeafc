"""What is known about one phone number: is it real in its country, does it cost, how a phone dials it.

The knowledge is libphonenumber's (the Python package `phonenumbers`): its plans of full numbers for every
country, and its lists of short codes and emergency numbers.
"""

from __future__ import annotations

from functools import lru_cache

import phonenumbers
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberType,
    ShortNumberCost,
    expected_cost_for_region,
    is_emergency_number,
    is_valid_short_number_for_region,
)

NORTH_AMERICA = 1
"""The calling code that the US and Canada share."""

LONGEST_GROUP = 5
"""Digits that people can read in one go; full numbers are written in groups no longer than this."""

LONGEST_SHORT_NUMBER = 6
"""Digits of the longest numbers that phones dial as they stand, such as 116 123."""

CHARGED_TYPES = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.UAN})
CHARGED_COSTS = frozenset({ShortNumberCost.STANDARD_RATE, ShortNumberCost.PREMIUM_RATE})


def only_digits(number: str) -> str:
    """Return the digits of `number`; letters become the digits of their keys ("QUIT" gives "7848")."""
    return str(phonenumbers.normalize_digits_only(phonenumbers.convert_alpha_characters_in_number(number)))


def fault_of_number(number: str, country: str) -> tuple[str, str] | None:
    """Return what is wrong with a number to call or text in `country` (ISO alpha-2) and the mend, or None."""
    parsed = _parse(number, country)
    if parsed is None or not (_is_full(parsed, country) or is_valid_short_number_for_region(parsed, country)):
        return f"'{number}' is not a number of {country}", "check each digit on the owner's page"
    if _is_full(parsed, country):
        if phonenumbers.number_type(parsed) == PhoneNumberType.PREMIUM_RATE:
            return f"'{number}' is charged at a premium", "never list such a number"
        if any(len(group) > LONGEST_GROUP for group in number.replace("-", " ").split()):
            return f"'{number}' is hard to read", "write it in groups, as people of the country do"
    elif expected_cost_for_region(parsed, country) == ShortNumberCost.PREMIUM_RATE:
        return f"'{number}' is charged at a premium", "never list such a number"
    return None


def fault_of_emergency_number(number: str, country: str) -> tuple[str, str] | None:
    """Return what is wrong with an emergency number of `country`, or None."""
    if is_emergency_number(only_digits(number), country):
        return None
    return f"'{number}' is not an emergency number of {country}", "check it on a government page"


def is_charged(number: str, country: str) -> bool:
    """Say whether libphonenumber knows that a call to `number` costs money, so that it must not be called free."""
    parsed = _parse(number, country)
    if parsed is None:
        return False
    if _is_full(parsed, country):
        return phonenumbers.number_type(parsed) in CHARGED_TYPES
    return expected_cost_for_region(parsed, country) in CHARGED_COSTS


@lru_cache(maxsize=1000)
def dialled(number: str, country: str) -> str:
    """Return the digits for a `tel:` or `sms:` link.

    North American numbers get "+1" in front, which works from any phone. Elsewhere the number stays as it is
    dialled at home: freephone numbers and Australia's 13 numbers cannot be reached in their international form.
    """
    parsed = _parse(number, country)
    if parsed is not None and parsed.country_code == NORTH_AMERICA and _is_full(parsed, country):
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return only_digits(number)


def spellings(number: str, country: str) -> frozenset[str]:
    """Return the digit strings under which `number` may stand in a text, with and without the country code."""
    written = only_digits(number)
    parsed = _parse(number, country)
    if parsed is None or not _is_full(parsed, country):
        return frozenset({written})
    national = phonenumbers.national_significant_number(parsed)
    return frozenset({written, national, f"{parsed.country_code}{national}"})


def _parse(number: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(number, country)
    except NumberParseException:
        return None


def _is_full(parsed: PhoneNumber, country: str) -> bool:
    """Say whether the number is a full one that can be dialled in `country` (the US and Canada share theirs)."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(parsed.country_code or 0, ())
    return country in regions and phonenumbers.is_valid_number(parsed)
