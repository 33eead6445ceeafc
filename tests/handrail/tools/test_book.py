"""The book shows everything that the bot can say, and nothing in it is loaded from elsewhere or run as code."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from handrail.content.review import CardReviews
from handrail.knowledge import helplines, words
from handrail.placeholders import placeholders
from handrail.tools.book import UNKNOWN, book, plain_text
from tests.handrail.small_content import small_answerer

RESPONSES = {
    "utter_emergency_overdose": [
        {
            "text": "Call {emergency_number} now. Keep {this}.",
            "metadata": {"kind": "emergency", "emergency": "overdose"},
        }
    ],
    "utter_overdose_step": [
        {
            "text": "Step 2. Say where you are.",
            "condition": [{"type": "slot", "name": "step", "value": "2"}],
            "metadata": {"kind": "emergency", "emergency": "overdose"},
        }
    ],
    "utter_emergency_check": [{"text": "Is it now?", "metadata": {"kind": "check"}}],
    "utter_emergency_reminder": [
        {
            "text": "Still in danger?",
            "condition": [{"type": "slot", "name": "emergency", "value": "violence"}],
            "metadata": {"kind": "help"},
        }
    ],
    "utter_greet": [{"text": "Hello <script>alert(1)</script>", "buttons": [{"title": "Go on", "payload": "/x"}]}],
    "utter_help_line": [{"text": "{help_line}", "metadata": {"kind": "help"}}],
}

PENDING = {"written": "2026-11-22", "clinical_review": "pending"}
SIGNED = {
    "written": "2026-11-22",
    "clinical_review": "signed_off",
    "reviewer": "Dr Ada Example",
    "reviewed": "2026-12-01",
    "signed_text": "0123456789ab",
}
REVIEWS = CardReviews(
    cards={
        "utter_emergency_overdose": {"facts": ["B-OD-02"], "review": PENDING},
        "utter_overdose_step": {"review": SIGNED},
        "utter_emergency_check": {"review": PENDING},
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
def source(tmp_path_factory: pytest.TempPathFactory) -> str:
    return book(small_answerer(tmp_path_factory.mktemp("content")), helplines(), REVIEWS, RESPONSES)


@pytest.fixture(scope="module")
def page(source: str) -> Words:
    words = Words()
    words.feed(source)
    return words


def section(source: str, start: str, end: str) -> str:
    """Return what is read from one heading, by its id, to another."""
    words = Words()
    words.feed(source[source.index(f'<h2 id="{start}">') : source.index(f'<h2 id="{end}">')])
    return words.words


def test_book_shows_every_topic_with_its_sources_and_state(page: Words, tmp_path: Path) -> None:
    known = small_answerer(tmp_path)
    for topic in known.catalogue.topics.values():
        for said in (topic.title, topic.short, *topic.steps, topic.more):
            assert said in page.words
        for source in known.catalogue.cited(topic):
            assert source.title in page.words
    assert page.words.count("waits for review") >= len(known.catalogue.topics)


def test_book_shows_the_cards_with_the_numbers_of_each_country(source: str, page: Words) -> None:
    assert "Call 911 now. Keep {this}." in page.words
    assert "{emergency_number}" not in page.words
    (held,) = re.findall(r'<script type="application/json" id="numbers">(.*?)</script>', source, re.S)
    numbers = json.loads(held)
    assert "999" in numbers["GB"]["emergency_number"]
    assert set(numbers) == set(re.findall(r'<option value="(\w+)"', source))
    for lines in helplines().everything:
        assert lines.name in page.words
        assert numbers[lines.country or UNKNOWN] == placeholders(lines)
    assert re.findall(r'data-number="(\w+)"', source) == ["emergency_number", "help_line"]


def test_book_keeps_emergencies_together_by_kind(source: str) -> None:
    told = section(source, "emergencies", "help_lines")
    order = (
        "Overdose",
        "Card",
        "Call 911 now",
        "(step 2)",
        "Step 2. Say",
        "Violence",
        "Still in danger?",
        "Is it now?",
    )
    places = [told.index(one) for one in order]
    assert places == sorted(places)
    assert "Hello" not in told
    assert "Step 2" not in section(source, "dialogue", "drugs")


def test_book_shows_what_a_clinician_has_signed_off(source: str) -> None:
    told = section(source, "emergencies", "help_lines")
    assert "1 of 2 signed off" in told
    assert told.count("waits for review") == 2
    assert told.count("signed off by Dr Ada Example on 2026-12-01") == 1
    assert told.count("no review") == 1
    assert "facts B-OD-02" in told
    assert re.findall(r'class="emergency" data-state="(\w+)"', source) == [
        "pending",
        "signed_off",
        "pending",
        "pending",
    ]


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


def test_book_shows_the_phrases(page: Words) -> None:
    assert words().safe_reply in page.words
