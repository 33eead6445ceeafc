"""The network of all-MiniLM-L6-v2, written out in TensorFlow, which Rasa brings along.

A general model library would do the same arithmetic, but takes five seconds more to start (see
`docs/decisions/0001-understanding.md`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIMENSIONS, LAYERS, HEADS = 384, 6, 12
"""The shape of the network, from `config.json` beside the weights."""
EPSILON = 1e-12
"""Added to the variance in layer normalisation; also from `config.json`."""
OUT_OF_SIGHT = -1e4
"""Added to the attention that padding gets, so that its share comes out as nothing."""

Array = NDArray[np.float32]


def turned(weights: Mapping[str, Array]) -> dict[str, Array]:
    """Return the weights of `model.safetensors`, those of projections the other way round, as they are multiplied."""
    return {name: np.ascontiguousarray(array.T) if is_projection(name) else array for name, array in weights.items()}


def is_projection(name: str) -> bool:
    """Say whether the weights of this name are a matrix that multiplies what a layer reads."""
    return name.endswith(("query.weight", "key.weight", "value.weight", "dense.weight"))


def _whole(values: Any) -> Any:
    return values


class Network:
    """BERT with six layers (Devlin and others 2019, section 3.1 and appendix A.2), then the mean over the words."""

    def __init__(
        self, tf: Any, weights: Mapping[str, Any], many: bool = False, dropped: Callable[[Any], Any] = _whole
    ) -> None:
        """Take the weights by name.

        Args:
            tf: TensorFlow.
            weights: what `turned` gives, as arrays or tensors.
            many: build for thousands of texts. Layers are normalised in one operation, which a single text has nothing
                of. Arrays among the weights are compiled into the function: they are then halved and laid out for the
                processor once, not for each batch, but the process holds them twice.
            dropped: leaves out numbers by chance, while the network learns.
        """
        self._tf = tf
        self._weights = weights
        self._many = many
        self._dropped = dropped

    def pooled(self, ids: Any, mask: Any) -> Any:
        """Return (texts, DIMENSIONS), rows of length 1.

        Args:
            ids: word pieces by their number, (texts, words).
            mask: 1 for a word, 0 for padding, (texts, words).
        """
        tf = self._tf
        texts, words = tf.shape(ids)[0], tf.shape(ids)[1]
        embedded = (
            tf.gather(self._weights["embeddings.word_embeddings.weight"], ids)
            + self._weights["embeddings.position_embeddings.weight"][:words]
            + self._weights["embeddings.token_type_embeddings.weight"][0]
        )
        hidden = self._dropped(self._normalised(embedded, "embeddings.LayerNorm"))
        hidden = tf.reshape(hidden, [-1, DIMENSIONS])
        unseen = (1.0 - mask)[:, None, None, :] * OUT_OF_SIGHT
        for number in range(LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{number}", unseen, (texts, words))
        seen = mask[:, :, None]
        total = tf.reduce_sum(tf.reshape(hidden, [texts, words, DIMENSIONS]) * seen, 1)
        return tf.math.l2_normalize(total / tf.reduce_sum(seen, 1), axis=1)

    def _layer(self, hidden: Any, name: str, unseen: Any, shape: tuple[Any, Any]) -> Any:
        attended = self._attention(hidden, f"{name}.attention.self", unseen, shape)
        mixed = self._dropped(self._projected(attended, f"{name}.attention.output.dense"))
        hidden = self._normalised(hidden + mixed, f"{name}.attention.output.LayerNorm")
        inner = self._tf.nn.gelu(self._projected(hidden, f"{name}.intermediate.dense"))
        outer = self._dropped(self._projected(inner, f"{name}.output.dense"))
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
