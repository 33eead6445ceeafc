"""The book shows everything that the bot can say, and nothing in it is loaded from elsewhere or run as code."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from handrail.content.review import CardReviews
from handrail.knowledge import helplines, words
from handrail.tools.book import book, plain_text
from tests.handrail.small_content import small_answerer

RESPONSES = {
    "utter_emergency_overdose": [
        {
            "text": "Call {emergency_number} now.",
            "metadata": {"kind": "emergency"},
        }
    ],
    "utter_greet": [{"text": "Hello <script>alert(1)</script>", "buttons": [{"title": "Go on", "payload": "/x"}]}],
}

REVIEWS = CardReviews(
    cards={
        "utter_emergency_overdose": {
            "facts": ["B-OD-02"],
            "review": {
                "written": "2026-11-22",
                "clinical_review": "signed_off",
                "reviewer": "Dr Ada Example",
                "reviewed": "2026-12-01",
                "signed_text": "0123456789ab",
            },
        }
    },
    phrases={},
)


class Words(HTMLParser):
    """Collects what is read on the page, and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.loaded: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loaded += [value or "" for name, value in attrs if name == "src" or (tag == "link" and name == "href")]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Words:
    words = Words()
    words.feed(book(small_answerer(tmp_path_factory.mktemp("content")), helplines(), REVIEWS, RESPONSES))
    return words


def test_book_shows_every_topic_with_its_sources_and_state(page: Words, tmp_path: Path) -> None:
    known = small_answerer(tmp_path)
    for topic in known.catalogue.topics.values():
        for said in (topic.title, topic.short, *topic.steps, topic.more):
            assert said in page.words
        for source in known.catalogue.cited(topic):
            assert source.title in page.words
    assert page.words.count("pending") >= len(known.catalogue.topics)


def test_book_shows_the_cards_with_the_numbers_of_each_country(page: Words) -> None:
    for lines in helplines().everything:
        assert lines.name in page.words
    assert "Call 999" in page.words
    assert "{emergency_number}" not in page.words


def test_book_shows_who_signed_a_card_and_what_it_rests_on(page: Words) -> None:
    assert page.words.count("signed off by Dr Ada Example on 2026-12-01") == len(helplines().everything)
    assert "facts B-OD-02" in page.words
    assert "no review" in page.words


def test_book_shows_the_phrases(page: Words) -> None:
    assert words().safe_reply in page.words


def test_book_loads_nothing_and_runs_no_text(page: Words) -> None:
    assert page.loaded == []
    assert "Hello <script>alert(1)</script>" in page.words


def test_plain_text_numbers_the_choices(tmp_path: Path) -> None:
    known = small_answerer(tmp_path)
    reply = known.show(known.catalogue.topics["drugs/heroin"])
    text = plain_text(reply)
    assert text.startswith(reply.text)
    assert re.findall(r"^(\d)\. (.+)$", text, re.M) == [
        (str(number), choice.title) for number, choice in enumerate(reply.choices, start=1)
    ]
