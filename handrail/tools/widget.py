"""Says how to put the chat on another page, with the hash of its script; or writes that script for a site to keep."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from handrail import widget
from handrail.documents import DocumentError

SERVER = "https://chat.example.org/"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the lines for a page. Returns 1 when a data file has a fault or the script cannot be written, else 0."""
    parser = argparse.ArgumentParser(prog="python -m handrail.tools.widget", description=__doc__)
    parser.add_argument("--server", default=SERVER, help=f"the address of your bot; without it, {SERVER}")
    parser.add_argument("--out", type=Path, help="write the script to this file, to be served by your own site")
    given = parser.parse_args(arguments)
    server = given.server.rstrip("/") + "/"
    try:
        script = widget.module()
        if given.out:
            given.out.write_text(script, encoding="utf-8")
    except (DocumentError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    source = given.out.name if given.out else f"{server}{widget.SCRIPT}"
    print(f'<script type="module" src="{source}" crossorigin')
    print(f'  integrity="{widget.integrity(script)}"></script>')
    print(f'<handrail-chat mode="bubble" server="{server}"></handrail-chat>')
    return 0


if __name__ == "__main__":
    sys.exit(main())
