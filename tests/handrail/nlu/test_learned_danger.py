"""What was learned about dangers comes back as it was kept, and is worth what the project says of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from handrail import paths
from handrail.nlu.danger_learning import Settings, learn
from handrail.nlu.learned_danger import (
    DangerReader,
    LearnedDanger,
    WrongLearned,
    fingerprints,
    shared_reader,
)
from handrail.nlu.minilm import weights_folder

SENTENCES = fingerprints(["he is blue", "all fine"], [True, False])


def a_small_one() -> LearnedDanger:
    matrix = np.ones((4, 2), dtype=np.float32), np.full((2, 3), 0.5, dtype=np.float32)
    return LearnedDanger({"a.weight": matrix, "a.bias": np.ones(3)}, np.arange(384.0), -1.5, SENTENCES)


def test_learned_danger_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    a_small_one().save(tmp_path / "learned.safetensors")
    again = LearnedDanger.load(tmp_path / "learned.safetensors")
    assert again.added()["a.weight"].tolist() == [[1.0] * 3] * 4
    assert again.added()["a.bias"].tolist() == [1.0] * 3
    assert again.direction.tolist() == list(range(384))
    assert again.bias == -1.5
    assert again.sentences.tolist() == SENTENCES.tolist()


def test_learned_danger_tells_new_sentences_and_ones_that_changed_sides() -> None:
    learned = a_small_one()
    assert learned.unlearned(["he is blue", "she is grey", "all fine"], True) == ["she is grey", "all fine"]
    assert learned.unlearned(["all fine"], False) == []


@pytest.mark.parametrize("damage", [None, b"", b"no numbers at all", "no direction"])
def test_learned_danger_says_how_to_mend_a_damaged_file(tmp_path: Path, damage: bytes | str | None) -> None:
    path = tmp_path / "learned.safetensors"
    if damage == "no direction":
        path.write_bytes(paths.LEARNED_DANGER[0].read_bytes()[:-1000])
    elif isinstance(damage, bytes):
        path.write_bytes(damage)
    with pytest.raises(WrongLearned, match="make learn-danger"):
        LearnedDanger.load(path)


@pytest.mark.model
def test_what_was_learned_tells_now_from_then() -> None:
    """Near twins: the same words, once in danger and once not."""
    now = ["she took the whole bottle and she wont answer me", "ive got the rope out", "he fell and he is turning grey"]
    then = ["she took the whole course and the cough is gone", "ive got the rope out for the swing", "he turned fifty"]
    shares = shared_reader().shares([*now, *then])
    assert min(shares[:3]) > 0.8
    assert max(shares[3:]) < 0.5


@pytest.mark.model
def test_shares_do_not_depend_on_the_texts_beside_them() -> None:
    texts = ["hello", "he wont wake up and his lips are blue", "what is methadone " * 20]
    alone = [shared_reader().shares([text])[0] for text in texts]
    assert shared_reader().shares(texts) == pytest.approx(alone, abs=1e-3)


@pytest.mark.model
def test_the_reader_goes_by_the_mean_of_its_nets() -> None:
    """What the nets say is a share each; the mean is taken of its logits."""
    both = [LearnedDanger.load(path) for path in paths.LEARNED_DANGER]
    assert len(both) > 1
    texts = ["hello", "i think he stopped breathing", "my son drinks a lot and i am scared for him"]
    alone = np.array([DangerReader([one], weights_folder()).shares(texts) for one in both])
    mean = np.log(alone / (1 - alone)).mean(axis=0)
    assert shared_reader().shares(texts) == pytest.approx(1 / (1 + np.exp(-mean)), abs=1e-3)


@pytest.mark.model
def test_learning_tells_two_kinds_of_text_apart_and_changes_the_encoder() -> None:
    kinds = {True: ("the house is on fire", "flames in the kitchen"), False: ("a cup of tea", "toast and butter")}
    texts = [f"{text} {word}" for own in kinds.values() for text in own for word in ("now", "today", "again", "here")]
    labels = [kind for kind, own in kinds.items() for _ in range(4 * len(own))]
    said: list[str] = []
    settings = Settings(rank=2, rounds=100, batch=16, rate=3e-3)
    learned = learn(texts, labels, weights_folder(), settings, said.append)
    assert len(said) == 1
    assert any(np.abs(change).max() > 0 for change in learned.added().values())
    assert not learned.unlearned(texts[:8], True)
    fire, tea = DangerReader([learned], weights_folder()).shares(["fire in the house", "butter and tea"])
    assert fire > 0.8
    assert tea < 0.2
