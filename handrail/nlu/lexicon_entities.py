"""Rasa entity extractor for what the lexicon knows: subject, country and relationship."""

from __future__ import annotations

import hashlib
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from handrail import paths
from handrail.knowledge import lexicon as shared_lexicon

CANONICAL_TEXT = "canonical_text"
"""The message's text with each drug, medicine or treatment under the lexicon's own name for it."""
MENTIONS = "mentions"
"""What the lexicon found in the message, for the components that read parts of it."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LexiconEntities(GraphComponent, EntityExtractorMixin):
    """Finds lexicon terms, misspellings and slang; each entity's value is the entry's id."""

    @staticmethod
    def required_packages() -> list[str]:
        """Return the packages that this component needs."""
        return ["spacy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return a checksum of the lexicon: a changed lexicon needs a new training."""
        digest = hashlib.sha256()
        for path in sorted(paths.LEXICON.glob("*.yml")):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LexiconEntities:
        """Create the component and load the lexicon.

        Raises:
            DocumentError: a lexicon file has a fault.
        """
        shared_lexicon()
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message, and its text under the lexicon's names."""
        lexicon = shared_lexicon()
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            mentions = lexicon.find(text)
            found = [
                {
                    "entity": mention.entity,
                    "value": mention.id,
                    "start": mention.start,
                    "end": mention.end,
                    "kind": mention.kind,
                    "extractor": type(self).__name__,
                }
                for mention in mentions
            ]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
            message.set(CANONICAL_TEXT, lexicon.canonical(text, mentions))
            message.set(MENTIONS, mentions)
        return messages
