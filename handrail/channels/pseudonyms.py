"""Turns the id that a platform has for a person into one that says nothing outside of this bot."""

from __future__ import annotations

import hashlib
import hmac

CHARACTERS = 32
"""128 bits in hexadecimal: no two people share one, and it is as long as an id of the web channel."""


class Pseudonyms:
    """Keyed hashes (HMAC-SHA256) of a channel's ids.

    Without the key nobody can try all phone numbers and see which one a stored id belongs to. The same id gets another
    pseudonym on each channel.
    """

    def __init__(self, channel: str, secret: bytes) -> None:
        self._key = hmac.new(secret, f"handrail pseudonyms {channel}".encode(), hashlib.sha256).digest()

    def of(self, person: str) -> str:
        """Return the pseudonym of `person`, the same one each time."""
        return hmac.new(self._key, person.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:CHARACTERS]
