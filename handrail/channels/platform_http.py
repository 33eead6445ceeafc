"""What the calls to every platform's interface share: the connection, and how an answer is read."""

from __future__ import annotations

from typing import Any

import aiohttp


class Connection:
    """The connection to one platform, opened on first use: it belongs to the loop that it is made in."""

    def __init__(self, seconds: float) -> None:
        """Allow each call so many seconds."""
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> aiohttp.ClientSession:
        """Return what calls go through."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._seconds))
        return self._session

    async def close(self) -> None:
        """Close it."""
        if self._session is not None:
            await self._session.close()
            self._session = None


async def json_of(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    """Return the record that a platform answered; empty when something before it answered in another way."""
    try:
        body = await answer.json(content_type=None)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def pause_of(answer: aiohttp.ClientResponse) -> float | None:
    """Return how many seconds the platform wants to wait; None when it does not say."""
    header = answer.headers.get("Retry-After")
    return float(header) if header and header.isascii() and header.isdecimal() else None
