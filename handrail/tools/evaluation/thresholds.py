"""What happens when the thresholds move: the share that is answered, answered right, and answered by mistake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from handrail.answers import Answerer
from handrail.tools.evaluation.configuration import CONFIG, settings_of
from handrail.tools.evaluation.understanding import SPOKEN, Bars, Outcome, Understood, outcome

STEPS = tuple(step / 20 for step in range(19))
"""Thresholds from 0 to 0.9."""
OUT_OF_SCOPE_STEPS = tuple(step / 20 for step in range(1, 20))
"""Bars for the probability of `out_of_scope`. At 0 everything would be out of scope."""
FALLBACK_CLASSIFIER = "FallbackClassifier"

Question = tuple[Understood, frozenset[str]]
"""An in-scope question as it was understood, and the areas that a good answer is about."""


@dataclass(frozen=True)
class Point:
    """Shares, from 0 to 1, with one setting of the bars.

    Attributes:
        at: the value that was moved.
        answered: in-scope questions that were answered.
        right: in-scope questions that were answered on the right area.
        right_or_offered: the same, or among the choices.
        stray: out-of-scope messages that were answered.
    """

    at: float
    answered: float
    right: float
    right_or_offered: float
    stray: float

    @property
    def precision(self) -> float:
        """The share of the answered questions whose answer was right; 1 when none was answered."""
        return self.right / self.answered if self.answered else 1.0


def chosen_bars(config: Path = CONFIG) -> Bars:
    """Return what `config.yml` sets for `FallbackClassifier`.

    Raises:
        LookupError: the pipeline has no such component.
    """
    settings = settings_of(FALLBACK_CLASSIFIER, config)
    return Bars(settings["threshold"], settings["ambiguity_threshold"])


def point(
    answerer: Answerer, questions: Sequence[Question], others: Sequence[Understood], bars: Bars, at: float
) -> Point:
    """Return the shares with one setting of the bars."""
    said = [(outcome(answerer, understood, bars), wanted) for understood, wanted in questions]
    right = [one.is_right(wanted) for one, wanted in said]
    useful = [one.is_right(wanted) or one.is_offered(wanted) for one, wanted in said]
    stray = [outcome(answerer, understood, bars).kind == "answer" for understood in others]
    return Point(at, _mean([_speaks(one) for one, _ in said]), _mean(right), _mean(useful), _mean(stray))


def over_threshold(
    answerer: Answerer, questions: Sequence[Question], others: Sequence[Understood], bars: Bars
) -> list[Point]:
    """Move the threshold of `FallbackClassifier`."""
    return [point(answerer, questions, others, replace(bars, threshold=at), at) for at in STEPS]


def over_out_of_scope(
    answerer: Answerer, questions: Sequence[Question], others: Sequence[Understood], bars: Bars
) -> list[Point]:
    """Move the probability of `out_of_scope` from which a message counts as that; no gate may have been before."""
    return [point(answerer, questions, others, replace(bars, out_of_scope=at), at) for at in OUT_OF_SCOPE_STEPS]


def _speaks(one: Outcome) -> bool:
    return one.kind in SPOKEN


def _mean(outcomes: Sequence[bool]) -> float:
    return sum(outcomes) / len(outcomes) if outcomes else 0.0
