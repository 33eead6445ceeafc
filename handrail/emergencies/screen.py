"""The emergency screen: says whether a message shows a danger to life now, and which one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import spacy
from spacy.attrs import IDS
from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from handrail import paths
from handrail.documents import Document, DocumentError, Problem, read_yaml, validate
from handrail.emergencies.normalise import CLAUSE_END, SENTENCE_END
from handrail.emergencies.patterns import BARRIER, BARRIERS, Around, Notation, NotationError, Sequence_
from handrail.emergencies.records import EmergencyFile, Level, Pattern
from handrail.emergencies.spelling import UNKNOWN, Speller, Word
from handrail.lexicon.english import english_words

# A sentence without full stops is read in windows, so that its cost grows with its length and not faster.
# The overlap is longer than any pattern with its contexts.
WINDOW = 80
OVERLAP = 30
# A context written without `*` counts this many words before or after the match. Farther away it belongs to
# another thought: people in panic write no full stops.
REACH = 10
# After one of these words a story has come to the present: a context before it does not reach over it
# ("he overdosed last year, tonight he took all his pills").
TURNS = frozenset({"now", "tonight", "today", "but"})
# Saying a word a hundred times says no more than saying it twice.
MOST_REPEATS = 2

# In a sentence, or a message, with more unknown words than this no slip of the finger is looked for: each costs
# further readings.
MOST_DOUBTS_NEAR = 12
MOST_DOUBTS = 80

_LEVELS: tuple[Level, ...] = ("emergency", "check")


@dataclass(frozen=True)
class Finding:
    """What the screen found.

    Attributes:
        kind: the kind of emergency, as its file names it (`overdose`).
        level: `emergency` (answer with the card now) or `check` (give the numbers, ask whether it is happening now).
        pattern: the id of the pattern that matched, for editors and tests.
    """

    kind: str
    level: Level
    pattern: str


@dataclass(frozen=True)
class KindFile:
    """A kind's record with the document it came from, which knows the line of each value."""

    record: EmergencyFile
    document: Document


