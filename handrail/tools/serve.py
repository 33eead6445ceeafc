"""Runs the Rasa server: the channels, the model behind them, and a page that shows the help lines from the start."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import warnings
from asyncio import AbstractEventLoop
from pathlib import Path
from typing import Any

from handrail import logs, paths

logger = logging.getLogger("handrail.tools.serve")  # also when it is run as a program

LEVELS = {"quiet": logging.WARNING, "normal": logging.INFO, "debug": logging.DEBUG}
"""At `debug` Rasa writes people's words into the log: it is for developers who talk to themselves."""


def main(arguments: list[str] | None = None) -> int:
    """Serve until the process is told to stop. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interface", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--endpoints", type=Path, default=paths.ROOT / "endpoints.yml")
    parser.add_argument("--credentials", type=Path, default=paths.ROOT / "credentials.yml")
    parser.add_argument("--model", type=Path, default=paths.MODELS)
    parser.add_argument("--log", choices=LEVELS, default="normal")
    given = parser.parse_args(arguments)
    logs.configure(LEVELS[given.log])

    import rasa.core.run  # noqa: PLC0415  (seconds to import)
    import structlog  # noqa: PLC0415
    from rasa.core.utils import AvailableEndpoints  # noqa: PLC0415

    from handrail.channels.credentials import MissingSetting  # noqa: PLC0415

    # Rasa's newer messages take this way; here they join the log, where their words can be left out.
    structlog.configure(
        processors=[structlog.stdlib.render_to_log_kwargs],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    endpoints = AvailableEndpoints.read_endpoints(str(given.endpoints))
    if endpoints.event_broker is None:
        # A broker belongs to the server's own event loop, so with one Rasa has to load everything before it serves.
        rasa.core.run.load_agent_on_start = load_while_serving
    try:
        rasa.core.run.serve_application(
            model_path=str(given.model),
            credentials=str(given.credentials),
            interface=given.interface,
            port=given.port,
            enable_api=False,
            endpoints=endpoints,
        )
    except MissingSetting as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


async def load_while_serving(
    model_path: str, endpoints: Any, remote_storage: str | None, app: Any, loop: AbstractEventLoop
) -> None:
    """Let the server answer at once, with the help lines, and load the model meanwhile.

    Rasa serves nothing before the model is there, and with a damaged model never says anything again.
    """
    from rasa.core.agent import load_agent  # noqa: PLC0415

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no model yet
        app.ctx.agent = await load_agent(endpoints=endpoints, loop=loop)
    app.ctx.model_failed = False

    async def load() -> None:
        agent = await asyncio.to_thread(
            lambda: asyncio.run(load_agent(model_path, remote_storage=remote_storage, endpoints=endpoints))
        )
        if agent.is_ready():
            app.ctx.agent = agent
            logger.info("model.ready")
        else:
            app.ctx.model_failed = True
            logger.error("model.missing_or_damaged what_to_do='rm models/handrail.*; make train'")

    app.add_task(load())


if __name__ == "__main__":
    sys.exit(main())
