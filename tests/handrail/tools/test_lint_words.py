"""What the bot says is plain, kind, spelled right, short enough, and holds nothing that must never stand in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from handrail import paths
from handrail.answers import Answerer
from handrail.content import Catalogue
from handrail.content.spelling import Spelling
from handrail.documents import Document, read_yaml
from handrail.helplines import HelpLines
from handrail.tools.lint_words import (
    MESSAGE_CHARACTERS,
    Text,
    card_problems,
    length_problems,
    menu_problems,
    text_problems,
    texts,
)
from tests.handrail.small_content import TOPICS, small_answerer, topic_file, write_content


def a_domain(folder: Path, title: str = "Tell me more") -> Document:
    path = folder / "domain.yml"
    path.write_text(
        "responses:\n  utter_greet:\n    - text: Hello. {help_line}\n      buttons:\n"
        f"        - title: {title}\n          payload: /tell_more\n",
        encoding="utf-8",
    )
    return read_yaml(path)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Stay with them. Call {emergency_number}.", 0),
        ("Call 1-800-555-0199 now.", 1),
        ("He is an addict.", 1),
        ("Give 4 mg in the nose.", 1),
        ("Go to the page www.a.com now.", 1),
        ("You can look at FindTreatment.gov.", 0),
        ("This is **very** bad.", 2),
        ("Read [this](page).", 1),
        ("Do not wait!", 1),
        ("Ask at Narconon.", 1),
        ("Individuals necessitate comprehensive multidisciplinary pharmacological evaluation immediately.", 1),
        ("Addicts necessitate comprehensive multidisciplinary evaluation: telephone 0800 555 0199.", 3),
    ],
)
def test_lint_words_finds_what_must_not_stand_in_a_text(words: str, found: int) -> None:
    problems = list(text_problems(Text(words, Path("a.md"), 7)))
    assert len(problems) == found, problems
    assert {problem.line for problem in problems} <= {7}
    assert all(problem.mend for problem in problems)


def test_lint_words_names_the_line_of_the_fault() -> None:
    text = Text("Stay calm.\n\n## What you can do\n- Call 0800 555 0199.\n- Do not wait!\n- Addicts.", Path("a.md"), 10)
    assert sorted(problem.line for problem in text_problems(text)) == [13, 14, 15]


def test_lint_words_may_name_a_medicine() -> None:
    text = Text("Ask about buprenorphine, naltrexone, or acamprosate.", Path("a.md"), 1)
    assert list(text_problems(text)) != []
    assert list(text_problems(text, ["buprenorphine", "naltrexone", "acamprosate"])) == []


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("They recieve help, and that is seperate.", ["recieve", "seperate"]),
        ("The centre has a programme and a counsellor.", ["centre", "programme", "counsellor"]),
        ("Bring them some flurbix.", ["flurbix"]),
        ("The nurse's own café? I can't say. It isn't far. OAT and NA.", []),
        ("Ask about Suboxone.", []),
    ],
)
def test_spelling_finds_misspelt_and_british_words(words: str, wrong: list[str]) -> None:
    found = dict(Spelling.load(["Suboxone", "café"]).faults(words))
    assert list(found) == wrong
    assert all(found.values())


def test_lint_words_reads_every_text_on_its_line(tmp_path: Path) -> None:
    catalogue = small_answerer(tmp_path).catalogue
    found = {(text.path.name, text.words.strip().split("\n")[0]): text for text in texts(catalogue, a_domain(tmp_path))}
    topic = catalogue.topics["drugs/heroin"]
    lines = topic.document.path.read_text(encoding="utf-8").split("\n")
    title, short, more = (found["heroin.md", words] for words in (topic.title, topic.short, topic.more))
    assert lines[title.line - 1].startswith("title: ")
    assert lines[short.line - 1] == topic.short
    assert all(step in short.words for step in topic.steps)
    assert lines[more.line - 1] == topic.more
    assert found["domain.yml", "Hello. {help_line}"].line == 3
    assert any(name == "words.yml" for name, _ in found)
    channels = paths.CHANNEL_WORDS.read_text(encoding="utf-8").split("\n")
    under_a_title = found["channels.yml", "I cannot open files. Please write to me what you want to ask."]
    assert channels[under_a_title.line - 1].startswith("  file: I cannot open files.")


@pytest.mark.parametrize("word", ["Stop", "QUIT", "Help", "info"])
def test_lint_words_refuses_labels_that_carriers_act_on(tmp_path: Path, word: str) -> None:
    below, sources = write_content(tmp_path)
    path = below / "drugs/any.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace("title: The topic any", f"title: {word}.."), encoding="utf-8"
    )
    problems = list(menu_problems(Catalogue.load(below, sources), a_domain(tmp_path, word)))
    assert [(problem.path.name, problem.line) for problem in problems] == [("any.md", 3), ("domain.yml", 5)]


def test_lint_words_lets_other_labels_pass(tmp_path: Path) -> None:
    assert list(menu_problems(small_answerer(tmp_path).catalogue, a_domain(tmp_path, "I want to stop"))) == []


def test_lint_words_answer_is_too_long_for_a_message(tmp_path: Path) -> None:
    long = "Word " * (MESSAGE_CHARACTERS["WhatsApp"] // len("Word ") - 100)
    known = small_answerer(tmp_path)
    assert list(length_problems(known)) == []
    steps = topic_file("drugs/any", ["ask_what_is"]).replace("- First step.", f"- {long}\n- {long}")
    below, sources = write_content(tmp_path, {**TOPICS, "drugs/any": steps})
    catalogue = Catalogue.load(below, sources)
    (problem,) = length_problems(Answerer(catalogue, known.lexicon, known.words))
    assert problem.path.name == "any.md"


@pytest.mark.parametrize(
    ("response", "kind"),
    [("utter_emergency_any", "help"), ("utter_next_any", "emergency"), ("utter_any_question", "check")],
)
def test_lint_words_counts_the_segments_of_each_emergency_text_with_the_numbers_of_each_country(
    tmp_path: Path, response: str, kind: str
) -> None:
    def too_long(letters: int, kind: str = kind, response: str = response) -> list[str]:
        path = tmp_path / "domain.yml"
        text = f"{'a' * letters} {{emergency_number}}"
        path.write_text(
            f"responses:\n  {response}:\n    - text: {text}\n      metadata: {{kind: {kind}}}\n", encoding="utf-8"
        )
        return [problem.what for problem in card_problems(read_yaml(path), HelpLines.load())]

    assert too_long(270) == []
    (unknown,) = too_long(290)
    assert unknown == "with the numbers of an unknown country, it takes 3 segments of SMS"
    assert len(too_long(310)) == len(HelpLines.load().everything)
    assert too_long(310, "dialogue", "utter_greet") == []


def test_lint_words_every_emergency_text_of_the_bot_takes_two_segments_at_most() -> None:
    assert list(card_problems(read_yaml(paths.DOMAIN), HelpLines.load())) == []
