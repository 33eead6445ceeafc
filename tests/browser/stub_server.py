"""A small server for the page's tests: the real page, headers and help lines, and answers from a script."""

from __future__ import annotations

import ast
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from handrail import paths, widget
from handrail.helplines import CountryLines, HelpLines, short_help, widget_data
from handrail.responses import Responses

Reply = tuple[int, bytes]


def _headers_of_the_channel() -> dict[str, str]:
    """Read HEADERS from the channel's source: importing it would bring in all of Rasa."""
    tree = ast.parse((paths.ROOT / "handrail/channels/web.py").read_text())
    (found,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "HEADERS"
    )
    headers: dict[str, str] = ast.literal_eval(found)
    return headers


HEADERS = _headers_of_the_channel()
HELP_LINES = HelpLines.load()
RESPONSES = Responses.load()

SOURCES = [
    {
        "organisation": "Example Health Institute",
        "title": "What methadone is",
        "address": "https://example.org/methadone",
        "checked": "2026-11-21",
    },
    {
        "organisation": "Example Medicines Agency",
        "title": "Methadone: label",
        "address": "https://example.com/label",
        "checked": "2026-11-22",
    },
]
ANSWER = {
    "text": (
        "Methadone is a medicine for opioid use disorder. It stops withdrawal and calms cravings.\n\n"
        "People who stay on it cut their risk of death about in half.\n\n"
        "What you can do:\n- Ask a doctor about it.\n- Keep naloxone at home, and say where it is.\n\n"
        'Source: Example Health Institute, "What methadone is", https://example.org/methadone'
        " (checked November 21, 2026)"
    ),
    "kind": "answer",
    "topic": "medicines/methadone",
    "title": "Methadone",
    "sources": SOURCES,
    "buttons": [
        {"title": "Tell me more", "payload": "/tell_more"},
        {"title": "Finding treatment", "payload": '/show_topic{"topic": "treatment/find_treatment"}'},
    ],
}


@dataclass
class Received:
    """A request of the page: its method and path, and the JSON that came with it."""

    method: str
    path: str
    body: dict[str, Any]


@dataclass
class Stub:
    """What the server does, and what it was asked.

    Attributes:
        country: whose help lines it sends; None is an unknown country.
        script: answers to messages, in order; when there are none left, `normal` answers.
        session: the answer to a new session; None is the usual one.
        received: every request, in order.
        go_on: answers that wait do so until this is set.
        extra: pages of a test's own, by path: the content and its type.
        origins: web origins that may embed the chat, as in the channel's settings.
    """

    country: str | None = "US"
    script: list[Callable[[Stub, dict[str, Any]], Reply | None]] = field(default_factory=list)
    session: Callable[[Stub, dict[str, Any]], Reply | None] | None = None
    received: list[Received] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)
    sessions: int = 0
    url: str = ""
    extra: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    origins: tuple[str, ...] = ()

    @property
    def lines(self) -> CountryLines:
        return HELP_LINES.of(self.country)

    def host(self, page: str) -> str:
        """Serve the page of a site that has the chat in it; return its address."""
        self.extra["/host.html"] = (page.encode(), "text/html; charset=utf-8")
        return f"{self.url}host.html"

    def messages(self) -> list[dict[str, Any]]:
        """Return the bodies of the messages that came in."""
        return [request.body for request in self.received if request.path.endswith("/message")]

    def forgotten(self) -> list[str]:
        """Return the tokens of the chats that pages left."""
        return [request.body["token"] for request in self.received if request.path.endswith("/forget")]

    def body(self, messages: list[dict[str, Any]], ok: bool = True, **more: Any) -> bytes:
        return json.dumps({"messages": messages, "ok": ok, "help": widget_data(self.lines), **more}).encode()

    def help_line(self) -> dict[str, Any]:
        return {"text": short_help(self.lines), "kind": "help"}

    def response(self, name: str) -> dict[str, Any]:
        """Return a response of the domain as the channel sends it."""
        message = RESPONSES.message(name, self.lines)
        return {"text": message["text"], **message["metadata"], "buttons": message.get("buttons", [])}

    def answer(self, method: str, path: str, body: dict[str, Any]) -> Reply | None:
        self.received.append(Received(method, path, body))
        if path.endswith("/forget"):
            return 200, self.body([])
        if path.endswith("/session"):
            if method == "DELETE":
                return 200, self.body([])
            return (self.session or open_session)(self, body)
        return (self.script.pop(0) if self.script else normal)(self, body)


