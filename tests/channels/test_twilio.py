"""SMS and WhatsApp through Twilio: who may speak, how answers look, and what happens when Twilio fails."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from copy import deepcopy
from typing import Any
from unittest.mock import patch

import aiohttp
import phonenumbers
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from multidict import MultiDict
from phonenumbers import PhoneNumberType
from rasa.core.channels.twilio import TwilioInput as StockInput
from rasa.core.run import _create_single_channel
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator

from handrail import knowledge
from handrail.channels.credentials import MissingSetting
from handrail.channels.twilio import SmsInput, TwilioInput, WhatsAppInput
from handrail.channels.twilio_messages import country_of, is_genuine, read_form, read_message
from handrail.channels.twilio_sms import room
from handrail.content.channel_words import NotText
from handrail.content.sms import in_gsm, segments
from handrail.helplines import emergency_number_words, short_help
from handrail.nlg import COUNTRY_IN_METADATA
from tests.channels.fake_twilio import ACCOUNT, PUBLIC_URL, SERVICE, SMS_NUMBER, TOKEN, FakeTwilio, Webhook
from tests.channels.line_twilio import over_twilio, phone, sms_line, twilio_line, whatsapp_line
from tests.channels.lines import no_wait, shown
from tests.channels.serving import served
from tests.handrail.channels.stand_ins import Rasa

LINES = knowledge.helplines()
US, UNKNOWN = LINES.of("US"), LINES.international
WORDS, CHANNEL_WORDS = knowledge.words(), knowledge.channel_words()
BUTTONS = [{"title": f"Choice {number}", "payload": "/tell_more"} for number in range(1, 8)]
SAID = {"text": "Methadone is a medicine.", "metadata": {"kind": "answer"}}
DANGER = "my nephew isnt breathing"
BOTH = pytest.mark.parametrize("kind", [SmsInput, WhatsAppInput], ids=["sms", "whatsapp"])


class StockTwilio:
    """Takes what Rasa's own connector sends; notes whether the server's loop had to wait for it."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.in_the_loop = False

    def request(self, method: str, url: str, *_: object, data: dict[str, Any], **__: object) -> Response:
        self.in_the_loop = _loop_runs_here()
        if len(data["Body"]) > 1_600:
            return Response(400, json.dumps({"code": 21617, "message": "too long", "status": 400}))
        self.bodies.append(data["Body"])
        return Response(201, json.dumps({"sid": "SM1", "status": "queued"}))


def _loop_runs_here() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


async def stock(rasa: Rasa, **form: str) -> tuple[int, StockTwilio]:
    """Post a form to Rasa's own connector, without any signature; return the HTTP status and what it sent."""
    sent = StockTwilio()
    channel = StockInput(ACCOUNT, TOKEN, SMS_NUMBER)
    async with served(channel, rasa) as address, aiohttp.ClientSession() as client:
        with patch.object(TwilioHttpClient, "request", sent.request):
            async with client.post(f"{address}/webhook", data={"From": phone(1), **form}) as reply:
                return reply.status, sent


# -- Who may speak ---------------------------------------------------------------------------------------------


@BOTH
async def test_twilio_forged_requests_reach_nobody(kind: type[TwilioInput]) -> None:
    rasa = Rasa(SAID)
    async with twilio_line(kind, rasa) as line:
        assert set(await line.forge()) == {403}
        await line.channel.finish()
    assert rasa.received == []
    assert line.platform.attempts == 0


async def test_twilio_fault_f11_unsigned_requests_are_taken_by_rasas_own_connector_and_not_here() -> None:
    rasa = Rasa(SAID)
    status, _ = await stock(rasa, Body="hello")
    assert (status, rasa.texts) == (204, ["hello"])
    rasa = Rasa(SAID)
    async with sms_line(rasa) as line:
        assert (
            await line.post(
                Webhook(b"From=%2B12015550101&Body=hello", {"Content-Type": "application/x-www-form-urlencoded"})
            )
            == 403
        )
    assert rasa.texts == []


