"""What the field gate would turn away with another bound: the trained pipeline up to it, and then the gate itself.

What comes out of the whole pipeline does not say: a message that was turned away has lost its place in the ranking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from math import inf
from pathlib import Path
from typing import Any

from rasa.shared.nlu.training_data.message import Message

from handrail.nlu.danger import reading_everything
from handrail.nlu.emergency_override import EmergencyOverride
from handrail.nlu.field_gate import FieldGate
from handrail.tools.evaluation.configuration import settings_of
from handrail.tools.evaluation.understanding import Understood, of_parsed

GATE, OVERRIDE = FieldGate.__name__, EmergencyOverride.__name__
NO_BOUND = inf
"""With this bound nothing is turned away."""
REACH = 10
"""How far the curve goes to both sides of the project's own bound; at its upper end nothing is turned away any more."""


def chosen_bound() -> float:
    """Return the bound of `config.yml`."""
    return float(settings_of(GATE)["bound"])


def bounds(chosen: float) -> list[float]:
    """Return the bounds of the curve, lowest first; `chosen` is one of them."""
    return [chosen + step for step in range(-REACH, REACH + 1)]


def read_to_gate(model: Path, texts: Sequence[str]) -> list[Message]:
    """Return each text as the components before the gate leave it.

    Raises:
        LookupError: the model's pipeline has no gate.
    """
    from rasa.core.agent import Agent  # noqa: PLC0415  (seconds to import)
    from rasa.core.channels.channel import UserMessage  # noqa: PLC0415
    from rasa.engine.constants import PLACEHOLDER_MESSAGE  # noqa: PLC0415

    processor: Any = Agent.load(str(model)).processor
    nodes = processor.model_metadata.predict_schema.nodes
    before = next((node.needs["messages"] for node in nodes.values() if node.uses is FieldGate), None)
    if before is None:
        raise LookupError(f"{model.name} has no {GATE} in its pipeline.")
    found = []
    with reading_everything():
        for text in texts:
            read = processor.graph_runner.run(inputs={PLACEHOLDER_MESSAGE: [UserMessage(text)]}, targets=[before])
            found += read[before]
    return found


def understood_with(messages: Sequence[Message], bound: float) -> list[Understood]:
    """Return what the gate, with this bound, and the emergency part behind it make of what came to the gate.

    What lies `far` moves along: how wide the doubt between both is stays as it is.
    """
    settings = settings_of(GATE)
    gate = _component(FieldGate, {**settings, "bound": bound, "far": bound + settings["far"] - settings["bound"]})
    override = _component(EmergencyOverride, settings_of(OVERRIDE))
    copies = [Message(deepcopy(one.data), set(one.output_properties)) for one in messages]
    return [of_parsed(one.as_dict(only_output_properties=True)) for one in override.process(gate.process(copies))]


def _component(component: Any, settings: Mapping[str, Any]) -> Any:
    return component({**component.get_default_config(), **settings})
