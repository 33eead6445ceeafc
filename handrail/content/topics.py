"""One topic: which questions it answers, what the bot says, and what that rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pydantic import Field, conlist, constr

from handrail.content.review import Review
from handrail.documents import Document, DocumentError, Problem, Record, read_front_matter, validate

STEPS = "What you can do"
MORE = "Tell me more"

SHORT_ANSWER_WORDS = 90
"""The point must be read in half a minute: at most this many words before the steps."""
MORE_WORDS = 220
STEPS_AT_LEAST, STEPS_AT_MOST = 2, 5
TITLE_CHARACTERS = 40
"""A title is also the text on a button; longer ones break on a narrow phone."""

Name = constr(regex=r"^[a-z][a-z0-9_]*$")
TopicId = constr(regex=r"^[a-z][a-z0-9_]*(/[a-z0-9_]+)+$")


class Kind(str, Enum):
    """What sort of reply a topic is."""

    ANSWER = "answer"
    REFUSAL = "refusal"
    DIALOGUE = "dialogue"


class Area(str, Enum):
    """The areas that people's questions fall into, used to measure whether answers are on the point."""

    SIGNS = "signs"
    TALK_TO_THEM = "talk_to_them"
    BOUNDARIES_ENABLING = "boundaries_enabling"
    FIND_TREATMENT = "find_treatment"
    TREATMENT_TYPES = "treatment_types"
    DETOX_WITHDRAWAL = "detox_withdrawal"
    MEDICATION_METHADONE = "medication_methadone"
    MEDICATION_BUPRENORPHINE = "medication_buprenorphine"
    MEDICATION_NALTREXONE = "medication_naltrexone"
    MEDICATION_NALOXONE = "medication_naloxone"
    MEDICATION_OTHER = "medication_other"
    THERAPY_TYPES = "therapy_types"
    SUPPORT_GROUPS = "support_groups"
    FAMILY_SUPPORT_SELFCARE = "family_support_selfcare"
    RELAPSE = "relapse"
    AFTERCARE = "aftercare"
    INTERVENTION = "intervention"
    COST_INSURANCE = "cost_insurance"
    OVERDOSE_INFO = "overdose_info"
    HARM_REDUCTION = "harm_reduction"
    SPECIFIC_DRUG_INFO = "specific_drug_info"
    ALCOHOL = "alcohol"
    DUAL_DIAGNOSIS = "dual_diagnosis"
    PREGNANCY = "pregnancy"
    TEENS_PARENTING = "teens_parenting"
    LEGAL_WORKPLACE = "legal_workplace"
    STIGMA_WHAT_IS_ADDICTION = "stigma_what_is_addiction"
    CRAVING_COPING = "craving_coping"
    QUITTING_SELF = "quitting_self"
    GRIEF = "grief"


class Question(Record):
    """A kind of question that a topic answers: the intent, narrowed by subject or relationship."""

    intent: Name  # type: ignore[valid-type]
    subject: Name | None = None  # type: ignore[valid-type]
    relationship: Name | None = None  # type: ignore[valid-type]


class FrontMatter(Record):
    """What stands between the two lines of dashes at the top of a topic file."""

    id: TopicId  # type: ignore[valid-type]
    title: constr(min_length=3, max_length=TITLE_CHARACTERS)  # type: ignore[valid-type]
    kind: Kind = Kind.ANSWER
    answers: conlist(Question, min_items=1)  # type: ignore[valid-type]
    areas: conlist(Area, max_items=2) = Field(default_factory=list)  # type: ignore[valid-type]
    covers: list[Name] = Field(default_factory=list)  # type: ignore[valid-type]
    related: conlist(TopicId, max_items=4) = Field(default_factory=list)  # type: ignore[valid-type]
    sources: list[Name] = Field(default_factory=list)  # type: ignore[valid-type]
    facts: list[str] = Field(default_factory=list)
    review: Review


