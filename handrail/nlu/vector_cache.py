"""Remembers the vectors of the training examples, so that a changed example does not mean encoding all of them."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from handrail.nlu.minilm_network import DIMENSIONS

Vectors = NDArray[np.float32]


class VectorCache:
    """Vectors of texts in one file. Only training uses it: what people write never comes here."""

    def __init__(self, path: Path, weights: str) -> None:
        """Read the file, if it is there.

        Args:
            path: the cache file; a damaged one counts as empty.
            weights: the checksum of the encoder's weights; vectors of other weights are not taken.
        """
        self._path = path
        self._weights = weights
        self._known: dict[str, Vectors] = {}
        try:
            with np.load(path) as stored:
                self._known = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            pass

    def encode(self, texts: Sequence[str], encode: Callable[[Sequence[str]], Vectors]) -> Vectors:
        """Return what `MiniLM.encode` gives, one row a text, and keep exactly these on disk.

        Args:
            texts: the texts.
            encode: is called once, for the texts that are new.

        They are kept, and returned, in half precision: the noise of the training encoder is larger.
        """
        keys = [self._key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        self._known.update(zip(new, encode(list(new.values())).astype(np.float16), strict=True))
        if new:
            self._save(keys)
        return np.array([self._known[key] for key in keys], dtype=np.float32).reshape(len(keys), DIMENSIONS)

    def _save(self, keys: Sequence[str]) -> None:
        kept = sorted(set(keys))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".partial.npz")
        np.savez(partial, keys=np.array(kept), vectors=np.array([self._known[key] for key in kept]))
        partial.replace(self._path)

    def _key(self, text: str) -> str:
        return hashlib.sha256(f"{self._weights} {DIMENSIONS}\n{text}".encode()).hexdigest()
