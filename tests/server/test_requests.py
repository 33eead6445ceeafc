"""Bad requests get a clear 4xx with the help line; odd messages get an answer; nothing of either is logged."""

from __future__ import annotations

import gzip
import json
import time
import uuid
from typing import Any

import pytest

from handrail import widget
from handrail.stores import FORGET_INTENT
from tests.live import LiveServer, shown

pytestmark = pytest.mark.server

SESSION, MESSAGE, FORGET = (f"/webhooks/web/{name}" for name in ("session", "message", "forget"))
TOKEN = object()
SECONDS_AT_MOST = 5.0

BAD_BODIES: list[Any] = [
    None,
    [],
    "text",
    5,
    {},
    {"token": 5, "id": "1", "text": "hi"},
    {"token": "a.b", "id": "1", "text": "hi"},
    {"token": TOKEN, "text": "no id"},
    {"token": TOKEN, "id": "", "text": "empty id"},
    {"token": TOKEN, "id": "x" * 65, "text": "long id"},
    {"token": TOKEN, "id": 5, "text": "id is a number"},
    {"token": TOKEN, "id": "1"},
    {"token": TOKEN, "id": "1", "text": 5},
    {"token": TOKEN, "id": "1", "text": ["hi"]},
    {"token": TOKEN, "id": "1", "text": "hi", "payload": "/tell_more"},
    {"token": TOKEN, "id": "1", "payload": "/restart"},
    {"token": TOKEN, "id": "1", "payload": "/session_start"},
    {"token": TOKEN, "id": "1", "payload": "/emergency_overdose"},
    {"token": TOKEN, "id": "1", "payload": '/show_topic{"topic": {"a": 1}}'},
    {"token": TOKEN, "id": "1", "payload": '/show_topic{"slot": "x"}'},
    {"token": TOKEN, "id": "1", "payload": "tell_more"},
    {"token": TOKEN, "id": "1", "text": "x" * 20_001},
]

ODD_TEXTS = [
    "",
    " ",
    "\t\n",
    "\x00",
    "\x00\x01\x02",
    "?",
    "😀",
    "🆘🆘🆘",
    "/",
    "///",
    "/restart",
    "/session_start",
    '/ask_dose{"subject": "heroin"}',
    " /restart",
    "/emergency_overdose",
    "<script>alert(1)</script>",
    "{{7*7}} ${7*7} %s %n {country_name}",
    "'; DROP TABLE events; --",
    "null",
    "None",
    "\u202etext\u202c",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "ﷺ" * 50,
    "田中さんにあげて下さい",
    "שלום מה שלומך",
    "\ud83d",
    "a" * 10_000,
    "word " * 4_000,
    "(" * 5_000,
    "he " * 3_000 + "wont wake up",
]


@pytest.mark.parametrize("body", BAD_BODIES, ids=lambda body: json.dumps(body, default=lambda _: "<token>")[:60])
def test_bad_body_gets_a_4xx_with_help(live_server: LiveServer, body: Any) -> None:
    if isinstance(body, dict) and body.get("token") is TOKEN:
        body = {**body, "token": live_server.chat("US").token}
    answer = live_server.send(MESSAGE, json.dumps(body).encode())
    assert 400 <= answer.status < 500
    assert answer.body["ok"] is False
    assert "emergency" in shown(answer.body).lower() or "911" in shown(answer.body)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"{", id="cut_off"),
        pytest.param(b"\xff\xfe", id="not_utf8"),
        pytest.param(b"[" * 50_000, id="deep"),
        pytest.param(b'{"a":' * 15_000, id="deep_objects"),
        pytest.param(b"\x1f\x8b\x08", id="gzip"),
    ],
)
def test_body_that_is_not_json_gets_400(live_server: LiveServer, raw: bytes) -> None:
    answer = live_server.send(MESSAGE, raw)
    assert answer.status in (400, 401)
    assert answer.body["messages"]


def test_huge_body_gets_413(live_server: LiveServer) -> None:
    answer = live_server.send(MESSAGE, b"x" * 3_000_000)
    assert answer.status == 413
    assert answer.body["messages"]


def test_unknown_path_gets_404_and_wrong_method_405(live_server: LiveServer) -> None:
    assert live_server.send("/webhooks/rest/webhook", b"{}").status == 404
    assert live_server.send("/conversations/x/tracker", b"{}").status == 404
    assert live_server.send(MESSAGE, b"{}", method="PUT").status == 405


