"""Sends messages to a platform, again when it fails, and without their buttons when it does not take these."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from handrail.channels.outgoing import Part

logger = logging.getLogger(__name__)

WAIT_SECONDS = (0.5, 2.0, 8.0)
"""How long to wait before each further attempt when the platform does not say."""
WAIT_AT_MOST = 60.0
"""A platform that wants a longer wait than this has shut the bot out: then its operator has to know."""


class Refused(Exception):
    """The platform does not take this message, and never will.

    Attributes:
        gone: the person cannot be reached any more: they blocked the bot, or their account is closed.
    """

    def __init__(self, reason: str, *, gone: bool = False) -> None:
        """Args: `reason` is for the log: a code or a name, never text of a person or of the bot."""
        super().__init__(reason)
        self.gone = gone


class TryAgain(Exception):
    """The platform failed, or wants a pause.

    Attributes:
        after: seconds that it wants to wait, or None when it does not say.
    """

    def __init__(self, reason: str, *, after: float | None = None) -> None:
        """Args: `reason` is for the log: a code or a name, never text of a person or of the bot."""
        super().__init__(reason)
        self.after = after


Deliver = Callable[[Part], Awaitable[None]]
"""Sends one part; raises `TryAgain` or `Refused`. Any other exception is taken as trouble with its buttons, if it has
some, and else as `TryAgain`."""


class Sender:
    """Sends the parts of a turn in order; a part that is not taken does not hold up the rest."""

    def __init__(self, channel: str, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._channel = channel
        self._sleep = sleep

    async def send(self, parts: Sequence[Part], deliver: Deliver) -> bool:
        """Send all parts. Returns whether the platform took all of the text.

        Raises:
            Refused: the person cannot be reached any more; what is left was not tried.
        """
        taken = True
        for part in parts:
            taken &= await self._part(part, deliver)
        return taken

    async def _part(self, part: Part, deliver: Deliver) -> bool:
        if await self._attempts(part, deliver):
            return True
        texts = part.instead
        if not texts:
            logger.critical(
                "delivery.failed channel=%s urgent=%s characters=%s", self._channel, part.urgent, len(part.text)
            )
            return False
        taken = True
        for text in texts:
            taken &= await self._part(Part(text, urgent=part.urgent), deliver)
        return taken

    async def _attempts(self, part: Part, deliver: Deliver) -> bool:
        for wait in (*WAIT_SECONDS, None):
            after = None
            try:
                await deliver(part)
            except Refused as refusal:
                logger.error("delivery.refused channel=%s reason=%s", self._channel, refusal)
                if refusal.gone:
                    raise
                return False
            except TryAgain as failure:
                logger.warning("delivery.attempt_failed channel=%s reason=%s", self._channel, failure)
                after = failure.after
            except Exception as error:
                # The type alone: an exception's text can hold the message, the recipient or a secret.
                logger.warning("delivery.attempt_failed channel=%s reason=%s", self._channel, type(error).__name__)
                if part.instead:  # it may well be the buttons; without them it is tried several times
                    return False
            else:
                return True
            if wait is None or (after is not None and after > WAIT_AT_MOST):
                return False
            await self._sleep(wait if after is None else max(after, 0.0))
        return False
