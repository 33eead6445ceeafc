"""Fixtures for all layers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from handrail.tools.train import is_up_to_date
from tests.live import LiveServer

# How long an example takes says more about the machine than about what is tested.
hypothesis_settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def trained_model() -> None:
    """The trained model is there and made of what stands in the project."""
    if not is_up_to_date():
        pytest.fail("The model is not up to date. Run 'make train' first, or 'make test' for everything.")


@pytest.fixture(scope="session")
def live_server(trained_model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A running bot, shared by all tests of a session."""
    server = LiveServer(tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


@pytest.fixture
def without_actions(live_server: LiveServer) -> Iterator[LiveServer]:
    """The running bot with its action server killed; the actions are back afterwards."""
    live_server.kill_actions()
    yield live_server
    live_server.start_actions()