@BOTH
async def test_twilio_signature_holds_for_the_public_address_with_a_query_and_blank_fields(
    kind: type[TwilioInput],
) -> None:
    # The test server listens elsewhere, as behind a proxy: only the public address counts.
    rasa = Rasa(SAID)
    async with twilio_line(kind, rasa) as line:
        form = line.message("¿Qué es? & = + % ñ 😀")
        assert "" in form.values()
        path = f"/webhooks/{line.name}/webhook?from=twilio&x=1"
        request = line.platform.webhook(form, path)
        line._address += "?from=twilio&x=1"
        assert await line.post(request) == 204
        await line.channel.finish()
    assert rasa.texts == ["¿Qué es? & = + % ñ 😀"]


async def test_twilio_address_with_a_path_is_what_is_signed() -> None:
    rasa = Rasa(SAID)
    async with FakeTwilio() as platform:
        channel = SmsInput(ACCOUNT, TOKEN, f"{PUBLIC_URL}/bots/one/", platform.url, sleep=no_wait)
        async with over_twilio(platform, channel, rasa) as line:
            form = line.message("hello")
            assert await line.post(platform.webhook(form, "/bots/one/webhooks/sms/webhook")) == 204
            assert await line.post(platform.webhook(line.message("hello"), "/webhooks/sms/webhook")) == 403
            await channel.finish()
    assert rasa.texts == ["hello"]


def test_twilio_signature_covers_each_of_several_fields_of_one_name() -> None:
    form = read_form(b"A=2&A=1&B=")
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC_URL, MultiDict([("A", "1"), ("B", ""), ("A", "2")]))
    assert is_genuine(RequestValidator(TOKEN), PUBLIC_URL, form, signature)
    for other in (b"A=1&B=", b"A=2&A=1", b"A=2&A=1&B=&C=", b"A=12&B="):
        assert not is_genuine(RequestValidator(TOKEN), PUBLIC_URL, read_form(other), signature)
    for wrong in (None, "", "é", signature[:-1], f"{signature} "):
        assert not is_genuine(RequestValidator(TOKEN), PUBLIC_URL, form, wrong)


@pytest.mark.parametrize("body", [b"\xff\xfe", b"&".join(b"a=1" for _ in range(600)), b"", b"=", b"From"])
async def test_twilio_what_is_no_form_is_refused(body: bytes) -> None:
    async with sms_line(Rasa(SAID)) as line:
        status = await line.post(Webhook(body, {"Content-Type": "application/json", "X-Twilio-Signature": "x"}))
        assert status in (400, 403)


@given(
    form=st.dictionaries(
        st.sampled_from(["From", "To", "Body", "MessageSid", "NumMedia", "MediaContentType0", "Latitude", "Longitude"])
        | st.sampled_from(["SmsStatus", "MessageStatus", "OptOutType", "MessageType", "ErrorCode"]),
        st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    )
)
@hypothesis_settings(deadline=None, max_examples=100)
def test_twilio_any_form_is_read_or_refused_in_words(form: dict[str, str]) -> None:
    try:
        message = read_message(
            read_form(
                "&".join(
                    f"{name}={''.join(f'%{byte:02x}' for byte in value.encode())}" for name, value in form.items()
                ).encode()
            )
        )
    except ValueError:
        assert not all(form.get(name) for name in ("From", "To", "MessageSid")) or " " in form["From"] + form["To"]
    else:
        assert message.text == form.get("Body", "")
        assert country_of(message.sender) is None or len(country_of(message.sender) or "") == 2


# -- Once, and in order ----------------------------------------------------------------------------------------


@BOTH
async def test_twilio_the_same_request_again_is_answered_once(kind: type[TwilioInput]) -> None:
    rasa = Rasa(SAID)
    async with twilio_line(kind, rasa) as line:
        assert await line.say("hello")
        assert await line.say("hello", again=True) == []
        assert await line.say("hello")
    assert rasa.texts == ["hello", "hello"]


async def test_twilio_answers_come_from_the_number_and_the_service_that_was_written_to() -> None:
    async with twilio_line(SmsInput, Rasa(SAID), advanced_opt_out=True) as line:
        await line.say("hello")
    assert {(sent.to, sent.sender, sent.service) for sent in line.platform.sent} == {(phone(1), SMS_NUMBER, SERVICE)}


@pytest.mark.parametrize("sender", ["72345", "BANK", "+1", "+0123456789", "alerts@example.org"])
async def test_twilio_machines_that_cannot_be_answered_are_not(sender: str) -> None:
    rasa = Rasa(SAID)
    async with sms_line(rasa) as line:
        assert await line.take({**line.message("sale"), "From": sender}) == []
    assert rasa.received == []


