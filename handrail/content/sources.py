"""The sources that answers cite, each written once in `data/content/sources.yml`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import AnyHttpUrl

from handrail import paths
from handrail.documents import Document, DocumentError, Problem, Record, read_yaml, validate


class Source(Record):
    """One page or paper that a statement rests on."""

    organisation: str
    title: str
    address: AnyHttpUrl
    checked: date


def load_sources(path: Path = paths.SOURCES) -> dict[str, Source]:
    """Return every source by its id.

    Raises:
        DocumentError: a source is incomplete or a key is not known; one problem for each fault.
    """
    document = read_yaml(path)
    if not isinstance(document.data, dict | None):
        raise DocumentError([document.problem((), "the file holds no sources", "write each below its id")])
    sources: dict[str, Source] = {}
    problems = []
    for source_id, data in (document.data or {}).items():
        try:
            sources[source_id] = validate(Source, _part(document, source_id, data))
        except DocumentError as error:
            problems.extend(error.problems)
    if problems:
        raise DocumentError(problems)
    return sources


def uncited(cited: Collection[str], path: Path = paths.SOURCES) -> list[Problem]:
    """Return a problem for each source of the file that is not among `cited`."""
    document = read_yaml(path)
    return [
        document.problem((source_id,), f"no topic cites the source '{source_id}'", "cite it or take it out")
        for source_id in document.data or {}
        if source_id not in cited
    ]


def _part(document: Document, key: str, data: Any) -> Document:
    lines = {place[1:]: line for place, line in document.lines.items() if place[:1] == (key,)}
    return Document(path=document.path, data=data, lines=lines)
