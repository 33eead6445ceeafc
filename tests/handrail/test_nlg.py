"""What Rasa says itself: the help lines of the right country, an apology for silence, an introduction once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from handrail import paths
from handrail.channels.guard import is_payload
from handrail.helplines import emergency_number_words, find_phone_numbers, short_help
from handrail.knowledge import helplines, words
from handrail.nlg import (
    HELP_LINE,
    OVERDOSE_CARD,
    OVERDOSE_STEP,
    OVERDOSE_STEPS,
    REMINDER,
    REMINDER_IN_METADATA,
    WELCOME,
    HelpLineNLG,
)
from handrail.settings import settings

HELPLINES, WORDS = helplines(), words()
COUNTRIES = sorted(HELPLINES.countries)
DOMAIN = Domain.from_file(str(paths.DOMAIN))
NLG = HelpLineNLG(domain=DOMAIN)

LISTEN = ActionExecuted("action_listen")
ANSWER = BotUttered("Methadone is a medicine.")


@pytest.fixture(autouse=True)
def operator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str | None], None]]:
    """Let a test say which country the operator chose; none at the start."""

    def choose(country: str | None) -> None:
        if country is None:
            monkeypatch.delenv("HANDRAIL_COUNTRY", raising=False)
        else:
            monkeypatch.setenv("HANDRAIL_COUNTRY", country)
        settings.cache_clear()

    choose(None)
    yield choose
    settings.cache_clear()


def said(text: str = "hello", country: str | None = None, welcomed: bool = False) -> UserUttered:
    return UserUttered(text, metadata={"country": country, **({"welcomed": True} if welcomed else {})})


def a_tracker(*events: Event, slot: object = None) -> DialogueStateTracker:
    first: Sequence[Event] = [SlotSet("country", slot)] if slot is not None else []
    return DialogueStateTracker.from_events("a chat", [LISTEN, *first, *events], slots=DOMAIN.slots, domain=DOMAIN)


async def says(response: str, tracker: DialogueStateTracker) -> dict[str, Any]:
    message = await NLG.generate(response, tracker, "web")
    assert message is not None
    return message


# -- The country -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slot", "channel", "chosen", "expected"),
    [
        (None, None, None, None),
        (None, None, "NZ", "NZ"),
        (None, "GB", "NZ", "GB"),
        (None, "gb", None, "GB"),
        (None, "Narnia", "NZ", "NZ"),
        ("AU", "GB", "NZ", "AU"),
        (["GB", "AU"], "US", None, "AU"),
        ([], "US", None, "US"),
        (None, 5, "NZ", "NZ"),
        ("BR", "GB", "NZ", None),
        ("elsewhere", "GB", "NZ", None),
        ("no country at all", "GB", "NZ", None),
    ],
)
async def test_nlg_shows_the_lines_of(
    operator: Callable[[str | None], None], slot: object, channel: Any, chosen: str | None, expected: str | None
) -> None:
    operator(chosen)
    lines = HELPLINES.of(expected)
    message = await says(HELP_LINE, a_tracker(said(country=channel), ANSWER, said(country=channel), ANSWER, slot=slot))
    assert message["text"] == short_help(lines)
    assert message["metadata"]["country"] == lines.record.country


async def test_nlg_shows_no_digit_for_a_country_without_lines() -> None:
    message = await says(HELP_LINE, a_tracker(said(country="US"), slot="BR"))
    assert not any(map(str.isdigit, message["text"]))


# The reminder is empty where no emergency is in mind; it has tests of its own.
RESPONSES = sorted({*DOMAIN.responses} - {REMINDER})


@pytest.mark.parametrize("response", RESPONSES)
async def test_nlg_response_shows_no_number_for_a_country_without_lines(
    operator: Callable[[str | None], None], response: str
) -> None:
    operator("US")
    message = await says(response, a_tracker(said(country="US"), slot="BR"))
    assert find_phone_numbers(message["text"]) == []


@pytest.mark.parametrize("country", [*COUNTRIES, None, "BR"])
@pytest.mark.parametrize("response", RESPONSES)
async def test_nlg_response_is_filled_in_for(response: str, country: str | None) -> None:
    message = await says(response, a_tracker(said(), slot=country))
    assert "{" not in message["text"]
    assert message["text"].strip()
    numbers = {"".join(filter(str.isdigit, number)) for number in find_phone_numbers(message["text"])}
    assert numbers <= HELPLINES.of(country).numbers
    assert all(is_payload(button["payload"]) for button in message.get("buttons", []))


@pytest.mark.parametrize(("slot", "named"), [("GB", "United Kingdom"), ("BR", "Brazil"), ("elsewhere", None)])
async def test_nlg_names_the_country_that_was_said(slot: str, named: str | None) -> None:
    message = await says("utter_country", a_tracker(said(), slot=slot))
    assert (named or WORDS.your_country) in message["text"]
    assert not message.get("buttons")


async def test_nlg_asks_for_the_country_until_it_was_said(operator: Callable[[str | None], None]) -> None:
    operator("GB")
    message = await says("utter_country", a_tracker(said(country="GB")))
    assert {button["title"] for button in message["buttons"]} >= {"Ireland", "New Zealand"}


async def test_nlg_country_answers_differ() -> None:
    texts = {(await says("utter_country", a_tracker(said(), slot=slot)))["text"] for slot in ("GB", "BR", None)}
    assert len(texts) == 3


async def test_nlg_keeps_what_the_response_says_of_itself() -> None:
    message = await says("utter_emergency_overdose", a_tracker(said()))
    assert message["metadata"]["emergency"] == "overdose"


async def test_nlg_knows_no_response_outside_of_the_domain() -> None:
    assert await NLG.generate("utter_nothing", a_tracker(said()), "web") is None


# -- The apology -----------------------------------------------------------------------------------------------


async def test_nlg_says_sorry_when_nothing_was_said_in_the_turn() -> None:
    message = await says(HELP_LINE, a_tracker(said(welcomed=True), ActionExecuted("action_answer")))
    assert message["text"] == f"{WORDS.no_answer}\n\n{short_help(HELPLINES.international)}"


async def test_nlg_says_sorry_though_an_earlier_turn_had_an_answer() -> None:
    message = await says(HELP_LINE, a_tracker(said(welcomed=True), ANSWER, LISTEN, said()))
    assert WORDS.no_answer in message["text"]


async def test_nlg_does_not_say_sorry_after_an_answer() -> None:
    message = await says(HELP_LINE, a_tracker(said(welcomed=True), ActionExecuted("action_answer"), ANSWER))
    assert WORDS.no_answer not in message["text"]


@pytest.mark.parametrize("response", sorted(set(DOMAIN.responses) - {HELP_LINE, REMINDER}))
async def test_nlg_says_sorry_only_in_the_help_line(response: str) -> None:
    message = await says(response, a_tracker(said(welcomed=True)))
    assert WORDS.no_answer not in message["text"]


# -- The introduction ------------------------------------------------------------------------------------------


async def test_nlg_introduces_itself_in_the_first_turn() -> None:
    message = await says(HELP_LINE, a_tracker(said(), ANSWER))
    assert message["text"] == f"{WORDS.introduction}\n\n{short_help(HELPLINES.international)}"


async def test_nlg_introduces_itself_in_a_first_turn_that_ends_without_the_help_line_response() -> None:
    """A question that is not for this bot is answered by `utter_default` alone."""
    message = await says("utter_default", a_tracker(said()))
    assert WORDS.introduction in message["text"]


async def test_nlg_does_not_introduce_itself_again() -> None:
    message = await says(HELP_LINE, a_tracker(said(), ANSWER, LISTEN, said(), ANSWER))
    assert WORDS.introduction not in message["text"]


async def test_nlg_does_not_introduce_itself_where_the_channel_has_shown_the_welcome() -> None:
    message = await says(HELP_LINE, a_tracker(said(welcomed=True), ANSWER))
    assert WORDS.introduction not in message["text"]


async def test_nlg_does_not_introduce_itself_below_the_welcome() -> None:
    welcome = BotUttered("Hello.", metadata={"utter_action": WELCOME})
    message = await says(HELP_LINE, a_tracker(said(), welcome))
    assert WORDS.introduction not in message["text"]


async def test_nlg_says_sorry_and_introduces_itself_in_a_first_turn_without_an_answer() -> None:
    message = await says(HELP_LINE, a_tracker(said()))
    assert message["text"].split("\n\n")[:2] == [WORDS.no_answer, WORDS.introduction]


# -- An emergency in mind --------------------------------------------------------------------------------------

KINDS = [
    "overdose",
    "suicide_self",
    "suicide_other",
    "violence",
    "child_danger",
    "withdrawal",
    "medical",
    "unclear",
]


def in_mind(kind: str, *events: Event) -> DialogueStateTracker:
    return a_tracker(SlotSet("emergency", kind), *events)


def bot(action: str, text: str = "words") -> BotUttered:
    return BotUttered(text, metadata={"utter_action": action})


@pytest.mark.parametrize("country", [*COUNTRIES, None])
@pytest.mark.parametrize("kind", KINDS)
async def test_nlg_keeps_the_help_line_of_an_emergency_on_top(kind: str, country: str | None) -> None:
    lines = HELPLINES.of(country)
    message = await says(HELP_LINE, in_mind(kind, said(country=country), ANSWER, said(country=country), ANSWER))
    reminder = message["metadata"][REMINDER_IN_METADATA]
    assert message["text"].startswith(reminder)
    assert emergency_number_words(lines) in reminder
    assert message["text"].endswith(short_help(lines))


@pytest.mark.parametrize("action", ["utter_emergency_overdose", "utter_overdose_step", "utter_next_violence"])
async def test_nlg_says_no_reminder_below_a_card(action: str) -> None:
    message = await says(HELP_LINE, in_mind("overdose", said(), bot(action)))
    assert REMINDER_IN_METADATA not in message["metadata"]


async def test_nlg_says_no_reminder_without_an_emergency() -> None:
    message = await says(HELP_LINE, in_mind("nothing", said(), ANSWER))
    assert REMINDER_IN_METADATA not in message["metadata"]


async def test_nlg_says_the_steps_of_an_overdose_one_by_one_and_stays_at_the_last() -> None:
    events: list[Event] = [said("he overdosed"), bot(OVERDOSE_CARD)]
    texts = []
    for _ in range(OVERDOSE_STEPS + 2):
        step = (await says(OVERDOSE_STEP, in_mind("overdose", *events)))["text"]
        texts.append(step)
        events += [said("next"), bot(OVERDOSE_STEP, step)]
    assert [text.split(".")[0] for text in texts[:OVERDOSE_STEPS]] == [
        f"Step {number}" for number in range(1, OVERDOSE_STEPS + 1)
    ]
    assert set(texts[OVERDOSE_STEPS:]) == {texts[OVERDOSE_STEPS - 1]}


async def test_nlg_starts_the_steps_anew_after_a_new_card() -> None:
    events = [bot(OVERDOSE_CARD), bot(OVERDOSE_STEP), bot(OVERDOSE_STEP), said("again"), bot(OVERDOSE_CARD), said()]
    assert (await says(OVERDOSE_STEP, in_mind("overdose", *events)))["text"].startswith("Step 1")


@pytest.mark.parametrize(
    ("country", "words"), [("US", "US states"), ("CA", "In Canada"), ("GB", "I do not know the law")]
)
async def test_nlg_says_what_the_law_of_the_country_protects(country: str, words: str) -> None:
    assert words in (await says("utter_overdose_police", a_tracker(said(country=country))))["text"]
