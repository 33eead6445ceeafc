"""Turns a classified question into what the person sees. Pure: knows topics, lexicon and words, not Rasa."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handrail import knowledge
from handrail.content import Catalogue, Source, Topic, Words
from handrail.content.topics import Area, Kind
from handrail.intents import QUESTION_PREFIX
from handrail.lexicon import Lexicon

SHOW_TOPIC = "show_topic"
TELL_MORE = "tell_more"
NONE_OF_THESE = "none_of_these"
DEFAULT_QUESTION = "ask_what_is"
HARMFUL = "ask_harmful"
"""Requests that are refused: this kind, and those that begin with it and `_` (`ask_harmful_buy`)."""
OTHER_ADDICTIONS = "ask_other_addictions"
"""Gambling, food, a phone: what the bot knows nothing about."""

CHOICES_OFFERED = 3
"""Two or three topics to choose from: more are slow to read for someone in distress."""
WORTH_OFFERING = 0.04
"""A kind of question less likely than this is not offered as a choice (measured: see docs/decisions/0001)."""
IN_THE_FIELD = 0.15
"""The offered kinds must together be at least this likely, or the text is taken to be about something else."""

SURE_TOGETHER = 0.2
"""When the kinds of question that lead to one topic are together this likely, that topic is the answer."""
SURE = 0.5
"""Below this likelihood an answer says that something else may have been meant, and offers it."""
WORTH_A_BUTTON = 0.02
"""A kind of question less likely than this is not offered beside an answer."""
TOPICS_OFFERED = 4
"""Topics offered below an answer, beside "tell me more": five buttons are read at a glance, on a phone too. Chosen as
below, four bring people to the right topic as often as five did in the order of their likelihood."""
SAME_AREA = 0.5
"""What a topic counts whose areas are on offer already, against 1 for one that opens another. Measured on the held-out
sentences with 5 buttons: the right topic shown or offered 88.0 %, its area 90.5 %; with 0.15, 86.6 % and 90.8 %."""
WORTH_OF_RELATED = 0.02
"""How likely a topic counts that goes with the one shown, though nothing in the message asks for it."""
WORTH_OF_SUBJECT = 0.05
"""How likely a topic counts on what the message names: a plain word on the drug is seldom far from the question."""
KINDRED = 0.3
"""What the likelihood of topics of the same areas counts for a topic: where the likelihood is spread over several
neighbours, one of them is nearer the mark than a lone rival. From 0.6 on, answers get worse."""


@dataclass(frozen=True)
class Choice:
    """A button: what it says, and the payload that it sends."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """What the bot says in answer to one message.

    Attributes:
        text: the words, ready to show.
        kind: answer, clarify, refusal, dialogue or fallback.
        topic: the topic that was answered, or None.
        choices: buttons below the text.
        offered: the topics among the choices.
        sources: what the answer rests on.
    """

    text: str
    kind: str
    topic: Topic | None = None
    choices: tuple[Choice, ...] = ()
    offered: tuple[Topic, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def metadata(self) -> dict[str, Any]:
        """The reply's facts in plain JSON values, for channels that show more than text."""
        return {
            "kind": self.kind,
            "topic": self.topic.id if self.topic else None,
            "title": self.topic.title if self.topic else None,
            "areas": [area.value for area in self.topic.front.areas] if self.topic else [],
            "choices": [
                {"topic": topic.id, "areas": [area.value for area in topic.front.areas]} for topic in self.offered
            ],
            "sources": [
                {
                    "organisation": source.organisation,
                    "title": source.title,
                    "address": str(source.address),
                    "checked": source.checked.isoformat(),
                }
                for source in self.sources
            ],
        }


@dataclass(frozen=True)
class _About:
    """What a question is about: lexicon ids, and who."""

    subjects: tuple[str, ...]
    relationship: str | None = None