async def test_twilio_reports_on_what_was_sent_are_no_messages(caplog: pytest.LogCaptureFixture) -> None:
    rasa = Rasa(SAID)
    async with sms_line(rasa) as line:
        form = line.message("", SmsStatus="undelivered", MessageStatus="undelivered", ErrorCode="30003")
        assert await line.take(form) == []
        assert await line.take({**form, "SmsStatus": "delivered", "ErrorCode": ""}) == []
    assert rasa.received == []
    assert "delivery.not_arrived channel=sms code=30003" in caplog.text


# -- What comes in ---------------------------------------------------------------------------------------------


async def test_twilio_fault_f12_a_spanish_cry_for_help_is_mangled_by_rasas_own_connector_and_not_here() -> None:
    rasa = Rasa(SAID)
    await stock(rasa, Body="¡Ayuda!")
    assert rasa.texts == ["@Ayuda!"]
    rasa = Rasa(SAID)
    async with sms_line(rasa) as line:
        await line.say("¡Ayuda!")
    assert rasa.texts == ["¡Ayuda!"]


async def test_twilio_a_message_without_words_is_an_error_in_rasas_own_connector_and_a_kind_line_here() -> None:
    status, sent = await stock(Rasa(SAID), NumMedia="1", MediaContentType0="image/jpeg")
    assert (status, sent.bodies) == (500, [])
    async with sms_line(Rasa(SAID)) as line:
        seen = shown(await line.send(NotText.PICTURE) or [])
    assert CHANNEL_WORDS.not_text[NotText.PICTURE] in seen
    assert in_gsm(emergency_number_words(US)) in seen


async def test_twilio_a_place_becomes_a_command_in_rasas_own_connector_and_a_kind_line_here() -> None:
    rasa = Rasa(SAID)
    await stock(rasa, Latitude="1.0", Longitude="2.0")
    assert rasa.texts[0].startswith("/locationData")
    rasa = Rasa(SAID)
    async with whatsapp_line(rasa) as line:
        seen = shown(await line.send(NotText.LOCATION) or [])
    assert rasa.texts == []
    assert CHANNEL_WORDS.not_text[NotText.LOCATION] in seen


async def test_twilio_words_with_a_picture_are_answered_and_it_is_said_that_the_picture_was_not_seen() -> None:
    rasa = Rasa(SAID)
    async with whatsapp_line(rasa) as line:
        form = line.message("what is this pill", NumMedia="1", MediaContentType0="image/jpeg")
        seen = shown(await line.take(form))
    assert rasa.texts == ["what is this pill"]
    assert SAID["text"] in seen
    assert CHANNEL_WORDS.caption in seen


async def test_twilio_a_reaction_is_no_question_though_its_sign_comes_as_words() -> None:
    rasa = Rasa(SAID)
    async with whatsapp_line(rasa) as line:
        seen = shown(await line.take(line.message("👍", MessageType="reaction")))
    assert rasa.texts == []
    assert CHANNEL_WORDS.not_text[NotText.REACTION] in seen
    assert short_help(US) in seen


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ({"NumMedia": "1", "MediaContentType0": "audio/ogg; codecs=opus"}, NotText.VOICE),
        ({"NumMedia": "2", "MediaContentType0": "video/mp4"}, NotText.PICTURE),
        ({"NumMedia": "1", "MediaContentType0": "image/webp"}, NotText.STICKER),
        ({"NumMedia": "1", "MediaContentType0": "text/x-vcard"}, NotText.CONTACT),
        ({"NumMedia": "1", "MediaContentType0": "application/pdf"}, NotText.FILE),
        ({"NumMedia": "1"}, NotText.FILE),
        ({"Latitude": "1", "Longitude": "2"}, NotText.LOCATION),
        ({"MessageType": "reaction"}, NotText.REACTION),
        ({"Body": " "}, NotText.OTHER),
        ({"Body": "hello"}, None),
    ],
)
def test_twilio_knows_what_is_not_text(form: dict[str, str], kind: NotText | None) -> None:
    whole = {"From": "whatsapp:+12015550101", "To": "whatsapp:+1", "MessageSid": "SM1", **form}
    assert (
        read_message(
            read_form(
                "&".join(
                    f"{name}={value.replace('+', '%2B').replace(' ', '+').replace(';', '%3B')}"
                    for name, value in whole.items()
                ).encode()
            )
        ).not_text
        is kind
    )


