"""Writes a clinician's sign-off: the name, the day, and the mark of the words that were signed.

Only for the clinician who has read these very words, or for someone who writes it down in their presence.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from handrail import paths
from handrail.documents import DocumentError
from handrail.tools.reviewed import Reviewed, load_reviewed

STATE = re.compile(r"^(\s*)clinical_review:\s*\w+\s*$")
WRITTEN_ANEW = ("reviewer", "reviewed", "signed_text")


def main(arguments: list[str] | None = None) -> int:
    """Sign what is named. Returns the exit code: 1 when a name is not known or a file has a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--by", required=True, help="name, profession and registration of the clinician")
    parser.add_argument("texts", nargs="+", help="paths of files, or names of responses of domain.yml")
    given = parser.parse_args(arguments)
    try:
        known = {text.name: text for text in load_reviewed()}
    except DocumentError as error:
        print(error, file=sys.stderr)
        print("Nothing was signed. Mend this first.", file=sys.stderr)
        return 1
    names = [paths.shown(Path(name)) if Path(name).exists() else name for name in given.texts]
    unknown = [name for name in names if name not in known]
    if unknown or not given.by.strip():
        for name in unknown:
            print(f"There is no text '{name}': name a file, or a response of domain.yml.", file=sys.stderr)
        if not given.by.strip():
            print('Nobody is named: add BY="name, profession, registration".', file=sys.stderr)
        print("Nothing was signed.", file=sys.stderr)
        return 1
    try:
        sign([known[name] for name in names], given.by.strip(), date.today())
    except ValueError as error:
        print(f"{error}\nNothing was signed.", file=sys.stderr)
        return 1
    for name in names:
        print(f"Signed by {given.by.strip()}: {name}")
    return 0


def sign(texts: Iterable[Reviewed], reviewer: str, day: date) -> None:
    """Write the sign-off of each text into its file; an older one is written over.

    Args:
        texts: what was read, as it stands now.
        reviewer: who read it.
        day: when.

    Raises:
        ValueError: a review is not written with one key a line; no file is changed then.
    """
    files: dict[Path, list[str]] = {}
    # From the last line to the first, so that lines above keep their numbers.
    for text in sorted({text.name: text for text in texts}.values(), key=_line, reverse=True):
        path = text.document.path
        lines = files.setdefault(path, path.read_text(encoding="utf-8").split("\n"))
        at = _line(text)
        state = STATE.match(lines[at - 1])
        if not state:
            raise ValueError(f"{paths.shown(path)}:{at}: write 'clinical_review' on a line of its own")
        old = [text.document.lines.get((*text.place, key), 0) for key in WRITTEN_ANEW]
        for number in sorted(filter(None, old), reverse=True):
            del lines[number - 1]
            at -= number < at
        values = {"clinical_review": "signed_off", "reviewer": json.dumps(reviewer, ensure_ascii=False)}
        values |= {"reviewed": day.isoformat(), "signed_text": json.dumps(text.mark)}
        lines[at - 1 : at] = [f"{state[1]}{key}: {value}" for key, value in values.items()]
    for path, lines in files.items():
        path.write_text("\n".join(lines), encoding="utf-8")


def _line(text: Reviewed) -> int:
    return text.document.line((*text.place, "clinical_review"))


if __name__ == "__main__":
    sys.exit(main())
