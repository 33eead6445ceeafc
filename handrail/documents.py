"""Reads the project's YAML and Markdown files and says, with file and line, what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Extra, ValidationError
from ruamel.yaml import YAML, YAMLError
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from handrail.paths import shown

Location = tuple[str | int, ...]

FENCE = "---"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that an editor has to mend, printed as `file:line: what is wrong: how to mend it`."""

    path: Path
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{shown(self.path)}:{self.line}: {self.what}: {self.mend}"


class DocumentError(ValueError):
    """A data file cannot be used. `problems` holds every fault found, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Record(BaseModel):
    """Base of every record read from a data file: unknown keys are refused, values never change."""

    class Config:
        extra = Extra.forbid
        allow_mutation = False
        anystr_strip_whitespace = True


R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Document:
    """A parsed file: its data, the line of each value, and (Markdown only) the text below the front matter."""

    path: Path
    data: Any
    lines: dict[Location, int] = field(repr=False)
    body: str = ""
    body_line: int = 1

    def line(self, location: Location = ()) -> int:
        """Return the 1-based line of the value at `location`, or of its nearest parent that exists."""
        while location and location not in self.lines:
            location = location[:-1]
        return self.lines.get(location, 1)

    def problem(self, location: Location, what: str, mend: str) -> Problem:
        """Return a problem placed on the line of the value at `location`."""
        return Problem(path=self.path, line=self.line(location), what=what, mend=mend)


def read_yaml(path: Path) -> Document:
    """Read one YAML 1.2 file.

    Raises:
        DocumentError: the file is missing, is not UTF-8, is not YAML, or names a key twice.
    """
    return _parse(path, _read_text(path), first_line=1)


def read_front_matter(path: Path) -> Document:
    """Read a Markdown file that opens with YAML between two `---` lines.

    Raises:
        DocumentError: the file cannot be read, the fences are missing, or the front matter is not YAML.
    """
    text = _read_text(path)
    lines = text.split("\n")
    if lines[0].strip() != FENCE:
        raise DocumentError(
            [Problem(path, 1, "the front matter is missing", "start the file with a line of three dashes")]
        )
    try:
        end = next(number for number, line in enumerate(lines[1:], start=1) if line.strip() == FENCE)
    except StopIteration:
        raise DocumentError(
            [Problem(path, 1, "the front matter does not end", "close it with a line of three dashes")]
        ) from None
    front = _parse(path, "\n".join(lines[1:end]), first_line=2)
    return Document(
        path=path,
        data=front.data,
        lines=front.lines,
        body="\n".join(lines[end + 1 :]),
        body_line=end + 2,
    )


def validate(model: type[R], document: Document) -> R:
    """Return the document's data as a record of type `model`.

    Raises:
        DocumentError: with one problem for each fault, on the line of the value at fault.
    """
    if not isinstance(document.data, dict):
        raise DocumentError([document.problem((), "the file holds no keys", f"give it the keys {_keys(model)}")])
    try:
        return model(**document.data)
    except ValidationError as error:
        raise DocumentError(_problem(document, model, fault) for fault in error.errors()) from None


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DocumentError([Problem(path, 1, "the file is missing", "create it")]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DocumentError(
            [Problem(path, line, "a character is not UTF-8", "save the file with the encoding UTF-8")]
        ) from None


def _parse(path: Path, text: str, first_line: int) -> Document:
    yaml = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(text)
        data = SafeConstructor(loader=yaml).construct_document(node) if node is not None else None
    except ValueError as error:  # an impossible date, such as 2026-13-01
        raise DocumentError(
            [Problem(path, first_line, f"a value cannot be read ({error})", "check the dates: they are year-month-day")]
        ) from None
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = first_line + (mark.line if mark else 0)
        what = (getattr(error, "problem", None) or "this is not YAML").split("\n")[0]
        raise DocumentError(
            [Problem(path, line, f"YAML cannot read this ({what})", "check the indent, the quotes and the colons")]
        ) from None
    lines: dict[Location, int] = {}
    if node is not None:
        _collect_lines(node, (), first_line, lines)
    return Document(path=path, data=data, lines=lines)


def _collect_lines(node: Node, location: Location, first_line: int, lines: dict[Location, int]) -> None:
    lines.setdefault(location, node.start_mark.line + first_line)
    if isinstance(node, MappingNode):
        for key, value in node.value:
            place = (*location, key.value)
            lines[place] = key.start_mark.line + first_line
            _collect_lines(value, place, first_line, lines)
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            _collect_lines(item, (*location, index), first_line, lines)


def _problem(document: Document, model: type[Record], fault: Mapping[str, Any]) -> Problem:
    location: Location = tuple(part for part in fault["loc"] if part != "__root__")
    name = ".".join(str(part) for part in location) or "the file"
    if fault["type"] == "value_error.missing":
        return document.problem(location, f"'{name}' is missing", "add it")
    if fault["type"] == "value_error.extra":
        return document.problem(location, f"the key '{name}' is not known", "check its spelling or take it out")
    what, _, mend = fault["msg"].partition(": ")
    if fault["type"].startswith("type_error"):
        mend = mend or "give a value of that kind"
    return document.problem(location, f"'{name}': {what}", mend or f"see the fields of {model.__name__}")


def _keys(model: type[Record]) -> str:
    return ", ".join(name for name, spec in model.__fields__.items() if spec.required)
