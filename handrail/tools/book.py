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
from handrail.content.review import CardReview, CardReviews, Review
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
class Response:
    """What the book shows of one sentence that Rasa says itself."""

    name: str
    kind: str
    text: str
    buttons: list[str]
    review: Review | None
    facts: list[str]


@dataclass(frozen=True)
class Phrases:
    """What the book shows of a file of phrases."""

    file: str
    phrases: dict[str, str]
    review: Review | None


@dataclass(frozen=True)
class Country:
    """What the book shows of one country: its lines, and the emergency cards with its numbers."""

    lines: CountryLines
    short: str
    everything: str
    cards: list[Response]


Cards = Mapping[str, CardReview]


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
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template(TEMPLATE).render(
        written=date.today().isoformat(),
        groups=[(group, [page for page in pages if page.topic.id.startswith(f"{group}/")]) for group in groups],
        countries=[_country(lines, said, reviews.cards) for lines in helplines.everything],
        responses=[one for one in _responses(said, {}, reviews.cards) if not one.name.startswith("utter_emergency")],
        phrases=[_phrases(path, reviews) for path in PHRASES],
        pending=sum(page.topic.front.review.clinical_review.value == "pending" for page in pages),
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


def _phrases(path: Path, reviews: CardReviews) -> Phrases:
    name = paths.shown(path)
    words = {key: value for key, value in read_yaml(path).data.items() if isinstance(value, str)}
    return Phrases(name, words, reviews.phrases[name].review if name in reviews.phrases else None)


def _country(lines: CountryLines, responses: Mapping[str, Any], reviews: Cards) -> Country:
    filled_in = placeholders(lines)
    cards = [one for one in _responses(responses, filled_in, reviews) if one.name.startswith("utter_emergency")]
    return Country(lines=lines, short=short_help(lines), everything=all_lines(lines), cards=cards)


def _responses(responses: Mapping[str, Any], filled_in: Mapping[str, str], reviews: Cards) -> Iterator[Response]:
    for name, variations in responses.items():
        card = reviews.get(name)
        for variation in variations:
            metadata = variation.get("metadata", {})
            yield Response(
                name=name,
                kind=metadata.get("kind", ""),
                text=BRACES.sub(lambda brace: filled_in.get(brace[1], brace[0]), variation["text"]),
                buttons=[button["title"] for button in variation.get("buttons", [])],
                review=card.review if card else None,
                facts=card.facts if card else [],
            )


if __name__ == "__main__":
    sys.exit(main())
