"""Slack: who may speak, what is meant for the bot, how answers look, and what happens when Slack fails."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rasa.core.channels.slack import SlackInput as StockInput
from rasa.core.run import _create_single_channel
from slack_sdk.models.blocks import Block
from slack_sdk.web.async_client import AsyncWebClient

from handrail import knowledge
from handrail.channels.credentials import MissingSetting
from handrail.channels.outgoing import Part
from handrail.channels.slack import SlackInput
from handrail.channels.slack_blocks import message_fields
from handrail.channels.slack_messages import action_payload, plain, read_action, read_event
from handrail.content.channel_words import NotText
from handrail.helplines import short_help
from tests.channels.fake_slack import BOT_USER, CHANNEL, PERSON, SECRET, TOKEN, FakeSlack, unescaped
from tests.channels.line_slack import SlackLine, over_slack, slack_line
from tests.channels.lines import no_wait, shown
from tests.channels.serving import served
from tests.handrail.channels.stand_ins import Rasa

HELP = short_help(knowledge.helplines().international)
WORDS, CHANNEL_WORDS = knowledge.words(), knowledge.channel_words()
BUTTONS = [{"title": f"Choice {number}", "payload": "/tell_more"} for number in range(1, 8)]
SAID = {"text": "Methadone is a medicine.", "metadata": {"kind": "answer"}}
ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=500).filter(str.strip)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = ("type", "subtype", "channel", "channel_type", "user", "text", "ts", "files", "message", "previous_message")


class StockSlack:
    """Rasa's own connector, served over the same fake; done when its background tasks are."""

    def __init__(self, channel: StockInput, platform: FakeSlack, address: str) -> None:
        self.channel = channel
        self.platform = platform
        self._address = f"{address}/webhook"

    async def take(self, body: dict[str, Any], **request: Any) -> list[str]:
        """Post an event; return what Slack took."""
        before = len(self.platform.posted)
        webhook = self.platform.webhook(body, **request)
        async with (
            aiohttp.ClientSession() as client,
            client.post(self._address, data=webhook.body, headers=webhook.headers) as reply,
        ):
            assert reply.status < 400
        await asyncio.gather(*self.channel._background_tasks, return_exceptions=True)
        return self.platform.texts[before:]


@asynccontextmanager
async def stock(rasa: Rasa, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[StockSlack]:
    """Open Rasa's own connector."""
    async with FakeSlack() as platform:
        made = AsyncWebClient.__init__

        def with_address(self: AsyncWebClient, *of: Any, **more: Any) -> None:
            made(self, *of, **{**more, "base_url": f"{platform.url}/"})

        monkeypatch.setattr(AsyncWebClient, "__init__", with_address)
        channel = StockInput.from_credentials({"slack_token": TOKEN, "slack_signing_secret": SECRET})
        async with served(channel, rasa) as address:
            yield StockSlack(channel, platform, address)


# -- Who may speak ---------------------------------------------------------------------------------------------


async def test_slack_forged_old_and_unsigned_requests_reach_nobody() -> None:
    rasa = Rasa(SAID)
    async with slack_line(rasa) as line:
        assert set(await line.forge()) == {403}
        await line.channel.finish()
    assert rasa.received == []


async def test_slack_a_button_is_checked_as_an_event_is() -> None:
    rasa = Rasa(SAID)
    async with slack_line(rasa) as line:
        press = line.platform.press({"title": "x", "value": "/tell_more", "action_id": "a"})
        assert await line.post(line.platform.webhook(press, secret="another app's")) == 403
        assert await line.post(line.platform.webhook(press, seconds_ago=400)) == 403
    assert rasa.received == []


async def test_slack_its_first_call_is_answered_with_its_challenge() -> None:
    async with slack_line(Rasa(SAID)) as line:
        request = line.platform.webhook({"type": "url_verification", "challenge": "a challenge", "token": "x"})
        async with (
            aiohttp.ClientSession() as client,
            client.post(line._address, data=request.body, headers=request.headers) as reply,
        ):
            assert (reply.status, await reply.json()) == (200, {"challenge": "a challenge"})


@given(
    body=st.dictionaries(st.sampled_from(["event", "type", "actions", "user", "channel", "authorizations"]), JSON)
    | st.fixed_dictionaries(
        {
            "event": st.dictionaries(
                st.sampled_from(FIELDS),
                JSON
                | st.sampled_from(["message", "app_mention", "reaction_added", "message_changed", "im", "D1", "U1"]),
            )
        }
    )
)
@hypothesis_settings(deadline=None, max_examples=200)
def test_slack_any_json_is_read_without_an_error(body: dict[str, Any]) -> None:
    read_event(body)
    read_action(body)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"\xff", b'{"event": 5}', b"payload=%7B", b"[" * 5_000])
