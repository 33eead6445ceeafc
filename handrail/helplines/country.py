"""Decides which country a person is in, from what is known, without guessing."""

from __future__ import annotations

from phonenumbers import SUPPORTED_REGIONS

ALIASES = {"UK": "GB"}
WITHOUT_PHONE_PLAN = frozenset({"AQ", "BV", "GS", "HM", "PN", "TF", "UM"})
"""Countries and territories of ISO 3166-1 that libphonenumber leaves out, as they share another's numbers."""
COUNTRIES = frozenset(SUPPORTED_REGIONS) | WITHOUT_PHONE_PLAN


def country_code(text: str | None) -> str | None:
    """Return the ISO 3166-1 alpha-2 code that `text` holds, in capitals, or None when it is none."""
    if text is None or not text.isascii():
        return None
    code = text.strip().upper()
    code = ALIASES.get(code, code)
    return code if code in COUNTRIES else None


def resolve_country(said: str | None, channel: str | None, operator: str | None) -> str | None:
    """Return the person's country, or None when nobody knows it.

    Args:
        said: the code of the country that the person named. It wins, also when there is no file for that
            country: someone who says France must not see the numbers that the operator set.
        channel: the code that came with the channel, such as the page's setting.
        operator: the code that the operator set for everyone.
    """
    for text in (said, channel, operator):
        code = country_code(text)
        if code:
            return code
    return None
