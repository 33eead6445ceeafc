"""Two classifiers side by side: the same held-out sentences, the same questions, the same answers behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handrail.answers import Answerer
from handrail.tools.evaluation.inputs import Case
from handrail.tools.evaluation.measures import Share, percentile
from handrail.tools.evaluation.rasa_model import Parsed
from handrail.tools.evaluation.understanding import Bars, Understood, of_parsed, outcome, with_mentions

TOP = 3

Wanted = Sequence[frozenset[str]]
"""The areas that a good answer to each question is about."""


@dataclass(frozen=True)
class Side:
    """The figures of one classifier.

    Attributes:
        name: what it is called in the table.
        held_out: held-out sentences whose likeliest intent is the right one.
        top: the same, among the likeliest three.
        right: questions answered on the right area; None without the questions.
        offered: the same, or among the choices.
        asked: the same, counting the choices of clarifying questions alone.
        training_seconds: from nothing, start-up included.
        median: seconds of a message, median.
        high: seconds of a message, 95th percentile.
    """

    name: str
    held_out: Share
    top: Share
    right: Share | None
    offered: Share | None
    asked: Share | None
    training_seconds: float
    median: float
    high: float


def understood_with_lexicon(parsed: Sequence[Parsed], texts: Sequence[str], answerer: Answerer) -> list[Understood]:
    """Return what a pipeline without lexicon made of each text, with what the lexicon finds in it."""
    return [
        with_mentions(of_parsed(one.data), answerer.lexicon.find(text)) for one, text in zip(parsed, texts, strict=True)
    ]


def accuracy(cases: Sequence[Case], understood: Sequence[Understood]) -> tuple[Share, Share]:
    """Return how often the likeliest intent is the right one, and how often one of the likeliest three is."""
    pairs = list(zip(cases, understood, strict=True))
    best = Share.of([case.intent == one.likeliest for case, one in pairs])
    top = Share.of([case.intent in [intent for intent, _ in one.ranking[:TOP]] for case, one in pairs])
    return best, top


def on_topic(answerer: Answerer, cases: Sequence[Case], understood: Sequence[Understood], bars: Bars) -> Share:
    """Return how many of the sentences whose topic is named are answered with it."""
    pairs = [(case, one) for case, one in zip(cases, understood, strict=True) if case.topics]
    return Share.of([outcome(answerer, one, bars).topic in case.topics for case, one in pairs])


def answered(
    answerer: Answerer, understood: Sequence[Understood], wanted: Wanted, bars: Bars
) -> tuple[Share, Share, Share] | tuple[None, None, None]:
    """Return how many questions are answered on the right area; or among the choices; or asked about.

    All are without the emergency part.
    """
    if not wanted:
        return None, None, None
    said = [
        (outcome(answerer, one.without_emergency(), bars), areas) for one, areas in zip(understood, wanted, strict=True)
    ]
    right = [one.is_right(areas) for one, areas in said]
    offered = [one.is_right(areas) or one.is_offered(areas) for one, areas in said]
    asked = [one.is_right(areas) or one.is_asked_about(areas) for one, areas in said]
    return Share.of(right), Share.of(offered), Share.of(asked)


def side(
    *,
    name: str,
    answerer: Answerer,
    cases: Sequence[Case],
    of_cases: Sequence[Understood],
    of_questions: Sequence[Understood],
    wanted: Wanted,
    bars: Bars,
    training_seconds: float,
    times: Sequence[float],
) -> Side:
    """Put the figures of one classifier together."""
    held_out, top = accuracy(cases, of_cases)
    right, offered, asked = answered(answerer, of_questions, wanted, bars)
    median, high = percentile(times, 0.5), percentile(times, 0.95)
    return Side(name, held_out, top, right, offered, asked, training_seconds, median, high)
