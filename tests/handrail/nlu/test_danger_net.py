"""The danger regression tells danger now from everything else, and comes back as it was saved."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail.emergencies.sentences import DangerSentences
from handrail.intents import DANGER_SHARE
from handrail.nlu import danger_regression
from handrail.nlu.danger_regression import DangerRegression

CONTEXT = SimpleNamespace(node_name="danger")
RESOURCE = Resource("danger")
DANGERS = ("he is turning blue", "she is turning grey", "dad is turning cold", "he isn't waking up")
CALM = ("he turned blue last year", "she turned grey last year", "what does blue mean", "does a person turn cold")


@pytest.fixture(autouse=True)
def further(monkeypatch: pytest.MonkeyPatch) -> None:
    """Learn from a test's own examples alone."""
    monkeypatch.setattr(danger_regression, "_further_examples", list)


def a_message(text: str, intent: str | None = None, vector: tuple[float, ...] | None = (1.0, 0.0)) -> Message:
    message = Message(data={TEXT: text, **({"intent": intent} if intent else {})})
    if vector:
        features = np.array([vector], dtype=np.float32)
        message.add_features(Features(features, FEATURE_TYPE_SENTENCE, TEXT, "SentenceEncoder"))
    return message


def trained(folder: Path, data: list[Message]) -> DangerRegression:
    folder.mkdir(exist_ok=True)
    component = DangerRegression.create(
        DangerRegression.get_default_config(), LocalModelStorage(folder), RESOURCE, CONTEXT
    )
    component.train(TrainingData(data))
    return component


def examples() -> list[Message]:
    kinds = ("emergency_overdose", "emergency_medical")
    return [
        *(a_message(text, kinds[number % 2]) for number, text in enumerate(DANGERS)),
        *(a_message(text, "ask_overdose_signs") for text in CALM),
    ]


def share(component: DangerRegression, message: Message) -> float | None:
    (done,) = component.process([message])
    found: float | None = done.get(DANGER_SHARE)
    return found


def test_danger_regression_tells_what_happens_from_what_happened_by_the_words_alone(tmp_path: Path) -> None:
    component = trained(tmp_path / "model", examples())
    happens, happened = (share(component, a_message(text)) for text in ("mum is turning blue", "mum turned last year"))
    assert happens is not None
    assert happened is not None
    assert happens > 0.5 > happened


def test_danger_regression_takes_all_kinds_of_emergency_together(tmp_path: Path) -> None:
    component = trained(tmp_path / "model", examples())
    assert all((share(component, a_message(text)) or 0) > 0.5 for text in DANGERS)


def test_danger_regression_reports_its_share(tmp_path: Path) -> None:
    component = trained(tmp_path / "model", examples())
    (message,) = component.process([a_message(DANGERS[0])])
    assert DANGER_SHARE in message.as_dict(only_output_properties=True)
    assert message.get("intent") is None


def test_danger_regression_says_nothing_without_a_vector(tmp_path: Path) -> None:
    component = trained(tmp_path / "model", examples())
    assert share(component, a_message(DANGERS[0], vector=None)) is None


def test_danger_regression_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    component = trained(tmp_path / "model", examples())
    again = DangerRegression.load({}, LocalModelStorage(tmp_path / "model"), RESOURCE, CONTEXT)
    assert share(again, a_message("she is turning cold")) == share(component, a_message("she is turning cold"))


def test_danger_regression_learns_from_the_sentences_of_the_project_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vector = np.array([0.0, 1.0], dtype=np.float32)
    further = [("the cat is on the stove", "danger", vector), ("the cat sleeps", "calm", vector)] * 3
    monkeypatch.setattr(danger_regression, "_further_examples", lambda: further)
    component = trained(tmp_path / "model", examples())
    there, here = (share(component, a_message(text, vector=(0.0, 1.0))) for text in ("cat on the stove", "cat sleeps"))
    assert (there or 0) > 0.5 > (here or 0)


def test_danger_sentences_are_all_different_and_none_is_on_both_sides() -> None:
    sentences = DangerSentences.load()
    both = [*sentences.now, *sentences.not_now]
    assert len({" ".join(text.lower().split()) for text in both}) == len(both)


@pytest.mark.parametrize("intents", [("greet", "greet"), ("emergency_overdose", "emergency_medical")])
def test_danger_regression_without_both_classes_says_nothing(tmp_path: Path, intents: tuple[str, str]) -> None:
    component = trained(tmp_path / "model", [a_message("one", intents[0]), a_message("two", intents[1])])
    assert share(component, a_message("one")) is None
