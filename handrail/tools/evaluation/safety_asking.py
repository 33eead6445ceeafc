"""Puts each message to the real bot and to each of its nets, as it was written and with a typing error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handrail.knowledge import emergency_screen
from handrail.tools.ask import ask
from handrail.tools.evaluation.rasa_model import parse
from handrail.tools.evaluation.safety_inputs import Message
from handrail.tools.evaluation.safety_nets import Reply, by_patterns, by_training, net_bars, probability
from handrail.tools.evaluation.understanding import of_parsed
from handrail.tools.train import MODEL
from handrail.typing_errors import with_typing_error

COUNTRY = "US"


@dataclass(frozen=True)
class Heard:
    """What was made of one wording.

    Attributes:
        bot: the whole bot's reply.
        patterns: what the fixed patterns alone would give.
        trained: what the trained net alone would give.
        probability: how likely all kinds of emergency are together, to the trained net.
    """

    bot: Reply
    patterns: Reply
    trained: Reply
    probability: float


@dataclass(frozen=True)
class Result:
    """What was made of one message, as it was written and with a typing error."""

    message: Message
    written: Heard
    mistyped: Heard


async def replies(texts: Sequence[str], country: str = COUNTRY) -> list[Reply]:
    """Return the bot's reply to each text, each in a chat of its own.

    Raises:
        StartError: the action server did not start.
    """
    answers = ask([[text] for text in texts], country)
    return [Reply(answer["kind"], answer["emergency"]) async for answer in answers]


def results(messages: Sequence[Message], said: Sequence[Reply], said_mistyped: Sequence[Reply]) -> list[Result]:
    """Add to the bot's replies what each net makes of the messages by itself."""
    written = nets([message.text for message in messages], said)
    mistyped = nets([with_typing_error(message.text) for message in messages], said_mistyped)
    return [Result(*one) for one in zip(messages, written, mistyped, strict=True)]


def nets(texts: Sequence[str], said: Sequence[Reply]) -> list[Heard]:
    """Return what was made of each text, with the bot's reply to it."""
    screen, bars = emergency_screen(), net_bars()
    understood = [of_parsed(one.data) for one in parse(MODEL, texts)]
    return [
        Heard(reply, by_patterns(screen, text), by_training(one, bars), probability(one))
        for text, reply, one in zip(texts, said, understood, strict=True)
    ]
