"""What the trained components read of a message."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from handrail.nlu.lexicon_entities import CANONICAL_TEXT


def text_of(message: Message) -> str:
    """Return the message's text under the lexicon's names; empty where it has none."""
    text: str = message.get(CANONICAL_TEXT) or message.get(TEXT) or ""
    return text


def vector_of(message: Message) -> NDArray[np.float32] | None:
    """Return the vector of the message's sentence, 384 numbers; None where it was not encoded."""
    _, sentence = message.get_dense_features(attribute=TEXT)
    return None if sentence is None else sentence.features[0]
