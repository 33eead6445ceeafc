"""Runs the model in this process, with an action server of its own beside it, for commands that send many messages."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from handrail import paths
from handrail.tools.processes import (
    HOST,
    Process,
    action_endpoint,
    action_server_command,
    free_port,
    wait_until_answers,
)

START_SECONDS = 60.0


@asynccontextmanager
async def rasa_agent() -> AsyncIterator[Any]:
    """Give Rasa's agent with the trained model, and stop its action server at the end.

    Raises:
        StartError: the action server did not start.
    """
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    port = free_port()
    with (
        _levels_kept(),
        tempfile.TemporaryDirectory() as folder,
        Process(action_server_command(port), Path(folder) / "actions.log") as actions,
    ):
        agent = await _load_agent(port)
        wait_until_answers(f"http://{HOST}:{port}/health", actions, START_SECONDS)
        yield agent


@contextmanager
def _levels_kept() -> Iterator[None]:
    """Let Rasa be quiet in here, and each logger as loud as before at the end."""
    before = {logger: logger.level for logger in _loggers()}
    try:
        yield
    finally:
        for logger in _loggers():
            logger.setLevel(before.get(logger, logging.NOTSET))


def _loggers() -> list[logging.Logger]:
    known = logging.root.manager.loggerDict.values()
    return [logging.root, *(logger for logger in known if isinstance(logger, logging.Logger))]


async def _load_agent(action_port: int) -> Any:
    from rasa.core.agent import load_agent  # noqa: PLC0415  (seconds to import, and only after the variable is set)
    from rasa.core.utils import AvailableEndpoints  # noqa: PLC0415
    from rasa.utils.common import configure_logging_and_warnings  # noqa: PLC0415
    from rasa.utils.endpoints import EndpointConfig  # noqa: PLC0415
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

    configure_structlog(logging.ERROR)
    # Its filter of repeated lines would stay on the handlers of whoever calls this.
    configure_logging_and_warnings(logging.ERROR, filter_repeated_logs=False)
    endpoints = AvailableEndpoints.read_endpoints(str(paths.ROOT / "endpoints.yml"))
    endpoints.action = EndpointConfig(**action_endpoint(action_port), enable_selective_domain=True)
    return await load_agent(str(paths.MODELS), endpoints=endpoints)
