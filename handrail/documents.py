"""Reads the project's YAML and Markdown files and says, with file and line, what is wrong in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, Extra, ValidationError

from handrail.paths import shown

Location = tuple[str | int, ...]

FENCE = "---"

MENDS = {
    "value_error.str.regex": ("this is not a name of that form", "use small letters, digits and '_' only"),
    "value_error.any_str.max_length": ("this is longer than {limit} characters", "shorten it"),
    "value_error.any_str.min_length": ("this is shorter than {limit} characters", "write it out"),
    "value_error.list.max_items": ("there are more than {limit} of these", "take some out"),
    "value_error.list.min_items": ("there are fewer than {limit} of these", "add one"),
    "value_error.date": ("this is not a date", "write year-month-day, for example 2026-11-22"),
    "type_error.enum": ("this is not one of the choices", "use one of {choices}"),
    "type_error.list": ("this has to be a list", "write it in brackets, for example [one, two]"),
    "type_error.dict": ("this has to have keys of its own", "write them below it, each with a colon"),
    "type_error.none.not_allowed": ("this is empty", "write something after the colon"),
}
"""How the commonest faults of a value are put to an editor, by pydantic's name for the fault."""


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
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DocumentError([Problem(path, 1, "the file is missing", "create it")]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DocumentError(
            [Problem(path, line, "a character is not UTF-8", "save the file with the encoding UTF-8")]
        ) from None


def _parse(path: Path, text: str, first_line: int) -> Document:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        # What was opened and never closed is noticed at the end, but has to be mended where it opens.
        ended = "end of stream" in (error.problem or "")
        mark = (error.context_mark if ended else None) or error.problem_mark or error.context_mark
        what = f"YAML cannot read this ({error.problem or error.context})"
        line = first_line + (mark.line if mark else 0)
        raise DocumentError([Problem(path, line, what, "check the indent, the quotes and the colons")]) from None
    except yaml.YAMLError as error:
        what = f"YAML cannot read this ({str(error).splitlines()[0]})"
        raise DocumentError([Problem(path, first_line, what, "type the text anew")]) from None
    finally:
        loader.dispose()
    reader = _Reader(path, first_line)
    data = reader.value(node, ()) if node is not None else None
    if reader.problems:
        raise DocumentError(reader.problems)
    return Document(path=path, data=data, lines=reader.lines)


def _words(key: yaml.Node) -> str:
    return str(key.value) if isinstance(key, yaml.ScalarNode) else "of several parts"


class _Loader(yaml.CSafeLoader):
    """Tells plain values apart as YAML 1.2 does: "no" is a word, "16:30" is no number, and "000" keeps its zeros."""

    yaml_implicit_resolvers = {}  # noqa: RUF012  (how PyYAML's classes are extended)


TAG = "tag:yaml.org,2002:"
for _kind, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"^[-+]?[0-9]+\.[0-9]+$", "-+0123456789"),
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "0123456789"),
):
    _Loader.add_implicit_resolver(TAG + _kind, re.compile(_pattern), list(_first))

PLAIN: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": lambda text: text == "true",
    "null": lambda _: None,
    "timestamp": date.fromisoformat,
}


class _Reader:
    """Turns YAML's nodes into values, and notes the line of each."""

    def __init__(self, path: Path, first_line: int) -> None:
        self.lines: dict[Location, int] = {}
        self.problems: list[Problem] = []
        self._path = path
        self._first_line = first_line
        self._open: set[int] = set()

    def value(self, node: yaml.Node, location: Location) -> Any:
        """Return the value of `node`; what cannot be read becomes a problem and None."""
        self.lines.setdefault(location, self._line(node))
        if id(node) in self._open:
            return self._fault(node, "an alias stands for what it is part of", "write the value out")
        if isinstance(node, yaml.ScalarNode):
            return self._plain(node)
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.value(item, (*location, index)) for index, item in enumerate(node.value)]
            return self._mapping(node, location)
        finally:
            self._open.discard(id(node))

    def _mapping(self, node: yaml.Node, location: Location) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value
            if not isinstance(key, yaml.ScalarNode) or key.tag != TAG + "str":
                self._fault(
                    key, f"the key '{_words(key)}' is not a text", "put it in quotes, or check what it should be"
                )
                continue
            if name in found:
                self._fault(key, f"the key '{name}' stands twice", "keep one of them")
            place = (*location, name)
            self.lines[place] = self._line(key)
            found[name] = self.value(value, place)
        return found

    def _plain(self, node: yaml.ScalarNode) -> Any:
        read = PLAIN.get(node.tag.removeprefix(TAG))
        if read is None:
            return self._fault(node, f"the tag '{node.tag}' is not known", "take it out")
        try:
            return read(node.value)
        except ValueError:
            what = f"'{node.value}' is not a {'date' if node.tag.endswith('timestamp') else 'value of its kind'}"
            return self._fault(node, what, "check it; dates are year-month-day")

    def _line(self, node: yaml.Node) -> int:
        return int(node.start_mark.line) + self._first_line

    def _fault(self, node: yaml.Node, what: str, mend: str) -> None:
        self.problems.append(Problem(self._path, self._line(node), what, mend))


def _problem(document: Document, model: type[Record], fault: Mapping[str, Any]) -> Problem:
    location: Location = tuple(part for part in fault["loc"] if part != "__root__")
    name = ".".join(str(part) for part in location) or "the file"
    if fault["type"] == "value_error.missing":
        return document.problem(location, f"'{name}' is missing", "add it")
    if fault["type"] == "value_error.extra":
        return document.problem(location, f"the key '{name}' is not known", "check its spelling or take it out")
    what, _, mend = fault["msg"].partition(": ")
    if fault["type"] in MENDS:
        what, mend = MENDS[fault["type"]]
        given = fault.get("ctx", {})
        choices = ", ".join(str(choice.value) for choice in given.get("enum_values", ()))
        what, mend = (text.format(limit=given.get("limit_value"), choices=choices) for text in (what, mend))
    return document.problem(location, f"'{name}': {what}", mend or f"see the fields of {model.__name__}")


def _keys(model: type[Record]) -> str:
    return ", ".join(name for name, spec in model.__fields__.items() if spec.required)
