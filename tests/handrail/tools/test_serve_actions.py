"""The action server answers the Rasa server and nobody else."""

from __future__ import annotations

import pytest
from sanic import Sanic

from handrail.tools import serve_actions
from handrail.tools.serve_actions import TOKEN, bearer, guarded_app, main


@pytest.fixture(scope="module")
def app() -> Sanic:
    Sanic.test_mode = True
    return guarded_app("a secret")


@pytest.mark.parametrize("path", ["/webhook", "/actions"])
@pytest.mark.parametrize(
    "headers", [{}, {"authorization": bearer("another")}, {"authorization": "a secret"}, {"authorization": "Bearer é"}]
)
async def test_serve_actions_refuses_whoever_shows_no_token(app: Sanic, path: str, headers: dict[str, str]) -> None:
    middleware = app.request_middleware[0]

    class Request:
        def __init__(self) -> None:
            self.path, self.headers = path, headers

    refused = await middleware(Request())
    assert refused.status == 403


@pytest.mark.parametrize(("path", "headers"), [("/webhook", {"authorization": bearer("a secret")}), ("/health", {})])
async def test_serve_actions_lets_the_rasa_server_pass(app: Sanic, path: str, headers: dict[str, str]) -> None:
    middleware = app.request_middleware[0]

    class Request:
        def __init__(self) -> None:
            self.path, self.headers = path, headers

    assert await middleware(Request()) is None


def test_serve_actions_does_not_start_without_a_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(TOKEN, raising=False)
    monkeypatch.setattr(serve_actions, "guarded_app", None)
    assert main([]) == 1
    assert TOKEN in capsys.readouterr().err
