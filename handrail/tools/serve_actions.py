"""Runs the action server, on this machine's own address, for the Rasa server alone."""

from __future__ import annotations

import argparse
import hmac
import os
import sys

from rasa_sdk.endpoint import create_app
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from handrail import logs
from handrail.tools.serve import LEVELS

TOKEN = "HANDRAIL_ACTION_TOKEN"
"""The environment variable with the secret that the Rasa server has to show."""
HEADER = "authorization"


def main(arguments: list[str] | None = None) -> int:
    """Serve until the process is told to stop. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=5055)
    parser.add_argument("--log", choices=LEVELS, default="quiet")
    given = parser.parse_args(arguments)
    token = os.environ.get(TOKEN)
    if not token:
        print(f"{TOKEN} is not set. `make run` sets it; by hand, use `rasa run actions`.", file=sys.stderr)
        return 1
    logs.configure(LEVELS[given.log])
    guarded_app(token).run(
        os.environ.get("SANIC_HOST", "127.0.0.1"), given.port, workers=1, access_log=False, motd=False
    )
    return 0


def guarded_app(token: str) -> Sanic:
    """Return the action server's application, which answers only requests that show `token`, but for its health."""
    app = create_app("actions", cors_origins="")

    @app.middleware("request")
    async def only_rasa(request: Request) -> HTTPResponse | None:
        logs.listen_from_here_on()
        if request.path == "/health" or _same(request.headers.get(HEADER, ""), bearer(token)):
            return None
        return response.json({"error": "Only the Rasa server may ask for actions."}, status=403)

    return app


def bearer(token: str) -> str:
    """Return what the header has to say."""
    return f"Bearer {token}"


def _same(shown: str, wanted: str) -> bool:
    # As bytes: of a text, compare_digest takes ASCII alone, and a header may hold anything.
    return hmac.compare_digest(shown.encode("utf-8", "surrogateescape"), wanted.encode())


if __name__ == "__main__":
    sys.exit(main())