def test_other_site_is_refused(live_server: LiveServer) -> None:
    answer = live_server.send(SESSION, b"{}", headers={"Origin": "https://elsewhere.example"})
    assert answer.status == 403


@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: repr(text)[:30])
def test_odd_text_gets_an_answer_with_help(live_server: LiveServer, text: str) -> None:
    started = time.monotonic()
    body = live_server.chat("US").say(text)
    assert body["ok"]
    assert "911" in shown(body)
    assert "nlu_fallback" not in shown(body)
    assert time.monotonic() - started < SECONDS_AT_MOST


def test_typed_command_does_not_change_the_talk(live_server: LiveServer) -> None:
    chat = live_server.chat("US")
    chat.say("what is methadone")
    chat.say("/session_start")
    assert chat.press("/tell_more")["messages"][0]["topic"] == "medicines/methadone"


def test_danger_at_the_end_of_a_very_long_text_is_found(live_server: LiveServer) -> None:
    body = live_server.chat("US").say("it was a normal day and we went to the shop. " * 200 + "now he wont wake up")
    assert body["messages"][0]["kind"] == "emergency"


def test_same_id_gets_the_same_answer_once(live_server: LiveServer) -> None:
    chat = live_server.chat("US")
    message = json.dumps({"token": chat.token, "id": "same", "text": "what is methadone"}).encode()
    first, second = live_server.send(MESSAGE, message), live_server.send(MESSAGE, message)
    assert first.body == second.body


def test_flood_of_one_chat_is_slowed_and_keeps_its_help(live_server: LiveServer) -> None:
    chat = live_server.chat("CA")
    statuses = []
    for number in range(40):
        body = {"token": chat.token, "id": str(number), "text": "hello"}
        answer = live_server.send(MESSAGE, json.dumps(body).encode())
        statuses.append(answer.status)
        assert "911" in shown(answer.body)
    assert set(statuses) == {200, 429}


def test_forget_me_leaves_nothing(live_server: LiveServer) -> None:
    chat = live_server.chat("US")
    chat.say("what is methadone")
    body = chat.say("forget me please")
    assert body["messages"][0]["kind"] == "dialogue", FORGET_INTENT
    assert chat.press("/tell_more")["messages"][0].get("topic") is None


def test_closed_chat_is_forgotten(live_server: LiveServer) -> None:
    chat = live_server.chat("US")
    chat.say("what is methadone")
    assert live_server.send(SESSION, json.dumps({"token": chat.token}).encode(), method="DELETE").status == 200
    assert chat.press("/tell_more")["messages"][0].get("topic") is None


def test_chat_of_a_page_that_is_left_is_forgotten(live_server: LiveServer) -> None:
    chat = live_server.chat("US")
    chat.say("what is methadone")
    beacon = {"Content-Type": "text/plain;charset=UTF-8", "Origin": live_server.url}
    assert live_server.send(FORGET, json.dumps({"token": chat.token}).encode(), headers=beacon).status == 200
    assert chat.press("/tell_more")["messages"][0].get("topic") is None
    assert live_server.send(FORGET, b"no token").status == 401


def test_nothing_that_people_write_is_logged(live_server: LiveServer) -> None:
    marker = f"zq{uuid.uuid4().hex}"
    chat = live_server.chat("US")
    for text in (f"what is methadone {marker}", f"/{marker}", f"/restart{marker}", f"he wont wake up {marker}", marker):
        chat.say(text)
    live_server.kill_actions()
    chat.say(f"what is heroin {marker}")
    live_server.start_actions()
    live_server.send(MESSAGE, json.dumps({"token": marker, "id": marker, "text": marker}).encode())
    live_server.send(MESSAGE, f"not json {marker}".encode())
    assert marker not in live_server.logged()


def test_page_stands_at_the_root(live_server: LiveServer) -> None:
    import urllib.request

    with urllib.request.urlopen(live_server.url + "/") as page:
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert b"<script" in page.read()


@pytest.mark.parametrize("path", sorted(widget.pages()))
def test_files_of_the_page_are_sent_compressed_to_whoever_takes_it(live_server: LiveServer, path: str) -> None:
    import urllib.request

    address = live_server.url + path
    with urllib.request.urlopen(address) as plain:
        assert plain.headers["Content-Encoding"] is None
        content = plain.read()
    with urllib.request.urlopen(urllib.request.Request(address, headers={"Accept-Encoding": "gzip, br"})) as packed:
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Cache-Control"] == "no-store"
        assert gzip.decompress(packed.read()) == content == widget.pages()[path].content
