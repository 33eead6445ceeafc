"""Has the sentence encoder learn what a danger that is there now sounds like. It takes a quarter of an hour.

The encoder is changed as in Hu and others 2021 ("LoRA: Low-Rank Adaptation of Large Language Models"): each matrix by
the product of a tall and a flat one, and its rows of numbers as they are, so that what was learned is a small file.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from handrail.nlu.learned_danger import LearnedDanger, fingerprints
from handrail.nlu.minilm import MiniLM, padded
from handrail.nlu.minilm_network import DIMENSIONS, Network, is_projection, turned
from handrail.typing_errors import with_typing_error


@dataclass(frozen=True)
class Settings:
    """How it learns. All were chosen on messages that were not learned from.

    Attributes:
        rank: how tall and flat the two factors of a matrix's change are.
        rounds: how often each text is read.
        batch: texts that are read together.
        rate: the largest learning rate; it rises over the first `rising` of all steps, then falls to nothing.
        rising: see `rate`.
        dropped: the share of numbers that are left out by chance.
        slips: the share of texts that are read with a typing error, others in each round.
        most_words: word pieces of a text that are read; messages are read whole, or part by part, all the same.
        seed: decides chance.
    """

    rank: int = 16
    rounds: int = 3
    batch: int = 64
    rate: float = 1e-3
    rising: float = 0.06
    dropped: float = 0.1
    slips: float = 0.25
    most_words: int = 64
    seed: int = 7


HALF_PRECISION = "auto_mixed_precision_onednn_bfloat16"
"""TensorFlow's name for multiplying with 16 bits where the processor can."""
LIKE_LENGTH = 50
"""Batches whose texts are sorted by length together: little padding, and still another mixture each round."""
STEEPNESS = 20.0
"""Vectors of length 1 have numbers near 0.05; the learning rate is meant for numbers near 1."""
CLIPPED = 1.0
"""The longest step, as a length over all numbers that are learned."""


def learn(
    texts: Sequence[str],
    labels: Sequence[bool],
    folder: Path,
    settings: Settings = Settings(),
    said: Callable[[str], None] = print,
) -> LearnedDanger:
    """Learn to tell two kinds of text apart.

    Args:
        texts: what to learn from.
        labels: whether each tells of a danger that is there now.
        folder: where the encoder's weights lie.
        settings: how.
        said: is told how far it is.

    Chance is set for TensorFlow in the whole process.
    """
    import tensorflow as tf  # noqa: PLC0415  (seconds to import: only when something is learned)
    from tensorflow import keras  # noqa: PLC0415

    minilm = MiniLM(folder)
    ids = [one[: settings.most_words] for one in minilm.word_pieces(texts)]
    slipped = [one[: settings.most_words] for one in minilm.word_pieces([with_typing_error(text) for text in texts])]
    tf.config.optimizer.set_experimental_options({HALF_PRECISION: True})
    keras.utils.set_random_seed(settings.seed)
    learner = _Learner(tf, folder, settings)
    steps = settings.rounds * -(-len(ids) // settings.batch)
    optimizer = keras.optimizers.Adam(global_clipnorm=CLIPPED)
    optimizer.build(learner.variables)

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, None], tf.int32),
            tf.TensorSpec([None, None], tf.float32),
            tf.TensorSpec([None], tf.float32),
        ],
        autograph=False,
    )
    def step(words: Any, mask: Any, wanted: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(
                tf.nn.sigmoid_cross_entropy_with_logits(labels=wanted, logits=learner.logits(words, mask))
            )
        optimizer.apply_gradients(zip(tape.gradient(loss, learner.variables), learner.variables, strict=True))
        return loss

    chance = random.Random(settings.seed)
    losses: list[float] = []
    for _ in range(settings.rounds):
        for places in _mixed([len(one) for one in ids], settings.batch, chance):
            optimizer.learning_rate.assign(_rate(len(losses) / steps, settings))
            wanted = np.array([labels[place] for place in places], dtype=np.float32)
            read = [slipped[place] if chance.random() < settings.slips else ids[place] for place in places]
            losses.append(float(step(*padded(read), wanted)))
            if len(losses) % 100 == 0:
                said(f"step {len(losses)} of {steps}: loss {np.mean(losses[-100:]):.4f}")
    tf.config.optimizer.set_experimental_options({HALF_PRECISION: False})
    return learner.learned(fingerprints(texts, labels))


class _Learner:
    """The encoder with what may change in it, as TensorFlow's variables."""

    def __init__(self, tf: Any, folder: Path, settings: Settings) -> None:
        self._tf = tf
        self._dropped = settings.dropped
        weights = turned(load_file(folder / "model.safetensors"))
        self._weights = {name: tf.constant(array) for name, array in weights.items()}
        self._factors, self._shifts = {}, {}
        for name, array in weights.items():
            if is_projection(name) and name.startswith("encoder."):
                tall = tf.random.normal((array.shape[0], settings.rank), stddev=array.shape[0] ** -0.5)
                self._factors[name] = tf.Variable(tall), tf.Variable(tf.zeros((settings.rank, array.shape[1])))
            elif name.startswith("encoder.") and array.ndim == 1:
                self._shifts[name] = tf.Variable(tf.zeros(array.shape))
        self._direction = tf.Variable(tf.random.normal((DIMENSIONS,), stddev=DIMENSIONS**-0.5))
        self._bias = tf.Variable(0.0)
        self.variables = [
            *(factor for both in self._factors.values() for factor in both),
            *self._shifts.values(),
            self._direction,
            self._bias,
        ]

    def logits(self, ids: Any, mask: Any) -> Any:
        """Return how far each text lies on the side of the dangers, while numbers are left out by chance."""
        tf = self._tf
        changed = {name: self._weights[name] + left @ right for name, (left, right) in self._factors.items()}
        changed |= {name: self._weights[name] + shift for name, shift in self._shifts.items()}
        network = Network(tf, self._weights | changed, dropped=lambda values: tf.nn.dropout(values, self._dropped))
        vectors = tf.nn.dropout(network.pooled(ids, mask), self._dropped)
        return tf.linalg.matvec(vectors, self._direction * STEEPNESS) + self._bias

    def learned(self, sentences: NDArray[np.uint32]) -> LearnedDanger:
        """Return what was learned, from the sentences of these fingerprints."""
        factors = {name: (left.numpy(), right.numpy()) for name, (left, right) in self._factors.items()}
        shifts = {name: shift.numpy() for name, shift in self._shifts.items()}
        direction = self._direction.numpy() * STEEPNESS
        return LearnedDanger(factors | shifts, direction, float(self._bias.numpy()), sentences)


def _rate(done: float, settings: Settings) -> float:
    """Return the learning rate when this share of all steps is done."""
    return settings.rate * (min(1.0, (done + 1e-3) / settings.rising) if done < settings.rising else 1.0 - done)


def _mixed(lengths: Sequence[int], batch: int, chance: random.Random) -> Iterator[list[int]]:
    """Deal all texts, by their place, into batches of texts of like length, in an order by chance."""
    places = list(range(len(lengths)))
    chance.shuffle(places)
    many = batch * LIKE_LENGTH
    dealt = []
    for start in range(0, len(places), many):
        alike = sorted(places[start : start + many], key=lengths.__getitem__)
        dealt += [alike[at : at + batch] for at in range(0, len(alike), batch)]
    chance.shuffle(dealt)
    yield from dealt