@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded", ""])
async def test_slack_what_cannot_be_read_is_no_server_error(body: bytes, content_type: str, slack: SlackLine) -> None:
    signed = slack.platform.sign(body, content_type)
    assert await slack.post(signed) in (200, 403)
    await slack.channel.finish()
    assert slack.platform.posted == []


@pytest.fixture
async def slack() -> AsyncIterator[SlackLine]:
    async with slack_line(Rasa(SAID)) as line:
        yield line


def test_slack_a_form_without_a_payload_presses_nothing() -> None:
    assert read_action(action_payload({"command": "/handrail"})) is None
    assert read_action(action_payload({"payload": "[" * 5_000})) is None


# -- Once, and in order ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["http_timeout", "http_error", "connection_failed"])
async def test_slack_a_message_that_it_sends_again_is_answered_once(
    reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rasa = Rasa(SAID)
    async with stock(rasa, monkeypatch) as theirs:
        body = theirs.platform.message("hello")
        await theirs.take(body)
        await theirs.take(body, retry=(1, reason))
    assert len(rasa.received) == (1 if reason == "http_timeout" else 2)
    rasa = Rasa(SAID)
    async with slack_line(rasa) as line:
        body = line.message("hello")
        assert await line.take(body)
        assert await line.take(body, retry=(1, reason)) == []
    assert len(rasa.received) == 1


async def test_slack_a_retry_is_answered_when_the_first_request_never_came() -> None:
    async with slack_line(Rasa(SAID)) as line:
        assert await line.take(line.message("hello"), retry=(1, "http_timeout"))


async def test_slack_a_mention_that_comes_as_two_events_is_answered_once() -> None:
    rasa = Rasa(SAID)
    async with slack_line(rasa) as line:
        mention = line.platform.mention("what is methadone")
        twin = line.platform.event({**mention["event"], "type": "message", "channel_type": "channel"})
        assert await line.take(mention)
        assert await line.take(twin) == []
    assert rasa.texts == ["what is methadone"]


async def test_slack_messages_that_wait_are_answered_in_the_order_of_slacks_time() -> None:
    release = asyncio.Event()
    rasa = Rasa(SAID, release=release)
    async with slack_line(rasa) as line:
        first, second, third, fourth = (line.message(text) for text in ("one", "two", "three", "four"))
        for body in (first, fourth, second, third, second):
            assert await line.post(line.platform.webhook(body)) == 200
        release.set()
        await line.channel.finish()
    assert rasa.texts == ["one", "two", "three", "four"]


# -- What is meant for the bot ---------------------------------------------------------------------------------


async def test_slack_in_a_channel_only_who_names_the_bot_is_answered_in_a_thread_with_a_warning() -> None:
    rasa = Rasa(SAID)
    async with slack_line(rasa) as line:
        assert await line.take(line.platform.message("my son takes heroin", channel=CHANNEL)) == []
        mention = line.platform.mention("what is methadone")
        seen = shown(await line.take(mention))
        assert CHANNEL_WORDS.group in seen
        assert {posted.thread for posted in line.platform.posted} == {mention["event"]["ts"]}
        in_thread = line.platform.mention("and naloxone", thread_ts="1763700000.000001")
        await line.take(in_thread)
        assert line.platform.posted[-1].thread == "1763700000.000001"
    assert rasa.texts == ["what is methadone", "and naloxone"]


async def test_slack_two_people_in_one_channel_have_a_conversation_each() -> None:
    rasa = Rasa(SAID)
    async with slack_line(rasa) as line:
        await line.take(line.platform.mention("one"))
        await line.take(line.platform.mention("two", user="U0OTHER"))
        await line.take(line.platform.message("three"))
    assert len({message.sender_id for message in rasa.received}) == 3


async def test_slack_in_a_direct_chat_an_answer_stays_out_of_threads_unless_asked_in_one() -> None:
    async with slack_line(Rasa(SAID)) as line:
        await line.take(line.platform.message("hello"))
        assert {posted.thread for posted in line.platform.posted} == {None}
        await line.take(line.platform.message("hello", thread_ts="1763700000.000001"))
        assert line.platform.posted[-1].thread == "1763700000.000001"


@pytest.mark.parametrize(
    "more",
    [
        {"bot_id": "B0OTHER"},
        {"subtype": "bot_message"},
        {"user": BOT_USER},
        {"user": "USLACKBOT"},
        {"user": None},
        {"subtype": "message_deleted"},
        {"subtype": "channel_join"},
        {"hidden": True},
        {"type": "pin_added"},
    ],
    ids=str,
)
async def test_slack_machines_and_notes_about_the_channel_are_not_answered(more: dict[str, Any]) -> None:
    rasa = Rasa(SAID)
    async with slack_line(rasa) as line:
        body = line.message("hello")
        body["event"] |= more
        assert await line.take(body) == []
    assert rasa.received == []


@pytest.mark.parametrize("more", [{"subtype": "me_message"}, {"subtype": "thread_broadcast"}], ids=str)
async def test_slack_what_people_write_in_other_ways_is_answered(more: dict[str, Any]) -> None:
    async with slack_line(Rasa(SAID)) as line:
        assert await line.take(line.message("hello", **more))


async def test_slack_fault_f16_a_charset_in_the_content_type_is_silence_in_rasas_own_connector_and_not_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content_type = "application/json; charset=utf-8"
    rasa = Rasa(SAID)
    async with stock(rasa, monkeypatch) as theirs:
        assert await theirs.take(theirs.platform.message("hello"), content_type=content_type) == []
    assert rasa.received == []
    async with slack_line(rasa) as line:
        assert SAID["text"] in shown(await line.take(line.message("hello"), content_type=content_type))


async def test_slack_fault_f16_rasas_own_connector_posts_as_a_user_which_apps_may_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with stock(Rasa(SAID), monkeypatch) as theirs:
        assert await theirs.take(theirs.platform.message("hello")) == []
        assert "as_user_not_supported" in theirs.platform.faults
    async with slack_line(Rasa(SAID)) as line:
        assert await line.say("hello")
        assert line.faults == []


async def test_slack_a_changed_message_is_answered_kindly_and_a_danger_in_it_with_its_card() -> None:
    rasa = Rasa(SAID)
    async with slack_line(rasa) as line:
        seen = shown(await line.send(NotText.EDITED) or [])
        assert CHANNEL_WORDS.not_text[NotText.EDITED] in seen
        assert HELP in seen
        edit = line.message("")["event"]
        user = {"type": "message", "user": PERSON, "ts": "1763800000.5"}
        edit |= {
            "subtype": "message_changed",
            "hidden": True,
            "message": {**user, "text": "my nephew isnt breathing", "edited": {"ts": "1763800001.0"}},
            "previous_message": {**user, "text": "my nephew"},
        }
        assert "Someone will not wake up" in shown(await line.take(line.platform.event(edit)))
    assert rasa.received == []


@pytest.mark.parametrize(
    "change",
    [
        {"text": "see https://example.org"},  # Slack adds a preview
        {"text": "new", "bot_id": "B0OTHER", "edited": {"ts": "1"}},
        {"text": "new", "user": BOT_USER, "edited": {"ts": "1"}},
    ],
    ids=str,
)
async def test_slack_changes_that_no_person_made_are_not_answered(change: dict[str, Any]) -> None:
    async with slack_line(Rasa(SAID)) as line:
        edit = line.message("")["event"]
        user = {"type": "message", "user": PERSON, "ts": "1763800000.5"}
        edit |= {
            "subtype": "message_changed",
            "hidden": True,
            "message": {**user, **change},
            "previous_message": {**user, "text": "see https://example.org"},
        }
        assert await line.take(line.platform.event(edit)) == []


async def test_slack_a_reaction_in_a_channel_is_between_people() -> None:
    async with slack_line(Rasa(SAID)) as line:
        item = {"type": "message", "channel": CHANNEL, "ts": "1"}
        event = {"type": "reaction_added", "user": PERSON, "reaction": "heart", "item": item, "event_ts": "2"}
        assert await line.take(line.platform.event(event)) == []
        assert await line.send(NotText.REACTION)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("<@U0HANDRAIL> what is methadone", "what is methadone"),
        ("hi <@U0HANDRAIL|handrail>, hello", "hi , hello"),
        ("<@U0OTHER> is not breathing", "is not breathing"),
        ("<!channel> hello", "hello"),
        ("see <https://example.org/a?b=c|example.org> &amp; tell me", "see example.org & tell me"),
        ("<https://example.org>", "https://example.org"),
        ("<mailto:a@example.org|a@example.org>", "a@example.org"),
        ("call <tel:+1201|+1201>", "call +1201"),
        ("in <#C1|general>", "in general"),
        ("i &lt;3 him, 5 &gt; 4", "i <3 him, 5 > 4"),
        ("a/bottle *of* vodka", "a/bottle *of* vodka"),
    ],
)
def test_slack_reads_what_a_person_typed(typed: str, meant: str) -> None:
    assert plain(typed, BOT_USER) == meant


