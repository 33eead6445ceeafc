"""Takes work out of Rasa 3.6 that each turn repeats and nobody needs. Measured in `benchmarks/`.

Rasa Open Source 3.6 is the last of its line, so none of this can be mended upstream. Each piece gives the same
results as Rasa's own; the tests of the same name below `tests/handrail` and `tests/model` hold them against each other.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, wraps
from typing import Any

import jsonschema
import rasa.shared.utils.common
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner

State = Mapping[str, Mapping[str, Any]]
Parts = tuple[Any, Any]
"""What most rules differ in: the intent of the latest message and the action before."""


def apply() -> None:
    """Put all pieces in place, once a process. Calling it again changes nothing."""
    if getattr(RemoteAction, "_handrail_speed", False):
        return
    RemoteAction._handrail_speed = True
    RemoteAction._validate_action_result = _compiled_check()
    choose_rules_quickly()
    DaskGraphRunner.run = run_in_order
    walk = rasa.shared.utils.common.all_subclasses
    # Rasa walks the tree of event classes for every event that it reads.
    rasa.shared.utils.common.all_subclasses = _remembered(walk)


def choose_rules_quickly() -> None:
    """Put the quicker choice of a rule in place, which training uses too. Calling it again changes nothing."""
    if getattr(RulePolicy, "_handrail_speed", False):
        return
    RulePolicy._handrail_speed = True
    RulePolicy._get_possible_keys = _with_fewer_rules(RulePolicy._get_possible_keys)


def _compiled_check() -> Callable[[RemoteAction, dict[str, Any]], bool]:
    """Check an action's answer against a schema that is compiled once.

    `jsonschema.validate` checks the schema itself on every call: more than half of a turn's time.
    """
    schema = RemoteAction.action_response_format_spec()
    validator_class = jsonschema.validators.validator_for(schema)
    validator_class.check_schema(schema)
    whole = validator_class(schema)
    of_events = schema["properties"]["events"]["items"]
    common = {key: part for key, part in of_events.items() if key != "oneOf"}
    kinds = {
        kind["properties"]["event"]["const"]: validator_class({"allOf": [common, kind]}) for kind in of_events["oneOf"]
    }

    def check(self: RemoteAction, result: dict[str, Any]) -> bool:
        events = result.get("events") if isinstance(result, dict) else None
        if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
            whole.validate(result)
            return True
        # Each event says which of the twenty kinds it is: there is no need to try them all.
        whole.validate({**result, "events": []})
        for event in events:
            kind = kinds.get(event.get("event")) if isinstance(event.get("event"), str) else None
            if kind is None:
                whole.validate(result)
            else:
                kind.validate(event)
        return True

    return check


def _remembered(walk: Callable[[type], list[type]]) -> Callable[[type], list[type]]:
    remembered = lru_cache(maxsize=None)(walk)
    return lambda cls: list(remembered(cls))


def _with_fewer_rules(
    original: Callable[[RulePolicy, dict[str, str], list[State]], set[str]],
) -> Callable[[RulePolicy, dict[str, str], list[State]], set[str]]:
    """Let Rasa compare only those rules that agree with the latest state in intent and previous action.

    Rasa compares the state with each of some 300 learned rules, for each action that it predicts.
    """

    @wraps(original)
    def possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
        if not states:
            return original(self, lookup, states)
        index = _index(tuple(lookup))
        intent, action = _parts(states[-1])
        wanted = {(one, other) for one in (intent, None) for other in (action, None)}
        candidates = {key: lookup[key] for parts in wanted for key in index.get(parts, ())}
        return original(self, candidates, states)

    return possible_keys


@lru_cache(maxsize=8)
def _index(rules: tuple[str, ...]) -> dict[Parts, list[str]]:
    index = defaultdict(list)
    for rule in rules:
        index[_parts(json.loads(rule)[-1])].append(rule)
    return dict(index)


def _parts(state: State) -> Parts:
    return state.get("user", {}).get("intent"), state.get("prev_action", {}).get("action_name")


def run_in_order(
    self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
) -> dict[str, Any]:
    """Run a graph's nodes one after the other, as dask's synchronous scheduler does.

    Rasa plans the graph anew for each of four runs a turn, and writes all inputs, the conversation among them,
    into a debug message that is then thrown away.

    Raises:
        GraphRunError: as in Rasa, when a node fails in the way that its own runner reports so.
    """
    wanted = tuple(targets or self._graph_schema.target_names)
    plans: dict[tuple[str, ...], list[tuple[str, list[str]]]] = self.__dict__.setdefault("_handrail_plans", {})
    if wanted not in plans:
        plans[wanted] = _plan(self._graph_schema.nodes, wanted)
    given = inputs or {}
    clash = [name for name, value in given.items() if isinstance(value, str) and value in self._graph_schema.nodes]
    if clash:
        raise GraphRunError(f"The inputs {clash} are named like nodes of the graph.")
    results: dict[str, tuple[str, Any]] = {name: (name, value) for name, value in given.items()}
    try:
        for name, needs in plans[wanted]:
            if name not in results:
                results[name] = self._instantiated_nodes[name](*(results[need] for need in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return dict(results[name] for name in wanted)


def _plan(nodes: Mapping[str, Any], targets: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Return the nodes that `targets` need, each after those that it needs itself. Inputs are not nodes."""
    plan: dict[str, list[str]] = {}

    def add(name: str) -> None:
        if name in plan or name not in nodes:
            return
        needs = list(nodes[name].needs.values())
        for need in needs:
            add(need)
        plan[name] = needs

    for target in targets:
        add(target)
    return list(plan.items())
