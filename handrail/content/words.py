"""The fixed phrases around an answer, from `data/content/words.yml`, so that no wording stands in Python."""

from __future__ import annotations

from pathlib import Path

from handrail import paths
from handrail.documents import Record, read_yaml, validate


class Words(Record):
    """Phrases that frame what the topics say. Braces name what is filled in."""

    steps_title: str
    source: str
    tell_more: str
    no_more: str
    nothing_to_add_to: str
    also_asked: str
    not_sure: str
    clarify: str
    in_doubt: str
    none_of_these: str
    fallback: str
    which_subject: str
    introduction: str
    no_answer: str
    safe_reply: str
    too_many: str
    too_long: str
    bad_request: str
    session_ended: str
    numbered_choices: str
    your_country: str
    starting_points: list[str]

    @classmethod
    def load(cls, path: Path = paths.WORDS) -> Words:
        """Read the phrases.

        Raises:
            DocumentError: a phrase is missing or one is there that nothing uses.
        """
        return validate(cls, read_yaml(path))
