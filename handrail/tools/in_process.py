"""Runs the model in this process, with an action server of its own beside it, for commands that send many messages."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
        tempfile.TemporaryDirectory() as folder,
        Process(action_server_command(port), Path(folder) / "actions.log") as actions,
    ):
        agent = await _load_agent(port)
        wait_until_answers(f"http://{HOST}:{port}/health", actions, START_SECONDS)
        yield agent


async def _load_agent(action_port: int) -> Any:
    from rasa.core.agent import load_agent  # noqa: PLC0415  (seconds to import, and only after the variable is set)
    from rasa.core.utils import AvailableEndpoints  # noqa: PLC0415
    from rasa.utils.common import configure_logging_and_warnings  # noqa: PLC0415
    from rasa.utils.endpoints import EndpointConfig  # noqa: PLC0415
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

    configure_structlog(logging.ERROR)
    configure_logging_and_warnings(logging.ERROR)
    endpoints = AvailableEndpoints.read_endpoints(str(paths.ROOT / "endpoints.yml"))
    endpoints.action = EndpointConfig(**action_endpoint(action_port), enable_selective_domain=True)
    return await load_agent(str(paths.MODELS), endpoints=endpoints)