# -- The country -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(LINES.countries))
def test_twilio_country_of_a_number_of_each_country_with_help_lines(code: str) -> None:
    number = phonenumbers.example_number_for_type(code, PhoneNumberType.MOBILE)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assert country_of(written) == code
    assert country_of(f"whatsapp:{written}") == code


@pytest.mark.parametrize(
    ("sender", "code"),
    [
        ("+14165550123", "CA"),
        ("+18765550123", "JM"),
        ("+18005550123", None),
        ("+88299123456", None),
        ("+15", None),
        ("whatsapp:US.1234567890", None),
        ("", None),
    ],
)
def test_twilio_country_is_none_where_a_number_tells_nothing(sender: str, code: str | None) -> None:
    assert country_of(sender) == code


@BOTH
async def test_twilio_shows_the_help_lines_of_the_numbers_country_until_the_person_names_another(
    kind: type[TwilioInput],
) -> None:
    ireland = {**SAID, "metadata": {"kind": "dialogue", COUNTRY_IN_METADATA: "IE"}}
    rasa = Rasa(SAID)
    async with twilio_line(kind, rasa) as line:
        form = line.message("hello", From="whatsapp:+447400123456" if kind is WhatsAppInput else "+447400123456")
        assert in_gsm(short_help(LINES.of("GB"))) in in_gsm(shown(await line.take(form)))
        assert rasa.received[0].metadata[COUNTRY_IN_METADATA] == "GB"
        rasa._messages = (ireland,)
        moved = shown(await line.take({**form, "MessageSid": "SM2", "Body": "I am in Ireland"}))
        assert in_gsm(short_help(LINES.of("IE"))) in in_gsm(moved)
        rasa._messages = (SAID,)
        assert in_gsm(short_help(LINES.of("IE"))) in in_gsm(shown(await line.take({**form, "MessageSid": "SM3"})))


# -- How answers look ------------------------------------------------------------------------------------------


async def test_twilio_fault_f13_a_long_answer_is_lost_and_holds_all_up_in_rasas_own_connector_and_not_here() -> None:
    long = {**SAID, "text": "Methadone is a medicine. " * 80}
    _, sent = await stock(Rasa(long), Body="what is methadone")
    assert sent.bodies == []
    assert sent.in_the_loop, "the server can do nothing else while it waits for Twilio"
    async with whatsapp_line(Rasa(long)) as line:
        seen = await line.say("what is methadone")
    assert shown(seen).count("Methadone is a medicine.") == 80
    assert line.faults == []


async def test_twilio_a_slow_platform_holds_up_nobody_else() -> None:
    async with sms_line(Rasa(SAID)) as line:
        line.platform.hold(phone(1))
        for person in (1, 2):
            assert await line.post(line.webhook(line.message("hello", person))) == 204
        await line.platform.until(lambda: bool(line.platform.texts_for(phone(2))))
        assert line.platform.texts_for(phone(1)) == []
        await line.platform.release()
        await line.channel.finish()
        assert line.platform.texts_for(phone(1))


async def test_twilio_buttons_show_their_payload_in_rasas_own_connector_and_are_numbers_here() -> None:
    asks = {**SAID, "buttons": BUTTONS}
    _, sent = await stock(Rasa(deepcopy(asks)), Body="hello")  # Rasa takes the buttons apart
    assert "/tell_more" in "".join(sent.bodies)
    assert len(sent.bodies) > len(BUTTONS)
    rasa = Rasa(asks)
    async with sms_line(rasa) as line:
        seen = shown(await line.say("hello"))
        assert "/tell_more" not in seen
        assert f"{WORDS.numbered_choices}\n1 Choice 1\n2 Choice 2" in seen
        await line.say("2.")
        await line.say("choice 3")
    assert rasa.texts == ["hello", "/tell_more", "/tell_more"]