class EmergencyScreen:
    """Checks messages for every kind in a folder. Loading takes some two seconds; one screen serves all threads."""

    def __init__(self, files: Sequence[KindFile]) -> None:
        self.files = tuple(sorted(files, key=lambda file: file.record.order))
        notation = Notation({name: entries for file in self.files for name, entries in file.record.words.items()})
        vocab = spacy.blank("en").vocab
        vocab.add_flag(BARRIERS.__contains__, flag_id=IDS[BARRIER])
        self._vocab = vocab
        problems: list[Problem] = []
        contexts = self._contexts(notation, vocab, problems)
        self._now = _Now(vocab, list(self._now_sayings(notation, contexts, problems)))
        rules = list(self._compiled(notation, contexts, vocab, problems))
        if problems:
            raise DocumentError(problems)
        self._rules = sorted(rules, key=lambda rule: rule.rank)
        self._best_rank = (0, self.files[0].record.order) if self.files else (0, 0)
        known = set().union(*(rule.words for rule in rules), *(context.words for context in contexts.values()))
        known |= self._now.words
        real = {word for file in self.files for word in file.record.real_words}
        weights = Counter(word for rule in rules for way in rule.required for words in way for word in words)
        self._speller = Speller(known, notation.fuzzy, real=real, english=english_words(), weights=weights)
        self._index = _Index(self._rules)

    @classmethod
    def load(cls, folder: Path = paths.EMERGENCIES) -> EmergencyScreen:
        """Read every `*.yml` of `folder`.

        Raises:
            DocumentError: a file cannot be used; the text gives `file:line: what is wrong: how to mend it`.
        """
        files: list[KindFile] = []
        problems: list[Problem] = []
        for path in sorted(folder.glob("*.yml")):
            try:
                document = read_yaml(path)
                files.append(KindFile(record=validate(EmergencyFile, document), document=document))
            except DocumentError as error:
                problems += error.problems
        if not files and not problems:
            problems.append(
                Problem(folder, 1, "no kind of emergency is described here", "add a file such as overdose.yml")
            )
        problems += _clashes(files)
        if problems:
            raise DocumentError(problems)
        return cls(files)

    def check(self, text: str) -> Finding | None:
        """Return the worst danger that `text` shows, or None.

        An `emergency` of any kind comes before a `check` of any kind; within a level the files' `order` decides.
        Where one sentence says that it is happening now, what the others ask or fear counts as told.
        Never raises, whatever the text holds.
        """
        windows = list(self._windows(text))
        now = any(self._now.said_in(_texts(words)) for words in windows)
        best = self._worst_of(((_texts(words), None) for words in windows), now)
        if best:
            return best.finding
        if sum(bool(word.written) for window in windows for word in window) > MOST_DOUBTS:
            return None
        doubtful = self._worst_of((reading for window in windows for reading in self._doubtful(window)), now)
        return replace(doubtful.finding, level="check") if doubtful else None

    def is_excused(self, text: str) -> bool:
        """Say whether a pattern matches `text` at all, also where what stands around it speaks against a danger.

        Where `check` finds nothing, that means a figure of speech, a denial, a time that is over: "I would die without
        her".
        Never raises, whatever the text holds.
        """
        for window in self._windows(text):
            words = _texts(window)
            rules = self._index.candidates(words)
            doc = Doc(self._vocab, words=[SENTENCE_END, *words, SENTENCE_END])
            if any(rule.matches(doc) for rule in rules):
                return True
        return False

    def _worst_of(self, readings: Iterable[tuple[list[str], list[str] | None]], now: bool) -> _Rule | None:
        """Return the first rule that matches; where a reading has a second part, one that needs a word of that."""
        best: _Rule | None = None
        seen: set[tuple[str, ...]] = set()
        for words, guessed in readings:
            key = tuple(words)
            if key in seen:
                continue
            seen.add(key)
            best = self._worst(words, guessed, best, now) or best
            if best and best.rank == self._best_rank:
                break
        return best

    def _worst(self, words: list[str], guessed: list[str] | None, so_far: _Rule | None, now: bool) -> _Rule | None:
        """Return the first rule worse than `so_far` that matches the window."""
        doc: Doc | None = None
        for rule in self._index.candidates(words):
            if so_far and rule.rank >= so_far.rank:
                return None
            if guessed and rule.words.isdisjoint(guessed):
                continue
            doc = doc or Doc(self._vocab, words=[SENTENCE_END, *words, SENTENCE_END])
            if rule.holds(doc, now):
                return rule
        return None

    def _windows(self, text: str) -> Iterator[list[Word]]:
        for sentence in self._speller.read(text):
            words = list(_without_echo(sentence))
            for start in range(0, max(1, len(words) - OVERLAP), WINDOW - OVERLAP):
                yield words[start : start + WINDOW]

    def _doubtful(self, window: list[Word]) -> Iterator[tuple[list[str], list[str]]]:
        """Yield the window once more for each word that a slip of the finger may have turned into another real word.

        With it comes what was put in: a rule counts only if it needs that, not if a context that forbade it is gone.
        """
        doubts = [(place, word) for place, word in enumerate(window) if word.written]
        if len(window) == 1 or len(doubts) > MOST_DOUBTS_NEAR:
            return
        texts = _texts(window)
        others = [(place, word.width, other) for place, word in doubts for other in self._speller.others(word)]
        if not self._index.candidates([*texts, *(word for _, _, other in others for word in other)]):
            return
        for place, width, other in others:
            yield [*texts[:place], *other, *texts[place + width :]], other

    def _contexts(self, notation: Notation, vocab: Vocab, problems: list[Problem]) -> dict[str, _Context]:
        contexts: dict[str, _Context] = {}
        for file in self.files:
            for name, entries in file.record.contexts.items():
                around: list[Around] = []
                for number, entry in enumerate(entries):
                    try:
                        around.append(notation.around(entry))
                    except NotationError as error:
                        problems.append(file.document.problem(("contexts", name, number), str(error), error.mend))
                contexts[name] = _Context(vocab, around)
        return contexts

    def _now_sayings(
        self, notation: Notation, contexts: dict[str, _Context], problems: list[Problem]
    ) -> Iterator[Sequence_]:
        """Yield what says that it is happening now, and mark each context that is lifted by it."""
        for file in self.files:
            now = file.record.happening_now
            for number, name in enumerate(now.lifts if now else ()):
                if name in contexts:
                    contexts[name].is_lifted_now = True
                    continue
                problems.append(
                    file.document.problem(
                        ("happening_now", "lifts", number),
                        f"the context '{name}' is not known",
                        f"use one of {', '.join(sorted(contexts))}",
                    )
                )
            for number, entry in enumerate(now.match if now else ()):
                try:
                    yield from notation.pattern(entry)
                except NotationError as error:
                    problems.append(file.document.problem(("happening_now", "match", number), str(error), error.mend))

    def _compiled(
        self, notation: Notation, contexts: dict[str, _Context], vocab: Vocab, problems: list[Problem]
    ) -> Iterator[_Rule]:
        for file in self.files:
            for number, pattern in enumerate(file.record.patterns):
                here = ("patterns", number)
                entries: list[Sequence[Sequence_]] = []
                for place, entry in enumerate(pattern.match):
                    try:
                        entries.append(notation.pattern(entry))
                    except NotationError as error:
                        problems.append(file.document.problem((*here, "match", place), str(error), error.mend))
                unknown = [name for name in pattern.unless if name not in contexts]
                for name in unknown:
                    place = pattern.unless.index(name)
                    problems.append(
                        file.document.problem(
                            (*here, "unless", place),
                            f"the context '{name}' is not known",
                            f"use one of {', '.join(sorted(contexts))}",
                        )
                    )
                if not unknown:
                    unless = [contexts[name] for name in pattern.unless]
                    yield from (_Rule(file.record, pattern, vocab, entry, unless) for entry in entries)


