"""Finds the topic that answers a question, and proves that the topics fit together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from handrail import paths
from handrail.content.sources import Source, load_sources, uncited
from handrail.content.topics import Question, Topic, read_topic
from handrail.documents import DocumentError, Problem

Key = tuple[str, str | None, str | None]


@dataclass(frozen=True)
class Catalogue:
    """Every topic and source. Build it with `Catalogue.load`."""

    topics: Mapping[str, Topic]
    sources: Mapping[str, Source]
    by_question: Mapping[Key, Topic]

    @classmethod
    def load(cls, folder: Path = paths.TOPICS, sources: Path = paths.SOURCES) -> Catalogue:
        """Read all topics and sources.

        Raises:
            DocumentError: with every problem of every file, so that an editor mends them in one go.
        """
        problems: list[Problem] = []
        topics: dict[str, Topic] = {}
        for path in sorted(folder.rglob("*.md")):
            try:
                topic = read_topic(path, folder)
            except DocumentError as error:
                problems.extend(error.problems)
            else:
                topics[topic.id] = topic
        try:
            known = load_sources(sources)
        except DocumentError as error:
            problems.extend(error.problems)
            known = {}
        by_question: dict[Key, Topic] = {}
        for topic in topics.values():
            problems.extend(_index(topic, by_question))
        if not problems:
            # A source that is misspelt where it is cited would also show up as one that nobody cites.
            problems.extend(_references(topics, known))
        if not problems:
            problems.extend(uncited({source for topic in topics.values() for source in topic.front.sources}, sources))
        if problems:
            raise DocumentError(problems)
        return cls(topics=topics, sources=known, by_question=by_question)

    def find(self, intent: str, subjects: Sequence[str] = (), relationship: str | None = None) -> Topic | None:
        """Return the most specific topic for a question, or None.

        Args:
            intent: the kind of question.
            subjects: what it is about, the closest first (a drug, then its family).
            relationship: who the person asks about, when they said so.
        """
        for subject in (*subjects, None):
            for who in (relationship, None):
                topic = self.by_question.get((intent, subject, who))
                if topic:
                    return topic
        return None

    def has_subject(self, intent: str, subjects: Iterable[str]) -> bool:
        """Say whether some topic answers `intent` for one of `subjects` in particular."""
        return any(key[0] == intent and key[1] in set(subjects) for key in self.by_question)

    def cited(self, topic: Topic) -> list[Source]:
        """Return the sources of `topic` in the order in which it names them."""
        return [self.sources[source] for source in topic.front.sources]


def _key(question: Question) -> Key:
    return (question.intent, question.subject, question.relationship)


def _index(topic: Topic, by_question: dict[Key, Topic]) -> list[Problem]:
    problems = []
    for number, question in enumerate(topic.front.answers):
        first = by_question.setdefault(_key(question), topic)
        if first is not topic:
            problems.append(
                topic.document.problem(
                    ("answers", number),
                    f"the topic '{first.id}' answers this question too",
                    "leave it to one of them, or name a subject",
                )
            )
    return problems


def _references(topics: Mapping[str, Topic], sources: Mapping[str, Source]) -> list[Problem]:
    problems = []
    for topic in topics.values():
        for number, other in enumerate(topic.front.related):
            if other not in topics or other == topic.id:
                problems.append(
                    topic.document.problem(
                        ("related", number), f"there is no other topic '{other}'", "name the id of another topic"
                    )
                )
        for number, source in enumerate(topic.front.sources):
            if source not in sources:
                problems.append(
                    topic.document.problem(
                        ("sources", number),
                        f"the source '{source}' is not known",
                        "add it to data/content/sources.yml",
                    )
                )
    return problems
