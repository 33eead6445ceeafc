"""Runs `rasa train` without what Rasa does over and over, or for components that the project does not have.

- The training data is read once (`handrail/tools/training_importer.py`).
- To fill its cache of what each component gave, Rasa takes a checksum of all examples, with their features, before and
  after each component. `handrail/tools/train.py` knows by itself whether anything changed, and the sentence vectors,
  which take longest, have a cache of their own (`handrail/nlu/vector_cache.py`).
- No component of the pipeline learns from spaCy's reading of the examples, so they are not put through spaCy.
- The check of the rules against each other compares only rules that can agree (`handrail/rasa_speed.py`).

The model is the same as that of `rasa train`. Figures: `docs/decisions/0009-training-time.md`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from rasa.__main__ import main
from rasa.engine.training.hooks import TrainingHook
from rasa.nlu.tokenizers.spacy_tokenizer import SpacyTokenizer
from rasa.nlu.utils.spacy_utils import SpacyNLP
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail import rasa_speed
from handrail.tools.training_importer import load_importer


def _expect_nothing(hook: TrainingHook, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """Stand in for `TrainingHook.on_before_node`, which takes a checksum of what a component is given."""
    return {}


def _keep_nothing(hook: TrainingHook, *args: Any, **kwargs: Any) -> None:
    """Stand in for `TrainingHook.on_after_node`, which stores what a component gave."""


def _unread(original: Callable[..., TrainingData]) -> Callable[..., TrainingData]:
    """Stand in for `process_training_data` of a component whose results no other one learns from."""

    @wraps(original)  # Rasa reads from the signature what the component is to be given.
    def leave(component: object, training_data: TrainingData, *args: Any, **kwargs: Any) -> TrainingData:
        return training_data

    return leave


def leave_out() -> None:
    """Take out of this process's training what is named above."""
    TrainingHook.on_before_node = _expect_nothing
    TrainingHook.on_after_node = _keep_nothing
    SpacyNLP.process_training_data = _unread(SpacyNLP.process_training_data)
    SpacyTokenizer.process_training_data = _unread(SpacyTokenizer.process_training_data)
    TrainingDataImporter.load_from_config = staticmethod(load_importer)
    rasa_speed.choose_rules_quickly()


if __name__ == "__main__":
    leave_out()
    sys.argv = ["rasa", "train", *sys.argv[1:]]
    main()