async def test_twilio_what_rasa_calls_custom_fails_in_rasas_own_connector_and_not_here() -> None:
    rasa = Rasa({"custom": {"type": "card"}}, SAID)
    status, sent = await stock(rasa, Body="hello")
    assert (status, sent.bodies) == (500, [])
    async with sms_line(Rasa({"custom": {"type": "card"}}, SAID)) as line:
        assert SAID["text"] in shown(await line.say("hello"))


async def test_sms_is_written_with_letters_that_are_cheap() -> None:
    async with sms_line(Rasa({**SAID, "text": "“Don’t wait” – call…"})) as line:
        seen = await line.say("hello")
    assert '"Don\'t wait" - call...' in shown(seen)
    assert all(segments(message.text) == segments(in_gsm(message.text)) <= 3 for message in seen)


async def test_whatsapp_keeps_the_letters_as_they_are() -> None:
    async with whatsapp_line(Rasa({**SAID, "text": "“Don’t wait” – call…"})) as line:
        assert "“Don’t wait” – call…" in shown(await line.say("hello"))


async def test_sms_a_long_answer_comes_piece_by_piece_and_nothing_is_lost() -> None:
    words = [f"word{number}" for number in range(300)]
    rasa = Rasa({**SAID, "text": " ".join(words), "buttons": BUTTONS[:2]})
    async with sms_line(rasa) as line:
        seen = await line.say("tell me all")
        more = [seen]
        while f"1 {CHANNEL_WORDS.more}" in shown(seen):
            assert "Choice 1" not in shown(seen)
            assert short_help(US) in shown(seen)
            seen = await line.say("1")
            more.append(seen)
            assert len(more) < 20
        assert "1 Choice 1\n2 Choice 2" in shown(seen)
        await line.say("1")
    assert rasa.texts == ["tell me all", "/tell_more"]
    told = [word for part in more for word in shown(part).split() if word.startswith("word")]
    assert told == words
    assert len(more) > 3


async def test_sms_a_short_answer_and_its_choices_share_a_message_and_an_emergency_stands_alone() -> None:
    async with sms_line(Rasa({**SAID, "buttons": BUTTONS[:2]})) as line:
        await line.say("hello")
        assert f"{SAID['text']}\n\n{WORDS.numbered_choices}\n1 Choice 1\n2 Choice 2" in line.platform.texts
    card = {"text": "Call now.", "buttons": BUTTONS[:2], "metadata": {"kind": "emergency"}}
    async with sms_line(Rasa(card)) as line:
        seen = await line.say("hello")
        assert [message.text for message in seen[:2]] == [
            "Call now.",
            f"{WORDS.numbered_choices}\n1 Choice 1\n2 Choice 2",
        ]


async def test_sms_the_word_more_and_a_new_question_both_work_while_an_answer_waits() -> None:
    rasa = Rasa({**SAID, "text": "Methadone is a medicine. " * 80})
    async with sms_line(rasa) as line:
        await line.say("what is methadone")
        assert "Methadone" in shown(await line.say("more"))
        assert "Methadone" in shown(await line.say("1 More"))
        await line.say("what is naloxone")
    assert rasa.texts == ["what is methadone", "what is naloxone"]


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=2_000) | st.text("a [€ж😀’\n", max_size=1_000))
@hypothesis_settings(deadline=None, max_examples=300)
def test_sms_every_piece_of_any_text_takes_two_segments_and_a_paragraph_three(text: str) -> None:
    pieces = SmsInput.style.pieces(text)
    assert all(segments(piece) <= (2 if len(pieces) > 1 else 3) for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(in_gsm(text).split())


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("a" * 459, 459),
        ("a" * 460, 306),
        ("a" * 200 + "\n\n" + "b" * 200, 306),
        ("[" * 400, 153),
        ("ж" * 201, 201),
        ("ж" * 202, 134),
        ("😀" * 400, 67),
        ("", 1),
    ],
)
def test_sms_room_in_a_message(text: str, characters: int) -> None:
    assert room(text) == characters


# -- When Twilio fails -----------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("codes", [[20429], [20500, 20503], [0, 20429, 20500]], ids=str)
async def test_twilio_failures_that_pass_are_survived(kind: type[TwilioInput], codes: list[int]) -> None:
    async with twilio_line(kind, Rasa(SAID)) as line:
        line.platform.fail(codes)
        seen = shown(await line.say("hello"))
    assert SAID["text"] in seen
    assert in_gsm(short_help(US)) in in_gsm(seen)


