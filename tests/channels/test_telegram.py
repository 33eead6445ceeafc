"""The Telegram channel: what it takes from Telegram, and what it says there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from handrail import knowledge
from handrail.channels.credentials import MissingSetting
from handrail.channels.telegram import TelegramInput
from handrail.channels.telegram_updates import KINDS_OF_UPDATES, NOT_FOR_THE_BOT, Bot, read
from handrail.content.channel_words import NotText
from handrail.helplines import short_help
from tests.channels.fake_telegram import NAME, TOKEN
from tests.channels.line_telegram import NOT_TEXT, SECRET, TelegramLine, telegram_line
from tests.channels.lines import shown
from tests.handrail.channels.stand_ins import Rasa

WORDS, CHANNEL_WORDS = knowledge.words(), knowledge.channel_words()
HELP = short_help(knowledge.helplines().international)
ANSWER: dict[str, Any] = {"text": "Methadone is a medicine.", "metadata": {"kind": "answer"}}
BUTTONS = [{"title": "Tell me more", "payload": "/tell_more"}, {"title": "None of these", "payload": "/none_of_these"}]
FAMILY = {"id": -100_123, "type": "supergroup", "title": "Family"}
SETTINGS = {
    "HANDRAIL_TELEGRAM_TOKEN": TOKEN,
    "HANDRAIL_TELEGRAM_SECRET": SECRET,
    "HANDRAIL_PUBLIC_URL": "https://bot.example.org/",
}


@pytest.fixture
def rasa() -> Rasa:
    return Rasa({**ANSWER, "buttons": BUTTONS})


@pytest.fixture
async def line(rasa: Rasa) -> AsyncIterator[TelegramLine]:
    async with telegram_line(rasa) as opened:
        yield opened
        assert opened.faults == []


# -- Switching on ----------------------------------------------------------------------------------------------------


def test_telegram_is_set_up_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    channel = TelegramInput.from_credentials(None)
    assert channel._webhook == "https://bot.example.org/webhooks/telegram/webhook"


@pytest.mark.parametrize("missing", SETTINGS)
def test_telegram_does_not_start_without_a_setting_and_says_which(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(missing)
    with pytest.raises(MissingSetting, match=f"{missing} is missing: set it to") as refused:
        TelegramInput.from_credentials(None)
    assert all(value not in str(refused.value) for value in SETTINGS.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HANDRAIL_TELEGRAM_TOKEN", "no-token"),
        ("HANDRAIL_TELEGRAM_SECRET", "short"),
        ("HANDRAIL_TELEGRAM_SECRET", "with spaces in between 0123"),
        ("HANDRAIL_TELEGRAM_SECRET", "x" * 257),
        ("HANDRAIL_PUBLIC_URL", "http://bot.example.org"),
    ],
)
def test_telegram_does_not_start_with_a_setting_that_cannot_be_right(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other, right in SETTINGS.items():
        monkeypatch.setenv(other, right)
    monkeypatch.setenv(name, value)
    with pytest.raises(MissingSetting, match=f"{name} cannot be right") as refused:
        TelegramInput.from_credentials(None)
    assert value not in str(refused.value)


async def test_telegram_is_told_where_to_send_updates_and_with_which_secret(line: TelegramLine) -> None:
    (webhook,) = line.platform.called("setWebhook")
    assert webhook == {
        "url": "https://bot.example.org/webhooks/telegram/webhook",
        "secret_token": SECRET,
        "allowed_updates": list(KINDS_OF_UPDATES),
    }
    (commands,) = line.platform.called("setMyCommands")
    assert {command["command"] for command in commands["commands"]} == {"start", "country", "forget"}


# -- What comes in ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", NOT_TEXT.values(), ids=[what.value for what in NOT_TEXT])
async def test_words_that_come_with_what_is_not_text_are_answered(
    line: TelegramLine, rasa: Rasa, content: dict[str, Any]
) -> None:
    seen = await line.update(line.message(1, {**content, "caption": "what is this"}))
    assert rasa.texts == ["what is this"]
    assert ANSWER["text"] in shown(seen)
    assert CHANNEL_WORDS.caption in shown(seen)


@pytest.mark.parametrize(
    "content",
    [
        {"video_note": {"file_id": "a"}},
        {"animation": {"file_id": "a"}, "document": {"file_id": "a"}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"venue": {"title": "A"}, "location": {"latitude": 1.0, "longitude": 1.0}},
        {"something_new_of_2030": {}},
        {"text": ""},
        {"text": " "},
    ],
    ids=lambda content: next(iter(content)),
)
async def test_anything_that_is_not_text_gets_a_line_and_help(line: TelegramLine, content: dict[str, Any]) -> None:
    assert HELP in shown(await line.update(line.message(1, content)))


async def test_the_pictures_of_an_album_are_one_message(line: TelegramLine) -> None:
    picture = {**NOT_TEXT[NotText.PICTURE], "media_group_id": "55"}
    assert await line.update(line.message(1, picture))
    assert await line.update(line.message(1, picture)) == []
    assert await line.update(line.message(1, {**picture, "media_group_id": "56"}))


@pytest.mark.parametrize(
    "update",
    [
        {"channel_post": {"message_id": 1, "chat": {"id": -5, "type": "channel"}, "text": "hello"}},
        {"edited_channel_post": {"message_id": 1, "chat": {"id": -5, "type": "channel"}, "text": "hello"}},
        {"my_chat_member": {"chat": FAMILY, "from": {"id": 1}, "new_chat_member": {"status": "member"}}},
        {"message": {"message_id": 1, "chat": {"id": 1, "type": "private"}, "from": {"id": 1}, "pinned_message": {}}},
        {"message": {"message_id": 1, "chat": FAMILY, "from": {"id": 1}, "new_chat_members": [{"id": 1}]}},
        {"edited_message": {"chat": {"id": 1, "type": "private"}, "from": {"id": 1}, "location": {"latitude": 1.0}}},
        {"message_reaction": {"chat": {"id": 1, "type": "private"}, "old_reaction": [{}], "new_reaction": []}},
        {"poll": {"id": "1"}},
        {"inline_query": {"id": "1", "query": "x"}},
        {"something_new_of_2030": {}},
        {"message": "hello"},
        {"message": {"text": "hello"}},
        {"message": {"text": ["hello"], "chat": {"id": "1"}}},
        {"callback_query": {"id": "1"}},
        {},
    ],
    ids=lambda update: " ".join(update) or "empty",
)
async def test_an_update_that_is_not_for_the_bot_is_taken_and_not_answered(
    line: TelegramLine, rasa: Rasa, update: dict[str, Any]
) -> None:
    assert await line.update(dict(update)) == []
    assert rasa.received == []


@pytest.mark.parametrize("body", [None, [], "hello", 5, {"update_id": "x", "message": None}])
async def test_a_body_that_is_no_update_is_taken(line: TelegramLine, body: object) -> None:
    assert await line.post(body) == 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("chat", "from", "text", "caption", "photo", "data", "message", "id", "type", "entities", "reply_to_message")


@pytest.mark.parametrize("number", [10**400, -(10**400), 2**63, True, 1.5, "7", None])
async def test_an_update_with_an_odd_number_is_answered_all_the_same(line: TelegramLine, number: Any) -> None:
    update = line.message(1, {"text": "what is methadone"})
    seen = await line.update({**update, "update_id": number})
    assert ANSWER["text"] in shown(seen)


@given(
    st.sampled_from((*KINDS_OF_UPDATES, "channel_post")),
    st.dictionaries(
        st.sampled_from(FIELDS), JSON | st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5), max_size=6
    ),
)
@hypothesis_settings(deadline=None, max_examples=300)
def test_reading_an_update_never_fails(kind: str, content: dict[str, Any]) -> None:
    found = read({"update_id": 5, kind: content}, Bot(1, "bot"))
    assert found.received is None or found.received.person


async def test_what_merely_looks_like_a_command_is_left_whole(line: TelegramLine, rasa: Rasa) -> None:
    await line.say("he drank a/bottle of vodka")
    assert rasa.texts == ["he drank a/bottle of vodka"]


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("/start", "/start_again"),
        ("/start from-a-link", "/start_again"),
        (f"/START@{NAME}", "/start_again"),
        ("/country", "/change_country"),
        ("/forget", "/forget_me"),
        ("/help", "help"),
        ("/help me please", "help me please"),
        ("/restart", "restart"),
        ("/what_is_naloxone", "what is naloxone"),
    ],
)
async def test_commands(line: TelegramLine, rasa: Rasa, text: str, read_as: str) -> None:
    await line.say(text)
    assert rasa.texts == [read_as]


async def test_an_edited_message_is_not_answered_but_a_danger_in_it_gets_its_card(
    line: TelegramLine, rasa: Rasa
) -> None:
    edited = line.message(1, {"text": "my nephew isnt breathing"})
    seen = await line.update({"edited_message": edited["message"]})
    assert "Someone will not wake up" in seen[0].text
    assert rasa.received == []


# -- Buttons ---------------------------------------------------------------------------------------------------------


async def test_buttons_stand_one_a_row_and_every_press_gets_its_receipt(line: TelegramLine, rasa: Rasa) -> None:
    await line.say("what is methadone")
    rows = line.platform.sent[1]["reply_markup"]["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [["Tell me more"], ["None of these"]]
    await line.choose("None of these")
    assert rasa.texts[-1] == "/none_of_these"
    assert line.platform.called("answerCallbackQuery") == [{"callback_query_id": "77"}]


async def test_a_payload_of_more_than_64_bytes_becomes_a_number(line: TelegramLine, rasa: Rasa) -> None:
    payload = '/show_topic{"topic": "' + "overdose/" + "a" * 60 + '"}'
    rasa._messages = ({"text": "IMPORTANT: call for help", "buttons": [{"title": "Signs", "payload": payload}]},)
    seen = await line.say("what is methadone")
    assert "IMPORTANT: call for help" in shown(seen)
    await line.say("1")
    assert rasa.texts[-1] == payload


@pytest.mark.parametrize("data", ["/restart", "no payload", "", '/show_topic{"topic": {}}'])
async def test_a_press_that_no_button_of_ours_can_send_is_answered_kindly(
    line: TelegramLine, rasa: Rasa, data: str
) -> None:
    seen = await line.update(line.press(1, data))
    assert WORDS.bad_request in shown(seen)
    assert HELP in shown(seen)
    assert rasa.received == []


async def test_a_press_is_answered_though_its_receipt_fails(line: TelegramLine, rasa: Rasa) -> None:
    line.platform.receipts_fail = True
    assert HELP in shown(await line.update(line.press(1, "/tell_more")))
    assert rasa.texts == ["/tell_more"]


# -- Groups ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        {"text": "what is methadone"},
        {"text": "/help"},
        {"text": "/help@another_bot"},
        {"text": f"@{NAME}2 what is methadone"},
        {"text": "hello", "reply_to_message": {"from": {"id": 5}}},
        NOT_TEXT[NotText.STICKER],
    ],
    ids=str,
)
async def test_in_a_group_the_bot_is_silent_unless_it_is_spoken_to(
    line: TelegramLine, rasa: Rasa, content: dict[str, Any]
) -> None:
    assert await line.update(line.message(1, content, FAMILY)) == []
    assert rasa.received == []


@pytest.mark.parametrize(
    "content",
    [
        {"text": f"@{NAME} what is methadone"},
        {"text": f"what is methadone @{NAME.upper()}"},
        {"text": "what is methadone", "reply_to_message": {"from": {"id": 123456}}},
    ],
    ids=["name in front", "name behind", "reply"],
)
async def test_in_a_group_the_bot_answers_who_speaks_to_it(
    line: TelegramLine, rasa: Rasa, content: dict[str, Any]
) -> None:
    seen = await line.update(line.message(1, content, FAMILY))
    assert rasa.texts == ["what is methadone"]
    assert CHANNEL_WORDS.group in shown(seen)
    assert HELP in shown(seen)
    assert {message["chat_id"] for message in line.platform.sent} == {FAMILY["id"]}
    assert all(message["reply_parameters"]["allow_sending_without_reply"] for message in line.platform.sent)


async def test_in_a_group_people_are_told_apart(line: TelegramLine, rasa: Rasa) -> None:
    for person in (1, 2):
        await line.update(line.message(person, {"text": f"@{NAME} hello"}, FAMILY))
    await line.say("hello", person=1)
    assert len({message.sender_id for message in rasa.received}) == 3


async def test_in_a_group_other_bots_are_not_answered(line: TelegramLine) -> None:
    update = line.message(1, {"text": f"@{NAME} hello"}, FAMILY)
    update["message"]["from"]["is_bot"] = True
    assert await line.update(update) == []


async def test_in_a_group_who_writes_in_its_name_is_answered(line: TelegramLine, rasa: Rasa) -> None:
    update = line.message(1, {"text": f"@{NAME} what is methadone"}, FAMILY)
    # So Telegram hides an admin: behind a bot of its own.
    update["message"] |= {"from": {"id": 1087968824, "is_bot": True}, "sender_chat": FAMILY}
    assert HELP in shown(await line.update(update))
    assert rasa.texts == ["what is methadone"]


async def test_a_group_that_moved_gets_its_answer_at_its_new_place(line: TelegramLine) -> None:
    moved = {"ok": False, "error_code": 400, "description": "x", "parameters": {"migrate_to_chat_id": -200}}
    await line.update(line.message(1, {"text": f"@{NAME} hello"}, FAMILY))
    line.platform.failing.append(moved)
    await line.update(line.message(1, {"text": f"@{NAME} hello"}, FAMILY))
    assert line.platform.sent[-2]["chat_id"] == -200


# -- Leaving and forgetting ------------------------------------------------------------------------------------------


async def test_who_blocks_the_bot_is_forgotten(rasa: Rasa) -> None:
    erased: list[str] = []
    agent = SimpleNamespace(tracker_store=SimpleNamespace(erase=erased.append))
    async with telegram_line(rasa, agent) as line:
        await line.say("what is methadone")
        conversation = rasa.received[0].sender_id
        chat = line.message(1, {})["message"]["chat"]
        await line.update({"my_chat_member": {"chat": chat, "new_chat_member": {"status": "kicked"}}})
        assert erased == [conversation]
        assert line.channel._people.get(conversation) is None


async def test_nothing_more_is_sent_to_someone_who_blocked_the_bot(line: TelegramLine, rasa: Rasa) -> None:
    line.fail(403)
    assert await line.say("what is methadone") == []
    assert len([call for call in line.platform.calls if call.method == "sendmessage"]) == 1
    assert line.channel._people.get(rasa.received[0].sender_id) is None


async def test_forget_me_leaves_nothing_in_the_channel(line: TelegramLine, rasa: Rasa) -> None:
    await line.say("what is methadone")
    rasa._messages = ({"text": "Done.", "metadata": {"kind": "dialogue", "forgotten": True}},)
    assert "Done." in shown(await line.say("forget me"))
    channel = line.channel
    assert [len(kept) for kept in (channel._people, channel._held, channel._choices._open)] == [0, 0, 0]


# -- Order and speed -------------------------------------------------------------------------------------------------


async def test_updates_that_come_at_once_are_answered_one_by_one(rasa: Rasa) -> None:
    running, most = 0, 0

    async def slow(message: Any) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        await rasa(message)
        running -= 1

    async with telegram_line(slow) as own:
        updates = [own.message(1, {"text": f"question {number}"}) for number in range(6)]
        first, *rest = updates
        await asyncio.gather(*(own.post(update) for update in (first, *reversed(rest))))
        await own.channel.finish()
    assert sorted(rasa.texts) == [f"question {number}" for number in range(6)]
    assert most == 1


async def test_updates_that_wait_are_answered_in_the_order_of_telegrams_count() -> None:
    release = asyncio.Event()
    rasa = Rasa(ANSWER, release=release)
    async with telegram_line(rasa) as line:
        first, second, third, fourth = (line.message(1, {"text": text}) for text in ("one", "two", "three", "four"))
        for update in (first, fourth, second, third, second):
            assert await line.post(update) == 200
        release.set()
        await line.channel.finish()
    assert rasa.texts == ["one", "two", "three", "four"]


async def test_telegram_gets_its_receipt_before_the_bot_has_answered(rasa: Rasa) -> None:
    release = asyncio.Event()
    async with telegram_line(Rasa(ANSWER, release=release)) as line:
        assert await line.post(line.message(1, {"text": "what is methadone"})) == 200
        assert line.platform.sent == []
        release.set()
        await line.channel.finish()
        assert line.platform.sent


async def test_a_pause_that_telegram_wants_is_kept(rasa: Rasa) -> None:
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    async with telegram_line(rasa) as line:
        line.channel._sender._sleep = note
        line.fail(429, 500)
        await line.say("what is methadone")
    assert waits == [3.0, 2.0]


async def test_the_token_and_the_secret_are_never_logged(caplog: pytest.LogCaptureFixture, rasa: Rasa) -> None:
    async with telegram_line(rasa) as line:
        await line.platform.stop()
        await line.say("what is methadone")
        await line.forge()
        await line.platform.start()
    logged = " ".join(record.getMessage() for record in caplog.records)
    assert "delivery.failed" in logged
    assert TOKEN not in logged
    assert SECRET not in logged


def test_updates_not_for_the_bot_ask_for_nothing() -> None:
    assert NOT_FOR_THE_BOT.received is None
    assert NOT_FOR_THE_BOT.left is None
