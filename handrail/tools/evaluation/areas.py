"""Which area was wanted, and which was given."""

from __future__ import annotations

from collections.abc import Sequence

from handrail.tools.evaluation.bars import Asked, wanted
from handrail.tools.evaluation.understanding import SPOKEN, Outcome


def area_pairs(asked: Sequence[Asked]) -> list[tuple[str, str]]:
    """Return for each question its right area, and the area of the answer or else the kind of reply."""
    return [(row["gold"], _given(row["gold"], wanted(row), said)) for row, said in asked]


def _given(gold: str, good: frozenset[str], said: Outcome) -> str:
    if said.kind not in SPOKEN or not said.areas:
        return said.kind
    # An answer on a second right area counts as right, as it does in the table of bars.
    return gold if said.areas & good else sorted(said.areas)[0]
