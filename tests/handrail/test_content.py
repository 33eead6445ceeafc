"""A fault in a topic, in the words or in the sources is named with its file, its line and the way to mend it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from handrail import paths
from handrail.content import ChannelWords, Words
from handrail.content.channel_words import NotText
from handrail.content.review import ClinicalReview
from handrail.content.sources import load_sources
from handrail.content.topics import MORE_WORDS, SHORT_ANSWER_WORDS, Kind, Topic, read_topic
from handrail.documents import DocumentError, Problem

TOPIC = """\
---
id: drugs/heroin
title: Heroin
kind: answer
answers:
  - intent: ask_what_is
    subject: heroin
  - intent: ask_effects
    subject: heroin
areas: [specific_drug_info]
related: [drugs/opioids, family/how_to_talk]
sources: [nhs]
facts: [C-1]
review:
  written: 2026-11-22
  clinical_review: pending
---
Heroin is an opioid.

It slows breathing.

## What you can do
- Keep naloxone at home.
- Call your emergency number
  when they will not wake up.

## Tell me more
It is made from morphine.
"""


def read(folder: Path, text: str, name: str = "drugs/heroin") -> Topic:
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read_topic(path, folder)


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def faults(call: Callable[[], object]) -> list[Problem]:
    with pytest.raises(DocumentError) as error:
        call()
    for problem in error.value.problems:
        assert str(problem).endswith(f"{problem.path.name}:{problem.line}: {problem.what}: {problem.mend}")
        assert problem.mend
    return error.value.problems


def test_content_topic_is_read_as_it_stands(tmp_path: Path) -> None:
    topic = read(tmp_path, TOPIC)
    assert topic.id == "drugs/heroin"
    assert topic.front.kind is Kind.ANSWER
    assert topic.short == "Heroin is an opioid.\n\nIt slows breathing."
    assert topic.steps == ("Keep naloxone at home.", "Call your emergency number when they will not wake up.")
    assert topic.more == "It is made from morphine."
    assert topic.front.review.clinical_review is ClinicalReview.PENDING


def test_content_topic_texts_are_everything_that_people_see(tmp_path: Path) -> None:
    topic = read(tmp_path, TOPIC)
    assert set(topic.texts) == {topic.title, topic.short, *topic.steps, topic.more}


def test_content_refusal_needs_no_steps_and_no_source(tmp_path: Path) -> None:
    text = changed(TOPIC, "kind: answer", "kind: refusal").split("\n## What")[0] + "\n"
    topic = read(tmp_path, changed(text, "sources: [nhs]\n", ""))
    assert topic.steps == ()
    assert topic.more == ""


BROKEN = {
    "a key is missing": ("title: Heroin\n", "", 2, "title"),
    "a key within a question is missing": ("  - intent: ask_effects\n    subject", "  - subject", 8, "intent"),
    "a key is not known": ("facts: [C-1]", "fact: [C-1]", 13, "fact"),
    "the id is not the place": ("id: drugs/heroin", "id: drugs/morphine", 2, "drugs/morphine"),
    "the id is no id": ("id: drugs/heroin", "id: Heroin", 2, "id"),
    "the title is too long": ("title: Heroin", f"title: {'Heroin ' * 7}", 3, "title"),
    "the kind is not known": ("kind: answer", "kind: essay", 4, "kind"),
    "an intent is no name": ("intent: ask_effects", "intent: What does it do?", 8, "intent"),
    "an area is not known": ("areas: [specific_drug_info]", "areas: [astrology]", 10, "areas"),
    "there are too many areas": ("areas: [specific_drug_info]", "areas: [signs, relapse, alcohol]", 10, "areas"),
    "an answer has no area": ("areas: [specific_drug_info]\n", "", 2, "areas"),
    "an answer has no source": ("sources: [nhs]", "sources: []", 12, "sources"),
    "the date is impossible": ("written: 2026-11-22", "written: 2026-13-22", 15, "month"),
    "the date is no date": ("written: 2026-11-22", "written: last week", 15, "written"),
    "the review is not known": ("clinical_review: pending", "clinical_review: fine", 16, "clinical_review"),
    "a sign-off has no name": ("clinical_review: pending", "clinical_review: signed_off", 14, "reviewer"),
    "a bracket is open": ("areas: [specific_drug_info]", "areas: [specific_drug_info", 11, "YAML"),
    "an indent is wrong": ("  - intent: ask_effects", " - intent: ask_effects", 8, "YAML"),
    "a key stands twice": ("kind: answer", "title: Heroin", 4, "title"),
    "the short answer is missing": ("Heroin is an opioid.\n\nIt slows breathing.\n", "", 18, "short answer"),
    "the short answer is too long": ("It slows breathing.", "word " * (SHORT_ANSWER_WORDS + 1), 18, "short answer"),
    "there is one step only": ("- Keep naloxone at home.\n", "", 18, "1 steps"),
    "there are too many steps": ("- Keep naloxone at home.\n", "- A step.\n" * 5, 18, "6 steps"),
    "there are no steps": (
        "- Keep naloxone at home.\n- Call your emergency number\n  when they will not wake up.\n",
        "Keep naloxone at home.\n",
        18,
        "0 steps",
    ),
    "there is nothing more": ("\n## Tell me more\nIt is made from morphine.\n", "", 18, "more"),
    "there is too much more": ("It is made from morphine.", "word " * (MORE_WORDS + 1), 27, "words"),
    "a heading is not known": ("## Tell me more", "## History", 27, "History"),
    "a heading stands twice": ("It is made from morphine.", "Yes.\n\n## Tell me more\nNo.", 30, "Tell me more"),
}


@pytest.mark.parametrize(("old", "new", "line", "word"), BROKEN.values(), ids=BROKEN)
def test_content_topic_is_refused_when(tmp_path: Path, old: str, new: str, line: int, word: str) -> None:
    problems = faults(lambda: read(tmp_path, changed(TOPIC, old, new)))
    assert all(problem.path == tmp_path / "drugs/heroin.md" for problem in problems)
    assert any(problem.line == line and word in problem.what + problem.mend for problem in problems), problems


@pytest.mark.parametrize(
    "text", ["", "\n", "Heroin is an opioid.\n", "---\nid: drugs/heroin\n", "---\n---\n", "---\n- a\n---\nText.\n"]
)
def test_content_topic_without_front_matter_is_refused(tmp_path: Path, text: str) -> None:
    assert faults(lambda: read(tmp_path, text))


def test_content_topic_names_every_fault_at_once(tmp_path: Path) -> None:
    text = changed(changed(TOPIC, "kind: answer", "kind: essay"), "facts:", "fact:")
    assert [problem.line for problem in faults(lambda: read(tmp_path, text))] == [4, 13]


def test_content_topic_loses_no_word_before_its_steps(tmp_path: Path) -> None:
    """An introduction to the list must be shown, or the file must be refused."""
    text = changed(TOPIC, "## What you can do\n", "## What you can do\nNever leave them alone.\n")
    try:
        topic = read(tmp_path, text)
    except DocumentError:
        return
    assert "Never leave them alone." in " ".join(topic.texts)


# -- Words -----------------------------------------------------------------------------------------------------

WORDS = paths.WORDS.read_text(encoding="utf-8")


def load_words(folder: Path, text: str) -> Words:
    path = folder / "words.yml"
    path.write_text(text, encoding="utf-8")
    return Words.load(path)


def line_of(text: str, start: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), start=1) if line.startswith(start))


def test_content_words_are_complete() -> None:
    assert all(Words.load().dict().values())


@pytest.mark.parametrize("key", Words.__fields__)
def test_content_words_are_refused_without(tmp_path: Path, key: str) -> None:
    text = changed(WORDS, f"\n{key}:", f"\n{key}_spelled_wrong:")
    problems = faults(lambda: load_words(tmp_path, text))
    assert {problem.path.name for problem in problems} == {"words.yml"}
    assert any(f"'{key}'" in problem.what for problem in problems)
    wrong = next(problem for problem in problems if f"'{key}_spelled_wrong'" in problem.what)
    assert wrong.line == line_of(text, f"{key}_spelled_wrong:")


@pytest.mark.parametrize("text", ["", "- a list\n", "just a text\n", "5\n", "fallback: [\n", "\ttab: x\n"])
def test_content_words_are_refused_when_the_file_holds_none(tmp_path: Path, text: str) -> None:
    assert faults(lambda: load_words(tmp_path, text))


@pytest.mark.parametrize("key", ["911", "true", "null", "2026-11-22", "1.5"])
def test_content_words_are_refused_when_a_key_is_no_text(tmp_path: Path, key: str) -> None:
    (problem,) = faults(lambda: load_words(tmp_path, f"{WORDS}{key}: x\n"))
    assert problem.line == WORDS.count("\n") + 1
    assert key in problem.what


# -- Sources ---------------------------------------------------------------------------------------------------

SOURCES = """\
# Every source.
nhs:
  organisation: NHS
  title: Getting help
  address: https://www.nhs.uk/help
  checked: 2026-11-22
