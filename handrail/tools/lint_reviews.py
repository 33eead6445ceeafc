"""Checks that each text has a review, and that what was signed is what stands there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from handrail import paths
from handrail.content.review import CARD_REVIEWS, CardReviews
from handrail.documents import Document, Problem
from handrail.tools.reviewed import PHRASES, Reviewed

ELSEWHERE = ("clinical_review", "facts")
"""What `metadata` in `domain.yml` may not hold: a sign-off must not train the model anew, nor stand in two places."""


def changed_problems(reviewed: Iterable[Reviewed]) -> Iterator[Problem]:
    """Yield each text that changed after a clinician signed it."""
    for text in reviewed:
        if text.has_changed:
            review = text.review
            yield text.document.problem(
                (*text.place, "signed_text"),
                f"the words of '{text.name}' changed after {review.reviewer} signed them on {review.reviewed}",
                "let them be read and signed again ('make sign-off'); until then write 'clinical_review: pending' "
                "and take 'reviewer', 'reviewed' and 'signed_text' out",
            )


def missing_review_problems(
    reviews: CardReviews, document: Document, domain: Document, phrases: Iterable[Path] = PHRASES
) -> Iterator[Problem]:
    """Yield each response and file of phrases without a review, each review of nothing, and each in the wrong place.

    Args:
        reviews: the reviews of `card_reviews.yml`.
        document: that file.
        domain: `domain.yml`.
        phrases: the files of phrases.
    """
    responses = domain.data.get("responses", {})
    for name, variations in responses.items():
        if name not in reviews.cards:
            yield domain.problem(
                ("responses", name),
                f"'{name}' has no review",
                f"add '{name}' to 'cards' in {paths.shown(CARD_REVIEWS)}, with its facts and as pending",
            )
        for number, variation in enumerate(variations):
            for key in ELSEWHERE:
                if key in variation.get("metadata", {}):
                    yield domain.problem(
                        ("responses", name, number, "metadata"),
                        f"'{key}' of '{name}' does not stand here",
                        f"write it into {paths.shown(CARD_REVIEWS)}",
                    )
    files = {paths.shown(path): path for path in phrases}
    for name, path in files.items():
        if name not in reviews.phrases:
            yield Problem(
                path, 1, "this file has no review", f"add '{name}' to 'phrases' in {paths.shown(CARD_REVIEWS)}"
            )
    for kind, known, given in (
        ("cards", responses, reviews.cards),
        ("phrases", files, reviews.phrases),
    ):
        for name in given:
            if name not in known:
                yield document.problem((kind, name), f"there is nothing called '{name}'", "take it out")


def how_many_are_signed(reviewed: Iterable[Reviewed]) -> str:
    """Return one sentence that says how many texts a clinician has signed."""
    signed = [text.is_signed for text in reviewed]
    if any(signed):
        return f"A clinician has signed {sum(signed)} of {len(signed)} texts."
    return f"No clinician has signed any of its {len(signed)} texts yet."
