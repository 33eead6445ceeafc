"""Describes the emergencies that were missed and the false alarms, by counts: no sentence is ever shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from handrail.lexicon import Lexicon
from handrail.tools.evaluation.measures import Share
from handrail.tools.evaluation.safety_asking import Heard, Result

LENGTHS = ((1, 4), (5, 8), (9, 15), (16, 10_000))
"""Words of a message, from and to."""
MARKED = 0.15
"""A trait is marked when it is that much more common among the missed messages."""
NEAR = 0.3
"""The trained net was near when it gave all kinds of emergency together this probability."""
FEWEST = 2

_SOMEBODY = r"(he|she|they|him|her|them|hes|shes|theyre|he's|she's|they're|his|their)"
_WRITTEN_TRAITS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("speaks of the writer (I, me, my)", r"\b(i|im|i'm|ive|i've|ill|i'll|id|i'd|me|my|myself)\b"),
        ("speaks of somebody else (he, she, they)", rf"\b{_SOMEBODY}\b"),
        ("tells of the past", r"\b(was|were|did|had|yesterday|ago|last (night|week|month|year|time))\b"),
        ("tells of a plan or a wish", r"\b(want\w*|going to|gonna|will|plan\w*|ready to|about to|wish\w*|tonight)\b"),
        ("has a word for death or dying", r"\b(die|dies|died|dying|dead|death|kill\w*|suicid\w*|alive|live|living)\b"),
        (
            "has a word for breath, waking or color",
            r"\b(breath\w*|wak\w*|woke\w*|blue|gr[ae]y|pale|pulse|conscious\w*)\b",
        ),
        ("has a negation", r"\b(not|no|never|nothing|nobody|cant|wont|dont|isnt|\w+n't)\b"),
        ("asks something", r"\?|^\W*(what|how|should|can|do|does|is|are|why|who|where|when)\b"),
        ("has several sentences", r"[.!?…]\s+\w"),
    )
)


@dataclass(frozen=True)
class Miss:
    """One emergency that got neither card nor question: where it stands, and what the bot said instead."""

    source: str
    line: int
    kind: str
    level: str
    words: int
    reply: str


@dataclass(frozen=True)
class Alarm:
    """One false alarm: where it stands, what the bot gave, and which nets are behind it."""

    source: str
    line: int
    group: str
    reply: str
    nets: str


@dataclass(frozen=True)
class Trait:
    """How common a trait is among the missed and among the noticed emergencies."""

    name: str
    missed: Share
    noticed: Share

    @property
    def is_marked(self) -> bool:
        """Whether the missed ones have it clearly more often."""
        return self.missed.hits >= FEWEST and self.missed.value - self.noticed.value >= MARKED


@dataclass(frozen=True)
class Described:
    """The missed emergencies of one set, in counts.

    Attributes:
        by_kind: (kind, level, missed).
        by_length: words of a message, and how many of that length were missed.
        by_reply: what was said instead, the commonest first.
        near: how many of them the trained net was near to noticing.
    """

    misses: Sequence[Miss]
    by_kind: Sequence[tuple[str, str, Share]]
    by_length: Sequence[tuple[str, Share]]
    by_reply: Sequence[tuple[str, int]]
    traits: Sequence[Trait]
    near: int


def describe(results: Sequence[Result], lexicon: Lexicon, heard: Callable[[Result], Heard]) -> Described:
    """Describe the emergencies among `results` that were missed; `heard` chooses the wording that is looked at."""
    missed = [one for one in results if not heard(one).bot.is_noticed]
    noticed = [one for one in results if heard(one).bot.is_noticed]
    places = sorted({(one.message.group, one.message.level) for one in missed})
    return Described(
        misses=[
            Miss(
                one.message.source,
                one.message.line,
                one.message.group,
                one.message.level,
                words(one.message.text),
                heard(one).bot.kind,
            )
            for one in missed
        ],
        by_kind=[(*place, _missed(results, heard, _at(place))) for place in places],
        by_length=[(_length(*ends), _missed(results, heard, _long(*ends))) for ends in LENGTHS],
        by_reply=Counter(heard(one).bot.kind for one in missed).most_common(),
        traits=traits(missed, noticed, lexicon),
        near=sum(heard(one).probability >= NEAR for one in missed),
    )


def traits(missed: Sequence[Result], noticed: Sequence[Result], lexicon: Lexicon) -> list[Trait]:
    """Return the traits of the messages, those first that set the missed ones apart most."""
    has = [_traits(one.message.text, lexicon) for one in missed]
    have = [_traits(one.message.text, lexicon) for one in noticed]
    names = [name for name, _ in _traits("", lexicon)]
    found = [
        Trait(name, Share.of([one[at][1] for one in has]), Share.of([one[at][1] for one in have]))
        for at, name in enumerate(names)
    ]
    return sorted(found, key=lambda trait: trait.noticed.value - trait.missed.value)


def in_words(described: Described) -> str:
    """Say in a few sentences what the missed emergencies have in common."""
    total = len(described.misses)
    if not total:
        return "None was missed."
    told = [f"{total} missed."]
    marked = [trait for trait in described.traits if trait.is_marked]
    if marked:
        shares = (f"{one.name}: {one.missed.value:.0%} of them, {one.noticed.value:.0%} of the rest" for one in marked)
        told.append(f"What sets them apart: {'; '.join(shares)}.")
    else:
        told.append("No trait sets them apart from those that were noticed.")
    told.append(f"The trained net was near (probability {NEAR} or more) in {described.near} of them.")
    return " ".join(told)


def alarms(results: Iterable[Result]) -> list[Alarm]:
    """Return the false alarms among messages that are no emergency."""
    return [
        Alarm(
            one.message.source,
            one.message.line,
            one.message.group,
            one.written.bot.kind + (f" ({one.written.bot.card})" if one.written.bot.card else ""),
            _behind(one.written),
        )
        for one in results
        if one.written.bot.is_noticed
    ]


def words(text: str) -> int:
    """Return how many words a message has."""
    return len(text.split())


def _behind(heard: Heard) -> str:
    names = [name for name, reply in (("patterns", heard.patterns), ("trained net", heard.trained)) if reply.is_noticed]
    return " and ".join(names) or "neither: a rule for follow-ups"


def _traits(text: str, lexicon: Lexicon) -> list[tuple[str, bool]]:
    plain = text.replace("’", "'")
    named = any(mention.entity == "subject" for mention in lexicon.find(plain)) if plain else False
    return [
        *((name, pattern.search(plain) is not None) for name, pattern in _WRITTEN_TRAITS),
        ("names a drug, a drink or a medicine", named),
    ]


def _missed(results: Sequence[Result], heard: Callable[[Result], Heard], own: Callable[[Result], bool]) -> Share:
    return Share.of([not heard(one).bot.is_noticed for one in results if own(one)])


def _at(place: tuple[str, str]) -> Callable[[Result], bool]:
    return lambda one: (one.message.group, one.message.level) == place


def _long(least: int, most: int) -> Callable[[Result], bool]:
    return lambda one: least <= words(one.message.text) <= most


def _length(least: int, most: int) -> str:
    return f"{least} to {most}" if most < LENGTHS[-1][1] else f"{least} or more"
