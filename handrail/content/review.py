"""The review state that each text carries, and the mark that ties a sign-off to the words that were read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import Field, root_validator

from handrail import paths
from handrail.documents import Document, Record, read_yaml, validate

CARD_REVIEWS = paths.DATA / "content" / "card_reviews.yml"
MARK_CHARACTERS = 12
"""48 bits of a checksum. It has to notice a change, not to withstand a forger, and people copy it by hand."""


class ClinicalReview(str, Enum):
    """Whether a clinician has signed a text off."""

    PENDING = "pending"
    SIGNED_OFF = "signed_off"


class Review(Record):
    """Who stands behind a text: the day it was written, and the clinical sign-off once there is one.

    `signed_text` is the mark (see `mark_of`) of the words as they stood when they were signed.
    """

    written: date
    clinical_review: ClinicalReview
    reviewer: str | None = None
    reviewed: date | None = None
    signed_text: str | None = Field(default=None, regex=rf"^[0-9a-f]{{{MARK_CHARACTERS}}}$")

    @root_validator(skip_on_failure=True)
    def _sign_off_is_complete(cls, values: dict[str, Any]) -> dict[str, Any]:
        given = [values["reviewer"], values["reviewed"], values["signed_text"]]
        if values["clinical_review"] is ClinicalReview.SIGNED_OFF:
            if not all(given):
                raise ValueError(
                    "a sign-off needs a name, a day and the mark of the words: add 'reviewer', 'reviewed' and "
                    "'signed_text', or let 'make sign-off' write them"
                )
            if values["reviewed"] < values["written"]:
                raise ValueError("it was signed before it was written: check 'written' and 'reviewed'")
        elif any(given):
            raise ValueError(
                "a text that is pending has no reviewer: take 'reviewer', 'reviewed' and 'signed_text' out"
            )
        return values


class CardReview(Record):
    """The review of a text that has no room for one, and the reference numbers of the facts that the text rests on."""

    facts: list[str] = Field(default_factory=list)
    review: Review


class CardReviews(Record):
    """The reviews of `data/content/card_reviews.yml`.

    `cards` goes by the names of the responses of `domain.yml`, whose format is Rasa's own; `phrases` by the paths of
    the files of phrases. (In a file below `data/`, Rasa would take the key `responses` for its own.)
    """

    cards: dict[str, CardReview]
    phrases: dict[str, CardReview]

    @classmethod
    def load(cls, path: Path = CARD_REVIEWS) -> tuple[CardReviews, Document]:
        """Return the reviews, and the file as it was read.

        Raises:
            DocumentError: the file has a fault.
        """
        document = read_yaml(path)
        return validate(cls, document), document


def mark_of(said: Any) -> str:
    """Return the mark of what was signed: the same for the same words, another as soon as one of them changes.

    Args:
        said: plain YAML values. Line breaks and blanks do not count, nor does the order of keys.
    """
    plain = json.dumps(_without_layout(said), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:MARK_CHARACTERS]


def _without_layout(said: Any) -> Any:
    if isinstance(said, Mapping):
        return {key: _without_layout(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [_without_layout(value) for value in said]
    return " ".join(str(said).split())
