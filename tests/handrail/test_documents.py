"""Whatever stands in a file: it is read, or its fault is named with the line. Nothing else can happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import Field

from handrail import paths
from handrail.documents import (
    Document,
    DocumentError,
    Problem,
    Record,
    read_front_matter,
    read_yaml,
    validate,
)
from handrail.paths import shown


class Line(Record):
    name: str
    count: int = 0


class File(Record):
    title: str
    lines: list[Line] = Field(default_factory=list)
    day: date | None = None


def write(folder: Path, text: str | bytes, name: str = "file.yml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return path


def fault(call: Callable[[], object]) -> Problem:
    with pytest.raises(DocumentError) as error:
        call()
    (problem,) = error.value.problems
    return problem


def test_documents_know_the_line_of_every_value(tmp_path: Path) -> None:
    text = "# a comment\ntitle: A\n\nlines:\n  - name: one\n    count: 1\n  - {name: two,\n     count: 2}\n"
    document = read_yaml(write(tmp_path, text))
    places = [("title",), ("lines",), ("lines", 0), ("lines", 0, "count"), ("lines", 1, "name"), ("lines", 1, "count")]
    assert [document.line(place) for place in places] == [2, 4, 5, 6, 7, 8]


def test_documents_take_the_line_of_the_nearest_parent(tmp_path: Path) -> None:
    document = read_yaml(write(tmp_path, "a: 1\nb:\n  c: 2\n"))
    assert document.line(("b", "d", 5)) == 2
    assert document.line(("x",)) == 1
    assert read_yaml(write(tmp_path, "")).line(("x",)) == 1


def test_documents_read_yaml_1_2_where_no_and_on_are_words(tmp_path: Path) -> None:
    assert read_yaml(write(tmp_path, "a: no\nb: on\nc: 12:30\n")).data == {"a": "no", "b": "on", "c": "12:30"}


def test_documents_front_matter_counts_the_lines_of_the_file(tmp_path: Path) -> None:
    document = read_front_matter(write(tmp_path, "---\ntitle: A\nlines: []\n---\nThe text.\n\nMore.\n", "file.md"))
    assert document.data == {"title": "A", "lines": []}
    assert document.line(("lines",)) == 3
    assert document.body == "The text.\n\nMore.\n"
    assert document.body_line == 5


def test_documents_front_matter_ends_at_the_first_fence(tmp_path: Path) -> None:
    document = read_front_matter(write(tmp_path, "---\ntitle: A\n---\nText\n---\nmore\n", "file.md"))
    assert document.body == "Text\n---\nmore\n"


def test_documents_read_the_line_ends_of_windows(tmp_path: Path) -> None:
    document = read_front_matter(write(tmp_path, "---\r\ntitle: A\r\n---\r\nText\r\n", "file.md"))
    assert (document.data, document.body) == ({"title": "A"}, "Text\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: A\nlines: [\n", 3),
        ("title: A\n  lines: B\n", 2),
        ("title: A\ntitle: B\n", 2),
        ('title: A\nlines: "B\nday: 2026-11-22\n\n', 2),  # where the quote opens, not where the file ends
        ("\ttitle: A\n", 1),
        ("title: A: B\n", 1),
        ("title: @A\n", 1),
        ("title: *unknown\n", 1),
        ("title: A\n---\ntitle: B\n", 2),
        ("title: !!python/object:os.system x\n", 1),
        ("title: A\nday: 2026-13-01\n", 2),
        (b"title: A\nlines: \xff\n", 2),
    ],
)
def test_documents_name_the_line_that_is_no_yaml(tmp_path: Path, text: str | bytes, line: int) -> None:
    path = write(tmp_path, text)
    problem = fault(lambda: read_yaml(path))
    assert problem.path == path
    assert problem.line == line
    assert "\n" not in str(problem)


def test_documents_name_the_line_of_the_file_when_front_matter_is_no_yaml(tmp_path: Path) -> None:
    path = write(tmp_path, "---\ntitle: A\nlines: B: C\n---\nText\n", "file.md")
    assert fault(lambda: read_front_matter(path)).line == 3


@pytest.mark.parametrize("read", [read_yaml, read_front_matter])
def test_documents_say_that_a_file_is_missing(tmp_path: Path, read: Callable[[Path], Document]) -> None:
    problem = fault(lambda: read(tmp_path / "nothing.yml"))
    assert problem.path.name == "nothing.yml"


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("lines: []\n", 1, "title"),
        ("title: A\nother: B\n", 2, "other"),
        ("title: A\nlines:\n  - name: B\n  - count: 5\n", 4, "name"),
        ("title: A\nlines:\n  - name: B\n    count: many\n", 4, "count"),
        ("title: A\nlines: B\n", 2, "lines"),
        ("title: [A]\n", 1, "title"),
        ("title: A\nday: tomorrow\n", 2, "day"),
        ("- title: A\n", 1, "keys"),
        ("A\n", 1, "keys"),
        ("", 1, "keys"),
        ("title: A\n5: B\n", 2, "5"),
    ],
)
def test_documents_name_the_line_of_a_value_that_does_not_fit(tmp_path: Path, text: str, line: int, word: str) -> None:
    problem = fault(lambda: validate(File, read_yaml(write(tmp_path, text))))
    assert problem.line == line
    assert word in problem.what
    assert problem.mend


def test_documents_record_cannot_be_changed(tmp_path: Path) -> None:
    record = validate(File, read_yaml(write(tmp_path, "title: ' A '\nday: 2026-11-22\n")))
    assert record.title == "A"
    assert record.day == date(2026, 11, 22)
    with pytest.raises(TypeError):
        record.title = "B"


def test_documents_error_names_every_problem_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    error = DocumentError([Problem(path, 9, "late", "mend"), Problem(path, 2, "early", "mend")])
    assert [problem.line for problem in error.problems] == [2, 9]
    assert str(error) == f"{path}:2: early: mend\n{path}:9: late: mend"


def test_documents_show_a_path_of_the_project_from_its_root(tmp_path: Path) -> None:
    assert shown(paths.WORDS) == "data/content/words.yml"
    assert shown(tmp_path / "a.yml") == (tmp_path / "a.yml").as_posix()


YAML_LIKE = st.lists(
    st.sampled_from(
        [
            *("title", "lines", "name", "count", "A", "5", "~", "true", "2026-02-30", "1e400", "x", "é", "\U0001f600"),
            *(": ", ":", "- ", "-", "? ", "[", "]", "{", "}", ", ", "'", '"', "|", ">", "&a ", "*a", "!!int ", "!x "),
            *(
                "\n",
                "\n  ",
                "\n    ",
                "\t",
                " ",
                "#",
                "---\n",
                "...\n",
                "<<: ",
                "%",
                "@",
                "`",
                "\x00",
                "\x85",
                "\ufeff",
            ),
        ]
    ),
    max_size=25,
).map("".join)


@given(text=st.one_of(YAML_LIKE, st.text(max_size=60)))
@example(text="? [a, b]\n: c\n")
@example(text="{a}: b\n")
@example(text="a: &a [*a]\n")
@example(text="!!bool x")
@settings(
    deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_documents_any_text_is_read_or_its_fault_is_named(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    front = write(tmp_path, f"---\n{text}\n---\nText\n", "file.md")
    for read in (lambda: read_yaml(path), lambda: read_front_matter(front), lambda: read_front_matter(path)):
        problems: list[Problem] = []
        try:
            validate(File, read())
        except DocumentError as error:
            problems = error.problems
        assert all(problem.line >= 1 and problem.what and problem.mend for problem in problems)
