"""What each net makes of a message by itself: the fixed patterns, and the trained intents with their bars."""

from __future__ import annotations

from dataclasses import dataclass

from handrail.emergencies import EmergencyScreen
from handrail.intents import EMERGENCY_CHECK, EMERGENCY_PREFIX
from handrail.tools.evaluation.bars import CARD, CHECK
from handrail.tools.evaluation.configuration import settings_of
from handrail.tools.evaluation.thresholds import chosen_bars
from handrail.tools.evaluation.understanding import Bars, Understood, decide

OVERRIDE = "EmergencyOverride"
NOTHING = "nothing"


@dataclass(frozen=True)
class Reply:
    """The kind of a reply (`NOTHING` where a net lets a message pass), and the kind of emergency of a card."""

    kind: str
    card: str | None = None

    @property
    def is_card(self) -> bool:
        """Whether the person gets an emergency card."""
        return self.kind == CARD

    @property
    def is_noticed(self) -> bool:
        """Whether the person gets a card, or is asked whether it is happening now."""
        return self.kind in (CARD, CHECK)


@dataclass(frozen=True)
class NetBars:
    """Probabilities from which the trained net gives a card, and from which it asks.

    Attributes:
        certain: from here on one kind brings its card.
        check: from here on the danger net brings the question.
        understood: the thresholds of the classifier, for an emergency that is its own best intent.
    """

    certain: float
    check: float
    understood: Bars


def net_bars() -> NetBars:
    """Return the project's own bars, from `config.yml`."""
    own = settings_of(OVERRIDE)
    return NetBars(own["certain"], own["check"], chosen_bars())


def by_patterns(screen: EmergencyScreen, text: str) -> Reply:
    """Return what the fixed patterns alone make of a message."""
    finding = screen.check(text)
    if finding is None:
        return Reply(NOTHING)
    return Reply(CARD, finding.kind) if finding.level == CARD else Reply(CHECK)


def by_training(understood: Understood, bars: NetBars) -> Reply:
    """Return what the trained intents alone make of a message, as the pipeline and the rules would.

    Between the bars an emergency that is the classifier's best intent brings its card like any other intent its answer.
    """
    trained = _trained(understood)
    if trained and max(trained)[0] >= bars.certain:
        return _of_intent(max(trained)[1])
    if probability(understood) >= bars.check:
        return Reply(CHECK)
    return _of_intent(decide(understood.without_emergency(), bars.understood))


def probability(understood: Understood) -> float:
    """Return how likely it is to the trained net that somebody is in danger now."""
    return understood.danger


def _of_intent(intent: str) -> Reply:
    if intent == EMERGENCY_CHECK:
        return Reply(CHECK)
    if intent.startswith(EMERGENCY_PREFIX):
        return Reply(CARD, intent.removeprefix(EMERGENCY_PREFIX))
    return Reply(NOTHING)


def _trained(understood: Understood) -> list[tuple[float, str]]:
    entries = understood.ranking
    return [(confidence, intent) for intent, confidence in entries if intent.startswith(EMERGENCY_PREFIX)]
