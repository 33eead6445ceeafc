"""STOP, HELP and START: phone networks act on them, and in this field some of them mean something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from handrail import knowledge, paths
from handrail.channels.twilio import STOP_USING, SmsInput, TwilioInput, WhatsAppInput
from handrail.channels.twilio_keywords import HELP, RESERVED, START, STOP, is_start, is_stop, operator_texts
from handrail.content import Catalogue
from handrail.content.sms import in_gsm, segments
from handrail.documents import read_yaml
from handrail.helplines import crisis_words, emergency_number_words, short_help
from handrail.stores import ForgettingTrackerStore
from handrail.tools import sms_texts
from tests.channels import fake_twilio
from tests.channels.line_twilio import twilio_line
from tests.channels.lines import shown
from tests.handrail.channels.stand_ins import Rasa

LINES = knowledge.helplines()
KEYWORDS = knowledge.channel_words().keywords
SAID = {"text": "Methadone is a medicine.", "metadata": {"kind": "answer"}}
BOTH = pytest.mark.parametrize("kind", [SmsInput, WhatsAppInput], ids=["sms", "whatsapp"])
_ANY = "|".join(sorted(RESERVED, key=len, reverse=True))
ASKS_FOR_A_WORD = re.compile(
    r"\b(?i:text|send|reply|write|type|say|answer)(?: (?:with|back|me|us))?"
    rf"(?:,? (?:[\"“'‘](?i:{_ANY})[\"”'’]|{_ANY.upper()})|: (?i:{_ANY}))(?!\w)(?P<to> to \S*\d)?"
)
"""Words that ask a person to send one of the reserved words; "text START to 88788" goes to another number."""


def test_sms_keywords_are_those_that_twilio_acts_on() -> None:
    assert {word.lower() for word in fake_twilio.OPT_OUT} <= STOP
    assert {word.lower() for word in fake_twilio.OPT_IN} - START == {"yes"}, "YES answers: is someone in danger now?"
    assert {word.lower() for word in fake_twilio.HELP} == HELP


@pytest.mark.parametrize("text", ["STOP", "stop", " Stop. ", "QUIT", "quit!", "end", "Cancel", "opt out", "STOPALL"])
def test_sms_keyword_to_stop_stands_alone(text: str) -> None:
    assert is_stop(text)
    assert not is_stop(f"how do I {text} drinking")
    assert not is_start(text)


@BOTH
async def test_sms_stop_that_twilio_has_answered_gets_no_answer_and_all_is_forgotten(kind: type[TwilioInput]) -> None:
    rasa, store = Rasa(SAID), ForgettingTrackerStore(Domain.empty())
    agent = SimpleNamespace(tracker_store=store, is_ready=lambda: True)
    async with twilio_line(kind, rasa, agent, advanced_opt_out=True) as line:
        await line.say("hello")
        conversation = rasa.received[0].sender_id
        await store.save(DialogueStateTracker(conversation, []))
        assert await store.retrieve(conversation) is not None
        assert await line.say("QUIT") == []
        assert await store.retrieve(conversation) is None
        assert line.channel._people.get(conversation) is None
    assert rasa.texts == ["hello"]
    assert line.faults == [], "what was sent after STOP would be refused"


async def test_sms_stop_that_twilio_has_blocked_without_a_word_is_let_be() -> None:
    async with twilio_line(SmsInput, Rasa(SAID)) as line:
        await line.say("hello")
        assert await line.say("STOP") == []
        assert line.faults == ["21610"], "one try, and no other"
        assert line.channel._people.get(line.channel.conversation(line.message("")["From"])) is None


@BOTH
@pytest.mark.parametrize("word", ["Stop", "quit", "END"])
async def test_sms_stop_that_reaches_the_bot_is_obeyed_with_the_numbers_and_a_way_to_ask_about_quitting(
    kind: type[TwilioInput], word: str
) -> None:
    rasa = Rasa(SAID)
    async with twilio_line(kind, rasa, blocks=False) as line:
        await line.say("hello")
        seen = shown(await line.say(word))
        assert KEYWORDS.stopped in seen
        assert in_gsm(short_help(LINES.of("US"))) in in_gsm(seen)
        assert await line.choose(KEYWORDS.stop_using)
    assert rasa.texts == ["hello", STOP_USING]


@BOTH
@pytest.mark.parametrize("word", ["START", "Unstop"])
async def test_sms_start_shows_the_numbers_again(kind: type[TwilioInput], word: str) -> None:
    rasa = Rasa(SAID)
    async with twilio_line(kind, rasa, advanced_opt_out=True) as line:
        await line.say("STOP")
        seen = shown(await line.say(word))
    assert KEYWORDS.started in seen
    assert in_gsm(short_help(LINES.of("US"))) in in_gsm(seen)
    assert rasa.texts == []
    assert line.faults == []


async def test_sms_yes_is_an_answer_also_where_twilio_takes_it_for_start() -> None:
    rasa = Rasa(SAID)
    async with twilio_line(SmsInput, rasa, advanced_opt_out=True) as line:
        await line.say("YES")
    assert rasa.texts == ["YES"]


@pytest.mark.parametrize("word", ["HELP", "Info"])
async def test_sms_help_is_a_question_to_the_bot_too(word: str) -> None:
    rasa = Rasa(SAID)
    async with twilio_line(SmsInput, rasa, advanced_opt_out=True) as line:
        assert in_gsm(short_help(LINES.of("US"))) in in_gsm(shown(await line.say(word)))
    assert rasa.texts == [word]


@pytest.mark.parametrize("code", [*sorted(LINES.countries), None])
def test_sms_texts_for_the_operator_carry_the_numbers_in_two_segments(code: str | None) -> None:
    lines = LINES.of(code) if code else LINES.international
    for keyword, text in operator_texts(KEYWORDS, lines).items():
        assert segments(in_gsm(text)) <= 2, keyword
        assert emergency_number_words(lines) in text
        assert crisis_words(lines) in text


def test_sms_texts_for_the_operator_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    sms_texts.main(["gb"])
    printed = capsys.readouterr().out
    for keyword, text in operator_texts(KEYWORDS, LINES.of("GB")).items():
        assert f"{keyword} (" in printed
        assert in_gsm(text) in printed


def test_sms_texts_for_a_country_without_help_lines_are_refused_with_those_that_have_some(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        sms_texts.main(["xx"])
    assert "There are some for AU, CA" in capsys.readouterr().err


def test_sms_no_text_of_the_bot_asks_for_a_reserved_word() -> None:
    texts = list(_texts())
    assert len(texts) > 1_000
    asking = [found[0] for text in texts for found in ASKS_FOR_A_WORD.finditer(text) if not found["to"]]
    assert asking == []


def test_sms_the_search_for_reserved_words_finds_them() -> None:
    for text in ('Reply "stop" now', "Text HELP for help.", "Just write: quit", "send me INFO", "Answer YES"):
        assert ASKS_FOR_A_WORD.search(text), text
    for text in ("I cannot send help.", "in case they say yes", 'write "how do I stop drinking"'):
        assert not ASKS_FOR_A_WORD.search(text), text


def test_sms_no_choice_is_a_reserved_word() -> None:
    titles = [button["title"] for response in _responses() for button in response.get("buttons", [])]
    assert len(titles) > 100
    assert not RESERVED & {title.casefold() for title in [*titles, knowledge.channel_words().more]}


def _responses() -> Iterator[dict[str, Any]]:
    domain = read_yaml(paths.DOMAIN).data
    for variations in domain["responses"].values():
        yield from variations


def _texts() -> Iterator[str]:
    """Yield all that the bot can say, but for the lines of `keywords` that Twilio says in its place."""
    for response in _responses():
        yield str(response["text"])
    for path in (paths.WORDS, paths.CHANNEL_WORDS, paths.HELPLINES / "words.yml"):
        data = dict(read_yaml(path).data)
        said_by_the_bot = {key: text for key, text in data.get("keywords", {}).items() if "operator" not in key}
        data["keywords"] = said_by_the_bot
        yield from _strings(data)
    for topic in Catalogue.load().topics.values():
        yield from topic.texts


def _strings(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _strings(value)
    elif isinstance(data, (list, tuple)):
        for value in data:
            yield from _strings(value)