@dataclass(frozen=True)
class Topic:
    """A topic as read from its file. `short`, `steps` and `more` are what the bot says."""

    front: FrontMatter
    document: Document
    short: str
    steps: tuple[str, ...]
    more: str

    @property
    def id(self) -> str:
        """The topic's id, which is also its place below the topics folder."""
        return str(self.front.id)

    @property
    def title(self) -> str:
        """The topic in plain words, as it stands on a button."""
        return str(self.front.title)

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of the topic that a person can see."""
        return tuple(text for text in (self.title, self.short, *self.steps, self.more) if text)


def read_topic(path: Path, folder: Path) -> Topic:
    """Read the topic file `path`, which lies somewhere below `folder`.

    Raises:
        DocumentError: with one problem for each fault, on its line.
    """
    document = read_front_matter(path)
    front = validate(FrontMatter, document)
    sections, problems = _sections(document)
    topic = Topic(
        front=front,
        document=document,
        short=sections.get("", _EMPTY).text,
        steps=_steps(sections.get(STEPS, _EMPTY).text),
        more=sections.get(MORE, _EMPTY).text,
    )
    expected = path.resolve().relative_to(folder.resolve()).with_suffix("").as_posix()
    if front.id != expected:
        problems.append(
            document.problem(("id",), f"the id '{front.id}' is not the file's place", f"write 'id: {expected}'")
        )
    problems.extend(_text_problems(topic, sections))
    if problems:
        raise DocumentError(problems)
    return topic


@dataclass(frozen=True)
class _Section:
    line: int
    text: str


_EMPTY = _Section(line=1, text="")


def _sections(document: Document) -> tuple[dict[str, _Section], list[Problem]]:
    found: dict[str, _Section] = {}
    problems: list[Problem] = []
    name, start, lines = "", document.body_line, []
    for number, line in enumerate([*document.body.split("\n"), "## "], start=document.body_line):
        if not line.startswith("#"):
            lines.append(line)
            continue
        found[name] = _Section(line=start, text="\n".join(lines).strip())
        name, start, lines = line.lstrip("#").strip(), number, []
        if name and (name not in (STEPS, MORE) or name in found):
            problems.append(
                Problem(
                    document.path,
                    number,
                    f"the heading '{name}' is not one of a topic's headings, or stands twice",
                    f"use '## {STEPS}' and '## {MORE}', each once",
                )
            )
    return found, problems


def _steps(text: str) -> tuple[str, ...]:
    return tuple(re.sub(r"\s+", " ", item).strip() for item in re.split(r"^- ", text, flags=re.M)[1:])


def _text_problems(topic: Topic, sections: dict[str, _Section]) -> list[Problem]:
    path, start = topic.document.path, topic.document.body_line
    problems = []
    if not topic.short:
        problems.append(Problem(path, start, "the short answer is missing", "write it below the dashes"))
    words = len(topic.short.split())
    if words > SHORT_ANSWER_WORDS:
        problems.append(
            Problem(
                path,
                start,
                f"the short answer has {words} words",
                f"keep it to {SHORT_ANSWER_WORDS}; move the rest below '## {MORE}'",
            )
        )
    words = len(topic.more.split())
    if words > MORE_WORDS:
        line = sections[MORE].line
        problems.append(Problem(path, line, f"'{MORE}' has {words} words", f"keep it to {MORE_WORDS}"))
    if topic.front.kind is Kind.ANSWER:
        problems.extend(_answer_problems(topic))
    if STEPS in sections and not sections[STEPS].text.startswith("- "):
        problems.append(_no_list(path, sections[STEPS].line))
    return problems


def _answer_problems(topic: Topic) -> list[Problem]:
    path, start = topic.document.path, topic.document.body_line
    problems = []
    if not STEPS_AT_LEAST <= len(topic.steps) <= STEPS_AT_MOST:
        problems.append(
            Problem(
                path,
                start,
                f"there are {len(topic.steps)} steps",
                f"write {STEPS_AT_LEAST} to {STEPS_AT_MOST} lines that start with '- ' below '## {STEPS}'",
            )
        )
    if not topic.more:
        problems.append(Problem(path, start, "there is nothing more to tell", f"add '## {MORE}'"))
    for key in ("sources", "areas"):
        if not getattr(topic.front, key):
            problems.append(topic.document.problem((key,), f"'{key}' is missing or empty", "name at least one"))
    return problems


def _no_list(path: Path, line: int) -> Problem:
    return Problem(path, line, f"'{STEPS}' does not begin with a list", "start each step with '- '")
