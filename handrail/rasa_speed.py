"""Takes two costs out of Rasa 3.6 that grow with every turn and serve nothing. Measured in `benchmarks/`.

Rasa Open Source 3.6 is the last of its line, so these cannot be mended upstream.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jsonschema
import rasa.shared.core.events
import rasa.shared.utils.common
from rasa.core.actions.action import RemoteAction


def apply() -> None:
    """Replace both pieces, once a process. Calling it again changes nothing."""
    if getattr(RemoteAction, "_handrail_speed", False):
        return
    RemoteAction._handrail_speed = True
    _compile_the_response_schema()
    _remember_subclasses()


def _compile_the_response_schema() -> None:
    """Check an action's answer against a schema that is compiled once.

    `RemoteAction._validate_action_result` calls `jsonschema.validate`, which checks the schema itself against
    the metaschema on every call: more than half of a turn's time.
    """
    schema = RemoteAction.action_response_format_spec()
    validator_class = jsonschema.validators.validator_for(schema)
    validator_class.check_schema(schema)
    validator = validator_class(schema)

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate


def _remember_subclasses() -> None:
    """Look the classes of events up once: Rasa walks the tree of classes for every event that it reads."""
    walk = rasa.shared.utils.common.all_subclasses
    remembered = lru_cache(maxsize=None)(walk)
    rasa.shared.utils.common.all_subclasses = lambda cls: list(remembered(cls))
