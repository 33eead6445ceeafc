"""The danger net tells danger now from everything else, and comes back as it was saved."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail import paths
from handrail.emergencies.sentences import DangerSentences
from handrail.intents import DANGER_SHARE
from handrail.nlu import danger_net
from handrail.nlu.danger_net import DangerNet
from handrail.nlu.minilm import DEEP, DIMENSIONS
from handrail.nlu.sentence_encoder import INNER_VECTOR, PART_INNER_VECTORS
from handrail.nlu.small_net import SmallNet

CONTEXT = SimpleNamespace(node_name="danger")
RESOURCE = Resource("danger")
CONFIG = DangerNet.get_default_config()
MANY = 1_000
"""Examples of each sort: a net of this size learns little from fewer."""


@pytest.fixture(autouse=True)
def further(monkeypatch: pytest.MonkeyPatch) -> None:
    """Learn from a test's own examples alone."""
    monkeypatch.setattr(danger_net, "_further_examples", list)


def near(angle: float, count: int = MANY) -> np.ndarray:
    """Return vectors that point about the same way."""
    turned = np.random.default_rng(0).normal(angle, 0.1, count)
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


def a_message(vector: np.ndarray | None, intent: str | None = None) -> Message:
    data = {TEXT: "some words", **({"intent": intent} if intent else {})}
    return Message(data=data if vector is None else {**data, INNER_VECTOR: vector})


def trained(folder: Path, data: list[Message]) -> DangerNet:
    folder.mkdir(exist_ok=True)
    component = DangerNet.create(CONFIG, LocalModelStorage(folder), RESOURCE, CONTEXT)
    component.train(TrainingData(data))
    return component


def examples() -> list[Message]:
    """Danger of two kinds lies on either side of what is calm: no straight line parts them."""
    kinds = {"emergency_overdose": 0.0, "ask_what_is": 1.0, "emergency_medical": 2.0}
    return [a_message(vector, kind) for kind, angle in kinds.items() for vector in near(angle)]


def share(component: DangerNet, vector: np.ndarray | None) -> float | None:
    (done,) = component.process([a_message(vector)])
    found: float | None = done.get(DANGER_SHARE)
    return found


def test_danger_net_takes_all_kinds_of_emergency_together_wherever_they_lie(tmp_path: Path) -> None:
    component = trained(tmp_path / "model", examples())
    first, calm, second = (share(component, near(angle, 1)[0]) for angle in (0.0, 1.0, 2.0))
    assert (first or 0) > 0.8
    assert (second or 0) > 0.8
    assert (calm or 1) < 0.2


def test_danger_net_finds_the_danger_in_one_part_of_a_story(tmp_path: Path) -> None:
    component = trained(tmp_path / "model", examples())
    calm, danger = near(1.0, 1)[0], near(0.0, 1)[0]
    story, calm_story = (
        Message(data={TEXT: "a story", INNER_VECTOR: calm, PART_INNER_VECTORS: np.stack(parts)})
        for parts in ((calm, danger), (calm, calm))
    )
    component.process([story, calm_story])
    assert story.get(DANGER_SHARE) == pytest.approx((share(component, danger) or 0) - CONFIG["part_margin"])
    assert calm_story.get(DANGER_SHARE) == share(component, calm)


def test_danger_net_reports_its_share_and_sets_no_intent(tmp_path: Path) -> None:
    component = trained(tmp_path / "model", examples())
    (message,) = component.process([a_message(near(0.0, 1)[0])])
    assert DANGER_SHARE in message.as_dict(only_output_properties=True)
    assert message.get("intent") is None


def test_danger_net_says_nothing_of_what_was_not_encoded(tmp_path: Path) -> None:
    assert share(trained(tmp_path / "model", examples()), None) is None


def test_danger_net_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    component = trained(tmp_path / "model", examples())
    again = DangerNet.load(CONFIG, LocalModelStorage(tmp_path / "model"), RESOURCE, CONTEXT)
    assert share(again, near(0.3, 1)[0]) == share(component, near(0.3, 1)[0])


def test_danger_net_learns_from_the_sentences_of_the_project_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = [(vector, True) for vector in near(-2.0)]
    monkeypatch.setattr(danger_net, "_further_examples", lambda: elsewhere)
    assert (share(trained(tmp_path / "model", examples()), near(-2.0, 1)[0]) or 0) > 0.8


def test_danger_net_reads_the_projects_sentences_as_the_encoder_gives_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    read: list[str] = []

    def encode_deep(texts: list[str]) -> np.ndarray:
        read.extend(texts)
        return np.tile(np.arange(DEEP, dtype=np.float32), (len(texts), 1))

    monkeypatch.setattr(paths, "CACHE", tmp_path)
    monkeypatch.setattr(danger_net, "training_encoder", lambda: SimpleNamespace(encode_deep=encode_deep))
    monkeypatch.setattr(DangerSentences, "load", lambda: DangerSentences(("mum is blue",), ("all fine",)))
    found = danger_net._further_examples()
    assert [is_danger for _, is_danger in found] == [True, False]
    assert all(vector.tolist() == list(range(DIMENSIONS, DEEP)) for vector, _ in found)
    assert read == ["mum is blue", "all fine"]


def test_danger_sentences_are_all_different_and_none_is_on_both_sides() -> None:
    sentences = DangerSentences.load()
    both = [*sentences.now, *sentences.not_now]
    assert len({" ".join(text.lower().split()) for text in both}) == len(both)


@pytest.mark.parametrize("intents", [("greet", "greet"), ("emergency_overdose", "emergency_medical")])
def test_danger_net_without_both_classes_says_nothing(tmp_path: Path, intents: tuple[str, str]) -> None:
    vector = near(0.0, 1)[0]
    component = trained(tmp_path / "model", [a_message(vector, intent) for intent in intents])
    assert share(component, vector) is None


def test_small_net_gives_the_same_for_the_same_examples() -> None:
    vectors = np.vstack([near(angle) for angle in (0.0, 1.0)])
    labels = np.arange(2 * MANY) < MANY
    one, other = (SmallNet.fit(vectors, labels) for _ in range(2))
    assert one.probability(vectors[0]) == pytest.approx(other.probability(vectors[0]), abs=1e-3)
