"""The `web` channel: a guarded HTTP interface, and the chat page at `/`."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.exceptions import PayloadTooLarge, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from handrail import widget
from handrail.channels import slow_clients
from handrail.channels.guard import OnNewMessage
from handrail.channels.limits import AddressLimit, Tally
from handrail.channels.slow_clients import let_go
from handrail.channels.web_desk import BAD_REQUEST, CHANNEL, TOO_MANY, Answer, WebDesk
from handrail.settings import settings
from handrail.stores import erase, forget_old

logger = logging.getLogger(__name__)

BODY_BYTES = 100_000
"""Room for the longest text that is read, even where each character takes four bytes or an escape."""
SECONDS_TO_SEND = 15
"""A client that has not sent the whole of its small request by then is let go."""
SECONDS_BETWEEN_CLEANINGS = 30.0
WEBHOOKS = "/webhooks/"
PREFIX = f"{WEBHOOKS}web"
MESSAGE, SESSION, FORGET, HEALTH = f"{PREFIX}/message", f"{PREFIX}/session", f"{PREFIX}/forget", "/healthz"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Vary": "Accept-Encoding, Origin",
}
INTERNAL_ERROR = 500


class WebInput(InputChannel):
    """Rasa's side of the chat page. Switched on in `credentials.yml`; needs no credentials."""

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebInput:
        """Return the channel; what an operator may set comes from the environment."""
        return cls()

    def __init__(self) -> None:
        self._desk = WebDesk.load(settings().secret)
        self._limit = AddressLimit(settings().per_second)
        self._refused = Tally()
        widget.pages(settings().country)  # A fault in the page or in its data stops the start, not a visitor.

    def url_prefix(self) -> str:
        """Return the root: the page stands at `/`, and the routes below name their full paths."""
        return "/"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes of the channel."""
        routes = Blueprint("handrail_web")

        @routes.listener("before_server_start")
        async def prepare(app: Sanic, _: Any) -> None:
            app.config.REQUEST_MAX_SIZE = BODY_BYTES
            app.config.REQUEST_TIMEOUT = SECONDS_TO_SEND
            slow_clients.apply()
            app.config.PROXIES_COUNT = settings().proxies or None
            app.register_middleware(self._slow_down, "request")
            app.register_middleware(_page, "request")
            app.register_middleware(_finish, "response")
            app.error_handler.add(Exception, self._failed)

        @routes.listener("after_server_start")
        async def settle(app: Sanic, _: Any) -> None:
            app.add_task(self._keep_clean(app))

        @routes.post(SESSION)
        async def open_session(request: Request) -> HTTPResponse:
            return _json(self._desk.open(_body(request)))

        @routes.post(MESSAGE)
        async def message(request: Request) -> HTTPResponse:
            return _json(await self._desk.message(_body(request), on_new_message))

        # A page that is being left can only send a POST; the other way is for all else.
        @routes.post(FORGET, name="forget")
        @routes.delete(SESSION, ignore_body=False)
        async def close_session(request: Request) -> HTTPResponse:
            answer, conversation = await self._desk.close(_body(request))
            if conversation:
                erase(request.app.ctx.agent.tracker_store, conversation)
            return _json(answer)

        @routes.get(HEALTH)
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            ready = bool(agent and agent.is_ready())
            failed = bool(getattr(request.app.ctx, "model_failed", False))
            return response.json({"ready": ready, "failed": failed}, status=200 if ready else 503)

        @routes.options(MESSAGE)
        @routes.options(SESSION)
        async def preflight(_: Request) -> HTTPResponse:
            return response.empty()

        return routes

    async def _slow_down(self, request: Request) -> HTTPResponse | None:
        """Refuse the requests of an address that sends far more than people do; pages are always served.

        A platform sends the messages of all its people from a few addresses: its channel checks that it is the
        platform, and counts each person's messages.
        """
        if request.method in ("GET", "HEAD") or _is_for_another_channel(request):
            return None
        if self._limit.allows(request.remote_addr or request.ip):
            return None
        _tell_of(self._refused.add())
        let_go(request)
        return _json(self._desk.refuse(TOO_MANY))

    async def _keep_clean(self, app: Sanic) -> None:
        """Forget what is old also while nobody writes."""
        while not app.ctx.agent.is_ready():
            await asyncio.sleep(1)
        # What was loaded stays for good: Python need not look through all of it for garbage again and again.
        gc.collect()
        gc.freeze()
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_CLEANINGS)
            self._desk.forget_old()
            self._limit.forget_old()
            _tell_of(self._refused.due())
            forget_old(app.ctx.agent.tracker_store)

    def _failed(self, request: Request, error: Exception) -> HTTPResponse:
        """Answer a request that no route could: kind words, the help lines, and never a 5xx for bad input."""
        if not isinstance(error, PayloadTooLarge):
            let_go(request)
        # Who sends too much gets the answer while still sending: the connection has to stay for that.
        if isinstance(error, SanicException):
            status = error.status_code
        elif request.route is None:
            # Sanic could not read the head of the request, say for a length that is no number.
            status = BAD_REQUEST
        else:
            logger.error("request.failed route=%s error=%s", request.route.path, type(error).__name__)
            status = INTERNAL_ERROR
        return _json(self._desk.refuse(status))


def _tell_of(refused: int) -> None:
    if refused:
        logger.warning("request.refused reason=too_many count=%d", refused)


def _is_for_another_channel(request: Request) -> bool:
    return request.path.startswith(WEBHOOKS) and not request.path.startswith(f"{PREFIX}/")


def _body(request: Request) -> object:
    """Return the request's JSON, or None when it is not JSON."""
    try:
        return json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        return None


def _json(answer: Answer) -> HTTPResponse:
    return response.json(answer.body, status=answer.status)


async def _page(request: Request) -> HTTPResponse | None:
    """Serve the chat page, in place of Rasa's own greeting at `/`, and keep other sites' scripts out."""
    if not _origin_is_welcome(request):
        let_go(request)
        return response.json({"error": "This origin may not embed the chat. Its operator can allow it."}, status=403)
    served = widget.pages(settings().country).get(request.path) if request.method in ("GET", "HEAD") else None
    if served is None:
        return None
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return response.raw(served.content, content_type=served.kind)
    return response.raw(served.compressed, content_type=served.kind, headers={"Content-Encoding": "gzip"})


async def _finish(request: Request, answer: HTTPResponse) -> None:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    origin = request.headers.get("origin")
    if origin in settings().origins:
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Allow-Methods"] = "POST, DELETE"
        answer.headers["Access-Control-Allow-Headers"] = "content-type"
        answer.headers["Access-Control-Max-Age"] = "600"


def _origin_is_welcome(request: Request) -> bool:
    """Browsers name the page's origin in each POST: it must be this site or one that the operator allows."""
    origin = request.headers.get("origin")
    if origin is None or origin in settings().origins:
        return True
    return bool(origin.split("://")[-1] == request.headers.get("host"))
