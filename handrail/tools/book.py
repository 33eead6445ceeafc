"""Writes everything that the bot can say as one page, to read, search and sign off."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from handrail import knowledge, paths
from handrail.answers import Answerer, Reply
from handrail.content.review import CardReview, CardReviews, ClinicalReview, Review
from handrail.content.topics import Question, Topic
from handrail.documents import read_yaml
from handrail.helplines import CountryLines, HelpLines, all_lines, short_help
from handrail.placeholders import placeholders
from handrail.tools.reviewed import PHRASES
from handrail.tools.training_examples import examples_by_intent

TEMPLATE = "book.html.j2"
TARGET = paths.ROOT / "book.html"
ASKED_SHOWN = 6
"""Example questions shown for each kind of question: enough to see what people mean by it."""
BRACES = re.compile(r"\{(\w+)\}")
FIRST_COUNTRY, UNKNOWN = "US", "none"
"""The country whose numbers the emergency texts show until the reader chooses another; and how that one is called
whose country is not known."""
UNCLEAR = "unclear"
KINDS = {
    "overdose": "Overdose",
    "suicide_self": "Suicide: the person who writes",
    "suicide_other": "Suicide: somebody else",
    "violence": "Violence",
    "child_danger": "A child in danger",
    "withdrawal": "Severe withdrawal",
    "medical": "Other medical emergencies",
    UNCLEAR: "Not clear yet, and after the danger",
}
"""The kinds of emergency, in the order of the book."""
DURING = ("utter_emergency", "utter_overdose", "utter_next", "utter_danger")
"""What the names of the responses begin with that are said from the first card on until the danger is over."""


@dataclass(frozen=True)
class Page:
    """What the book shows of one topic."""

    topic: Topic
    asked_by: list[str]
    asked_like: list[str]
    answer: Reply
    more: Reply
    plain: str


@dataclass(frozen=True)
class Part:
    """A stretch of a sentence that Rasa says itself: words as they stand, or what a placeholder stands for."""

    text: str
    placeholder: str | None = None


@dataclass(frozen=True)
class Response:
    """What the book shows of one sentence that Rasa says itself.

    Attributes:
        name: its name in `domain.yml`.
        when: what has to be so for this variation of it, in words; empty where nothing has to be.
        parts: its words, with the numbers of one country.
        emergency: the kind of emergency that it belongs to; empty where it belongs to none.
        review: who stands behind it; None where that is not written down.
        facts: the reference numbers of what it rests on.
    """

    name: str
    when: str
    parts: Sequence[Part]
    buttons: Sequence[str]
    emergency: str
    review: Review | None
    facts: Sequence[str]

    @property
    def title(self) -> str:
        """What it is within its kind of emergency, or its name as people read it."""
        if self.name == f"utter_emergency_{self.emergency}":
            return "Card"
        if self.name.startswith("utter_next"):
            return "Next step"
        return _as_words(self.name.removeprefix("utter_"))


@dataclass(frozen=True)
class EmergencyKind:
    """What the book shows of one kind of emergency: all that the bot says while it goes on, the card first."""

    kind: str
    title: str
    said: Sequence[Response]

    @property
    def pending(self) -> int:
        """How many texts wait for a clinical review."""
        return sum(not _is_signed(one.review) for one in self.said)


@dataclass(frozen=True)
class Phrases:
    """What the book shows of a file of phrases."""

    file: str
    phrases: dict[str, str]
    review: Review | None


@dataclass(frozen=True)
class Country:
    """What the book shows of one country: its lines, and what the placeholders stand for there."""

    code: str
    lines: CountryLines
    short: str
    everything: str
    filled_in: Mapping[str, str]


def main(arguments: list[str] | None = None) -> int:
    """Write the book. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TARGET, help="where the page is written")
    given = parser.parse_args(arguments)
    reviews, _ = CardReviews.load()
    given.out.write_text(book(Answerer.load(), knowledge.helplines(), reviews), encoding="utf-8")
    print(f"Written: {paths.shown(given.out)}. Open it in a browser; nothing in it is loaded from elsewhere.")
    return 0