who:
  organisation: WHO
  title: Opioid overdose
  address: https://www.who.int/overdose
  checked: 2026-11-22
"""


def write_sources(folder: Path, text: str) -> Path:
    path = folder / "sources.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_content_sources_are_read_by_id(tmp_path: Path) -> None:
    sources = load_sources(write_sources(tmp_path, SOURCES))
    assert list(sources) == ["nhs", "who"]
    assert sources["who"].organisation == "WHO"


def test_content_sources_may_be_none_at_all(tmp_path: Path) -> None:
    assert load_sources(write_sources(tmp_path, "# none yet\n")) == {}


BROKEN_SOURCES = {
    "a key is missing": ("  title: Opioid overdose\n", "", 7, "title"),
    "a key is not known": ("  title: Opioid overdose", "  titel: Opioid overdose", 9, "titel"),
    "the address is none": ("https://www.who.int/overdose", "see the web site", 10, "address"),
    "the address is not for the web": ("https://www.who.int/overdose", "ftp://www.who.int/overdose", 10, "address"),
    "the date is no date": ("checked: 2026-11-22\nwho", "checked: recently\nwho", 6, "checked"),
    "the date is impossible": ("checked: 2026-11-22\nwho", "checked: 2026-02-30\nwho", 6, "day"),
    "an indent is wrong": ("  title: Getting help", "   title: Getting help", 4, "YAML"),
    "a source holds a text": ("who:\n", "who: WHO\nx:\n", 7, "keys"),
}


@pytest.mark.parametrize(("old", "new", "line", "word"), BROKEN_SOURCES.values(), ids=BROKEN_SOURCES)
def test_content_sources_are_refused_when(tmp_path: Path, old: str, new: str, line: int, word: str) -> None:
    path = write_sources(tmp_path, changed(SOURCES, old, new))
    problems = faults(lambda: load_sources(path))
    assert any(problem.line == line and word in problem.what + problem.mend for problem in problems), problems


@pytest.mark.parametrize("text", ["- nhs\n", "just a text\n", "5\n"])
def test_content_sources_are_refused_when_the_file_holds_no_keys(tmp_path: Path, text: str) -> None:
    path = write_sources(tmp_path, text)
    assert faults(lambda: load_sources(path))


def test_content_sources_name_every_fault_at_once(tmp_path: Path) -> None:
    path = write_sources(tmp_path, SOURCES.replace("  title: ", "  titel: "))
    assert {problem.line for problem in faults(lambda: load_sources(path))} >= {4, 9}


# -- Words of messaging apps -----------------------------------------------------------------------------------

CHANNEL_WORDS = paths.CHANNEL_WORDS.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", NotText)
def test_content_channel_words_are_refused_without_a_line_for(tmp_path: Path, kind: NotText) -> None:
    path = tmp_path / "channels.yml"
    path.write_text(changed(CHANNEL_WORDS, f"\n  {kind.value}:", "\n  another:"), encoding="utf-8")
    problems = faults(lambda: ChannelWords.load(path))
    assert {problem.path.name for problem in problems} == {"channels.yml"}


def test_content_channel_words_are_complete() -> None:
    words = ChannelWords.load()
    assert set(words.not_text) == set(NotText)
    assert all(words.dict().values())
