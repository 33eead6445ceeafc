"""Session tokens of the web channel: made and signed by the server, so that nobody can name another's chat."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

ID_BYTES = 16
"""128 random bits: cannot be guessed."""
LIFE_SECONDS = 12 * 60 * 60
"""A page left open overnight has to start a new chat in the morning."""
TOKEN_CHARACTERS = 400
"""Longer than any token that is made here; longer ones are refused before they are decoded."""


@dataclass(frozen=True)
class Session:
    """An open chat: its conversation id and the country that the page gave, if any."""

    conversation: str
    country: str | None


class SessionTokens:
    """Makes and reads tokens, with HMAC-SHA256. Nothing is stored: the token says all there is to know."""

    def __init__(self, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._secret = secret
        self._clock = clock

    def open(self, country: str | None) -> tuple[str, Session]:
        """Return a new token and its session."""
        session = Session(conversation=secrets.token_hex(ID_BYTES), country=country)
        body = json.dumps([session.conversation, session.country, int(self._clock())]).encode()
        return f"{_text(body)}.{_text(self._signature(body))}", session

    def read(self, token: object) -> Session | None:
        """Return the token's session, or None when it is forged, damaged or too old."""
        if not isinstance(token, str) or len(token) > TOKEN_CHARACTERS or token.count(".") != 1:
            return None
        try:
            body, signature = map(_bytes, token.split("."))
        except (ValueError, binascii.Error):
            return None
        if not hmac.compare_digest(signature, self._signature(body)):
            return None
        conversation, country, opened = json.loads(body)
        if self._clock() - opened > LIFE_SECONDS:
            return None
        return Session(conversation=conversation, country=country)

    def _signature(self, body: bytes) -> bytes:
        return hmac.new(self._secret, body, hashlib.sha256).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
