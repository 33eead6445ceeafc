"""What an operator may set, read once from environment variables. None of it is needed for a first run."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from handrail.helplines.country import country_code

MINUTE = 60


@dataclass(frozen=True)
class Settings:
    """The operator's choices.

    Attributes:
        country: ISO 3166 code of the country whose help lines show until the person names another, or None.
        secret: signs the session tokens; made anew at each start unless set, so that restarts end sessions.
        origins: web origins (`https://example.org`) that may embed the chat from another site.
        idle_seconds: a conversation without a message for this long is forgotten.
    """

    country: str | None
    secret: bytes
    origins: frozenset[str]
    idle_seconds: float

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings from `HANDRAIL_*` variables.

        Raises:
            ValueError: a variable holds something that cannot be used; says which and what to write.
        """
        minutes = environment.get("HANDRAIL_IDLE_MINUTES", "30")
        if not (minutes.isascii() and minutes.isdecimal()) or not int(minutes):
            raise ValueError(f"HANDRAIL_IDLE_MINUTES is '{minutes}': write a whole number of minutes, for example 30")
        country = environment.get("HANDRAIL_COUNTRY", "")
        if country and country_code(country) is None:
            raise ValueError(f"HANDRAIL_COUNTRY is '{country}': write a two-letter code, for example US or GB")
        secret = environment.get("HANDRAIL_SECRET", "")
        return cls(
            country=country_code(country),
            secret=secret.encode() if secret else secrets.token_bytes(32),
            origins=frozenset(environment.get("HANDRAIL_ORIGINS", "").split()),
            idle_seconds=float(minutes) * MINUTE,
        )


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the process's one set of settings."""
    return Settings.from_environment()
