"""Every text has a review, and a text that changed after it was signed is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from handrail import paths
from handrail.content import Catalogue
from handrail.content.review import CardReviews
from handrail.documents import Document, Problem, read_yaml
from handrail.helplines import HelpLines
from handrail.tools.lint_reviews import changed_problems, how_many_are_signed, missing_review_problems
from handrail.tools.reviewed import Reviewed, load_reviewed, of_cards, of_emergencies, of_help_lines, of_topics
from handrail.tools.sign_off import sign
from tests.handrail.small_content import write_content

DOMAIN = """\
responses:
  utter_card:
    - text: |-
        Call now.
        Stay with them.
      buttons:
        - title: Next step
          payload: /follow_next
      metadata: {kind: emergency}
  utter_thanks:
    - text: Thank you.
"""
PENDING = "    review:\n      written: 2026-11-22\n      clinical_review: pending\n"
REVIEWS = f"cards:\n  utter_card:\n    facts: [B-1]\n{PENDING}  utter_thanks:\n{PENDING}phrases:\n  PHRASES:\n{PENDING}"
PHRASES = "hello: Hello.\n"
DAY = date(2026, 12, 1)


class Cards:
    """A `domain.yml`, a file of phrases, and their reviews."""

    def __init__(self, folder: Path, domain: str = DOMAIN, reviews: str = REVIEWS, phrases: str = PHRASES) -> None:
        self.phrases = folder / "words.yml"
        self.phrases.write_text(phrases, encoding="utf-8")
        self.domain: Document = self._written(folder / "domain.yml", domain)
        self.path = folder / "card_reviews.yml"
        if not self.path.exists() or reviews != REVIEWS:
            self.path.write_text(reviews.replace("PHRASES", paths.shown(self.phrases)), encoding="utf-8")
        self.reviews, self.document = CardReviews.load(self.path)

    @staticmethod
    def _written(path: Path, text: str) -> Document:
        path.write_text(text, encoding="utf-8")
        return read_yaml(path)

    def reviewed(self) -> list[Reviewed]:
        return list(of_cards(self.reviews, self.document, self.domain, [self.phrases]))

    def missing(self) -> list[Problem]:
        return list(missing_review_problems(self.reviews, self.document, self.domain, [self.phrases]))


# -- What has no review ----------------------------------------------------------------------------------------


def test_lint_each_card_and_phrase_has_a_review(tmp_path: Path) -> None:
    cards = Cards(tmp_path)
    assert cards.missing() == []
    assert [text.name for text in cards.reviewed()] == ["utter_card", "utter_thanks", paths.shown(cards.phrases)]


def test_lint_card_without_a_review(tmp_path: Path) -> None:
    (problem,) = Cards(tmp_path, DOMAIN + "  utter_new:\n    - text: New.\n").missing()
    assert (problem.path.name, problem.line) == ("domain.yml", 12)
    assert "utter_new" in problem.what
    assert "card_reviews.yml" in problem.mend


def test_lint_review_of_what_is_not_there(tmp_path: Path) -> None:
    (problem,) = Cards(tmp_path, DOMAIN.replace("utter_thanks", "utter_card_2")).missing()[1:]
    assert (problem.path.name, problem.line) == ("card_reviews.yml", 7)
    assert "utter_thanks" in problem.what


def test_lint_phrases_without_a_review(tmp_path: Path) -> None:
    (problem,) = Cards(tmp_path, reviews=REVIEWS[: REVIEWS.index("phrases:")] + "phrases: {}\n").missing()
    assert problem.path.name == "words.yml"


@pytest.mark.parametrize("key", ["clinical_review: pending", "facts: [B-1]"])
def test_lint_review_state_in_the_domain(tmp_path: Path, key: str) -> None:
    (problem,) = Cards(tmp_path, DOMAIN.replace("{kind: emergency}", "{kind: emergency, " + key + "}")).missing()
    assert (problem.path.name, problem.line) == ("domain.yml", 9)


# -- What changed after it was signed ------------------------------------------------------------------------------


def signed_cards(folder: Path) -> Cards:
    cards = Cards(folder)
    sign(cards.reviewed(), 'Dr Ada "A" Example, addiction medicine', DAY)
    return Cards(folder)


def test_sign_off_holds_for_the_words_that_stand_there(tmp_path: Path) -> None:
    cards = signed_cards(tmp_path)
    assert list(changed_problems(cards.reviewed())) == []
    assert how_many_are_signed(cards.reviewed()) == "A clinician has signed 3 of 3 texts."
    review = cards.reviews.cards["utter_card"].review
    assert (review.reviewer, review.reviewed) == ('Dr Ada "A" Example, addiction medicine', DAY)
    assert cards.reviews.cards["utter_card"].facts == ["B-1"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("Stay with them.", "Stay."), ("title: Next step", "title: More"), ("/follow_next", "/danger_over")],
)
def test_lint_card_that_changed_after_it_was_signed(tmp_path: Path, old: str, new: str) -> None:
    signed_cards(tmp_path)
    cards = Cards(tmp_path, DOMAIN.replace(old, new))
    (problem,) = changed_problems(cards.reviewed())
    said = cards.path.read_text(encoding="utf-8").split("\n")[problem.line - 1]
    assert said.strip().startswith("signed_text:")
    assert "utter_card" in problem.what
    assert "Dr Ada" in problem.what
    assert "2026-12-01" in problem.what


def test_lint_phrases_that_changed_after_they_were_signed(tmp_path: Path) -> None:
    signed_cards(tmp_path)
    (problem,) = changed_problems(Cards(tmp_path, phrases="hello: Hi.\n").reviewed())
    assert "words.yml" in problem.what


def test_sign_off_can_be_renewed(tmp_path: Path) -> None:
    signed_cards(tmp_path)
    changed = Cards(tmp_path, DOMAIN.replace("Stay with them.", "Stay."))
    sign(changed.reviewed()[:1], "Dr Bo Example", date(2027, 1, 2))
    renewed = Cards(tmp_path, DOMAIN.replace("Stay with them.", "Stay."))
    assert list(changed_problems(renewed.reviewed())) == []
    assert renewed.reviews.cards["utter_card"].review.reviewer == "Dr Bo Example"
    assert renewed.reviews.cards["utter_thanks"].review.reviewed == DAY


def test_lint_topic_that_changed_after_it_was_signed(tmp_path: Path) -> None:
    written = write_content(tmp_path)
    topics = list(of_topics(Catalogue.load(*written)))
    sign(topics[:1], "Dr Ada Example", DAY)
    path = topics[0].document.path
    text = path.read_text(encoding="utf-8")
    signed = [text for text in of_topics(Catalogue.load(*written)) if text.is_signed]
    assert [one.document.path for one in signed] == [path]
    assert list(changed_problems(signed)) == []
    path.write_text(text.replace("- First step.", "- Another step."), encoding="utf-8")
    (problem,) = changed_problems(of_topics(Catalogue.load(*written)))
    assert problem.path == path
    assert text.split("\n")[problem.line - 1].strip().startswith("signed_text:")


def test_emergency_file_holds_a_name_and_a_day(tmp_path: Path) -> None:
    path = tmp_path / "overdose.yml"
    path.write_text((paths.EMERGENCIES / "overdose.yml").read_text(encoding="utf-8"), encoding="utf-8")
    sign(of_emergencies([path]), "Dr Ada Example", DAY)
    (signed,) = of_emergencies([path])
    assert signed.is_signed
    assert not signed.has_changed
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("must_not_match:\n", "must_not_match:\n  - one more sentence\n"), encoding="utf-8")
    assert not next(of_emergencies([path])).has_changed
    path.write_text(text.replace("  he: [he,", "  he: ["), encoding="utf-8")
    assert next(of_emergencies([path])).has_changed


def test_help_lines_may_be_checked_again_without_a_new_sign_off(tmp_path: Path) -> None:
    for path in paths.HELPLINES.glob("*.yml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    sign([text for text in of_help_lines(HelpLines.load(tmp_path)) if text.name.endswith("GB.yml")], "Dr Ada", DAY)
    path = tmp_path / "GB.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("checked: 2026-11-2", "checked: 2026-11-1"), encoding="utf-8")
    assert text != path.read_text(encoding="utf-8")
    assert list(changed_problems(of_help_lines(HelpLines.load(tmp_path)))) == []
    path.write_text(text.replace("serves: ", "serves: Only now. ", 1), encoding="utf-8")
    (problem,) = changed_problems(of_help_lines(HelpLines.load(tmp_path)))
    assert problem.path == path


def test_every_text_of_the_bot_can_be_signed() -> None:
    names = {text.name for text in load_reviewed()}
    assert {paths.shown(path) for path in paths.TOPICS.rglob("*.md")} <= names
    assert {paths.shown(path) for path in paths.EMERGENCIES.glob("*.yml")} <= names
    assert {paths.shown(path) for path in paths.HELPLINES.glob("*.yml")} <= names
    assert {*read_yaml(paths.DOMAIN).data["responses"], paths.shown(paths.WORDS)} <= names