class _Context:
    """One named context: knows whether it holds around a match."""

    def __init__(self, vocab: Vocab, around: Sequence[Around]) -> None:
        both = [one for one in around if one.before and one.after]
        self._before = _matcher(vocab, (way for one in around if not one.after for way in one.before))
        self._after = _matcher(vocab, (way for one in around if not one.before for way in one.after))
        self._anywhere = _matcher(vocab, (way for one in around for way in one.anywhere))
        self._both = [(_matcher(vocab, one.before), _matcher(vocab, one.after)) for one in both]
        self.is_lifted_now = False
        self.words = {
            word
            for one in around
            for way in (*one.before, *one.after, *one.anywhere)
            for step in way
            for word in step.words
        }

    def holds(self, doc: Doc, start: int, end: int) -> bool:
        """Say whether the context holds around the match `doc[start:end]`."""
        if len(self._anywhere) and self._anywhere(doc[_present(doc, start) : _clause_end(doc, end)]):
            return True
        if _ends_at(self._before, doc, start) or _starts_at(self._after, doc, end):
            return True
        return any(_ends_at(before, doc, start) and _starts_at(after, doc, end) for before, after in self._both)


class _Rule:
    """One line of one pattern of one kind, compiled. Lines are apart so that few need to be tried on a message."""

    def __init__(
        self,
        record: EmergencyFile,
        pattern: Pattern,
        vocab: Vocab,
        sequences: Sequence[Sequence_],
        unless: Sequence[_Context],
    ) -> None:
        self.finding = Finding(kind=record.kind, level=pattern.level, pattern=pattern.id)
        self.rank = (_LEVELS.index(pattern.level), record.order)
        self.words = {word for way in sequences for step in way for word in step.words}
        self.required = [[step.words for step in way if step.words and not step.optional] for way in sequences]
        self._matcher = _matcher(vocab, sequences)
        self._unless = unless
        self._unless_now = [context for context in unless if not context.is_lifted_now]

    def matches(self, doc: Doc) -> bool:
        """Say whether the pattern matches anywhere in `doc`, whatever stands around it."""
        return bool(self._matcher(doc))

    def holds(self, doc: Doc, now: bool = False) -> bool:
        """Say whether the pattern matches anywhere in `doc` outside its `unless` contexts.

        With `now` the contexts that are lifted where it is happening now do not count.

        Of several matches from one word on the longest counts: what follows `wake up` tells more than what follows
        `wake`.
        """
        longest: dict[int, int] = {}
        for _, start, end in self._matcher(doc):
            longest[start] = max(end, longest.get(start, end))
        unless = self._unless_now if now else self._unless
        return any(not any(context.holds(doc, start, end) for context in unless) for start, end in longest.items())


