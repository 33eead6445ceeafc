"""Faster, and the same: what Rasa refused it still refuses, and it still finds every event and slot."""

from __future__ import annotations

import inspect

import jsonschema
import pytest
import rasa.shared.core.events
import rasa.shared.core.slots
import rasa.shared.utils.common
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event, SlotSet, deserialise_events

from handrail import rasa_speed

rasa_speed.apply()

VALID = [
    {},
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "country", "value": "GB"}]},
    {"events": [{"event": "slot", "timestamp": None, "name": "country", "value": None}]},
    {"responses": [{"text": "hello", "buttons": [{"title": "More", "payload": "/tell_more"}]}]},
]
INVALID = [
    None,
    [],
    "hello",
    {"events": "none"},
    {"events": {}},
    {"events": ["slot"]},
    {"events": [{"name": "country"}]},
    {"responses": "hello"},
    {"responses": ["hello"]},
    {"responses": [None]},
    {"events": [], "responses": {}},
]


@pytest.fixture
def action() -> RemoteAction:
    return RemoteAction("action_answer", None)


@pytest.mark.parametrize("result", VALID, ids=str)
def test_rasa_speed_takes_a_valid_answer(action: RemoteAction, result: object) -> None:
    assert action._validate_action_result(result) is True


@pytest.mark.parametrize("result", INVALID, ids=str)
def test_rasa_speed_refuses_an_invalid_answer(action: RemoteAction, result: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        action._validate_action_result(result)


@pytest.mark.parametrize("result", [*VALID, *INVALID], ids=str)
def test_rasa_speed_judges_as_rasa_does(action: RemoteAction, result: object) -> None:
    try:
        jsonschema.validate(result, RemoteAction.action_response_format_spec())
    except jsonschema.ValidationError:
        with pytest.raises(jsonschema.ValidationError):
            action._validate_action_result(result)
    else:
        assert action._validate_action_result(result)


def test_rasa_speed_is_applied_once() -> None:
    before = RemoteAction._validate_action_result, rasa.shared.utils.common.all_subclasses
    rasa_speed.apply()
    assert (RemoteAction._validate_action_result, rasa.shared.utils.common.all_subclasses) == before


def walk(cls: type) -> set[type]:
    """Return every class below `cls` of which there can be an object."""
    below = {cls for subclass in cls.__subclasses__() for cls in (subclass, *walk(subclass))}
    return {cls for cls in below if not inspect.isabstract(cls)}


@pytest.mark.parametrize("cls", [rasa.shared.core.events.Event, rasa.shared.core.slots.Slot])
def test_rasa_speed_finds_every_class(cls: type) -> None:
    found = rasa.shared.utils.common.all_subclasses(cls)
    assert set(found) == walk(cls)
    found.clear()
    assert rasa.shared.utils.common.all_subclasses(cls)


def test_rasa_speed_reads_every_event_that_rasa_writes() -> None:
    for cls in walk(Event):
        assert Event.resolve_by_type(cls.type_name) is not None
    assert deserialise_events([{"event": "slot", "name": "country", "value": "GB"}]) == [SlotSet("country", "GB")]
