"""No turn ends without an answer, an emergency is answered at once, and nothing that is typed is a command."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage

from handrail.channels import guard as guard_module
from handrail.channels.guard import ENTITY_VALUE, PAYLOADS, READ_AT_MOST, Guard, Turn, is_payload
from handrail.helplines import emergency_number_words, find_phone_numbers, short_help
from handrail.knowledge import emergency_screen, helplines, words
from handrail.responses import Responses
from handrail.settings import settings
from tests.handrail.channels.stand_ins import ANY_TEXT, Rasa

SCREEN, HELPLINES, RESPONSES, WORDS = emergency_screen(), helplines(), Responses.load(), words()
AT_ONCE = 0.01
NEVER = 600.0
PATIENCE = 20.0

QUESTION = "what is methadone"
DANGERS = {
    "overdose": "my nephew isnt breathing",
    "suicide_self": "i want to die",
    "suicide_other": "my son wants to die",
}
UNCLEAR = "my friend overdosed"
FILLER = "we talked about the weather and the garden for a long time. " * 40
MARKER = "zebra-parade"

SAID = {"text": "Methadone is a medicine.", "metadata": {"kind": "answer"}}
HELP = {"text": short_help(HELPLINES.of("GB")), "metadata": {"kind": "help"}}


def a_guard(emergency_seconds: float = NEVER, answer_seconds: float = NEVER, grace_seconds: float = NEVER) -> Guard:
    return Guard(
        "web",
        SCREEN,
        HELPLINES,
        RESPONSES,
        WORDS,
        emergency_seconds=emergency_seconds,
        answer_seconds=answer_seconds,
        grace_seconds=grace_seconds,
    )


async def turn(guard: Guard, rasa: Rasa, text: str, payload: bool = False, country: str | None = "GB") -> Turn:
    return await asyncio.wait_for(guard.answer(rasa, "a chat", text, payload=payload, country=country), PATIENCE)


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    def choose(country: str) -> None:
        monkeypatch.setenv("HANDRAIL_COUNTRY", country)
        settings.cache_clear()

    yield choose
    settings.cache_clear()


SILENT = {
    "raises": lambda: Rasa(fails=RuntimeError("no model")),
    "hangs": lambda: Rasa(release=asyncio.Event()),
    "says nothing": Rasa,
    "says an empty text": lambda: Rasa({"text": ""}),
    "says a blank": lambda: Rasa({"text": " \n\t "}, {"text": None}, {}),
    "says only buttons": lambda: Rasa({"buttons": [{"title": "Yes", "payload": "/tell_more"}]}),
}


async def test_guard_hands_on_what_rasa_says() -> None:
    answered = await turn(a_guard(), Rasa(SAID, HELP), QUESTION)
    assert answered.ok
    assert [message["text"] for message in answered.messages] == [SAID["text"], HELP["text"]]
    assert answered.messages[0]["metadata"] == SAID["metadata"]


async def test_guard_tells_rasa_the_country_the_channel_and_the_metadata() -> None:
    rasa = Rasa(SAID)
    await a_guard().answer(rasa, "a chat", QUESTION, country="GB", metadata={"welcomed": True})
    (message,) = rasa.received
    assert (message.text, message.sender_id, message.input_channel) == (QUESTION, "a chat", "web")
    assert message.metadata == {"welcomed": True, "country": "GB"}


@pytest.mark.parametrize("silent", SILENT.values(), ids=SILENT)
async def test_guard_answers_itself_when_rasa(silent: Callable[[], Rasa]) -> None:
    answered = await turn(a_guard(answer_seconds=AT_ONCE), silent(), QUESTION)
    assert not answered.ok
    (message,) = answered.messages
    assert WORDS.safe_reply in message["text"]
    assert short_help(HELPLINES.of("GB")) in message["text"]


@pytest.mark.parametrize("silent", SILENT.values(), ids=SILENT)
async def test_guard_shows_the_card_when_in_an_emergency_rasa(silent: Callable[[], Rasa]) -> None:
    answered = await turn(a_guard(emergency_seconds=AT_ONCE), silent(), DANGERS["overdose"])
    assert not answered.ok
    assert answered.messages[0]["metadata"]["emergency"] == "overdose"


@pytest.mark.parametrize("country", ["US", "CA", "GB", "IE", "AU", "NZ", None])
@pytest.mark.parametrize("kind", DANGERS)
async def test_guard_card_is_that_of_the_country(kind: str, country: str | None) -> None:
    # The limit for other turns is far away: only the short one can end this turn.
    answered = await turn(
        a_guard(emergency_seconds=AT_ONCE), Rasa(release=asyncio.Event()), DANGERS[kind], country=country
    )
    lines = HELPLINES.of(country)
    (message,) = answered.messages
    assert message["metadata"]["emergency"] == kind
    assert emergency_number_words(lines) in message["text"]
    assert short_help(lines) in message["text"]
    assert {"".join(filter(str.isdigit, number)) for number in find_phone_numbers(message["text"])} <= lines.numbers
    assert "{" not in message["text"]


async def test_guard_asks_when_it_is_not_sure_that_it_is_an_emergency() -> None:
    answered = await turn(a_guard(emergency_seconds=AT_ONCE), Rasa(release=asyncio.Event()), UNCLEAR)
    (message,) = answered.messages
    assert message["metadata"]["kind"] == "check"
    assert message["buttons"]
    assert all(is_payload(button["payload"]) for button in message["buttons"])


async def test_guard_gives_other_questions_the_longer_time() -> None:
    release = asyncio.Event()
    rasa = Rasa(release=release, late=SAID)
    waiting = asyncio.ensure_future(turn(a_guard(emergency_seconds=AT_ONCE), rasa, QUESTION))
    done, _ = await asyncio.wait({waiting}, timeout=5 * AT_ONCE)
    assert not done
    release.set()
    assert (await waiting).messages[0]["text"] == SAID["text"]


async def test_guard_keeps_what_rasa_said_before_it_failed() -> None:
    answered = await turn(a_guard(), Rasa(SAID, fails=RuntimeError()), QUESTION)
    assert answered.messages[0]["text"] == SAID["text"]


async def test_guard_adds_the_help_line_when_rasa_said_everything_but_that() -> None:
    answered = await turn(a_guard(), Rasa(SAID, {"text": "112 or 999 is what you may have heard of."}), QUESTION)
    assert [message["text"] for message in answered.messages][2:] == [short_help(HELPLINES.of("GB"))]
    assert answered.messages[-1]["metadata"] == {"kind": "help"}


async def test_guard_drops_what_comes_after_its_own_answer() -> None:
    release = asyncio.Event()
    rasa = Rasa(release=release, late={"text": "too late", "metadata": {"country": "US"}})
    guard = a_guard(answer_seconds=AT_ONCE)
    answered = await turn(guard, rasa, QUESTION)
    release.set()
    await asyncio.wait_for(rasa.finished.wait(), PATIENCE)
    assert len(answered.messages) == 1
    assert guard.lines("a chat", "GB").country == "GB"


async def test_guard_answers_the_next_message_while_one_hangs() -> None:
    guard = a_guard(answer_seconds=AT_ONCE)
    await turn(guard, Rasa(release=asyncio.Event()), QUESTION)
    assert (await turn(guard, Rasa(SAID), QUESTION)).ok


async def test_guard_answers_itself_when_rasa_has_too_much_in_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard_module, "RUNNING_AT_MOST", 1)
    guard = a_guard(answer_seconds=AT_ONCE)
    await turn(guard, Rasa(release=asyncio.Event()), QUESTION)
    rasa = Rasa(SAID)
    answered = await turn(guard, rasa, DANGERS["overdose"])
    assert answered.messages[0]["metadata"]["emergency"] == "overdose"
    assert rasa.received == []


async def test_guard_ends_the_turns_of_a_chat_that_it_forgets() -> None:
    guard = a_guard(answer_seconds=AT_ONCE)
    hangs, other = Rasa(release=asyncio.Event(), late=SAID), Rasa(release=(release := asyncio.Event()), late=SAID)
    await turn(guard, hangs, QUESTION)
    await guard.answer(other, "another chat", QUESTION)
    await asyncio.wait_for(guard.forget("a chat"), PATIENCE)
    assert hangs.cancelled
    release.set()
    await asyncio.wait_for(other.finished.wait(), PATIENCE)
    assert not other.cancelled


async def test_guard_ends_a_turn_that_is_far_too_late() -> None:
    guard, hangs = a_guard(answer_seconds=AT_ONCE, grace_seconds=AT_ONCE), Rasa(release=asyncio.Event())
    await turn(guard, hangs, QUESTION)

    async def ended() -> None:
        while not hangs.cancelled:
            await asyncio.sleep(AT_ONCE)

    await asyncio.wait_for(ended(), PATIENCE)


async def test_guard_forgets_when_rasa_says_that_the_chat_is_forgotten() -> None:
    guard = a_guard()
    await turn(guard, Rasa({"text": "Okay.", "metadata": {"country": "AU"}}), "i live in australia")
    answered = await turn(guard, Rasa({"text": "Done.", "metadata": {"forgotten": True, "country": "AU"}}), "forget me")
    assert answered.forgotten
    assert guard.lines("a chat", "GB").country == "GB"


@pytest.mark.parametrize("place", range(0, 19_000, 1_900))
def test_guard_sees_a_danger_anywhere_in_the_longest_text(place: int) -> None:
    text = (FILLER * 9)[:place] + f" help. {DANGERS['overdose']}. " + (FILLER * 9)[place:19_900]
    found = a_guard().danger(text)
    assert found
    assert (found.kind, found.level) == ("overdose", "emergency")


def test_guard_puts_the_worst_danger_of_a_long_text_first() -> None:
    found = a_guard().danger(f"{UNCLEAR}. {FILLER * 5} {DANGERS['suicide_self']}. {FILLER * 2}")
    assert found
    assert found.level == "emergency"


# -- Commands --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "//restart",
        "/ /restart",
        " \t/session_start",
        "\x00/restart",
        "/\x00/restart",
        "/emergency_overdose",
        '/show_topic{"topic": "medicines/methadone"}',
        "\u2003/restart",
    ],
)
async def test_guard_makes_a_typed_command_plain_text(text: str) -> None:
    rasa = Rasa(SAID)
    await turn(a_guard(), rasa, text)
    assert not rasa.texts[0].startswith("/")


async def test_guard_keeps_a_slash_within_a_text() -> None:
    rasa = Rasa(SAID)
    await turn(a_guard(), rasa, "heroin and/or fentanyl")
    assert rasa.texts == ["heroin and/or fentanyl"]


async def test_guard_hands_a_payload_on_as_it_is() -> None:
    rasa = Rasa(SAID)
    await turn(a_guard(), rasa, '/show_topic{"topic": "medicines/methadone"}', payload=True)
    assert rasa.texts == ['/show_topic{"topic": "medicines/methadone"}']


async def test_guard_shortens_a_long_text_to_its_ends() -> None:
    rasa = Rasa(SAID)
    await turn(a_guard(), rasa, f"first things first. {FILLER * 3} what is methadone")
    (text,) = rasa.texts
    assert len(text) <= READ_AT_MOST + 1
    assert text.startswith("first things first.")
    assert text.endswith("what is methadone")


@pytest.mark.parametrize("kind", DANGERS)
@pytest.mark.parametrize("place", ["start", "middle", "end"])
async def test_guard_keeps_the_emergency_of_a_long_text(kind: str, place: str) -> None:
    before = "" if place == "start" else FILLER
    after = "" if place == "end" else FILLER
    text = f"{before} {DANGERS[kind]}. {after}"
    assert len(text) > READ_AT_MOST
    rasa = Rasa(SAID)
    await turn(a_guard(), rasa, text)
    (read,) = rasa.texts
    found = SCREEN.check(read)
    assert read == f"/emergency_{kind}" or (found and found.kind == kind)


async def test_guard_keeps_the_doubt_of_a_long_text() -> None:
    rasa = Rasa(SAID)
    await turn(a_guard(), rasa, f"{FILLER} {UNCLEAR}. {FILLER}")
    assert rasa.texts == ["/emergency_check"]


async def test_guard_keeps_the_emergency_of_a_long_text_that_starts_with_a_doubt() -> None:
    rasa = Rasa(SAID)
    await turn(a_guard(), rasa, f"{UNCLEAR}. {FILLER} {DANGERS['overdose']}. {FILLER}")
    (read,) = rasa.texts
    found = SCREEN.check(read)
    assert read == "/emergency_overdose" or (found and found.level == "emergency")


# -- What Rasa is not told ---------------------------------------------------------------------------------------


async def test_guard_masks_personal_details_before_rasa_reads_and_keeps_them() -> None:
    rasa = Rasa(SAID)
    await turn(a_guard(), rasa, "my name is Dan, 07911 123456. what is methadone")
    assert rasa.texts == ["my name is [name], [telephone]. what is methadone"]


async def test_guard_screens_what_the_person_wrote_and_not_what_is_left_of_it() -> None:
    answered = await turn(a_guard(emergency_seconds=AT_ONCE), Rasa(), "I cant wake him, call me on 07911 123456")
    assert answered.messages[0]["metadata"]["emergency"] == "overdose"


# -- The country -----------------------------------------------------------------------------------------------


async def test_guard_goes_on_with_the_country_that_was_shown() -> None:
    guard = a_guard(emergency_seconds=AT_ONCE)
    await turn(guard, Rasa({"text": "Okay.", "metadata": {"country": "AU"}}), "i live in australia")
    answered = await turn(guard, Rasa(release=asyncio.Event()), DANGERS["overdose"])
    assert answered.lines.country == "AU"
    assert emergency_number_words(HELPLINES.of("AU")) in answered.messages[0]["text"]


async def test_guard_shows_no_numbers_once_an_unknown_country_was_said(operator: Callable[[str], None]) -> None:
    operator("US")
    guard = a_guard(emergency_seconds=AT_ONCE)
    await turn(guard, Rasa({"text": "Okay.", "metadata": {"country": "international"}}), "i live in france")
    answered = await turn(guard, Rasa(fails=RuntimeError()), DANGERS["overdose"])
    assert answered.lines.country is None
    assert find_phone_numbers(answered.messages[0]["text"]) == []


async def test_guard_keeps_the_countries_of_chats_apart() -> None:
    guard = a_guard()
    await guard.answer(Rasa({"text": "Okay.", "metadata": {"country": "AU"}}), "one chat", "hello")
    assert guard.lines("another chat", "GB").country == "GB"


async def test_guard_forgets_the_country_of_a_chat() -> None:
    guard = a_guard()
    await turn(guard, Rasa({"text": "Okay.", "metadata": {"country": "AU"}}), "hello")
    await guard.forget("a chat")
    await guard.forget("a chat that never was")
    assert guard.lines("a chat", "GB").country == "GB"


@pytest.mark.parametrize(("channel", "expected"), [("GB", "GB"), (None, "NZ")])
def test_guard_takes_the_channels_country_before_the_operators(
    operator: Callable[[str], None], channel: str | None, expected: str
) -> None:
    operator("NZ")
    assert a_guard().lines(None, channel).country == expected


# -- The log ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [MARKER, f"{DANGERS['overdose']} {MARKER}", f"/restart {MARKER}"])
@pytest.mark.parametrize("silent", [*SILENT, "raises with the text"])
async def test_guard_log_holds_no_word_of_the_person(silent: str, said: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    rasa = SILENT[silent]() if silent in SILENT else Rasa(fails=ValueError(f"cannot parse {said}"))
    await turn(a_guard(AT_ONCE, AT_ONCE), rasa, said)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert MARKER not in caplog.text


# -- Anything at all -------------------------------------------------------------------------------------------


@given(text=ANY_TEXT, silent=st.booleans())
@hypothesis_settings(deadline=None, max_examples=150)
def test_guard_answers_any_text_and_hands_on_no_command(text: str, silent: bool) -> None:
    async def run() -> tuple[Turn, Rasa]:
        rasa = Rasa(fails=RuntimeError(text)) if silent else Rasa(SAID)
        return await a_guard().answer(rasa, "a chat", text), rasa

    answered, rasa = asyncio.run(run())
    assert answered.messages
    assert all(message["text"].strip() for message in answered.messages)
    assert not rasa.texts[0].startswith("/")
    rasa.texts[0].encode()  # half a character would fail later, where nobody expects it


def all_payloads() -> list[str]:
    return [
        button["payload"]
        for name, response in RESPONSES.by_name.items()
        if response.get("buttons") and name != "utter_country"
        for button in RESPONSES.message(name, HELPLINES.international)["buttons"]
    ]


@pytest.mark.parametrize(
    "text",
    [
        *(f"/{intent}" for intent in sorted(PAYLOADS)),
        '/show_topic{"topic": "medicines/methadone"}',
        '/change_country{"country": "GB"}',
        *sorted(set(all_payloads())),
    ],
)
def test_guard_payload_of_a_button_passes(text: str) -> None:
    assert is_payload(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "tell_more",
        " /tell_more",
        "/tell_more ",
        "/tell_more\n",
        "/restart",
        "/session_start",
        "/emergency_overdose",
        "/ask_dose",
        "/tell_more/restart",
        "/show_topic{",
        "/show_topic{}}",
        '/show_topic{"topic": 5}',
        '/show_topic{"topic": null}',
        '/show_topic{"topic": ["a/b"]}',
        '/show_topic{"subject": "heroin"}',
        '/show_topic{"topic": "../../etc/passwd"}',
        '/show_topic{"topic": "a b"}',
        '/show_topic{"topic": ""}',
        '/show_topic{"topic": "a/b\\n"}',
        '/show_topic{"topic": "' + "a" * 81 + '"}',
        '/show_topic{"topic": "a/b"}\n/restart',
        '/show_topic["topic"]',
        "/show_topic@0.9",
        "/show_topic;/restart",
    ],
)
def test_guard_payload_that_no_button_sends_is_refused(text: str) -> None:
    assert not is_payload(text)


@given(
    st.one_of(
        ANY_TEXT,
        st.builds("/{}{}".format, st.sampled_from([*sorted(PAYLOADS), "restart"]), ANY_TEXT),
        st.builds(
            lambda intent, entities: f"/{intent}{json.dumps(entities)}",
            st.sampled_from(["show_topic", "change_country", "restart"]),
            st.dictionaries(st.sampled_from(["topic", "country", "subject"]), st.one_of(ANY_TEXT, st.integers())),
        ),
    )
)
def test_guard_payload_passes_only_with_a_known_intent_and_plain_values(text: str) -> None:
    if not is_payload(text):
        return
    intent, _, entities = text[1:].partition("{")
    assert intent in PAYLOADS
    values = json.loads("{" + entities) if entities else {}
    assert set(values) <= {"topic", "country"}
    assert all(ENTITY_VALUE.fullmatch(value) for value in values.values())


async def test_guard_shows_what_an_emergency_needs_above_the_answer() -> None:
    help_line = short_help(HELPLINES.international)

    async def rasa(message: UserMessage) -> None:
        await message.output_channel.send_response("", {"text": "The answer.", "metadata": {"kind": "answer"}})
        await message.output_channel.send_response(
            "",
            {
                "text": f"Still in danger? Call.\n\n{help_line}",
                "metadata": {"kind": "help", "reminder": "Still in danger? Call."},
            },
        )

    turn = await Guard.load("web").answer(rasa, "a chat", "what is methadone")
    assert [message["text"] for message in turn.messages] == ["Still in danger? Call.", "The answer.", help_line]
    assert turn.messages[0]["metadata"]["kind"] == "help"
