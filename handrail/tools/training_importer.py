"""Hands the training data to Rasa, each file read once and no example copied.

Rasa's own importers read every YAML file below `data/` four times to find out what it holds, check the examples
against a schema twice, and copy and hash all of them eleven times: half of a training's time beside the encoder
(`docs/decisions/0009-training-time.md`). `make check` validates the files.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import (
    E2EImporter,
    ResponsesSyncImporter,
    TrainingDataImporter,
    _additional_training_data_from_default_actions,
)
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.importers.utils import story_graph_from_paths
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail import paths
from handrail.tools.training_examples import examples_by_intent


class _ProjectFiles(RasaFileImporter):
    """The project's configuration, domain, rules and examples."""

    def __init__(self, config_file: str, domain_path: str) -> None:
        # No folder is given to Rasa: it would read every file in it to find out which of them it needs.
        super().__init__(config_file, domain_path, [])
        self._domain: Domain | None = None
        self._stories: StoryGraph | None = None
        self._examples: TrainingData | None = None

    def get_domain(self) -> Domain:
        """Return the domain, read on first use."""
        if self._domain is None:
            self._domain = Domain.empty().merge(super().get_domain())
        return self._domain

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Return the rules, read on first use."""
        if self._stories is None:
            rules = sorted(map(str, paths.RULES.glob("*.yml")))
            self._stories = story_graph_from_paths(rules, self.get_domain(), exclusion_percentage)
        return self._stories

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the examples, read on first use.

        Raises:
            DocumentError: a file is not YAML.
        """
        if self._examples is None:
            found = ((text, intent) for intent, texts in examples_by_intent().items() for text in texts)
            self._examples = _with_examples([Message.build(*one) for one in dict.fromkeys(found)])
        return self._examples


class TrainingImporter(E2EImporter):
    """What Rasa makes of the project's files, with the same results as `TrainingDataImporter.load_from_config`."""

    def __init__(self, config_file: str, domain_path: str) -> None:
        """Take the paths of `config.yml` and `domain.yml`; nothing is read yet."""
        super().__init__(ResponsesSyncImporter(_ProjectFiles(config_file, domain_path)))
        self._files: TrainingDataImporter = self.importer._importer
        self._all: TrainingData | None = None

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the examples, and what the rules name, as Rasa adds it: made on first use.

        Raises:
            DocumentError: a file is not YAML.
        """
        if self._all is None:
            named = TrainingData().merge(
                _additional_training_data_from_default_actions(), self._additional_training_data_from_stories()
            )
            examples = self._files.get_nlu_data(language).training_examples
            self._all = _with_examples([*named.training_examples, *examples])
        return self._all


def load_importer(config_path: str, domain_path: str | None = None, *_: Any, **__: Any) -> TrainingDataImporter:
    """Stand in for `TrainingDataImporter.load_from_config`."""
    return TrainingImporter(config_path, domain_path or str(paths.DOMAIN))


def _with_examples(examples: list[Message]) -> TrainingData:
    # Given to the constructor, each example would be hashed: there is none twice.
    data = TrainingData()
    data.training_examples = examples
    return data