async def test_twilio_the_pause_that_it_asks_for_is_kept() -> None:
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async with FakeTwilio() as platform:
        channel = SmsInput(ACCOUNT, TOKEN, PUBLIC_URL, platform.url, sleep=wait)
        async with over_twilio(platform, channel, Rasa(SAID)) as line:
            platform.retry_after = "7"
            platform.fail([20429])
            await line.say("hello")
    assert waits == [7.0]


async def test_twilio_what_it_never_takes_is_not_sent_again(caplog: pytest.LogCaptureFixture) -> None:
    async with sms_line(Rasa(SAID)) as line:
        line.platform.fail([21211, 21211, 21211])
        assert await line.say("hello") == []
        assert line.platform.attempts == 3
    assert "400/21211" in caplog.text


async def test_twilio_a_wrong_token_is_named_in_the_log_by_its_code(caplog: pytest.LogCaptureFixture) -> None:
    async with FakeTwilio() as platform:
        channel = SmsInput(ACCOUNT, "wrong", PUBLIC_URL, platform.url, sleep=no_wait)
        async with over_twilio(platform, channel, Rasa(SAID)) as line:
            form = line.message("hello")
            assert await line.post(line.webhook(form, token="wrong")) == 204
            await channel.finish()
    assert "401/20003" in caplog.text


# -- Privacy ---------------------------------------------------------------------------------------------------


@BOTH
async def test_twilio_no_number_no_name_and_no_text_is_kept_or_logged(
    kind: type[TwilioInput], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    rasa = Rasa(fails=RuntimeError("marker"))
    async with twilio_line(kind, rasa) as line:
        line.platform.fail([20429, 20500, 21211, 0])
        await line.say("marker one")
        line.platform.fail([21610])
        await line.say("marker two")
        await line.forge()
        await line.take({**line.message("marker three"), "From": "72345"})
        kept = repr(
            [vars(line.channel._guard), line.channel._seen._entries, line.channel._held._entries, line.channel._turns]
        )
        message = rasa.received[0]
    numbers = phone(1).removeprefix("+")
    for told in (kept, message.sender_id, repr(message.metadata), caplog.text):
        assert numbers not in told
        assert "A name that nobody may keep" not in told
    assert "marker" not in caplog.text
    assert TOKEN not in caplog.text


async def test_twilio_one_person_has_another_pseudonym_on_sms_and_on_whatsapp() -> None:
    sms, whatsapp = Rasa(SAID), Rasa(SAID)
    async with sms_line(sms) as line:
        await line.say("hello")
        await line.say("hello", person=2)
    async with whatsapp_line(whatsapp) as line:
        await line.say("hello")
    ids = {message.sender_id for message in (*sms.received, *whatsapp.received)}
    assert len(ids) == 3


# -- Setting it up ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["HANDRAIL_TWILIO_ACCOUNT", "HANDRAIL_TWILIO_TOKEN", "HANDRAIL_PUBLIC_URL"])
@BOTH
def test_twilio_without_a_secret_does_not_start(
    kind: type[TwilioInput], missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(monkeypatch.setenv)
    monkeypatch.delenv(missing)
    with pytest.raises(MissingSetting, match=missing) as refusal:
        kind.from_credentials(None)
    assert TOKEN not in str(refusal.value)


@BOTH
def test_twilio_starts_with_all_that_it_needs(kind: type[TwilioInput], monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(monkeypatch.setenv)
    made = _create_single_channel(f"handrail.channels.twilio.{kind.__name__}", None)
    assert type(made) is kind
    assert made.url_prefix() == made.name() == kind.name()
    monkeypatch.setenv("HANDRAIL_TWILIO_ACCOUNT", "SK123")
    with pytest.raises(MissingSetting, match="HANDRAIL_TWILIO_ACCOUNT cannot be right"):
        kind.from_credentials(None)


def set_up(setenv: Callable[[str, str], None]) -> None:
    setenv("HANDRAIL_TWILIO_ACCOUNT", ACCOUNT)
    setenv("HANDRAIL_TWILIO_TOKEN", TOKEN)
    setenv("HANDRAIL_PUBLIC_URL", PUBLIC_URL)
