"""What `handrail.rasa_speed` replaces gives the same results as Rasa's own code, on the trained model."""

from __future__ import annotations

import asyncio
import importlib.util
import itertools
from typing import Any

import pytest
import rasa.engine.runner.dask
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.runner.dask import DaskGraphRunner

from handrail import paths, rasa_speed

pytestmark = pytest.mark.model

MESSAGES = [
    "what is methadone",
    "hello",
    "he wont wake up",
    "yes",
    "no",
    "weather tomorrow",
    "😀",
    "how do i talk to him",
]


@pytest.fixture(scope="module")
def agent(trained_model: None) -> Any:
    from rasa.core.agent import Agent

    rasa_speed.apply()
    return Agent.load(str(paths.MODELS / "handrail.tar.gz"))


def test_rule_choice_is_rasas_own(agent: Any) -> None:
    policy = next(
        node._component
        for node in agent.processor.graph_runner._instantiated_nodes.values()
        if isinstance(node._component, RulePolicy)
    )
    rules = policy.lookup["rules"]
    domain = agent.domain
    intents = [None, "ask_signs", "affirm", "deny", "emergency_check", "greet"]
    actions = ["action_listen", "action_answer", "utter_help_line", "utter_welcome", "action_unknown"]
    original = RulePolicy._get_possible_keys.__wrapped__
    compared = 0
    for intent, action, asked in itertools.product(
        intents, actions, [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)]
    ):
        state = {"prev_action": {"action_name": action}, "slots": {"asked": asked}}
        if intent:
            state["user"] = {"intent": intent}
        states = [{}, {"prev_action": {"action_name": "action_listen"}, "slots": {"asked": asked}}, state]
        own = policy._get_possible_keys(rules, states)
        assert own == original(policy, rules, states)
        compared += len(own)
    assert compared
    assert domain.intents


def test_graph_gives_what_rasas_own_runner_gives(agent: Any) -> None:
    # A second copy of Rasa's module, with its runner as it was before anything was replaced.
    spec = importlib.util.find_spec(rasa.engine.runner.dask.__name__)
    assert spec is not None
    assert spec.loader is not None
    untouched = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(untouched)
    assert DaskGraphRunner.run is rasa_speed.run_in_order
    assert untouched.DaskGraphRunner.run is not rasa_speed.run_in_order
    own = {text: asyncio.run(agent.parse_message(text)) for text in MESSAGES}
    runner = agent.processor.graph_runner
    try:
        type(runner).run = untouched.DaskGraphRunner.run
        rasas = {text: asyncio.run(agent.parse_message(text)) for text in MESSAGES}
    finally:
        type(runner).run = rasa_speed.run_in_order
    assert own == rasas
