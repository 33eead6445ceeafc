"""What was learned once about messages that tell of a danger, and how `data/danger/learned_*.safetensors` keep it.

`handrail/nlu/danger_learning.py` learns it. It is a small change to the sentence encoder's weights, and one direction
in what the changed encoder gives for a text (`docs/decisions/0018-an-encoder-that-learned-danger.md`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError  # type: ignore[attr-defined]  # its compiled code names no types
from safetensors.numpy import load_file, save_file

from handrail import paths
from handrail.nlu.minilm import MiniLM, weights_folder

Array = NDArray[Any]

DIRECTION, BIAS, SENTENCES = "direction", "bias", "sentences"
LEFT, RIGHT, SHIFT = ".left", ".right", ".shift"
"""Endings of names in the file. A matrix changes by the product of a tall and a flat one of 16-bit numbers (Hu and
others 2021, "LoRA"); a row of numbers by another row."""


MEND = "bring it back with git, or run 'make learn-danger'"


class WrongLearned(RuntimeError):
    """The file with what was learned about dangers is missing or damaged."""


@dataclass(frozen=True)
class LearnedDanger:
    """What tells a danger that is there now from everything else.

    Attributes:
        changes: what is added to the encoder's weights, by `minilm_network.turned`'s names; a matrix as its two
            factors, of shapes (from, rank) and (rank, to).
        direction: 384 numbers; the further a text's vector lies in this direction, the likelier it is a danger.
        bias: added to it.
        sentences: the fingerprints of what it learned from, in order of size.
    """

    changes: Mapping[str, Array | tuple[Array, Array]]
    direction: Array
    bias: float
    sentences: Array

    @classmethod
    def load(cls, path: Path) -> LearnedDanger:
        """Read a file.

        Raises:
            WrongLearned: it is missing or damaged.
        """
        try:
            stored = load_file(path)
            changes: dict[str, Array | tuple[Array, Array]] = {}
            for name, array in stored.items():
                if name.endswith(LEFT):
                    whole = name.removesuffix(LEFT)
                    changes[whole] = array, stored[whole + RIGHT]
                elif name.endswith(SHIFT):
                    changes[name.removesuffix(SHIFT)] = array
            return cls(changes, stored[DIRECTION], float(stored[BIAS][0]), stored[SENTENCES])
        except (OSError, KeyError, SafetensorError) as error:
            raise WrongLearned(f"{paths.shown(path)} is missing or damaged: {MEND}.") from error

    def save(self, path: Path) -> None:
        """Write a file; the encoder's changes in half precision."""
        arrays = {
            DIRECTION: self.direction.astype(np.float32),
            BIAS: np.array([self.bias], dtype=np.float32),
            SENTENCES: self.sentences,
        }
        for name, change in self.changes.items():
            if isinstance(change, tuple):
                arrays |= {name + LEFT: change[0].astype(np.float16), name + RIGHT: change[1].astype(np.float16)}
            else:
                arrays[name + SHIFT] = change.astype(np.float16)
        save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, path)

    def added(self) -> dict[str, Array]:
        """Return what is added to each of the encoder's weights, in full."""
        return {
            name: change[0].astype(np.float32) @ change[1].astype(np.float32)
            if isinstance(change, tuple)
            else change.astype(np.float32)
            for name, change in self.changes.items()
        }

    def unlearned(self, sentences: Iterable[str], is_danger: bool) -> list[str]:
        """Return those of `sentences` that it did not learn from, as ones that tell of a danger or as others."""
        known = set(self.sentences.tolist())
        return [text for text in sentences if fingerprint(text, is_danger) not in known]


class DangerReader:
    """Reads texts with encoders that learned what a danger sounds like."""

    def __init__(self, learned: Sequence[LearnedDanger], folder: Path) -> None:
        """Put each encoder together from its weights in `folder` and what was learned."""
        self._nets = [(MiniLM(folder, changes=one.added()), one) for one in learned]

    def shares(self, texts: Sequence[str]) -> list[float]:
        """Return how likely each text tells of a danger that is there now, 0 to 1: what the nets say on average."""
        return self._shares(texts, self._nets)

    def quick_share(self, text: str) -> float:
        """Return what the last net alone says of a text: in half the time."""
        (share,) = self._shares([text], self._nets[-1:])
        return share

    @staticmethod
    def _shares(texts: Sequence[str], nets: Sequence[tuple[MiniLM, LearnedDanger]]) -> list[float]:
        logits = [encoder.encode(texts) @ one.direction + one.bias for encoder, one in nets]
        shares: list[float] = (1 / (1 + np.exp(-np.mean(logits, axis=0)))).tolist()
        return shares


def fingerprint(sentence: str, is_danger: bool) -> int:
    """Return four bytes of a checksum of a sentence and its side, as a number.

    A new sentence has one of 50,000 known numbers once in 80,000 times, and then counts as learned.
    """
    return int.from_bytes(hashlib.sha256(f"{is_danger} {sentence}".encode()).digest()[:4], "big")


def fingerprints(sentences: Sequence[str], are_dangers: Sequence[bool]) -> NDArray[np.uint32]:
    """Return the fingerprints of all sentences, in order of size."""
    return np.array(sorted(set(map(fingerprint, sentences, are_dangers))), dtype=np.uint32)


@lru_cache(maxsize=1)
def shared_reader() -> DangerReader:
    """Return the process's one reader, loaded on first use.

    Raises:
        WrongLearned: see `LearnedDanger.load`.
        WrongWeights: see `weights_folder`.
    """
    return DangerReader([LearnedDanger.load(path) for path in paths.LEARNED_DANGER], weights_folder())
