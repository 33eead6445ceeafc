"""Checks the words that the bot says: plain, kind, spelled right, and without what must never stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from handrail import paths
from handrail.answers import Answerer
from handrail.content import Catalogue
from handrail.content.cautions import Never, cautions, is_opt_out_word
from handrail.content.plain_words import EMERGENCY_GRADE_AT_MOST, GRADE_AT_MOST, grade, hurting_words
from handrail.content.sms import in_gsm, segments
from handrail.content.spelling import Spelling
from handrail.content.topics import MORE, Topic
from handrail.documents import Document, Location, Problem, read_yaml
from handrail.helplines import HelpLines, stray_numbers
from handrail.placeholders import BRACES, placeholders

HEADING = "## "
CARD = "utter_emergency_"
EMERGENCY_KINDS = frozenset({"emergency", "check"})
"""What a response says of itself when it is a card, or follows on one."""
CARD_LINES = 8
CARD_SEGMENTS = 2
"""A card, and what follows on it, is read in panic and goes out as one SMS of two segments: a third may come late, or
not at all."""
NO_GRADE = 99.0
"""A title is too short to have a grade."""

MESSAGE_CHARACTERS = {"WhatsApp": 1600, "Slack": 3000, "Telegram": 4096}
"""The longest message that a channel takes at once (Twilio's limit for WhatsApp; Slack's for a section of text;
Telegram's `sendMessage`). SMS has no such limit here: long answers go out in parts, one at a time."""


@dataclass(frozen=True)
class Text:
    """One thing that the bot may say, and where it stands.

    Attributes:
        words: the text as it stands in the file.
        path: the file.
        line: the line on which `words` begins.
        grade_at_most: the hardest US school grade allowed.
    """

    words: str
    path: Path
    line: int
    grade_at_most: float = GRADE_AT_MOST

    def problem(self, what: str, mend: str, offset: int = 0) -> Problem:
        """Return a problem on this text, `offset` lines below its first."""
        return Problem(self.path, self.line + offset, what, mend)


def texts(catalogue: Catalogue, domain: Document) -> Iterator[Text]:
    """Yield everything that the bot may say, save the help lines."""
    for topic in catalogue.topics.values():
        yield from _topic_texts(topic)
    for name, variations in domain.data.get("responses", {}).items():
        for number, variation in enumerate(variations):
            at_most = EMERGENCY_GRADE_AT_MOST if _is_of_emergency(name, variation) else GRADE_AT_MOST
            words, place = variation.get("text", ""), ("responses", name, number, "text")
            # A text of several lines begins on the line after its key.
            yield Text(words, domain.path, domain.line(place) + ("\n" in words), at_most)
    for path in (paths.WORDS, paths.CHANNEL_WORDS):
        phrases = read_yaml(path)
        for key, value in _phrases(phrases.data, ()):
            if "{" not in value:
                yield Text(value, path, phrases.line(key))


def _phrases(data: Any, place: Location) -> Iterator[tuple[Location, str]]:
    """Yield each phrase of a file, also of those under a title of their own, and where it stands."""
    for key, value in data.items():
        if isinstance(value, str):
            yield (*place, key), value
        elif isinstance(value, dict):
            yield from _phrases(value, (*place, key))


def _topic_texts(topic: Topic) -> Iterator[Text]:
    path, line = topic.document.path, topic.document.body_line
    yield Text(topic.title, path, topic.document.line(("title",)), NO_GRADE)
    lines = topic.document.body.split("\n")
    below = next((number for number, one in enumerate(lines) if one.strip() == HEADING + MORE), len(lines))
    for first, last in ((0, below), (below + 1, len(lines))):
        words = "\n".join(lines[first:last])
        if words.strip():
            yield Text(words, path, line + first)


def text_problems(text: Text, names: Iterable[str] = (), spelling: Spelling | None = None) -> Iterator[Problem]:
    """Yield what is wrong with the words of one text, each fault on its own line.

    Args:
        text: what the bot says.
        names: names of the lexicon, which count as short words.
        spelling: left out, the spelling is not looked at.
    """
    never = _never()
    said = [BRACES.sub("it", line) for line in text.words.split("\n")]
    for offset, line in enumerate(said):
        if line.startswith(HEADING):
            continue
        for number in stray_numbers(line):
            mend = "take it out: numbers stand only in data/content/helplines/"
            yield text.problem(f"'{number}' looks like a phone number", mend, offset)
        for what, mend in cautions(line):
            # The cards are numbered, and their numbers are read out as they stand.
            if text.path != paths.DOMAIN:
                yield text.problem(what, mend, offset)
        if name := never.name_in(line):
            yield text.problem(f"'{name}' is never shown", "take it out; data/content/never.yml says why", offset)
        for word, mend in spelling.faults(line) if spelling else ():
            yield text.problem(f"'{word}' is not a word that is known", mend, offset)
    plain = "\n".join(line for line in said if not line.startswith(HEADING))
    for word, instead in hurting_words(plain):
        offset = next((number for number, line in enumerate(said) if word in line), 0)
        yield text.problem(f"'{word}' can hurt", instead, offset)
    found = grade(plain, _long_names(tuple(names)))
    if found > text.grade_at_most:
        yield text.problem(
            f"this reads at US grade {found:.1f}",
            f"use shorter sentences and words, for grade {text.grade_at_most:.0f} or below",
        )


def source_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield each source that lies on a site that is never cited."""
    never, document = _never(), read_yaml(paths.SOURCES)
    for source_id, source in catalogue.sources.items():
        if never.is_site(str(source.address)):
            place: Location = (source_id, "address")
            yield document.problem(place, f"'{source.address}' is never cited", "find the page of who is responsible")


def menu_problems(catalogue: Catalogue, domain: Document) -> Iterator[Problem]:
    """Yield each title or button that is a word on which SMS carriers act."""
    mend = "say it in other words: on SMS a carrier takes this one for its own"
    for topic in catalogue.topics.values():
        if is_opt_out_word(topic.title):
            yield topic.document.problem(("title",), f"'{topic.title}' is no label to choose", mend)
    for name, variations in domain.data.get("responses", {}).items():
        for number, variation in enumerate(variations):
            for button, given in enumerate(variation.get("buttons", [])):
                if is_opt_out_word(given.get("title", "")):
                    place: Location = ("responses", name, number, "buttons", button, "title")
                    yield domain.problem(place, f"'{given['title']}' is no label to choose", mend)


def length_problems(answerer: Answerer) -> Iterator[Problem]:
    """Yield each answer that is too long for one message of a channel.

    The sources below 'Tell me more' may go out in a second message; its text may not.
    """
    channel, at_most = min(MESSAGE_CHARACTERS.items(), key=lambda limit: limit[1])
    for topic in answerer.catalogue.topics.values():
        for part, length in (("answer", len(answerer.show(topic).text)), (f"part '{MORE}'", len(topic.more))):
            if length > at_most:
                yield Problem(
                    topic.document.path,
                    topic.document.body_line,
                    f"the {part} has {length} characters",
                    f"keep it to {at_most}: {channel} takes no more in one message",
                )


def card_problems(domain: Document, helplines: HelpLines) -> Iterator[Problem]:
    """Yield each emergency text that, with the numbers of some country, is too long to be read at once."""
    for name, variations in domain.data.get("responses", {}).items():
        for number, variation in enumerate(variations):
            if not _is_of_emergency(name, variation):
                continue
            place: Location = ("responses", name, number, "text")
            if variation["text"].count("\n") >= CARD_LINES:
                what = f"the text has {variation['text'].count(chr(10)) + 1} lines"
                yield domain.problem(place, what, f"keep it to {CARD_LINES}")
            for lines in helplines.everything:
                filled = placeholders(lines)
                count = segments(in_gsm(variation["text"].format(**filled)))
                if count > CARD_SEGMENTS:
                    what = (
                        f"with the numbers of {lines.country or 'an unknown country'}, it takes {count} segments of SMS"
                    )
                    yield domain.problem(place, what, f"keep it to {CARD_SEGMENTS}, some 300 letters")


def _is_of_emergency(name: str, variation: Mapping[str, Any]) -> bool:
    return name.startswith(CARD) or variation.get("metadata", {}).get("kind") in EMERGENCY_KINDS


@lru_cache(maxsize=1)
def _never() -> Never:
    return Never.load()


@lru_cache(maxsize=2)
def _long_names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if len(name) > 3)