@given(ANY_TEXT)
@hypothesis_settings(deadline=None, max_examples=200)
def test_slack_loses_nothing_of_what_a_person_typed(text: str) -> None:
    sent = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")  # as Slack does
    assert plain(sent, BOT_USER) == text.strip()


# -- Buttons ---------------------------------------------------------------------------------------------------


async def test_slack_six_buttons_and_more_are_lost_in_rasas_own_connector_and_shown_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asks = {**SAID, "buttons": BUTTONS}
    async with stock(Rasa(deepcopy(asks)), monkeypatch) as theirs:
        theirs.platform.takes_as_user = True
        await theirs.take(theirs.platform.message("hello"))
        assert [posted.buttons for posted in theirs.platform.posted] == [[]]
        assert "Choice" not in "".join(theirs.platform.texts)
    rasa = Rasa(asks)
    async with slack_line(rasa) as line:
        seen = await line.say("hello")
        assert [button for message in seen for button in message.buttons] == [button["title"] for button in BUTTONS]
        await line.choose("Choice 7")
        await line.say("3")
        await line.say("choice 2")
    assert rasa.texts == ["hello", "/tell_more", "/tell_more", "/tell_more"]
    assert line.faults == []


@pytest.mark.parametrize(
    "buttons",
    [
        pytest.param([{"title": f"Choice {n}", "payload": "/tell_more"} for n in range(30)], id="too many"),
        pytest.param([{"title": "x" * 76, "payload": "/tell_more"}], id="a title too long"),
        pytest.param([{"title": "x", "payload": "/tell_more" + "x" * 2_000}], id="a payload too long"),
    ],
)
async def test_slack_choices_that_do_not_fit_are_a_numbered_list(buttons: list[dict[str, str]]) -> None:
    async with slack_line(Rasa({**SAID, "buttons": buttons})) as line:
        seen = await line.say("hello")
        assert not any(message.buttons for message in seen)
        assert all(f"{number} {button['title']}" in shown(seen) for number, button in enumerate(buttons, start=1))
    assert line.faults == []


