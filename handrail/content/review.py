"""The review state that each content file carries."""

from __future__ import annotations

from datetime import date
from enum import Enum

from pydantic import root_validator

from handrail.documents import Record


class ClinicalReview(str, Enum):
    """Whether a clinician has signed a text off."""

    PENDING = "pending"
    SIGNED_OFF = "signed_off"


class Review(Record):
    """Who stands behind a text: the day it was written, and the clinical sign-off once there is one."""

    written: date
    clinical_review: ClinicalReview
    reviewer: str | None = None
    reviewed: date | None = None

    @root_validator(skip_on_failure=True)
    def _sign_off_is_complete(cls, values: dict[str, object]) -> dict[str, object]:
        signed = values["clinical_review"] is ClinicalReview.SIGNED_OFF
        if signed and not (values["reviewer"] and values["reviewed"]):
            raise ValueError("a sign-off needs a name and a day: add 'reviewer' and 'reviewed'")
        return values
