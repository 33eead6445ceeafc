"""Draws the pictures of the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

from handrail.tools.evaluation.thresholds import Point

matplotlib.use("Agg")

from matplotlib import pyplot

DOTS_PER_INCH = 110
# Colours that people with colour blindness tell apart (Okabe and Ito 2008).
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
LINES = (
    ("answered", "in scope: answered", BLUE, "-"),
    ("right", "in scope: answered on the right area", GREEN, "-"),
    ("right_or_offered", "in scope: answered right, or among the choices", GREEN, "--"),
    ("stray", "out of scope: answered by mistake", RED, "-"),
)
NOT_ANSWERED = ("clarify", "check", "emergency", "fallback", "dialogue")
"""Columns of the picture of areas for replies that are about none."""


def draw_thresholds(points: Sequence[Point], chosen: Point, label: str, path: Path, across: bool = False) -> None:
    """Draw the shares over a threshold.

    Args:
        points: what the lines go through.
        chosen: what the bot does now.
        label: what is moved.
        path: the picture's file.
        across: `chosen` has no place on the axis: its values go across the picture as thin lines.
    """
    figure, axes = pyplot.subplots(figsize=(8, 5))
    for name, title, colour, style in LINES:
        axes.plot([one.at for one in points], [getattr(one, name) for one in points], style, color=colour, label=title)
        if across:
            axes.axhline(getattr(chosen, name), color=colour, linewidth=0.7, linestyle=":")
        else:
            axes.plot([chosen.at], [getattr(chosen, name)], "o", color=colour)
    if not across:
        axes.axvline(chosen.at, color="grey", linewidth=0.7, linestyle=":")
    note = "dotted: what the bot does now" if across else f"dots: what the bot does now ({chosen.at:g})"
    axes.plot([], [], " ", label=note)
    axes.set(xlabel=label, ylabel="share", ylim=(0, 1.02))
    axes.grid(alpha=0.3)
    axes.legend(loc="best", fontsize=8)
    _save(figure, path)


def draw_precision(points: Sequence[Point], chosen: Point, path: Path) -> None:
    """Draw how often an answer is right against how many questions are answered."""
    figure, axes = pyplot.subplots(figsize=(8, 5))
    axes.plot([one.answered for one in points], [one.precision for one in points], ".-", color=BLUE)
    for place, at in _labels(points).items():
        axes.annotate(at, place, (0, 6), textcoords="offset points", fontsize=8)
    axes.plot([chosen.answered], [chosen.precision], "o", color=RED, label=f"what the bot does now ({chosen.at:g})")
    low = min(one.precision for one in [*points, chosen])
    axes.set(
        xlabel="share of in-scope questions that are answered",
        ylabel="share of these answers on the right area",
        ylim=(max(0.0, low - 0.05), 1.02),
    )
    axes.grid(alpha=0.3)
    axes.legend(loc="lower left", fontsize=8)
    _save(figure, path)


def _labels(points: Sequence[Point]) -> dict[tuple[float, float], str]:
    """Return the thresholds at each place, as one text where several fall together."""
    found: dict[tuple[float, float], list[float]] = {}
    for one in points:
        found.setdefault((one.answered, one.precision), []).append(one.at)
    return {place: f"{at[0]:g} to {at[-1]:g}" if len(at) > 1 else f"{at[0]:g}" for place, at in found.items()}


def draw_areas(pairs: Sequence[tuple[str, str]], path: Path) -> None:
    """Draw which area was wanted and which was given, each line as shares of its questions.

    Args:
        pairs: (wanted area, area of the answer or kind of reply).
        path: the picture's file.
    """
    wanted = [area for area, _ in Counter(area for area, _ in pairs).most_common()]
    others = sorted({given for _, given in pairs} - set(wanted) - set(NOT_ANSWERED))
    given = [*wanted, *others, *(kind for kind in NOT_ANSWERED if any(kind == one for _, one in pairs))]
    counts, totals = Counter(pairs), Counter(area for area, _ in pairs)
    shares = [[counts[area, column] / totals[area] for column in given] for area in wanted]
    figure, axes = pyplot.subplots(figsize=(2 + 0.3 * len(given), 2 + 0.28 * len(wanted)))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row, area in enumerate(wanted):
        for column, other in enumerate(given):
            if counts[area, other]:
                colour = "white" if shares[row][column] > 0.5 else "black"
                axes.text(column, row, counts[area, other], ha="center", va="center", fontsize=7, color=colour)
    axes.set_xticks(range(len(given)))
    axes.set_xticklabels(given, rotation=90, fontsize=8)
    axes.set_yticks(range(len(wanted)))
    axes.set_yticklabels([f"{area} ({totals[area]})" for area in wanted], fontsize=8)
    axes.set(xlabel="area of the answer, or kind of reply", ylabel="right area (questions)")
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    figure.tight_layout()
    # Without the date and the version of the library, the same figures give the same file.
    figure.savefig(path, dpi=DOTS_PER_INCH, metadata={"Software": None})
    pyplot.close(figure)
