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
        per_second: how many requests a second each address may send to the web channel, over some seconds.
        proxies: how many reverse proxies stand in front, each of which adds to `X-Forwarded-For`.
    """

    country: str | None
    secret: bytes
    origins: frozenset[str]
    idle_seconds: float
    per_second: float
    proxies: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings from `HANDRAIL_*` variables.

        Raises:
            ValueError: a variable holds something that cannot be used; says which and what to write.
        """
        minutes = _whole_number(environment, "HANDRAIL_IDLE_MINUTES", "minutes", 30, at_least=1)
        country = environment.get("HANDRAIL_COUNTRY", "")
        if country and country_code(country) is None:
            raise ValueError(f"HANDRAIL_COUNTRY is '{country}': write a two-letter code, for example US or GB")
        secret = environment.get("HANDRAIL_SECRET", "")
        return cls(
            country=country_code(country),
            secret=secret.encode() if secret else secrets.token_bytes(32),
            origins=frozenset(environment.get("HANDRAIL_ORIGINS", "").split()),
            idle_seconds=float(minutes * MINUTE),
            per_second=float(_whole_number(environment, "HANDRAIL_REQUESTS_PER_SECOND", "requests", 10, at_least=1)),
            proxies=_whole_number(environment, "HANDRAIL_PROXIES", "proxies", 0),
        )


def _whole_number(environment: Mapping[str, str], name: str, of: str, default: int, at_least: int = 0) -> int:
    value = environment.get(name, str(default))
    if not (value.isascii() and value.isdecimal()) or int(value) < at_least:
        raise ValueError(f"{name} is '{value}': write a whole number of {of}, for example {default}")
    return int(value)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the process's one set of settings."""
    return Settings.from_environment()
