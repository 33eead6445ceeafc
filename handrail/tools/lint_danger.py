"""Checks that the net which notices dangers has learned from the sentences that are there now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from handrail import paths
from handrail.documents import Problem, read_yaml
from handrail.emergencies.sentences import NOT_NOW, NOW, DangerSentences
from handrail.nlu.learned_danger import MEND, LearnedDanger, WrongLearned

UNLEARNED_AT_MOST = 0.05
"""The share of sentences that the net may not have learned from. A few new ones are no reason for a quarter of an hour
of learning: they wait for the next time."""


def learned_danger(files: Iterable[Path] = paths.LEARNED_DANGER) -> tuple[list[Problem], list[LearnedDanger]]:
    """Return what each net learned; where files are missing or damaged, these problems and nothing else."""
    problems, learned = [], []
    for path in files:
        try:
            learned.append(LearnedDanger.load(path))
        except WrongLearned:
            problems.append(Problem(path, 1, "what was learned about dangers is missing or damaged", MEND))
    return problems, [] if problems else learned


def unlearned_problems(
    sentences: DangerSentences, learned: LearnedDanger, folder: Path = paths.DANGER
) -> Iterator[Problem]:
    """Yield for each file where the first sentence stands that the net did not learn from, and how many there are.

    A sentence that changed sides is a new one.
    """
    for name, own, is_danger in ((NOW, sentences.now, True), (NOT_NOW, sentences.not_now, False)):
        if new := learned.unlearned(own, is_danger):
            what = f"the net that notices dangers has not learned from {len(new)} sentences, this one the first"
            document = read_yaml(folder / name)
            yield document.problem(("sentences", own.index(new[0])), what, "run 'make learn-danger'")


def is_too_old(sentences: DangerSentences, learned: LearnedDanger) -> bool:
    """Say whether there are so many new sentences that the net has to learn anew."""
    new = len(learned.unlearned(sentences.now, True)) + len(learned.unlearned(sentences.not_now, False))
    return new > UNLEARNED_AT_MOST * (len(sentences.now) + len(sentences.not_now))
