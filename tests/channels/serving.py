"""Serves a channel on a port of this machine, as the Rasa server does, for tests that talk HTTP with it."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from rasa.core.channels.channel import InputChannel
from sanic import Sanic
from sanic.touchup.service import TouchUp

from handrail.channels.guard import OnNewMessage
from handrail.stores import ForgettingTrackerStore
from handrail.tools.processes import HOST, free_port

_numbers = itertools.count()
_rewritten = False


@asynccontextmanager
async def served(channel: InputChannel, on_new_message: OnNewMessage, agent: Any = None) -> AsyncIterator[str]:
    """Serve `channel` in this event loop; give the address of its routes, without a slash at the end.

    Args:
        channel: the channel.
        on_new_message: what stands in for Rasa, or Rasa's own handler.
        agent: Rasa's agent, where there is one.
    """
    app = Sanic(f"tests_channels_{next(_numbers)}", configure_logging=False)
    app.ctx.agent = agent or SimpleNamespace(tracker_store=ForgettingTrackerStore(), is_ready=lambda: True)
    prefix = channel.url_prefix()
    path = "" if prefix == "/" else f"/webhooks/{prefix}"
    app.blueprint(channel.blueprint(on_new_message), url_prefix=path or "/")
    port = free_port()
    server = await app.create_server(host=HOST, port=port, return_asyncio_server=True, access_log=False)
    assert server is not None
    app.is_running = True  # Sanic gives no loop for background tasks otherwise
    await _start_up(server)
    await server.before_start()
    await server.after_start()
    try:
        yield f"http://{HOST}:{port}{path}"
    finally:
        await server.before_stop()
        await server.close()
        for connection in server.connections:
            connection.abort()
        await server.after_stop()
        app.shutdown_tasks(0)


async def _start_up(server: Any) -> None:
    """Start a server up; only the first one in a process may rewrite Sanic's classes, which cannot be done twice."""
    global _rewritten  # noqa: PLW0603
    with patch.object(TouchUp, "run") if _rewritten else nullcontext():
        await server.startup()
    _rewritten = True
