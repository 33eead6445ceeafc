"""Lets go of clients that do not send the whole of a request: hundreds of them could hold every connection there is.

Sanic's own time-out counts from the latest byte, so a client that sends one a second stays for hours; and it has none
while the body of a request comes in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps

from sanic.exceptions import RequestTimeout
from sanic.http import Stage
from sanic.request import Request
from sanic.server.protocols.http_protocol import HttpProtocol

ReceiveBody = Callable[[Request], Awaitable[None]]
DataReceived = Callable[[HttpProtocol, bytes], None]


def apply() -> None:
    """Let Sanic's `REQUEST_TIMEOUT` hold for whole requests, once a process. Calling it again changes nothing."""
    if getattr(HttpProtocol, "_handrail_slow_clients", False):
        return
    HttpProtocol._handrail_slow_clients = True
    HttpProtocol.data_received = _counting_from_the_first_byte(HttpProtocol.data_received)
    Request.receive_body = _for_a_while(Request.receive_body)


def let_go(request: Request) -> None:
    """Close the connection once the request is answered, without waiting for the rest of its body."""
    if request.stream is not None:
        request.stream.keep_alive, request.stream.request_body = False, None


def _counting_from_the_first_byte(original: DataReceived) -> DataReceived:
    @wraps(original)
    def data_received(self: HttpProtocol, data: bytes) -> None:
        # None: the first bytes can come before the rest of the connection is set up.
        exchange = getattr(self, "_http", None)
        # After a refusal the rest of a body is still read, and thrown away.
        under_way = exchange is not None and (
            exchange.stage in (Stage.REQUEST, Stage.HANDLER) or getattr(exchange, "request_body", None)
        )
        began = self._time if under_way else None
        original(self, data)
        if began is not None:
            self._time = began

    return data_received


def _for_a_while(original: ReceiveBody) -> ReceiveBody:
    @wraps(original)
    async def receive_body(self: Request) -> None:
        try:
            await asyncio.wait_for(original(self), self.app.config.REQUEST_TIMEOUT)
        except asyncio.TimeoutError:
            let_go(self)
            raise RequestTimeout("The body did not come") from None

    return receive_body
