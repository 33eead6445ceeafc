"""Checks everything that the bot knows and says. Each fault is printed as `file:line: what: how to mend it`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from handrail import paths
from handrail.answers import Answerer
from handrail.content import Catalogue, ChannelWords, Words
from handrail.content.coverage import coverage_problems, coverage_table
from handrail.content.review import CardReviews
from handrail.content.spelling import Spelling
from handrail.content.topics import Kind
from handrail.documents import Document, DocumentError, Location, Problem, read_yaml
from handrail.emergencies import EmergencyScreen
from handrail.emergencies.examples import check_examples
from handrail.emergencies.sentences import DangerSentences
from handrail.helplines import HelpLines, expired, expiring
from handrail.lexicon import Lexicon
from handrail.placeholders import BRACES, placeholders
from handrail.tools.coverage import TABLE
from handrail.tools.lint_danger import is_too_old, learned_danger, unlearned_problems
from handrail.tools.lint_emergency_rules import emergency_rule_problems
from handrail.tools.lint_reviews import changed_problems, how_many_are_signed, missing_review_problems
from handrail.tools.lint_words import (
    card_problems,
    length_problems,
    menu_problems,
    source_problems,
    text_problems,
    texts,
)
from handrail.tools.reviewed import load_reviewed
from handrail.tools.training_examples import example_lines

EXAMPLES_AT_LEAST = 25
"""Training examples for each kind of question: with fewer the classifier guesses."""
QUESTION = "ask_"
READ = (
    (paths.TOPICS, ".md"),
    (paths.HELPLINES, ".yml"),
    (paths.LEXICON, ".yml"),
    (paths.EMERGENCIES, ".yml"),
    (paths.NLU, ".yml"),
    (paths.RULES, ".yml"),
)
"""The folders whose files are all read, and how the names of those files end."""
FILLED_IN_BY_CODE = frozenset({"country_name"})


def main() -> int:
    """Print every fault. Returns the exit code: 1 when there is one, 0 when there is none."""
    problems = sorted(set(_all_problems()))
    for problem in problems:
        print(problem)
    for warning in (*(_loaded(lambda: expiring(HelpLines.load(), date.today()))[1] or ()), *_unlearned()):
        if warning not in problems:
            print(f"(soon) {warning}")
    if problems:
        print(f"\n{len(problems)} to mend.", file=sys.stderr)
        return 1
    print(f"The content is in order. {how_many_are_signed(load_reviewed())}")
    return 0


def _all_problems() -> Iterator[Problem]:
    faults, catalogue = _loaded(Catalogue.load)
    yield from faults
    more, lexicon = _loaded(Lexicon.load)
    yield from more
    more, helplines = _loaded(HelpLines.load)
    yield from more
    more, screen = _loaded(EmergencyScreen.load)
    yield from more
    more, words = _loaded(Words.load)
    yield from more
    yield from _loaded(ChannelWords.load)[0]
    more, domain = _loaded(lambda: read_yaml(paths.DOMAIN))
    yield from more
    yield from stray_file_problems()
    faults, reviews = _loaded(CardReviews.load)
    yield from faults
    faults, reviewed = _loaded(load_reviewed)
    yield from faults
    yield from changed_problems(reviewed or ())
    faults, sentences = _loaded(DangerSentences.load)
    yield from faults
    faults, learned = learned_danger()
    yield from faults
    for net in learned if sentences else ():
        if is_too_old(sentences, net):
            yield from unlearned_problems(sentences, net)
    if screen:
        yield from check_examples(screen)
    if helplines:
        yield from expired(helplines, date.today())
    if domain:
        yield from placeholder_problems(domain, helplines)
        yield from card_problems(domain, helplines) if helplines else ()
        yield from example_problems(domain)
        yield from rule_problems(domain)
        faults, lacking = _loaded(lambda: list(emergency_rule_problems(domain)))
        yield from faults
        yield from lacking or ()
        if reviews:
            yield from missing_review_problems(reviews[0], reviews[1], domain)
    if catalogue and lexicon and domain and words:
        yield from question_problems(catalogue, lexicon, domain)
        yield from starting_point_problems(catalogue, words)
        names = tuple(name for entry in lexicon for name in (entry.name, *entry.terms))
        spelling = Spelling.load([*names, *(word for entry in lexicon for word in (*entry.slang, *entry.exact))])
        for text in texts(catalogue, domain):
            yield from text_problems(text, names, spelling)
        yield from source_problems(catalogue)
        yield from menu_problems(catalogue, domain)
        yield from length_problems(Answerer(catalogue, lexicon, words))
        yield from coverage_problems(catalogue, domain.data["responses"])
        yield from table_problems(catalogue)


def _unlearned() -> list[Problem]:
    (_, sentences), (_, learned) = _loaded(DangerSentences.load), learned_danger()
    # The nets learn from the same sentences: what is new to one is mostly new to the others.
    return sorted({problem for net in learned if sentences for problem in unlearned_problems(sentences, net)})


def _loaded(load: Callable[[], Any]) -> tuple[list[Problem], Any]:
    """Return what `load` gives; when its file has faults, those faults instead."""
    try:
        return [], load()
    except DocumentError as error:
        return error.problems, None


def stray_file_problems(folders: Iterable[tuple[Path, str]] = READ) -> Iterator[Problem]:
    """Yield each file in a data folder that nothing reads, because its name does not end as it has to."""
    for folder, ending in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ending:
                yield Problem(path, 1, "nothing reads this file", f"let its name end in '{ending}', or take it out")


def table_problems(catalogue: Catalogue, path: Path = TABLE) -> Iterator[Problem]:
    """Yield a problem when the table of what the bot can answer is not that of the topics."""
    if not path.exists() or path.read_text(encoding="utf-8") != coverage_table(catalogue):
        yield Problem(path, 1, "this table is not up to date", "run 'make coverage'")


def placeholder_problems(domain: Document, helplines: HelpLines | None) -> Iterator[Problem]:
    """Yield each word in braces that nothing fills in."""
    if helplines is None:
        return
    known = set(placeholders(helplines.international))
    for name, variations in domain.data.get("responses", {}).items():
        for number, variation in enumerate(variations):
            for brace in BRACES.findall(variation.get("text", "")):
                if brace.strip("{}") not in known | FILLED_IN_BY_CODE:
                    yield domain.problem(
                        ("responses", name, number, "text"),
                        f"nothing fills in '{brace}'",
                        f"use one of {', '.join(sorted(known))}",
                    )


def example_problems(domain: Document, folder: Path = paths.NLU) -> Iterator[Problem]:
    """Yield what is wrong with the training examples: too few, in two places, or of an unknown intent."""
    seen: dict[str, str] = {}
    found = set()
    for path in sorted(folder.glob("*.yml")):
        faults, document = _loaded(partial(read_yaml, path))
        yield from faults
        for number, block in enumerate((document.data or {}).get("nlu", []) if document else []):
            intent = block.get("intent", "")
            found.add(intent)
            if intent != path.stem:
                yield document.problem(
                    ("nlu", number), f"the intent '{intent}' is not the file's name", f"write 'intent: {path.stem}'"
                )
            if intent not in domain.data["intents"]:
                yield document.problem(
                    ("nlu", number), f"domain.yml does not know the intent '{intent}'", "add it there under 'intents'"
                )
            yield from _block_problems(document, number, block, seen)
    for number, intent in enumerate(domain.data["intents"]):
        if intent.startswith(QUESTION) and intent not in found:
            yield domain.problem(
                ("intents", number), f"there are no examples for '{intent}'", f"write data/nlu/{intent}.yml"
            )


def _block_problems(document: Document, number: int, block: dict[str, Any], seen: dict[str, str]) -> Iterator[Problem]:
    intent = block.get("intent", "")
    place: Location = ("nlu", number, "examples")
    examples = example_lines(str(block.get("examples", "")))
    if len(examples) < EXAMPLES_AT_LEAST:
        yield document.problem(
            place, f"there are {len(examples)} examples", f"write at least {EXAMPLES_AT_LEAST} that differ"
        )
    for offset, example in enumerate(examples, start=1):
        key = re.sub(r"[^a-z0-9]+", " ", example.lower()).strip()
        first = seen.setdefault(key, intent)
        if first != intent:
            yield Problem(
                document.path,
                document.line(place) + offset,
                f"'{example}' is an example of '{first}' too",
                "leave it to one of them",
            )


def rule_problems(domain: Document, folder: Path = paths.RULES) -> Iterator[Problem]:
    """Yield each intent that no rule answers, and each rule that does not end in the help line."""
    answered: set[str] = set()
    for path in sorted(folder.glob("*.yml")):
        faults, document = _loaded(partial(read_yaml, path))
        yield from faults
        for number, rule in enumerate((document.data or {}).get("rules", []) if document else []):
            steps = rule.get("steps", [])
            answered.update(step["intent"] for step in steps if "intent" in step)
            last = steps[-1].get("action") if steps else None
            if last not in ("utter_help_line", "utter_default"):
                yield document.problem(
                    ("rules", number), "the rule does not end in the help line", "add '- action: utter_help_line'"
                )
    for number, intent in enumerate(domain.data["intents"]):
        if intent not in answered:
            yield domain.problem(
                ("intents", number), f"no rule says what follows '{intent}'", "add one to a file in data/rules/"
            )


def question_problems(catalogue: Catalogue, lexicon: Lexicon, domain: Document) -> Iterator[Problem]:
    """Yield each question without an answer, and each answer to a question that nobody can ask."""
    subjects = {entry.id for entry in lexicon if entry.kind not in ("country", "relationship")}
    who = {entry.id for entry in lexicon if entry.kind == "relationship"}
    for topic in catalogue.topics.values():
        for number, question in enumerate(topic.front.answers):
            for key, value, known, mend in (
                ("intent", question.intent, set(domain.data["intents"]), "name one of 'intents' in domain.yml"),
                ("subject", question.subject, subjects, "add it to a file in data/lexicon/"),
                ("relationship", question.relationship, who, "name one of data/lexicon/relationships.yml"),
            ):
                if value and value not in known:
                    yield topic.document.problem(("answers", number, key), f"the {key} '{value}' is not known", mend)
    for number, intent in enumerate(domain.data["intents"]):
        if intent.startswith(QUESTION) and catalogue.find(intent) is None:
            yield domain.problem(
                ("intents", number),
                f"no topic answers '{intent}' when no subject is named",
                "add a topic that answers this intent alone",
            )
    for topic in catalogue.topics.values():
        if topic.front.kind is Kind.ANSWER and len(topic.front.related) < 1:
            yield topic.document.problem(("related",), "there is nothing to go on to", "name 2 to 4 related topics")


def starting_point_problems(catalogue: Catalogue, words: Words) -> Iterator[Problem]:
    """Yield each starting point that is not a topic."""
    document = read_yaml(paths.WORDS)
    for number, topic in enumerate(words.starting_points):
        if topic not in catalogue.topics:
            yield document.problem(("starting_points", number), f"there is no topic '{topic}'", "name a topic's id")


if __name__ == "__main__":
    sys.exit(main())