def open_session(stub: Stub, body: dict[str, Any]) -> Reply:
    stub.sessions += 1
    return 200, stub.body([stub.response("utter_welcome")], token=f"token-{stub.sessions}")


def normal(stub: Stub, body: dict[str, Any]) -> Reply:
    payload = body.get("payload", "")
    if payload.startswith("/change_country{"):
        country = json.loads(payload.removeprefix("/change_country"))["country"]
        stub.country = None if country == "elsewhere" else country
        return 200, stub.body([{"text": "Okay.", "kind": "dialogue"}, stub.help_line()])
    return 200, stub.body([ANSWER, stub.help_line()])


def saying(*texts: str, kind: str = "answer", **more: Any) -> Callable[[Stub, dict[str, Any]], Reply]:
    """Return a script that answers with fixed words and the help line."""
    messages = [{"text": text, "kind": kind, **more} for text in texts]
    return lambda stub, _: (200, stub.body([*messages, stub.help_line()]))


def emergency(stub: Stub, body: dict[str, Any]) -> Reply:
    return 200, stub.body([stub.response("utter_emergency_overdose"), stub.help_line()])


def check(stub: Stub, body: dict[str, Any]) -> Reply:
    return 200, stub.body([stub.response("utter_emergency_check"), stub.help_line()])


def guarded(stub: Stub, body: dict[str, Any]) -> Reply:
    return 200, stub.body([{"text": f"I am sorry.\n\n{short_help(stub.lines)}", "kind": "fallback"}], ok=False)


def ended(stub: Stub, body: dict[str, Any]) -> Reply:
    """Refuse as the channel does when it does not know the token: it then does not know the country either."""
    unknown = HELP_LINES.of(None)
    refusal = {"text": "This chat has ended.", "kind": "fallback"}
    return 401, json.dumps({"messages": [refusal], "ok": False, "help": widget_data(unknown)}).encode()


def empty(stub: Stub, body: dict[str, Any]) -> Reply:
    return 200, stub.body([])


def broken(stub: Stub, body: dict[str, Any]) -> Reply:
    return 500, b'{"error": "oops"}'


def not_json(stub: Stub, body: dict[str, Any]) -> Reply:
    return 502, b"<html><body>Bad Gateway</body></html>"


def cut_off(stub: Stub, body: dict[str, Any]) -> None:
    """Close the connection without a word."""


def slow(stub: Stub, body: dict[str, Any]) -> Reply:
    stub.go_on.wait(60)
    return normal(stub, body)


def start(stub: Stub) -> ThreadingHTTPServer:
    """Serve on a free port of this machine; the caller stops it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = widget.pages().get(self.path)
            if self.path in stub.extra:
                self._send(200, *stub.extra[self.path])
            elif page is None:
                self._send(404, b"{}", "application/json")
            else:
                self._send(200, page.content, page.kind)

        def do_OPTIONS(self) -> None:
            self._send(204, b"", "text/plain")

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = stub.answer(self.command, self.path, body)
            if reply is None:
                self.close_connection = True
            else:
                self._send(*reply, "application/json")

        do_DELETE = do_POST

        def _send(self, status: int, body: bytes, kind: str) -> None:
            try:
                self.send_response(status)
                for name, value in {**HEADERS, "Content-Type": kind, "Content-Length": len(body)}.items():
                    self.send_header(name, str(value))
                if self.headers["Origin"] in stub.origins:
                    self.send_header("Access-Control-Allow-Origin", self.headers["Origin"])
                    self.send_header("Access-Control-Allow-Methods", "POST, DELETE")
                    self.send_header("Access-Control-Allow-Headers", "content-type")
                self.end_headers()
                self.wfile.write(body)
            except (BrokenPipeError, ConnectionResetError):
                pass  # The page gave up on this answer.

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stub.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server
