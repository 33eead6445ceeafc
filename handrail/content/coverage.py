"""Which question that the bot has to be able to answer is answered by which topic."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from pydantic import conlist

from handrail import paths
from handrail.content.catalogue import Catalogue
from handrail.content.topics import Name, Topic
from handrail.documents import Document, Problem, Record, read_yaml, validate


class Row(Record):
    """One question that people bring.

    Attributes:
        id: what topics call it in `covers`.
        question: how somebody may ask it.
        said_by: the response of `domain.yml` that answers it, when no topic does.
    """

    id: Name  # type: ignore[valid-type]
    question: str
    said_by: Name | None = None  # type: ignore[valid-type]


class Rows(Record):
    """Every row of `data/content/coverage.yml`."""

    rows: conlist(Row, min_items=1)  # type: ignore[valid-type]


def load_rows(path: Path = paths.COVERAGE) -> tuple[Document, list[Row]]:
    """Return the file and its rows.

    Raises:
        DocumentError: the file has a fault.
    """
    document = read_yaml(path)
    return document, list(validate(Rows, document).rows)


def coverage_problems(catalogue: Catalogue, responses: Collection[str], path: Path = paths.COVERAGE) -> list[Problem]:
    """Return a problem for each row that nothing answers, and for each row that a topic names and that is not there.

    Raises:
        DocumentError: the file has a fault.
    """
    document, rows = load_rows(path)
    covered = _covered(catalogue)
    known = {row.id for row in rows}
    problems = [
        document.problem(
            ("rows", number), f"no topic answers '{row.question}'", f"add '{row.id}' to a topic's 'covers'"
        )
        for number, row in enumerate(rows)
        if row.id not in covered and row.said_by not in responses
    ]
    for topic in catalogue.topics.values():
        for number, name in enumerate(topic.front.covers):
            if name not in known:
                problems.append(
                    topic.document.problem(
                        ("covers", number),
                        f"there is no row '{name}' in {paths.shown(path)}",
                        "check its spelling, or add the row there",
                    )
                )
    return problems


def coverage_table(catalogue: Catalogue, path: Path = paths.COVERAGE) -> str:
    """Return the table of questions and topics as Markdown.

    Raises:
        DocumentError: the file has a fault.
    """
    _, rows = load_rows(path)
    covered = _covered(catalogue)
    lines = [
        "# What the bot can answer",
        "",
        "Written by `make coverage` from `covers` in the topics and from `data/content/coverage.yml`; do not edit it.",
        "",
        f"{len(rows)} questions, {len(catalogue.topics)} topics.",
        "",
        "| Question | Row | Answered by |",
        "|---|---|---|",
    ]
    for row in rows:
        topics = [f"[{topic.title}](../{paths.shown(topic.document.path)})" for topic in covered.get(row.id, ())]
        said: list[str] = [f"`{row.said_by}` in [domain.yml](../domain.yml)"] if row.said_by else []
        lines.append(f"| {row.question} | `{row.id}` | {', '.join([*topics, *said])} |")
    return "\n".join(lines) + "\n"


def _covered(catalogue: Catalogue) -> Mapping[str, list[Topic]]:
    covered: dict[str, list[Topic]] = {}
    for topic in catalogue.topics.values():
        for row in topic.front.covers:
            covered.setdefault(row, []).append(topic)
    return covered