class _Now:
    """Knows the sentences that say that it is happening at this moment."""

    def __init__(self, vocab: Vocab, sequences: Sequence[Sequence_]) -> None:
        self._vocab = vocab
        self._required = [[step.words for step in way if step.words and not step.optional] for way in sequences]
        self._matcher = _matcher(vocab, sequences)
        self.words = {word for way in sequences for step in way for word in step.words}

    def said_in(self, words: list[str]) -> bool:
        """Say whether a window says so. Most hold too few of the words to be looked at any closer."""
        present = {SENTENCE_END, *words}
        if not any(all(not slot.isdisjoint(present) for slot in slots) for slots in self._required):
            return False
        return bool(self._matcher(Doc(self._vocab, words=[SENTENCE_END, *words, SENTENCE_END])))


class _Index:
    """Leaves out the rules that cannot match because a required word is missing: most rules, for most messages."""

    def __init__(self, rules: Sequence[_Rule]) -> None:
        self._rules = rules
        ways = [(number, slots) for number, rule in enumerate(rules) for slots in rule.required]
        common = Counter(word for _, slots in ways for words in slots for word in words)
        self._ways: list[tuple[int, list[frozenset[str]]]] = ways
        self._by_word: dict[str, list[int]] = {}
        for way, (_, slots) in enumerate(ways):
            rarest = min(slots, key=lambda words: sum(common[word] for word in words))
            for word in rarest:
                self._by_word.setdefault(word, []).append(way)

    def candidates(self, words: list[str]) -> list[_Rule]:
        """Return the rules of which every required word is among `words`, worst first."""
        present = {SENTENCE_END, *words}
        numbers: set[int] = set()
        for word in present:
            for way in self._by_word.get(word, ()):
                number, slots = self._ways[way]
                if number not in numbers and not any(slot.isdisjoint(present) for slot in slots):
                    numbers.add(number)
        return [self._rules[number] for number in sorted(numbers)]


def _matcher(vocab: Vocab, sequences: Iterable[Sequence_]) -> Matcher:
    # The notation makes well-formed tokens only; to check them again takes as long as all the rest of loading.
    matcher = Matcher(vocab, validate=False)
    ways = [[step.token() for step in way] for way in sequences]
    if ways:
        matcher.add("way", ways)
    return matcher


def _present(doc: Doc, place: int) -> int:
    """Return where the stretch before `place` begins that a context may stand in."""
    first = max(0, place - REACH)
    turns = [at + 1 for at in range(first, place) if doc[at].orth_ in TURNS]
    return turns[-1] if turns else first


def _clause_end(doc: Doc, place: int) -> int:
    """Return where the stretch after `place` ends that a context may stand in: at the next comma at the latest."""
    last = min(len(doc), place + REACH)
    return next((at for at in range(place, last) if doc[at].orth_ == CLAUSE_END), last)


def _ends_at(matcher: Matcher, doc: Doc, place: int) -> bool:
    if not len(matcher):
        return False
    first = max(0, place - REACH)
    return any(end == place - first for _, _, end in matcher(doc[first:place]))


def _starts_at(matcher: Matcher, doc: Doc, place: int) -> bool:
    return bool(len(matcher)) and any(start == 0 for _, start, _ in matcher(doc[place : place + REACH]))


def _texts(words: Iterable[Word]) -> list[str]:
    return [word.text for word in words]


def _without_echo(words: Iterable[Word]) -> Iterator[Word]:
    previous, count = "", 0
    for word in words:
        count = count + 1 if word.text == previous else 1
        previous = word.text
        if count <= MOST_REPEATS or word.text == UNKNOWN:
            yield word


def _clashes(files: Sequence[KindFile]) -> Iterator[Problem]:
    """Yield a problem for each name that two files, or two patterns, both use."""
    taken: dict[tuple[str, str], KindFile] = {}
    for file in files:
        record = file.record
        names: list[tuple[str, str, tuple[str | int, ...]]] = [
            ("kind", record.kind, ("kind",)),
            ("order", str(record.order), ("order",)),
            *(("word set", name, ("words", name)) for name in record.words),
            *(("context", name, ("contexts", name)) for name in record.contexts),
            *((f"{record.kind} pattern", one.id, ("patterns", n)) for n, one in enumerate(record.patterns)),
        ]
        for what, name, location in names:
            if (what, name) in taken:
                other = paths.shown(taken[what, name].document.path)
                yield file.document.problem(location, f"the {what} '{name}' stands in {other} already", "name it anew")
            taken.setdefault((what, name), file)
        if file.document.path.stem != record.kind:
            yield file.document.problem(
                ("kind",), "the kind is not the name of the file", f"name the file {record.kind}.yml"
            )
