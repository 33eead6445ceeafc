"""Each message that holds letters gets the vector of its sentence, under the lexicon's names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail import paths
from handrail.nlu import minilm, sentence_encoder
from handrail.nlu.danger import reading_everything
from handrail.nlu.lexicon_entities import CANONICAL_TEXT
from handrail.nlu.minilm import (
    BATCH_TOKENS,
    MiniLM,
    WrongWeights,
    shared_encoder,
    training_encoder,
    weights_folder,
)
from handrail.nlu.minilm_network import DIMENSIONS
from handrail.nlu.sentence_encoder import SentenceEncoder


class Lengths:
    """Stands in for MiniLM: a text's vector is its length, 384 times."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.read += texts
        rows = [[len(text)] * DIMENSIONS for text in texts]
        return np.array(rows, dtype=np.float32).reshape(-1, DIMENSIONS)


@pytest.fixture
def lengths(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Lengths:
    stand_in = Lengths()
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(sentence_encoder, "shared_encoder", lambda: stand_in)
    monkeypatch.setattr(sentence_encoder, "training_encoder", lambda: stand_in)
    return stand_in


def encoder() -> SentenceEncoder:
    config = SentenceEncoder.get_default_config()
    return SentenceEncoder.create(config, None, None, SimpleNamespace(node_name="encoder"))


def vector(message: Message) -> np.ndarray | None:
    _, sentence = message.get_dense_features("text")
    return None if sentence is None else sentence.features


def test_sentence_encoder_gives_each_message_its_own_vector(lengths: Lengths) -> None:
    messages = [Message(data={"text": text}) for text in ("what is it", "\U0001f622", "hello", "5 + 5", "é")]
    encoder().process(messages)
    found = [None if vector(message) is None else vector(message)[0, 0] for message in messages]
    assert found == [10, None, 5, None, 1]
    assert vector(messages[0]).shape == (1, DIMENSIONS)


@pytest.mark.parametrize("text", [None, "", " ", "...", "123", "\U0001f622\U0001f622", "?!", "\u200b"])
def test_sentence_encoder_gives_no_vector_to_what_holds_no_letter(lengths: Lengths, text: str | None) -> None:
    (message,) = encoder().process([Message(data={"text": text})])
    assert vector(message) is None


CERTAIN = "he is blue and wont wake up"


def test_sentence_encoder_does_not_hold_up_a_certain_emergency(lengths: Lengths) -> None:
    messages = [Message(data={"text": CERTAIN}), Message(data={"text": "what is heroin"})]
    encoder().process(messages)
    assert [vector(message) is None for message in messages] == [True, False]
    assert CERTAIN not in lengths.read


def test_sentence_encoder_reads_a_certain_emergency_when_the_net_is_measured(lengths: Lengths) -> None:
    emergency = Message(data={"text": CERTAIN})
    with reading_everything():
        encoder().process([emergency])
    assert vector(emergency) is not None


def test_sentence_encoder_reads_the_text_under_the_names_of_the_lexicon(lengths: Lengths) -> None:
    encoder().process([Message(data={"text": "is suboxin ok", CANONICAL_TEXT: "is buprenorphine ok"})])
    assert lengths.read == ["is buprenorphine ok"]


def test_sentence_encoder_reads_training_examples_too(lengths: Lengths) -> None:
    examples = [Message(data={"text": "hello", "intent": "greet"}), Message(data={"intent": "greet"})]
    encoder().process_training_data(TrainingData(examples))
    assert vector(examples[0]) is not None
    assert vector(examples[1]) is None


def test_sentence_encoder_reads_no_training_example_twice(lengths: Lengths) -> None:
    def train(*texts: str) -> list[float]:
        examples = [Message(data={"text": text, "intent": "greet"}) for text in texts]
        encoder().process_training_data(TrainingData(examples))
        return [vector(example)[0, 0] for example in examples]

    assert train("hello", "good morning") == [5, 12]
    assert train("good morning", "hi", "hello") == [12, 2, 5]
    assert sorted(lengths.read) == ["good morning", "hello", "hi"]


@pytest.mark.parametrize("damage", [b"", b"no vectors at all"])
def test_sentence_encoder_reads_again_when_what_it_kept_is_damaged(lengths: Lengths, damage: bytes) -> None:
    examples = [Message(data={"text": "hello", "intent": "greet"})]
    encoder().process_training_data(TrainingData(examples))
    for kept in paths.CACHE.rglob("*"):
        kept.write_bytes(damage)
    again = [Message(data={"text": "hello", "intent": "greet"})]
    encoder().process_training_data(TrainingData(again))
    assert vector(again[0])[0, 0] == 5


def test_sentence_encoder_keeps_nothing_of_what_people_write(lengths: Lengths) -> None:
    encoder().process([Message(data={"text": "hello"})])
    assert not list(paths.CACHE.rglob("*"))


def test_sentence_encoder_copes_with_nothing_to_read(lengths: Lengths) -> None:
    assert encoder().process([]) == []


class Words:
    """Stands in for the tokenizer: a word piece a letter."""

    def encode_batch(self, texts: Sequence[str]) -> list[SimpleNamespace]:
        return [SimpleNamespace(ids=[ord(letter) for letter in text]) for text in texts]


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch) -> MiniLM:
    """An encoder without weights: what it gives for a text is the count of its word pieces."""
    encoder = MiniLM.__new__(MiniLM)
    monkeypatch.setattr(encoder, "_tokenizer", Words(), raising=False)

    def pooled(ids: np.ndarray, mask: np.ndarray) -> SimpleNamespace:
        assert ((ids != 0) == (mask == 1)).all()
        batches.append(mask)
        return SimpleNamespace(numpy=lambda: np.repeat(mask.sum(axis=1, keepdims=True), DIMENSIONS, axis=1))

    batches: list[np.ndarray] = []
    monkeypatch.setattr(encoder, "_batch_tokens", BATCH_TOKENS, raising=False)
    monkeypatch.setattr(encoder, "_pooled", pooled, raising=False)
    monkeypatch.setattr(encoder, "batches", batches, raising=False)
    return encoder


