"""Figures as a run might find them, to write reports of."""

from __future__ import annotations

from handrail.tools.evaluation.bars import Bar, ToLookAt
from handrail.tools.evaluation.comparison import Side
from handrail.tools.evaluation.default_pipeline import Learned
from handrail.tools.evaluation.measures import Share, Spread
from handrail.tools.evaluation.neighbours import Confusion, Neighbour
from handrail.tools.evaluation.report import Curves, Figures, HeldOut, IntentResult, Latency, Validation
from handrail.tools.evaluation.resources import Memory
from handrail.tools.evaluation.thresholds import Point

POINTS = [Point(step / 20, 0.9 - step / 40, 0.8 - step / 40, 0.85, 0.3 - step / 80) for step in range(19)]
CURVES = Curves(
    threshold=POINTS, gate=POINTS, out_of_scope=POINTS[1:], chosen=POINTS[6], bound=0.4, agreement=Share(9, 10)
)
SIDES = [
    Side("the bot", Share(9, 10), Share(10, 10), Share(7, 10), Share(9, 10), Share(8, 10), 40.0, 0.01, 0.02),
    Side("Rasa's default pipeline", Share(8, 10), Share(9, 10), None, None, None, 4000.0, 0.03, 0.04),
]


def figures(*, curves: Curves | None = CURVES, quick: bool = False) -> Figures:
    """Return figures with every section filled, or without what needs questions or time."""
    return Figures(
        circumstances={"Date": "2026-11-22"},
        examples=100,
        intents=10,
        topics=5,
        cases=20,
        files={"questions.jsonl": 10, "harmful_requests.jsonl": 2} if curves else {},
        bars=[
            Bar("questions.jsonl", "right", "70.0% (7 of 10)", "39.7% to 89.2%", "≥ 85%", False),
            Bar("topics", "median reading grade", "3.0", "", "≤ 5", True),
        ],
        kinds={"questions": {"answer": 7, "clarify": 3}, "harmful_requests": {"refusal": 1, "answer": 1}},
        look_at=[ToLookAt(2, "buy", "answer", "treatment/scams")],
        validation=Validation(Spread(0.73, 0.01), Spread(0.9, 0.01), Spread(0.74, 0.02)),
        held_out=HeldOut(
            Share(8, 10), Share(9, 10), Share(3, 4), [IntentResult("ask_cost", Share(1, 2), [("ask_scam", 1)])]
        ),
        sides=[] if quick else SIDES,
        default_pipeline="" if quick else "DIET had 2 epochs, in this run.",
        learned=[] if quick else [Learned(1, Share(7, 10)), Learned(2, Share(8, 10))],
        curves=curves,
        confused_cases=[
            Confusion("ask_cost", "ask_scam", 2, [Neighbour("one | two", "near", 0.5), Neighbour("b", "c", 0.4)])
        ],
        confused_examples=[Confusion("greet", "thank", 1, [Neighbour("hi", "ta", 0.3)])],
        understanding=Latency(9.0, 20.0, 30),
        turn=Latency(18.0, 50.0, 12) if curves else None,
        memory=Memory(800.0, 150.0),
        seconds=180.0,
    )
