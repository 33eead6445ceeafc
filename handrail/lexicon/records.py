"""The records of `data/lexicon/*.yml` and the rules that they keep."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import Field, validator

from handrail.documents import Document, DocumentError, Location, Problem, Record, read_yaml, validate
from handrail.lexicon.words import norms
from handrail.paths import shown

Kind = Literal["substance", "medicine", "treatment", "group", "country", "relationship"]

# How a term is matched. `never` blocks: the words look like the entry and mean something else.
Role = Literal["terms", "slang", "misspelt", "in_context", "after_use", "asked", "as_written", "exact", "never"]
ROLES: tuple[Role, ...] = (
    "terms",
    "slang",
    "misspelt",
    "in_context",
    "after_use",
    "asked",
    "as_written",
    "exact",
    "never",
)

MAY_SHARE: frozenset[Role] = frozenset({"asked", "as_written"})
"""Two entries may hold one word in these roles: "drank" is a verb of alcohol, and a drug in "what is drank"."""


class Entry(Record):
    """One thing that a message can be about.

    Attributes:
        id: what topics, slots and help lines call it; a country's is its ISO 3166 alpha-2 code.
        name: how the bot writes it inside a sentence.
        parent: the entry whose answer is used when there is none on this one.
        terms: plain names, spelled right; also matched when misspelt (see `fuzzy`).
        slang: street names that mean nothing else here.
        misspelt: wrong spellings that `fuzzy` does not reach.
        in_context: everyday words that count beside a word of use, or when the message speaks of drugs.
        after_use: everyday words and first names that count only beside a word of use.
        asked: words for things that people also take, drink, buy or sell ("juice"). They count only when the message
            is that word alone, asks what it is, or says that it is smoked, used or what someone is on. One may also be
            the `as_written` of another entry, which is meant everywhere else ("drank").
        as_written: forms such as "drinking" that are found but that `Lexicon.canonical` does not respell.
        exact: terms that count only in exactly these capitals, in a text that is not all capitals.
        never: words and phrases that look like this entry and mean something else.
        fuzzy: whether long words of `terms` are also matched when misspelt.
    """

    id: str = Field(regex=r"^([a-z][a-z0-9_]*|[A-Z]{2})$")
    name: str = Field(min_length=1)
    parent: str | None = None
    terms: list[str] = Field(min_items=1)
    slang: tuple[str, ...] = ()
    misspelt: tuple[str, ...] = ()
    in_context: tuple[str, ...] = ()
    after_use: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    as_written: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    fuzzy: bool = True
    kind: Kind = "substance"

    @validator(*ROLES, each_item=True)
    @classmethod
    def _has_words(cls, term: str) -> str:
        if not norms(term):
            raise ValueError("this holds no word: write a word or take it out")
        return term

    def by_role(self) -> Iterator[tuple[Role, int, str]]:
        """Yield each term with its role and its place in that role's list."""
        for role in ROLES:
            for place, term in enumerate(getattr(self, role)):
                yield role, place, term


class LexiconFile(Record):
    """One file: entries that are all of one kind."""

    kind: Kind
    entries: list[Entry] = Field(min_items=1)


def load_entries(folder: Path) -> list[Entry]:
    """Return the entries of every `*.yml` file in `folder`, in file order, each with its file's kind.

    Raises:
        DocumentError: with every fault found in any of the files.
    """
    problems: list[Problem] = []
    read: list[tuple[Document, LexiconFile]] = []
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise DocumentError([Problem(folder, 1, "the folder holds no lexicon files", "add a .yml file")])
    for path in paths:
        try:
            document = read_yaml(path)
            read.append((document, validate(LexiconFile, document)))
        except DocumentError as error:
            problems.extend(error.problems)
    problems.extend(_contradictions(read))
    if problems:
        raise DocumentError(problems)
    return [entry.copy(update={"kind": file.kind}) for _, file in read for entry in file.entries]


def _contradictions(read: list[tuple[Document, LexiconFile]]) -> Iterator[Problem]:
    """Yield what is wrong between entries: ids and terms given twice, parents that are missing or go in a circle."""
    parents = {entry.id: entry.parent for _, file in read for entry in file.entries}
    ids: dict[str, str] = {}
    owners: dict[tuple[str, ...], tuple[Role, str]] = {}
    for document, file in read:
        for number, entry in enumerate(file.entries):
            at: Location = ("entries", number)
            if "kind" in entry.__fields_set__:
                mend = "the file gives the kind once, at its top"
                yield document.problem((*at, "kind"), "the key 'kind' is not known here", mend)
            if entry.id in ids:
                mend = "give it another id"
                yield document.problem((*at, "id"), f"the id '{entry.id}' is also at {ids[entry.id]}", mend)
            ids.setdefault(entry.id, f"{shown(document.path)}:{document.line((*at, 'id'))}")
            if entry.parent is not None and entry.parent not in parents:
                mend = "check its spelling"
                yield document.problem((*at, "parent"), f"there is no entry '{entry.parent}'", mend)
            elif _goes_round(entry.id, parents):
                mend = "take one parent out"
                yield document.problem((*at, "parent"), f"the parents of '{entry.id}' go in a circle", mend)
            for role, place, term in entry.by_role():
                here: Location = (*at, role, place)
                other, owner = owners.get(norms(term), (role, ""))
                if role != "never" and owner and {role, other} != MAY_SHARE:
                    mend = "keep it in one place"
                    yield document.problem(here, f"'{term}' is also at {owner}", mend)
                elif role != "never":
                    owners[norms(term)] = role, f"{shown(document.path)}:{document.line(here)} ({entry.id})"


def _goes_round(start: str, parents: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    at: str | None = start
    while at is not None and at not in seen:
        seen.add(at)
        at = parents.get(at)
    return at is not None