async def test_slack_blocks_that_are_refused_become_text_and_numbers() -> None:
    async with slack_line(Rasa({**SAID, "buttons": BUTTONS})) as line:
        line.refuse_buttons()
        seen = await line.say("hello")
        assert SAID["text"] in shown(seen)
        assert "7 Choice 7" in shown(seen)
        assert shown(seen).count(SAID["text"]) == 1


async def test_slack_a_press_that_comes_twice_counts_once() -> None:
    rasa = Rasa({**SAID, "buttons": BUTTONS})
    async with slack_line(rasa) as line:
        await line.say("hello")
        press = line.platform.press(line.platform.posted[1].buttons[0], channel="D0DIRECT1", user="U0PERSON1")
        assert await line.take(press)
        assert await line.take(press) == []
        again = line.platform.press(line.platform.posted[1].buttons[0], channel="D0DIRECT1", user="U0PERSON1")
        assert await line.take(again), "pressed anew, as for the next step of a card"
    assert rasa.texts == ["hello", "/tell_more", "/tell_more"]


async def test_slack_a_press_in_a_channel_is_answered_in_its_thread() -> None:
    async with slack_line(Rasa(SAID)) as line:
        button = {"title": "x", "value": "/tell_more", "action_id": "a"}
        await line.take(line.platform.press(button, channel=CHANNEL, thread="1763700000.000001"))
        assert {posted.thread for posted in line.platform.posted} == {"1763700000.000001"}


@pytest.mark.parametrize("value", ["/restart", '/ask_dose{"subject": "heroin"}', "hello"])
async def test_slack_a_button_that_this_bot_has_not_made_does_nothing(value: str) -> None:
    rasa = Rasa(SAID)
    async with slack_line(rasa) as line:
        seen = await line.take(line.platform.press({"title": "x", "value": value, "action_id": "a"}))
        assert WORDS.bad_request in shown(seen)
    assert rasa.received == []


