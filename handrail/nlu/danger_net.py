"""Rasa component that says how likely it is that somebody is in danger now, whatever the danger is."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from handrail import paths
from handrail.intents import DANGER_SHARE
from handrail.nlu.danger import doubt, is_certain
from handrail.nlu.features import text_of
from handrail.nlu.learned_danger import shared_reader
from handrail.nlu.message_parts import PARTS
from handrail.nlu.sentence_encoder import is_readable

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DangerNet(GraphComponent, IntentClassifier):
    """A net that tells messages of a danger that is there now from all others. It sets no intent.

    The classifier has to spread its certainty over 150 kinds of question. For a danger that nobody foresaw it is sure
    of none. Here there are two classes, and encoders that learned nothing but to tell these two apart:
    `make learn-danger` has them learn once, and `data/danger/learned_*.safetensors` keep what they learned. The figures
    are in `docs/decisions/0018-an-encoder-that-learned-danger.md`.
    """

    @staticmethod
    def required_packages() -> list[str]:
        """Return the packages that this component needs beside those that Rasa brings."""
        return ["safetensors", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the default configuration.

        A part of a long message is read without what stands around it, so it has to be surer than a whole message to
        count as much: by `part_margin` where the whole shows no danger at all, by less where it shows some. Where a
        pattern would show a card and the net gives less than `doubt`, the bot asks whether it is happening now; but a
        message of less than `doubt_words` words gets its card at once. All were chosen on held-out messages.
        """
        return {"part_margin": 0.19, "doubt": 0.03, "doubt_words": 15}

    def __init__(self, config: dict[str, Any]) -> None:
        self._part_margin: float = config["part_margin"]
        self._doubt: float = config["doubt"]
        self._doubt_words: int = config["doubt_words"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return a checksum of what was learned."""
        return hashlib.sha256(b"".join(path.read_bytes() for path in paths.LEARNED_DANGER)).hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerNet:
        """Create the component and load what it reads with.

        Raises:
            WrongLearned: what was learned is missing or damaged.
            WrongWeights: the encoder's weights are missing or changed.
        """
        shared_reader()
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `DANGER_SHARE` on each message that holds letters and gets no card yet, and doubt cards."""
        for message in filter(is_readable, messages):
            if is_certain(message) and len(message.get(TEXT).split()) >= self._doubt_words:
                self._doubt_card(message)
            if not is_certain(message):
                message.set(DANGER_SHARE, self._share(message), add_to_output=True)
        return messages

    def _share(self, message: Message) -> float:
        """Return how likely the message tells of a danger; it may stand in one part of a long story."""
        parts = [part.canonical for part in message.get(PARTS) or ()]
        share, *in_parts = shared_reader().shares([text_of(message), *parts])
        margin = self._part_margin * (1 - share)
        return max([share, *(one - margin for one in in_parts)])

    def _doubt_card(self, message: Message) -> None:
        """Let the bot ask in place of showing a card where the message is unlike any danger.

        A card does not hang on the net: where the net fails, it is shown all the same.
        """
        try:
            share = shared_reader().quick_share(text_of(message))
        except Exception:
            logger.error("danger_net.failed: the patterns alone decide")
            return
        if share < self._doubt:
            doubt(message)
