"""The command that writes a sign-off signs what is named, and otherwise nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from handrail.content.review import CardReviews
from handrail.documents import DocumentError, Problem, read_yaml
from handrail.tools import sign_off
from handrail.tools.reviewed import Reviewed, of_cards

DOMAIN = "responses:\n  utter_card:\n    - text: Call now.\n"
REVIEWS = "cards:\n  utter_card:\n    review:\n      written: 2026-11-22\n      clinical_review: pending\nphrases: {}\n"


@pytest.fixture
def reviews(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    path = tmp_path / "card_reviews.yml"
    path.write_text(REVIEWS, encoding="utf-8")

    def load() -> list[Reviewed]:
        known, document = CardReviews.load(path)
        return list(of_cards(known, document, read_yaml(tmp_path / "domain.yml"), []))

    monkeypatch.setattr(sign_off, "load_reviewed", load)
    return path


def test_sign_off_writes_name_day_and_mark(reviews: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sign_off.main(["--by", "Dr Ada Example", "utter_card"]) == 0
    assert "utter_card" in capsys.readouterr().out
    (known, _) = CardReviews.load(reviews)
    assert known.cards["utter_card"].review.reviewer == "Dr Ada Example"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--by", "Dr Ada Example", "utter_card", "utter_none"], "utter_none"),
        (["--by", " ", "utter_card"], "Nobody is named"),
    ],
)
def test_sign_off_signs_nothing_when(
    reviews: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert sign_off.main(arguments) == 1
    assert said in capsys.readouterr().err
    assert reviews.read_text(encoding="utf-8") == REVIEWS


def test_sign_off_signs_nothing_when_a_review_is_on_one_line(reviews: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one_line = "cards:\n  utter_card:\n    review: {written: 2026-11-22, clinical_review: pending}\nphrases: {}\n"
    reviews.write_text(one_line, encoding="utf-8")
    assert sign_off.main(["--by", "Dr Ada Example", "utter_card"]) == 1
    assert "card_reviews.yml:3" in capsys.readouterr().err
    assert reviews.read_text(encoding="utf-8") == one_line


def test_sign_off_signs_nothing_when_a_file_has_a_fault(
    reviews: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> list[Reviewed]:
        raise DocumentError([Problem(Path("a.yml"), 3, "wrong", "mend it")])

    monkeypatch.setattr(sign_off, "load_reviewed", fail)
    assert sign_off.main(["--by", "Dr Ada Example", "utter_card"]) == 1
    assert "a.yml:3" in capsys.readouterr().err
    assert reviews.read_text(encoding="utf-8") == REVIEWS
