"""Writes a text with the letters that an SMS carries cheaply, and counts the segments that it takes."""

from __future__ import annotations

import unicodedata

GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = "^{}\\[~]|€\f"
"""The GSM 7-bit alphabet, and the characters of its extension, which count twice (3GPP TS 23.038, section 6.2.1)."""

GSM_ALONE, GSM_PART = 160, 153
UNICODE_ALONE, UNICODE_PART = 70, 67
"""Characters in a message of its own, and in each part of a longer one, whose header takes the rest."""


PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "})
"""Typographic characters, and what stands for them in the GSM alphabet."""


def in_gsm(text: str) -> str:
    """Return `text` with plain quotes and dashes, and with accents left out where the GSM alphabet has none.

    What has no plain form, such as Cyrillic letters or emoji, stays as it is.
    """
    return "".join(map(_plain, text.translate(PLAIN)))


def _plain(character: str) -> str:
    if character in GSM or character in GSM_TWICE:
        return character
    base = "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))
    return base if base and all(part in GSM for part in base) else character


def segments(text: str) -> int:
    """Return how many segments `text` takes; one character outside of the GSM alphabet makes each hold 70, not 160."""
    if not text:
        return 0
    if all(character in GSM or character in GSM_TWICE for character in text):
        length = len(text) + sum(character in GSM_TWICE for character in text)
        alone, part = GSM_ALONE, GSM_PART
    else:
        length = len(text.encode("utf-16-le")) // 2
        alone, part = UNICODE_ALONE, UNICODE_PART
    return 1 if length <= alone else -(-length // part)