@dataclass(frozen=True)
class Answerer:
    """Chooses and renders replies. Build it with `Answerer.load`."""

    catalogue: Catalogue
    lexicon: Lexicon
    words: Words

    @classmethod
    def load(cls) -> Answerer:
        """Read topics, lexicon and words.

        Raises:
            DocumentError: a data file has a fault.
        """
        return cls(catalogue=Catalogue.load(), lexicon=knowledge.lexicon(), words=knowledge.words())

    def answer(
        self,
        intent: str,
        subjects: Sequence[str],
        remembered: str | None = None,
        relationship: str | None = None,
        *,
        also_asked: tuple[str, Sequence[str]] | None = None,
        ranking: Sequence[tuple[str, float]] = (),
    ) -> Reply:
        """Answer a question of the kind `intent`.

        Args:
            intent: the kind of question.
            subjects: what the message is about, as lexicon ids, in the order named.
            remembered: what the talk was about before; used when the message names nothing itself.
            relationship: who the person asks about, when they said so.
            also_asked: a second question of the same message, as its kind and the subjects named in it. Its answer
                is offered, and said to be there.
            ranking: (intent, probability from 0 to 1), likeliest first. What else may have been meant is offered too.

        Returns:
            The topic's reply; when no topic answers this kind of question, the fallback.
        """
        about = _About(tuple(subjects) or ((remembered,) if remembered else ()), relationship)
        intent, ranking = _of_the_field(intent, ranking, subjects)
        intent = self._refused(intent, ranking, about)
        ordered = self._found(intent, about)
        if not ordered:
            return self.fallback()
        shares = self._shares(ranking, about)
        first = self._likeliest(ordered[0], shares)
        also = [topic for topic in ordered if topic is not first]
        second = self._second(also_asked, about)
        if second and second is not first:
            reply = self.show(first, also=self._beside(first, [second, *also], shares, about))
            return self._saying(reply, self.words.also_asked, second)
        reply = self.show(first, also=self._beside(first, also, shares, about))
        rival = next((topic for topic in self._alternatives(first, shares) if topic in reply.offered), None)
        if rival and dict(ranking).get(intent, 1.0) < SURE:
            return self._saying(reply, self.words.not_sure, rival)
        return reply

    def _second(self, also_asked: tuple[str, Sequence[str]] | None, about: _About) -> Topic | None:
        """Return the topic that answers the second question of a message."""
        if not also_asked:
            return None
        intent, subjects = also_asked
        return self._topic(intent, replace(about, subjects=tuple(subjects) or about.subjects))

    def _refused(self, intent: str, ranking: Sequence[tuple[str, float]], about: _About) -> str:
        """Return the kind of refusal when harmful requests are together likelier than `intent`; else `intent`.

        One kind of harmful request alone may be less likely than an ordinary question, although the message is surely
        one of them. A refusal for the wrong reason is worse than the general one, so none that is less likely than all
        the others together is chosen.
        """
        shares = {kind: share for kind, share in ranking if _is_harmful(kind)}
        together = sum(shares.values())
        topic = self._topic(intent, about)
        refused_anyway = topic is not None and topic.front.kind is Kind.REFUSAL and not _is_harmful(intent)
        if refused_anyway or (not _is_harmful(intent) and together <= dict(ranking).get(intent, 1.0)):
            return intent
        likeliest = max(shares, key=shares.__getitem__, default=intent)
        return likeliest if 2 * shares.get(likeliest, 1.0) >= together else HARMFUL

    def _found(self, intent: str, about: _About) -> list[Topic]:
        """Return the topics that answer a kind of question: those on each subject, else the general one."""
        general = self.catalogue.find(intent, (), about.relationship)
        found = (
            self.catalogue.find(intent, self.lexicon.ancestors(subject), about.relationship)
            for subject in about.subjects
        )
        # A topic on the subject itself goes before the general one.
        on_subject = _distinct(topic for topic in found if topic and topic is not general)
        return on_subject or ([general] if general else [])

    def _topic(self, intent: str, about: _About) -> Topic | None:
        return next(iter(self._found(intent, about)), None)

    def show(self, topic: Topic, also: Sequence[Topic] | None = None) -> Reply:
        """Return the short answer of `topic`, with choices: `also`, or else the topics that go with it."""
        sources = tuple(self.catalogue.cited(topic))
        parts = [topic.short]
        if topic.steps:
            parts.append("\n".join([self.words.steps_title, *(f"- {step}" for step in topic.steps)]))
        if sources:
            parts.append(self._source_line(sources[0]))
        offered = (self._related(topic) if also is None else list(also))[:TOPICS_OFFERED]
        choices = [self._choice(other) for other in offered]
        if topic.more:
            choices.insert(0, Choice(self.words.tell_more, f"/{TELL_MORE}"))
        return Reply(
            text="\n\n".join(parts),
            kind=topic.front.kind.value,
            topic=topic,
            choices=tuple(choices),
            offered=tuple(offered),
            sources=sources,
        )

    def _shares(self, ranking: Iterable[tuple[str, float]], about: _About) -> dict[str, float]:
        """Return how likely each topic is, by its id: kinds of question that lead to one topic count together."""
        shares: dict[str, float] = {}
        for intent, share in ranking:
            topic = self._topic(intent, about) if intent.startswith(QUESTION_PREFIX) else None
            if topic:
                shares[topic.id] = shares.get(topic.id, 0.0) + share
        return dict(sorted(shares.items(), key=lambda item: -item[1]))

    def _likeliest(self, first: Topic, shares: Mapping[str, float]) -> Topic:
        """Return the topic that is meant: that of the likeliest kind of question, unless others add up to more."""
        if first.front.kind is Kind.REFUSAL or not shares:
            return first
        worth = {topic: self._with_kindred(topic, shares) for topic in (first.id, *shares)}
        # Of two that are worth the same, the one of the likeliest kind of question.
        return self.catalogue.topics[max(worth, key=worth.__getitem__)]

    def _with_kindred(self, topic: str, shares: Mapping[str, float]) -> float:
        """Return how likely a topic is, with a part of the likelihood of the topics that share its areas."""
        areas = self._areas(topic)
        kindred = 0.0
        for other, share in shares.items():
            if other != topic and areas:
                kindred += share * len(areas & self._areas(other)) / len(areas | self._areas(other))
        return shares.get(topic, 0.0) + KINDRED * kindred

    def _areas(self, topic: str) -> frozenset[Area]:
        return frozenset(self.catalogue.topics[topic].front.areas)

    def _alternatives(self, first: Topic, shares: Mapping[str, float]) -> list[Topic]:
        """Return the topics that may have been meant beside `first`, likeliest first."""
        worth = (topic for topic, share in shares.items() if share >= WORTH_A_BUTTON)
        return [self.catalogue.topics[topic] for topic in worth if topic != first.id]

    def _beside(self, first: Topic, named: Iterable[Topic], shares: Mapping[str, float], about: _About) -> list[Topic]:
        """Return what to offer below `first`: topics that are likely, and that open something else than is there.

        Args:
            first: the topic that is shown.
            named: topics that the message asked for too: they go first.
            shares: how likely each topic is, by its id.
            about: what the message is about; a topic on it counts as likely.
        """
        worth = dict.fromkeys((topic.id for topic in self._related(first)), WORTH_OF_RELATED)
        subjects = (self._topic(DEFAULT_QUESTION, _About((subject,))) for subject in about.subjects)
        worth |= dict.fromkeys((topic.id for topic in subjects if topic), WORTH_OF_SUBJECT)
        for topic in self._alternatives(first, shares):
            worth[topic.id] = max(shares[topic.id], worth.get(topic.id, 0.0))
        picked = [topic for topic in _distinct(named) if topic is not first][:TOPICS_OFFERED]
        known = frozenset[Area]().union(*(topic.front.areas for topic in (first, *picked)))
        for topic in (first, *picked):
            worth.pop(topic.id, None)
        while worth and len(picked) < TOPICS_OFFERED:
            best = max(worth, key=lambda topic: worth[topic] * (1 if self._areas(topic) - known else SAME_AREA))
            del worth[best]
            picked.append(self.catalogue.topics[best])
            known |= self._areas(best)
        return picked

    def _related(self, topic: Topic) -> list[Topic]:
        return [self.catalogue.topics[other] for other in topic.front.related]

    def _saying(self, reply: Reply, phrase: str, topic: Topic) -> Reply:
        """Add a sentence that names another topic, and put that topic first among the choices."""
        choices = sorted(reply.choices, key=lambda choice: choice != self._choice(topic))
        text = f"{reply.text}\n\n{phrase.format(title=topic.title)}"
        return replace(reply, text=text, choices=tuple(choices))

    def more(self, topic_id: str | None) -> Reply:
        """Return the depth of the topic that was answered last."""
        topic = self.catalogue.topics.get(topic_id or "")
        if topic is None:
            return self._starting_points(self.words.nothing_to_add_to, kind=Kind.DIALOGUE.value)
        sources = tuple(self.catalogue.cited(topic))
        offered = self._related(topic)
        parts = [topic.more or self.words.no_more, "\n".join(map(self._source_line, sources))]
        return Reply(
            text="\n\n".join(filter(None, parts)),
            kind=topic.front.kind.value,
            topic=topic,
            choices=tuple(self._choice(other) for other in offered),
            offered=tuple(offered),
            sources=sources,
        )

    def clarify(
        self,
        ranking: Sequence[tuple[str, float]],
        subjects: Sequence[str],
        remembered: str | None = None,
        relationship: str | None = None,
    ) -> Reply:
        """Ask which of the likeliest topics is meant; answer when they are one; or say that it is outside of the field.

        Args:
            ranking: (intent, probability from 0 to 1), likeliest first.
            subjects: as in `answer`.
            remembered: as in `answer`.
            relationship: as in `answer`.
        """
        _, ranking = _of_the_field("", ranking, subjects)
        likely = [(intent, share) for intent, share in ranking if intent.startswith(QUESTION_PREFIX)]
        harmful = sum(share for intent, share in likely if _is_harmful(intent))
        if sum(share for _, share in likely[:CHOICES_OFFERED]) < IN_THE_FIELD and not subjects:
            return self.fallback()
        known = _About(tuple(subjects) or ((remembered,) if remembered else ()), relationship)
        every = self._shares(likely, known)
        shares = {topic: share for topic, share in every.items() if share >= WORTH_OFFERING}
        if harmful >= max([SURE_TOGETHER, *shares.values()]):
            return self._refusal(likely, every, known)
        if max(shares.values(), default=0.0) >= SURE_TOGETHER:
            # Kinds of question that lead to one topic are no doubt worth asking about.
            first = self.catalogue.topics[next(iter(shares))]
            return self.show(first, also=self._beside(first, (), every, known))
        topics = [self.catalogue.topics[topic] for topic in shares]
        if subjects:
            about = self._topic(DEFAULT_QUESTION, _About(tuple(subjects)))
            topics = _distinct([*topics[: CHOICES_OFFERED - 1], *([about] if about else []), *topics])
        topics = topics[:CHOICES_OFFERED]
        if subjects and shares and len(topics) == 1:
            # They named what it is about, and there is one thing to say about that: a choice of one is no choice.
            return self.show(topics[0], also=self._beside(topics[0], (), every, known))
        if not topics:
            return self.fallback()
        return self._which(self.words.clarify, topics)

    def ask_if_of_the_field(
        self, ranking: Sequence[tuple[str, float]], remembered: str | None = None, relationship: str | None = None
    ) -> Reply:
        """Ask what is meant by a message that may be about something else altogether; answer nothing.

        Takes what `clarify` takes. A request that is more likely one for harm than anything else is refused.
        """
        likely = [(intent, share) for intent, share in ranking if intent.startswith(QUESTION_PREFIX)]
        about = _About((remembered,) if remembered else (), relationship)
        shares = self._shares(likely, about)
        if not shares:
            return self.fallback()
        if sum(share for intent, share in likely if _is_harmful(intent)) > max(shares.values()):
            return self._refusal(likely, shares, about)
        first = self._likeliest(self.catalogue.topics[next(iter(shares))], shares)
        topics = [first, *self._beside(first, (), shares, about)][:CHOICES_OFFERED]
        return self._which(self.words.in_doubt, topics)

    def _refusal(self, likely: Sequence[tuple[str, float]], shares: Mapping[str, float], about: _About) -> Reply:
        """Refuse for the likeliest reason."""
        refusal = self._found(self._refused(HARMFUL, likely, about), about)[0]
        return self.show(refusal, also=self._beside(refusal, (), shares, about))

    def _which(self, text: str, topics: Sequence[Topic]) -> Reply:
        """Ask which of some topics is meant."""
        return Reply(
            text=text,
            kind="clarify",
            choices=(*map(self._choice, topics), Choice(self.words.none_of_these, f"/{NONE_OF_THESE}")),
            offered=tuple(topics),
        )

    def fallback(self) -> Reply:
        """Say that there is no answer, and offer places to start."""
        return self._starting_points(self.words.fallback, kind="fallback")

    def which_subject(self) -> Reply:
        """Ask for the subject of a question that came without one."""
        return self._starting_points(self.words.which_subject, kind="clarify")

    def _starting_points(self, text: str, kind: str) -> Reply:
        offered = tuple(self.catalogue.topics[topic] for topic in self.words.starting_points)
        return Reply(text=text, kind=kind, choices=tuple(map(self._choice, offered)), offered=offered)

    def _source_line(self, source: Source) -> str:
        return self.words.source.format(
            organisation=source.organisation,
            title=source.title,
            address=source.address,
            checked=source.checked.strftime("%B %-d, %Y"),
        )

    @staticmethod
    def _choice(topic: Topic) -> Choice:
        return Choice(topic.title, f"/{SHOW_TOPIC}{json.dumps({'topic': topic.id})}")


def _of_the_field(
    intent: str, ranking: Sequence[tuple[str, float]], subjects: Sequence[str]
) -> tuple[str, Sequence[tuple[str, float]]]:
    """Return kind of question and ranking without other addictions, when the message names a drug or a treatment.

    "I can't stop taking my wife's gabapentin" is worded like a gambler's message, but is about a drug.
    """
    if not subjects:
        return intent, ranking
    rest = [(kind, share) for kind, share in ranking if kind != OTHER_ADDICTIONS]
    if intent == OTHER_ADDICTIONS:
        intent = next((kind for kind, _ in rest if kind.startswith(QUESTION_PREFIX)), intent)
    return intent, rest


def _is_harmful(intent: str) -> bool:
    return intent == HARMFUL or intent.startswith(f"{HARMFUL}_")


def _distinct(topics: Iterable[Topic]) -> list[Topic]:
    return list({topic.id: topic for topic in topics}.values())
