"""Searches a message for the lexicon's entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from handrail import paths
from handrail.lexicon import context, countries, relationships
from handrail.lexicon.english import english_words
from handrail.lexicon.mentions import ENTITY_OF_KIND, Candidate, Mention, longest
from handrail.lexicon.records import Entry, Role, load_entries
from handrail.lexicon.spelling import EDITS_LONG, EDITS_SHORT, SHORTEST_STREET_NAME, OneEdit, Spelling, Target
from handrail.lexicon.words import Word, norms, split

# Stands for each word that no term holds, so that what people write never enters spaCy's vocabulary,
# which a server keeps for as long as it runs.
UNKNOWN = "·"

PLAIN_ROLES: frozenset[Role] = frozenset({"terms", "slang", "misspelt", "as_written", "exact"})
DOUBTFUL_ROLES: frozenset[Role] = frozenset({"in_context", "after_use", "asked"})
DRUG_KINDS = frozenset({"substance", "medicine"})
STREET_ROLES: frozenset[Role] = frozenset({"terms", "slang", "in_context", "after_use", "asked"})

# Different words of one message that are looked at for misspellings. The longest questions have some 200; the limit
# keeps 10,000 characters made of near misses under 100 ms.
MOST_RESPELLED = 400

LONGEST_STREET_NAME = 3
"""Words around a misspelt one that are looked at: no street name in the lexicon holds more than four."""
MOST_GUESSED = 20
"""Misspelt words of one message that may be street names: more are noise."""

DRAWN_OUT = re.compile(r"([a-z])\1{2,}")  # "weeeed": no English word holds a letter three times in a row


class Lexicon:
    """All entries, ready to search with. Searching changes nothing, so threads may share one."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Build the matchers from entries that `load_entries` has checked."""
        self._entries = {entry.id: entry for entry in entries}
        self._vocab = Vocab()
        self._matcher = PhraseMatcher(self._vocab, attr="ORTH")
        self._known: set[str] = set()
        self._as_written: set[tuple[str, ...]] = set()
        self._exact: set[tuple[str, ...]] = set()
        spelled: dict[str, Target] = {}
        street: set[str] = set()
        in_names: set[str] = set()
        for entry in self._entries.values():
            for role, _, term in entry.by_role():
                phrase = norms(term)
                self._known.update(phrase)
                self._matcher.add(f"{role} {entry.id}", [Doc(self._vocab, words=list(phrase))])
                if role == "terms" and entry.fuzzy:
                    most = EDITS_SHORT if entry.kind == "country" else EDITS_LONG
                    for word in phrase:
                        known = spelled.get(word, Target(most, frozenset()))
                        spelled[word] = Target(max(most, known.most), known.owners | {entry.id})
                if role in STREET_ROLES and entry.kind in DRUG_KINDS:
                    street.update(phrase)
                    if len(phrase) > 1 and role != "asked":
                        in_names.update(phrase)
                if role == "as_written":
                    self._as_written.add(phrase)
                if role == "exact":
                    self._exact.add(tuple(word.surface for word in split(term)))
        self._spelling = Spelling(spelled)
        self._street_names = OneEdit(street)
        self._in_names = OneEdit(in_names)
        self._english = english_words()

    @classmethod
    def load(cls, folder: Path = paths.LEXICON) -> Lexicon:
        """Read every `*.yml` file of `folder`.

        Raises:
            DocumentError: with every fault found, each as file, line, what is wrong and how to mend it.
        """
        return cls(load_entries(folder))

    def __iter__(self) -> Iterator[Entry]:
        """Yield the entries in the order of the files."""
        return iter(self._entries.values())

    def entry(self, entry_id: str) -> Entry:
        """Return the entry called `entry_id`.

        Raises:
            KeyError: there is none.
        """
        return self._entries[entry_id]

    def ancestors(self, entry_id: str) -> list[str]:
        """Return `entry_id`, its parent, that one's parent and so on.

        Raises:
            KeyError: there is no such entry.
        """
        line: list[str] = []
        at: str | None = entry_id
        while at is not None:
            line.append(at)
            at = self._entries[at].parent
        return line

    def knows(self, word: str) -> bool:
        """Say whether some name or street name holds `word`, which is in small letters."""
        return word in self._known

    def find(self, text: str | Doc) -> list[Mention]:
        """Return what `text` (a string or any spaCy Doc) names, left to right, the longest match first, no overlaps.

        A place is returned only when it says where someone is (see `countries`); an everyday word only when it
        stands for a drug there (see `context`); a relationship only when it is not the writer's own.
        """
        text = text if isinstance(text, str) else str(text.text)
        words = split(text)
        everything = self._candidates(words)
        blocked = {
            (one.entry.id, number) for one in everything if one.role == "never" for number in range(one.first, one.last)
        }
        # Capitals tell "US" from "us", unless everything is in capitals.
        shouted = text.isupper() and sum(len(word.norm) > 1 for word in words) > 1
        named = [
            one
            for one in everything
            if one.role != "never"
            and not any((one.entry.id, number) in blocked for number in range(one.first, one.last))
            and (
                one.role != "exact"
                or (not shouted and tuple(word.surface for word in words[one.first : one.last]) in self._exact)
            )
        ]
        return [self._mention(one, words, text) for one in self._decide(named, words)]

    def canonical(self, text: str, mentions: Iterable[Mention]) -> str:
        """Return `text` with each subject written as its entry's `name`, so that slang and misspellings look alike.

        Forms listed under `as_written` ("drinking") stay, as a noun in their place would break the sentence.
        `mentions` are those that `find` returned for this text.
        """
        parts: list[str] = []
        at = 0
        for mention in sorted(mentions, key=lambda one: one.start):
            if mention.entity != "subject" or norms(mention.surface) in self._as_written:
                continue
            parts += [text[at : mention.start], self._entries[mention.id].name]
            at = mention.end
        return "".join([*parts, text[at:]])

    def _candidates(self, words: Sequence[Word]) -> list[Candidate]:
        if not words:
            return []
        right = self._respell(dict.fromkeys(word.norm for word in words if word.norm not in self._known))
        spelled = [word.norm if word.norm in self._known else right.get(word.norm, UNKNOWN) for word in words]
        found = []
        for one in self._matches(spelled):
            misspelt = [word.norm for word in words[one.first : one.last] if word.norm not in self._known]
            if one.role not in DOUBTFUL_ROLES or not misspelt:
                found.append(one)
            elif all(len(word) >= SHORTEST_STREET_NAME and word not in self._english for word in misspelt):
                # An everyday word that is also misspelt is a guess upon a guess.
                found.append(replace(one, guessed=True))
        return found + list(self._guesses(words, spelled))

    def _matches(self, spelled: Sequence[str]) -> Iterator[Candidate]:
        for key, first, last in self._matcher(Doc(self._vocab, words=list(spelled))):
            role, _, entry_id = self._vocab.strings[key].partition(" ")
            yield Candidate(first, last, self._entries[entry_id], role)

    def _guesses(self, words: Sequence[Word], spelled: Sequence[str]) -> Iterator[Candidate]:
        """Yield what would be named if one word were a street name with one letter wrong.

        A word that has a meaning of its own counts as misspelt only inside a well-known name of several words:
        "block tar".
        """
        tried = 0
        nearest: dict[str, set[str]] = {}
        for number, word in enumerate(words):
            if len(word.norm) < SHORTEST_STREET_NAME - 1 or tried >= MOST_GUESSED:
                continue
            english = word.norm in self._known or word.norm in self._english
            if not english and spelled[number] != UNKNOWN:
                continue
            if word.norm not in nearest:
                nearest[word.norm] = (self._in_names if english else self._street_names).near(word.norm)
            near = nearest[word.norm]
            if not near:
                continue
            tried += 1
            start, end = max(0, number - LONGEST_STREET_NAME), number + LONGEST_STREET_NAME + 1
            found: list[Candidate] = []
            for one in sorted(near):
                around = [*spelled[start:number], one, *spelled[number + 1 : end]]
                found += [
                    replace(match, first=match.first + start, last=match.last + start, guessed=True, english=english)
                    for match in self._matches(around)
                    if match.role in STREET_ROLES
                    and match.entry.kind in DRUG_KINDS
                    and match.first + start <= number < match.last + start
                    and (not english or (match.role != "asked" and _length(match) > 1))
                ]
            longest_first = sorted(found, key=_length, reverse=True)
            same = [
                one for one in longest_first if one.last - one.first == longest_first[0].last - longest_first[0].first
            ]
            # Equally near to two drugs: a wrong guess does more harm than none.
            if same and len({one.entry.id for one in same}) == 1:
                yield same[0]

    def _respell(self, unknown: Iterable[str]) -> dict[str, str]:
        right: dict[str, str] = {}
        left: list[str] = []
        for word in unknown:
            shorter = (DRAWN_OUT.sub(letters, word) for letters in (r"\1", r"\1\1"))
            drawn_out = next((one for one in shorter if one in self._known), None)
            if drawn_out:
                right[word] = drawn_out
            else:
                left.append(word)
        return right | self._spelling.correct(left[:MOST_RESPELLED])

    def _decide(self, named: list[Candidate], words: Sequence[Word]) -> list[Candidate]:
        places = [one for one in named if one.entry.kind == "country"]
        people = [one for one in named if one.entry.kind == "relationship"]
        subjects = [one for one in named if ENTITY_OF_KIND[one.entry.kind] == "subject"]
        clear = [one for one in subjects if one.role in PLAIN_ROLES and not one.guessed]
        drugs = [one for one in clear if one.entry.kind in DRUG_KINDS]
        setting = context.Setting.of(words, drugs, people)
        starts = frozenset(one.first for one in people)
        things = [one for one in subjects if one.role == "asked" and not one.guessed]
        doubtful = [
            one
            for one in subjects
            if (one.guessed or one.role in DOUBTFUL_ROLES)
            and context.is_drug(one, words, setting)
            and not any(_is_inside(one, thing) for thing in things)
        ]
        subjects = doubtful + clear  # of two readings of the same words the first stays: "what is drank" names a drug
        covered = {number for one in longest(subjects) for number in range(one.first, one.last)}
        places = [one for one in places if covered.isdisjoint(range(one.first, one.last))]
        chosen = longest(
            subjects
            + countries.tied(places, words)
            + [one for one in people if relationships.is_about(one, words, starts)]
        )
        drug_starts = frozenset(one.first for one in chosen if one.entry.kind in DRUG_KINDS)
        return [one for one in chosen if not self._is_verb(one, words, drug_starts)]

    @staticmethod
    def _is_verb(one: Candidate, words: Sequence[Word], starts: frozenset[int]) -> bool:
        """Return whether this is the verb of the drug that follows: "drinking lean" is not about alcohol."""
        if one.role != "as_written":
            return False
        after = one.last
        while after < len(words) and words[after].norm in context.FILLERS:
            after += 1
        return after in starts

    @staticmethod
    def _mention(one: Candidate, words: Sequence[Word], text: str) -> Mention:
        start, end = words[one.first].start, words[one.last - 1].end
        kind = one.entry.kind
        return Mention(ENTITY_OF_KIND[kind], kind, one.entry.id, start, end, text[start:end])


def _is_inside(one: Candidate, thing: Candidate) -> bool:
    """Return whether `one` is a part of a longer name: the "snow" that is bought in a snow cone is no drug."""
    return thing.first <= one.first and one.last <= thing.last and _length(one) < _length(thing)


def _length(one: Candidate) -> int:
    return one.last - one.first