def book(
    answerer: Answerer, helplines: HelpLines, reviews: CardReviews, responses: Mapping[str, Any] | None = None
) -> str:
    """Return the page.

    Args:
        answerer: topics, lexicon and words.
        helplines: every country's lines.
        reviews: who stands behind the responses and the phrases.
        responses: the responses of `domain.yml`; read from there when left out.
    """
    said = responses if responses is not None else read_yaml(paths.DOMAIN).data["responses"]
    pages = [_page(answerer, topic) for topic in answerer.catalogue.topics.values()]
    groups = sorted({page.topic.id.split("/")[0] for page in pages})
    countries = [_country(lines) for lines in helplines.everything]
    first = next((country for country in countries if country.code == FIRST_COUNTRY), countries[0])
    all_responses = list(_responses(said, first.filled_in, reviews.cards))
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(TEMPLATE).render(
        written=date.today().isoformat(),
        groups=[(group, [page for page in pages if page.topic.id.startswith(f"{group}/")]) for group in groups],
        countries=countries,
        first=first,
        numbers={country.code: country.filled_in for country in countries},
        emergencies=_emergencies(all_responses),
        responses=[one for one in all_responses if not one.emergency],
        phrases=[_phrases(path, reviews) for path in PHRASES],
        pending=sum(not _is_signed(page.topic.front.review) for page in pages),
        total=len(pages),
        file_of=lambda item: paths.shown(item.document.path),
    )


def plain_text(reply: Reply) -> str:
    """Return a reply as it reads where there are no buttons: the choices are numbered."""
    choices = [f"{number}. {choice.title}" for number, choice in enumerate(reply.choices, start=1)]
    return "\n\n".join(filter(None, [reply.text, "\n".join(choices)]))


def _page(answerer: Answerer, topic: Topic) -> Page:
    asked = examples_by_intent()
    examples: list[str] = []
    for intent in dict.fromkeys(question.intent for question in topic.front.answers):
        examples.extend(_spread(asked.get(intent, []), ASKED_SHOWN))
    answer = answerer.show(topic)
    return Page(
        topic=topic,
        asked_by=[_asked_by(answerer, question) for question in topic.front.answers],
        asked_like=examples,
        answer=answer,
        more=answerer.more(topic.id),
        plain=plain_text(answer),
    )


def _asked_by(answerer: Answerer, question: Question) -> str:
    words = [str(question.intent).removeprefix("ask_").replace("_", " ")]
    if question.subject:
        words.append(f"about {answerer.lexicon.entry(question.subject).name}")
    if question.relationship:
        words.append(f"of their {answerer.lexicon.entry(question.relationship).name}")
    return ", ".join(words)


def _spread(examples: Sequence[str], count: int) -> Sequence[str]:
    step = max(1, len(examples) // count)
    return examples[::step][:count]


def _country(lines: CountryLines) -> Country:
    return Country(lines.country or UNKNOWN, lines, short_help(lines), all_lines(lines), placeholders(lines))


def _phrases(path: Path, reviews: CardReviews) -> Phrases:
    name = paths.shown(path)
    words = {key: value for key, value in read_yaml(path).data.items() if isinstance(value, str)}
    return Phrases(name, words, reviews.phrases[name].review if name in reviews.phrases else None)


def _responses(
    responses: Mapping[str, Any], filled_in: Mapping[str, str], reviews: Mapping[str, CardReview]
) -> Iterator[Response]:
    for name, variations in responses.items():
        card = reviews.get(name)
        for variation in variations:
            metadata = variation.get("metadata", {})
            conditions = {one["name"]: str(one["value"]) for one in variation.get("condition", [])}
            yield Response(
                name=name,
                when=", ".join(f"{_as_words(slot).lower()} {value}" for slot, value in conditions.items()),
                parts=list(_parts(variation["text"], filled_in)),
                buttons=[button["title"] for button in variation.get("buttons", [])],
                emergency=_emergency_of(name, metadata, conditions),
                review=card.review if card else None,
                facts=card.facts if card else [],
            )


def _parts(text: str, filled_in: Mapping[str, str]) -> Iterator[Part]:
    """Cut a text where a placeholder stands; one that has no meaning stays as it is."""
    for place, stretch in enumerate(BRACES.split(text)):
        # What stands between two braces comes at every second place.
        if place % 2 and stretch in filled_in:
            yield Part(filled_in[stretch], stretch)
        elif stretch:
            yield Part(f"{{{stretch}}}" if place % 2 else stretch)


def _emergency_of(name: str, metadata: Mapping[str, Any], conditions: Mapping[str, str]) -> str:
    """Return the kind of emergency that a response belongs to; empty where it belongs to none."""
    if not metadata.get("emergency") and not name.startswith(DURING):
        return ""
    kind = str(metadata.get("emergency") or conditions.get("emergency", UNCLEAR))
    return kind if kind in KINDS else UNCLEAR


def _emergencies(responses: Sequence[Response]) -> list[EmergencyKind]:
    found = [
        EmergencyKind(kind, title, [one for one in responses if one.emergency == kind]) for kind, title in KINDS.items()
    ]
    return [one for one in found if one.said]


def _is_signed(review: Review | None) -> bool:
    return review is not None and review.clinical_review is ClinicalReview.SIGNED_OFF


def _as_words(name: str) -> str:
    return name.replace("_", " ").capitalize()


if __name__ == "__main__":
    sys.exit(main())