def test_sentence_encoder_keeps_the_order_of_texts_over_many_batches(unloaded: MiniLM) -> None:
    texts = ["x" * ((number * 37) % 101 + 1) for number in range(200)]
    vectors = unloaded.encode(texts)
    assert len(unloaded.batches) > 2
    assert vectors.shape == (len(texts), DIMENSIONS)
    assert [int(row[0]) for row in vectors] == [len(text) for text in texts]
    assert unloaded.encode([]).shape == (0, DIMENSIONS)


def test_sentence_encoder_reads_texts_of_like_length_together(unloaded: MiniLM) -> None:
    """Padding is read like words: with texts of any length side by side it was a quarter of the work."""
    unloaded.encode(["x" * (number % 100 + 1) for number in range(1000)])
    assert max(mask.size for mask in unloaded.batches) <= BATCH_TOKENS
    assert sum(mask.size for mask in unloaded.batches) < 1.1 * sum(mask.sum() for mask in unloaded.batches)


def test_sentence_encoder_reads_a_text_that_is_longer_than_a_batch(unloaded: MiniLM) -> None:
    vectors = unloaded.encode(["x" * (BATCH_TOKENS + 1), "x"])
    assert vectors[:, 0].tolist() == [BATCH_TOKENS + 1, 1]


def test_sentence_encoder_says_what_to_do_when_the_weights_are_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "PACKAGE", "no_such_package_of_weights")
    with pytest.raises(WrongWeights, match="make setup"):
        weights_folder()


@pytest.mark.model
def test_sentence_encoder_refuses_weights_that_are_not_the_tuned_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "SHA256", "0" * 64)
    with pytest.raises(WrongWeights, match="make clean setup"):
        weights_folder()


@pytest.mark.model
def test_sentence_encoder_vectors_have_length_one() -> None:
    vectors = shared_encoder().encode(["hello", "what is methadone " * 500, "\U0001f622", "", "é"])
    assert vectors.shape == (5, DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-4)


@pytest.mark.model
def test_sentence_encoder_vector_does_not_depend_on_the_texts_beside_it() -> None:
    texts = ["hello", "how do i talk to my son about drinking", "what is methadone " * 20]
    together = shared_encoder().encode(texts)
    alone = np.vstack([shared_encoder().encode([text]) for text in texts])
    assert together == pytest.approx(alone, abs=1e-4)


@pytest.mark.model
def test_sentence_encoder_puts_like_questions_closer_together() -> None:
    one, like, unlike = shared_encoder().encode(
        ["how do i find a rehab", "where can i get treatment for addiction", "the weather is nice today"]
    )
    assert one @ like > one @ unlike + 0.2


@pytest.fixture
def half_precision_ends() -> Iterator[None]:
    """Half precision holds for all that TensorFlow does in a process; the tests that follow are to have none of it."""
    import tensorflow as tf

    yield
    tf.config.optimizer.set_experimental_options({"auto_mixed_precision_onednn_bfloat16": False})
    training_encoder.cache_clear()


@pytest.mark.model
def test_sentence_encoder_gives_examples_and_messages_the_same_vectors(half_precision_ends: None) -> None:
    """Examples are read with half precision, messages are not."""
    texts = ["hello", "how do i talk to my son about drinking", "METHADONE??", "what is methadone " * 20]
    cosines = (shared_encoder().encode(texts) * training_encoder().encode(texts)).sum(axis=1)
    assert cosines == pytest.approx(1, abs=1e-3)