async def test_slack_a_press_of_what_is_no_button_is_let_be() -> None:
    async with slack_line(Rasa(SAID)) as line:
        press = line.platform.press({"title": "x", "value": "", "action_id": "a"})
        assert await line.take(press) == []  # a link
        press = line.platform.press({"title": "x", "value": "/tell_more", "action_id": "a"})
        press["actions"][0]["type"] = "datepicker"
        assert await line.take(press) == []


# -- How answers look ------------------------------------------------------------------------------------------


@given(ANY_TEXT, st.lists(ANY_TEXT.map(lambda text: text[:75]).filter(str.strip), max_size=25, unique=True))
@hypothesis_settings(deadline=None, max_examples=200)
def test_slack_shows_any_text_as_it_is_within_its_own_models(text: str, titles: list[str]) -> None:
    part = Part(text, tuple({"title": title, "payload": "/tell_more"} for title in titles))
    fields = json.loads(json.dumps(message_fields(part)))
    assert unescaped(fields["text"]) == text
    assert fields["mrkdwn"] is False
    if titles:
        section, actions = Block.parse_all(fields["blocks"])
        assert section.to_dict()["text"] == {"type": "plain_text", "text": text, "emoji": False}
        assert [element.text.text for element in actions.elements] == titles
        assert actions.to_dict()


async def test_slack_long_answers_come_in_pieces_and_nothing_is_lost() -> None:
    words = [f"word{number}" for number in range(1_000)]
    async with slack_line(Rasa({**SAID, "text": " ".join(words), "buttons": BUTTONS})) as line:
        seen = await line.say("hello")
        assert all(len(message.text) <= 3_000 for message in seen)
        assert [word for word in shown(seen).split() if word.startswith("word")] == words
    assert line.faults == []


# -- When Slack fails ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "errors",
    [["ratelimited"], ["internal_error", "service_unavailable"], ["fatal_error"], ["", "ratelimited", ""]],
    ids=str,
)
async def test_slack_failures_that_pass_are_survived(errors: list[str]) -> None:
    async with slack_line(Rasa({**SAID, "buttons": BUTTONS})) as line:
        line.platform.fail(errors)
        seen = await line.say("hello")
        assert SAID["text"] in shown(seen)
        assert HELP in shown(seen)
        assert any(message.buttons for message in seen)


async def test_slack_the_pause_that_it_asks_for_is_kept() -> None:
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async with FakeSlack() as platform:
        channel = SlackInput(TOKEN, SECRET, platform.url, sleep=wait)
        async with over_slack(platform, channel, Rasa(SAID)) as line:
            platform.retry_after = "11"
            platform.fail(["ratelimited"])
            await line.say("hello")
    assert waits == [11.0]


async def test_slack_what_it_never_takes_is_not_sent_again(caplog: pytest.LogCaptureFixture) -> None:
    async with FakeSlack() as platform:
        channel = SlackInput("xoxb-wrong", SECRET, platform.url, sleep=no_wait)
        async with over_slack(platform, channel, Rasa(SAID)) as line:
            assert await line.say("hello") == []
        assert platform.attempts == 3, "notice, answer, help lines: each once"
    assert "reason=invalid_auth" in caplog.text
    assert "xoxb" not in caplog.text


# -- Privacy and setting it up ---------------------------------------------------------------------------------


async def test_slack_no_id_no_name_and_no_text_is_kept_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    rasa = Rasa(fails=RuntimeError("marker"))
    async with slack_line(rasa) as line:
        line.platform.fail(["ratelimited", "fatal_error", "invalid_arguments", ""])
        await line.say("marker one <@U0OTHER>")
        await line.forge()
        kept = repr([vars(line.channel._guard), line.channel._seen._entries, line.channel._held._entries])
        message = rasa.received[0]
    for told in (kept, message.sender_id, repr(message.metadata), caplog.text):
        assert "U0PERSON1" not in told
        assert "D0DIRECT1" not in told
    assert message.text == "marker one"
    assert "marker" not in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("missing", ["HANDRAIL_SLACK_TOKEN", "HANDRAIL_SLACK_SECRET"])
def test_slack_without_a_secret_does_not_start(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDRAIL_SLACK_TOKEN", TOKEN)
    monkeypatch.setenv("HANDRAIL_SLACK_SECRET", SECRET)
    assert _create_single_channel("handrail.channels.slack.SlackInput", None).name() == "slack"
    monkeypatch.delenv(missing)
    with pytest.raises(MissingSetting, match=missing) as refusal:
        SlackInput.from_credentials(None)
    assert TOKEN not in str(refusal.value)
