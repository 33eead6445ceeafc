"""Lists everything that a clinician can sign, each with the mark of the words that stand there now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handrail import paths
from handrail.content import Catalogue
from handrail.content.review import CardReview, CardReviews, ClinicalReview, Review, mark_of
from handrail.documents import Document, Location, read_yaml, validate
from handrail.helplines import HelpLines

PHRASES = (paths.WORDS, paths.CHANNEL_WORDS, paths.HELPLINES / "words.yml")
"""The files of phrases, which hold nothing but phrases: their reviews stand in `card_reviews.yml`."""
UNSIGNED_IN_EMERGENCIES = frozenset({"review", "facts", "must_match", "must_not_match"})
"""What says nothing of what is found: sentences may be added to prove a pattern without a new sign-off."""
UNSIGNED_IN_RESPONSES = frozenset({"metadata"})


@dataclass(frozen=True)
class Reviewed:
    """One thing that a clinician signs.

    Attributes:
        name: what it is called when it is signed: the path of its file, or the name of a response.
        document: the file that holds its review.
        place: where in that file the review stands.
        review: the review.
        mark: the mark of the words as they stand now.
    """

    name: str
    document: Document
    place: Location
    review: Review
    mark: str

    @property
    def is_signed(self) -> bool:
        """Whether a clinician signed it, be it these words or others."""
        return self.review.clinical_review is ClinicalReview.SIGNED_OFF

    @property
    def has_changed(self) -> bool:
        """Whether other words were signed than those that stand there now."""
        return self.is_signed and self.review.signed_text != self.mark


class _File(CardReview):
    """The review of a file; its other keys are checked where they are used."""

    class Config:
        extra = "ignore"


def load_reviewed() -> list[Reviewed]:
    """Return everything that a clinician can sign.

    Raises:
        DocumentError: a file has a fault.
    """
    reviews, document = CardReviews.load()
    return [
        *of_topics(Catalogue.load()),
        *of_help_lines(HelpLines.load()),
        *of_emergencies(),
        *of_cards(reviews, document, read_yaml(paths.DOMAIN)),
    ]


def of_topics(catalogue: Catalogue) -> Iterator[Reviewed]:
    """Yield each topic. Its title and its words are signed; what it answers and cites may change."""
    for topic in catalogue.topics.values():
        said = {"title": topic.title, "body": topic.document.body}
        yield Reviewed(paths.shown(topic.document.path), topic.document, ("review",), topic.front.review, mark_of(said))


def of_help_lines(helplines: HelpLines) -> Iterator[Reviewed]:
    """Yield each file of help lines. The days on which numbers were checked go on without a new sign-off."""
    for lines in helplines.everything:
        said = _without_days({key: value for key, value in lines.document.data.items() if key != "review"})
        yield Reviewed(
            paths.shown(lines.document.path), lines.document, ("review",), lines.record.review, mark_of(said)
        )


def of_emergencies(files: Iterable[Path] | None = None) -> Iterator[Reviewed]:
    """Yield each kind of emergency. Its words, contexts and patterns are signed.

    Raises:
        DocumentError: a review has a fault.
    """
    for path in sorted(paths.EMERGENCIES.glob("*.yml") if files is None else files):
        document = read_yaml(path)
        said = {key: value for key, value in document.data.items() if key not in UNSIGNED_IN_EMERGENCIES}
        yield Reviewed(paths.shown(path), document, ("review",), validate(_File, document).review, mark_of(said))


def of_cards(
    reviews: CardReviews, document: Document, domain: Document, phrases: Iterable[Path] = PHRASES
) -> Iterator[Reviewed]:
    """Yield each response and each file of phrases that has a review.

    Args:
        reviews: the reviews.
        document: the file in which they stand.
        domain: `domain.yml`.
        phrases: the files of phrases.

    Raises:
        DocumentError: a file of phrases has a fault.
    """
    for name, variations in domain.data.get("responses", {}).items():
        if name in reviews.cards:
            said = [
                {key: value for key, value in variation.items() if key not in UNSIGNED_IN_RESPONSES}
                for variation in variations
            ]
            place: Location = ("cards", name, "review")
            yield Reviewed(name, document, place, reviews.cards[name].review, mark_of(said))
    for path in phrases:
        if (name := paths.shown(path)) in reviews.phrases:
            place = ("phrases", name, "review")
            yield Reviewed(name, document, place, reviews.phrases[name].review, mark_of(read_yaml(path).data))


def _without_days(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_days(part) for key, part in value.items() if key != "checked"}
    return [_without_days(part) for part in value] if isinstance(value, list) else value
