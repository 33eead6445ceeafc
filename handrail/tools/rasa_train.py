"""Runs `rasa train` without Rasa's cache of what each component gave.

To fill that cache Rasa takes a checksum of all examples, with their tokens and features, before and after each
component: more than a third of the time of a training. `handrail/tools/train.py` knows by itself whether anything
changed, and the sentence vectors, which take longest, have a cache of their own (`handrail/nlu/vector_cache.py`).
"""

from __future__ import annotations

import sys
from typing import Any

from rasa.__main__ import main
from rasa.engine.training.hooks import TrainingHook


def _expect_nothing(hook: TrainingHook, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """Stand in for `TrainingHook.on_before_node`, which takes a checksum of what a component is given."""
    return {}


def _keep_nothing(hook: TrainingHook, *args: Any, **kwargs: Any) -> None:
    """Stand in for `TrainingHook.on_after_node`, which stores what a component gave."""


if __name__ == "__main__":
    TrainingHook.on_before_node = _expect_nothing
    TrainingHook.on_after_node = _keep_nothing
    sys.argv = ["rasa", "train", *sys.argv[1:]]
    main()
