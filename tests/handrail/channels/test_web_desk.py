"""Whatever a browser sends gets kind words and the help lines, and one message gets one answer."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from handrail.channels import web_desk
from handrail.channels.guard import Guard, is_payload
from handrail.channels.sessions import LIFE_SECONDS, SessionTokens
from handrail.channels.web_desk import Answer, WebDesk
from handrail.helplines import find_phone_numbers, short_help, widget_data
from handrail.knowledge import emergency_screen, helplines, words
from handrail.responses import Responses
from tests.handrail.channels.stand_ins import ANY_TEXT, Clock, Rasa

SCREEN, HELPLINES, RESPONSES, WORDS = emergency_screen(), helplines(), Responses.load(), words()
SECRET = b"a secret"
SAID = {"text": "Methadone is a medicine.", "metadata": {"kind": "answer"}}
PATIENCE = 20.0

ANY_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), ANY_TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(ANY_TEXT, inner, max_size=3)),
    max_leaves=5,
)


def a_desk(clock: Clock | None = None) -> WebDesk:
    clock = clock or Clock()
    guard = Guard("web", SCREEN, HELPLINES, RESPONSES, WORDS)
    return WebDesk(guard, SessionTokens(SECRET, clock), RESPONSES, WORDS, clock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> WebDesk:
    return a_desk(clock)


@pytest.fixture
def token(desk: WebDesk) -> str:
    return str(desk.open({"country": "GB"}).body["token"])


def texts(answer: Answer) -> str:
    return "\n".join(message["text"] for message in answer.body["messages"])


def assert_is_kind(answer: Answer, status: int, said: str, country: str | None = None) -> None:
    assert answer.status == status
    assert answer.body["ok"] is False
    assert said in texts(answer)
    assert short_help(HELPLINES.of(country)) in texts(answer)
    assert answer.body["help"] == widget_data(HELPLINES.of(country))
    json.dumps(answer.body)


# -- Opening a chat --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "expected"), [("GB", "GB"), ("gb", "GB"), ("UK", "GB"), (None, None), ("Narnia", None), ("BR", None)]
)
def test_web_desk_opens_a_chat_with_the_welcome_and_the_lines_of_the_country(
    desk: WebDesk, country: str | None, expected: str | None
) -> None:
    answer = desk.open({"country": country})
    assert answer.status == web_desk.OK
    assert answer.body["help"] == widget_data(HELPLINES.of(expected))
    assert answer.body["messages"][0]["kind"] == "dialogue"
    assert all(is_payload(button["payload"]) for button in answer.body["messages"][0]["buttons"])
    assert desk.conversation(answer.body["token"])
    if expected is None:
        assert find_phone_numbers(texts(answer)) == []


def test_web_desk_opens_a_chat_without_a_country(desk: WebDesk) -> None:
    assert desk.open({}).status == web_desk.OK


@pytest.mark.parametrize("body", [None, 5, True, "GB", [], {"country": 5}, {"country": ["GB"]}, {"country": {}}])
def test_web_desk_refuses_to_open_a_chat_from_a_bad_body(desk: WebDesk, body: object) -> None:
    assert_is_kind(desk.open(body), web_desk.BAD_REQUEST, WORDS.bad_request)


# -- Messages --------------------------------------------------------------------------------------------------


async def test_web_desk_answers_a_text(desk: WebDesk, token: str) -> None:
    rasa = Rasa(SAID)
    answer = await desk.message({"token": token, "id": "1", "text": "what is methadone"}, rasa)
    assert answer.status == web_desk.OK
    assert answer.body["ok"] is True
    help_line = {"text": short_help(HELPLINES.of("GB")), "kind": "help"}
    assert answer.body["messages"] == [{"text": SAID["text"], "kind": "answer"}, help_line]
    assert answer.body["help"] == widget_data(HELPLINES.of("GB"))
    (message,) = rasa.received
    assert message.sender_id == desk.conversation(token)
    assert message.metadata["country"] == "GB"
    assert message.metadata["welcomed"] is True


async def test_web_desk_answers_a_button(desk: WebDesk, token: str) -> None:
    rasa = Rasa(SAID)
    answer = await desk.message({"token": token, "id": "1", "payload": "/tell_more"}, rasa)
    assert answer.status == web_desk.OK
    assert rasa.texts == ["/tell_more"]


async def test_web_desk_says_so_when_rasa_did_not_answer(desk: WebDesk, token: str) -> None:
    answer = await desk.message({"token": token, "id": "1", "text": "hello"}, Rasa(fails=RuntimeError()))
    assert_is_kind(answer, web_desk.OK, WORDS.safe_reply, "GB")


async def test_web_desk_shows_what_people_need_and_not_what_reviewers_need(desk: WebDesk, token: str) -> None:
    metadata = {"kind": "emergency", "emergency": "overdose", "facts": ["B-OD-02"], "clinical_review": "pending"}
    answer = await desk.message(
        {"token": token, "id": "1", "text": "hi"}, Rasa({"text": "Call.", "metadata": metadata})
    )
    assert answer.body["messages"][0] == {"text": "Call.", "kind": "emergency", "emergency": "overdose"}


async def test_web_desk_help_follows_the_country_that_was_said(desk: WebDesk, token: str) -> None:
    moved = Rasa({"text": "Okay.", "metadata": {"country": "AU"}})
    answer = await desk.message({"token": token, "id": "1", "text": "i am in australia"}, moved)
    assert answer.body["help"]["country"] == "AU"
    refused = await desk.message({"token": token, "id": "2"}, Rasa(SAID))
    assert_is_kind(refused, web_desk.BAD_REQUEST, WORDS.bad_request, "AU")


@pytest.mark.parametrize("body", [None, 5, 1.5, True, "text", [], [{}]])
async def test_web_desk_refuses_a_body_that_is_no_object(desk: WebDesk, body: object) -> None:
    rasa = Rasa(SAID)
    assert_is_kind(await desk.message(body, rasa), web_desk.BAD_REQUEST, WORDS.bad_request)
    assert rasa.received == []


@pytest.mark.parametrize(
    "bad",
    [
        {"id": None},
        {"id": 5},
        {"id": ""},
        {"id": "x" * (web_desk.ID_CHARACTERS + 1)},
        {"id": ["1"]},
        {"text": None},
        {"text": 5},
        {"text": ["hello"]},
        {"text": {"a": 1}},
        {"text": True},
        {"payload": "/tell_more"},  # beside a text
        {"text": None, "payload": 5},
        {"text": None, "payload": []},
        {"text": None, "payload": ""},
        {"text": None, "payload": "hello"},
        {"text": None, "payload": "/restart"},
        {"text": None, "payload": "/emergency_overdose"},
        {"text": None, "payload": '/show_topic{"subject": "x"}'},
    ],
    ids=json.dumps,
)
async def test_web_desk_refuses_a_message_that_is_wrong(desk: WebDesk, token: str, bad: dict[str, Any]) -> None:
    rasa = Rasa(SAID)
    answer = await desk.message({"token": token, "id": "1", "text": "hello", **bad}, rasa)
    assert_is_kind(answer, web_desk.BAD_REQUEST, WORDS.bad_request, "GB")
    assert rasa.received == []


async def test_web_desk_refuses_a_text_that_is_too_long(desk: WebDesk, token: str) -> None:
    rasa = Rasa(SAID)
    text = "a" * web_desk.TEXT_CHARACTERS
    assert (await desk.message({"token": token, "id": "1", "text": text}, rasa)).status == web_desk.OK
    answer = await desk.message({"token": token, "id": "2", "text": text + "a"}, rasa)
    assert_is_kind(answer, web_desk.TOO_LONG, WORDS.too_long, "GB")
    assert len(rasa.received) == 1


@pytest.mark.parametrize("damage", ["forged", "cut", "changed", "missing", "of another type", "old"])
async def test_web_desk_refuses_a_token_that_is(desk: WebDesk, clock: Clock, token: str, damage: str) -> None:
    bad: object = {
        "forged": SessionTokens(b"another secret", clock).open("GB")[0],
        "cut": token[:-5],
        "changed": ("B" if token[0] == "A" else "A") + token[1:],
        "missing": None,
        "of another type": [token],
        "old": token,
    }[damage]
    if damage == "old":
        clock.now += LIFE_SECONDS + 1
    rasa = Rasa(SAID)
    answer = await desk.message({"token": bad, "id": "1", "text": "hello"}, rasa)
    assert_is_kind(answer, web_desk.SESSION_ENDED, WORDS.session_ended)
    assert rasa.received == []
    closed, conversation = await desk.close({"token": bad})
    assert_is_kind(closed, web_desk.SESSION_ENDED, WORDS.session_ended)
    assert conversation is None


# -- The same message again ------------------------------------------------------------------------------------


async def test_web_desk_gives_a_message_that_comes_again_the_same_answer(desk: WebDesk, token: str) -> None:
    rasa = Rasa(SAID)
    body = {"token": token, "id": "1", "text": "what is methadone"}
    assert await desk.message(body, rasa) == await desk.message(body, rasa)
    assert len(rasa.received) == 1


async def test_web_desk_answers_once_when_the_same_message_comes_twice_at_a_time(desk: WebDesk, token: str) -> None:
    release = asyncio.Event()
    rasa = Rasa(SAID, release=release)
    body = {"token": token, "id": "1", "text": "what is methadone"}
    both = [asyncio.ensure_future(desk.message(body, rasa)) for _ in range(2)]
    release.set()
    first, second = await asyncio.wait_for(asyncio.gather(*both), PATIENCE)
    assert first == second
    assert len(rasa.received) == 1


async def test_web_desk_finishes_the_turn_of_a_browser_that_gave_up(desk: WebDesk, token: str) -> None:
    release = asyncio.Event()
    rasa = Rasa(release=release, late=SAID)
    body = {"token": token, "id": "1", "text": "what is methadone"}
    request = asyncio.ensure_future(desk.message(body, rasa))
    while not rasa.received:
        await asyncio.sleep(0)
    request.cancel()
    await asyncio.wait({request})
    assert request.cancelled()
    release.set()
    answer = await asyncio.wait_for(desk.message(body, rasa), PATIENCE)
    assert answer.body["messages"][0]["text"] == SAID["text"]
    assert len(rasa.received) == 1


async def test_web_desk_keeps_the_ids_of_chats_apart(desk: WebDesk, token: str) -> None:
    other = desk.open({"country": "AU"}).body["token"]
    rasa = Rasa(SAID)
    await desk.message({"token": token, "id": "1", "text": "hello"}, rasa)
    answer = await desk.message({"token": other, "id": "1", "text": "hello"}, rasa)
    assert answer.body["help"]["country"] == "AU"
    assert len(rasa.received) == 2


# -- Too many messages -----------------------------------------------------------------------------------------


async def send(desk: WebDesk, token: str, first: int, count: int, rasa: Rasa) -> list[Answer]:
    return [
        await desk.message({"token": token, "id": str(number), "text": "hello"}, rasa)
        for number in range(first, first + count)
    ]


async def test_web_desk_slows_a_chat_that_writes_too_fast(desk: WebDesk, clock: Clock, token: str) -> None:
    rasa = Rasa(SAID)
    answers = await send(desk, token, 0, web_desk.MESSAGES + 1, rasa)
    assert [answer.status for answer in answers[:-1]] == [web_desk.OK] * web_desk.MESSAGES
    assert_is_kind(answers[-1], web_desk.TOO_MANY, WORDS.too_many, "GB")
    assert len(rasa.received) == web_desk.MESSAGES
    clock.now += web_desk.SECONDS + 1
    # The message that was refused can be sent again.
    (again,) = await send(desk, token, web_desk.MESSAGES, 1, rasa)
    assert again.status == web_desk.OK


async def test_web_desk_slows_no_other_chat(desk: WebDesk, token: str) -> None:
    rasa = Rasa(SAID)
    await send(desk, token, 0, web_desk.MESSAGES + 1, rasa)
    other = desk.open({}).body["token"]
    assert (await send(desk, other, 0, 1, rasa))[0].status == web_desk.OK


async def test_web_desk_counts_a_message_that_comes_again_once(desk: WebDesk, token: str) -> None:
    rasa = Rasa(SAID)
    for _ in range(web_desk.MESSAGES * 2):
        (answer,) = await send(desk, token, 0, 1, rasa)
        assert answer.status == web_desk.OK


async def test_web_desk_shows_the_card_also_to_a_chat_that_writes_too_fast(desk: WebDesk, token: str) -> None:
    rasa = Rasa(SAID)
    await send(desk, token, 0, web_desk.MESSAGES, rasa)
    answer = await desk.message({"token": token, "id": "last", "text": "my nephew isnt breathing"}, rasa)
    assert answer.status == web_desk.TOO_MANY
    assert answer.body["messages"][0]["emergency"] == "overdose"
    assert "999" in texts(answer)


# -- Ending a chat ---------------------------------------------------------------------------------------------


async def test_web_desk_forgets_a_chat(desk: WebDesk, token: str) -> None:
    rasa = Rasa({"text": "Okay.", "metadata": {"country": "AU"}})
    body = {"token": token, "id": "1", "text": "i am in australia"}
    await desk.message(body, rasa)
    answer, conversation = await desk.close({"token": token})
    assert answer.status == web_desk.OK
    assert conversation == desk.conversation(token)
    assert answer.body["help"] == widget_data(HELPLINES.of("GB"))
    await desk.message(body, rasa)
    assert len(rasa.received) == 2  # the earlier answer is gone too


async def test_web_desk_forgets_a_chat_when_the_person_says_so(desk: WebDesk, token: str) -> None:
    earlier = {"token": token, "id": "1", "text": "my name is on this"}
    rasa = Rasa(SAID)
    await desk.message(earlier, rasa)
    forgotten = Rasa({"text": "Done.", "metadata": {"kind": "dialogue", "forgotten": True}})
    answer = await desk.message({"token": token, "id": "2", "text": "forget me"}, forgotten)
    assert answer.status == web_desk.OK
    await desk.message(earlier, rasa)
    assert len(rasa.received) == 2  # no answer from before is kept


async def test_web_desk_ends_a_turn_that_goes_on_while_the_chat_is_closed(desk: WebDesk, token: str) -> None:
    rasa = Rasa(release=asyncio.Event())
    asked = asyncio.ensure_future(desk.message({"token": token, "id": "1", "text": "hello"}, rasa))
    while not rasa.received:
        await asyncio.sleep(0)
    await desk.close({"token": token})
    assert rasa.cancelled
    assert (await asyncio.wait_for(asked, PATIENCE)).body["messages"]


async def test_web_desk_keeps_answers_for_a_short_while_only(desk: WebDesk, clock: Clock, token: str) -> None:
    rasa, body = Rasa(SAID), {"token": token, "id": "1", "text": "hello"}
    await desk.message(body, rasa)
    clock.now += web_desk.REMEMBERED_SECONDS + 1
    desk.forget_old()
    await desk.message(body, rasa)
    assert len(rasa.received) == 2


@pytest.mark.parametrize("body", [None, 5, "x", [], {}, {"token": None}])
async def test_web_desk_refuses_to_end_what_is_no_chat(desk: WebDesk, body: object) -> None:
    answer, conversation = await desk.close(body)
    assert_is_kind(answer, web_desk.SESSION_ENDED, WORDS.session_ended)
    assert conversation is None


@pytest.mark.parametrize("status", [400, 401, 404, 405, 408, 413, 429, 500, 503])
def test_web_desk_has_kind_words_for_every_status(desk: WebDesk, status: int) -> None:
    answer = desk.refuse(status)
    assert answer.status == status
    assert short_help(HELPLINES.international) in texts(answer)


# -- Anything at all -------------------------------------------------------------------------------------------


@given(text=ANY_TEXT, country=st.one_of(st.none(), ANY_TEXT))
@hypothesis_settings(deadline=None)
def test_web_desk_answers_any_text(text: str, country: str | None) -> None:
    desk = a_desk()
    opened = desk.open({"country": country})
    rasa = Rasa(SAID)
    answer = asyncio.run(desk.message({"token": opened.body["token"], "id": "1", "text": text}, rasa))
    assert answer.status == web_desk.OK
    assert texts(answer).strip()
    assert not rasa.texts[0].startswith("/")


@given(ANY_JSON)
@hypothesis_settings(deadline=None)
def test_web_desk_answers_any_json(body: object) -> None:
    desk = a_desk()
    token = desk.open({}).body["token"]
    rasa = Rasa(SAID)
    for sent in (body, {"token": token, "id": "1", "payload": body}, {"token": token, "id": body, "text": "hello"}):
        answer = asyncio.run(desk.message(sent, rasa))
        assert texts(answer).strip()
        assert answer.body["help"]
    for answer in (desk.open(body), asyncio.run(desk.close(body))[0]):
        assert texts(answer).strip()
        assert answer.body["help"]
