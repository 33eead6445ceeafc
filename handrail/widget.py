"""The chat widget as it is served: one script with its looks, the help lines of every country and the overdose card.

The parts stand in `web/`, the numbers in the help-line files and the card in `domain.yml`. They are put together when
the server starts, so that the widget can show every number without asking for it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from string import ascii_letters
from typing import Any

from handrail import paths
from handrail.helplines import HelpLines, widget_data
from handrail.helplines.records import HelpLineWords, Kind
from handrail.responses import Responses

FULL_PAGE = '<handrail-chat mode="page">'
SCRIPT, LOOKS = "handrail-chat.js", "handrail-chat.css"
OVERDOSE_CARD = "utter_emergency_overdose"
NORTH_AMERICA = "+1"
FULL_NUMBER = 10
"""Digits of a full number in North America; phones dial it with the calling code in front."""
PRIVATE_NAME = re.compile(r"(?:^|(?<=[. ]))#([a-z]\w*)", re.MULTILINE)
HTML, JAVASCRIPT, CSS = (f"text/{kind}; charset=utf-8" for kind in ("html", "javascript", "css"))


@dataclass(frozen=True)
class ServedFile:
    """A file as browsers get it: its content, the same compressed, and its content type."""

    content: bytes
    compressed: bytes
    kind: str


def module() -> str:
    """Return the widget's script with its looks, help lines and overdose card filled in.

    Raises:
        DocumentError: a help-line file or `domain.yml` has a fault.
        ValueError: the script has no place to fill in, or a number cannot be written in short.
    """
    script = _short((paths.WEB / SCRIPT).read_text(encoding="utf-8"))
    script = _filled(script, 'const STYLE = "";', f"const STYLE = {_json(looks())};")
    return _filled(script, "const DATA = null;", f"const DATA = {help_data()};")


def looks() -> str:
    """Return the widget's style sheet as it is served: without comments, and without spaces that mean nothing."""
    style = re.sub(r"/\*.*?\*/", "", (paths.WEB / LOOKS).read_text(encoding="utf-8"), flags=re.DOTALL)
    style = re.sub(r"\s+", " ", style)
    return re.sub(r";? ?([{};,]) ?|(?<=:) ", r"\1", style).strip()


def help_data() -> str:
    """Return the help lines of every country and the overdose card, as JSON in the widget's short form.

    A country is a text, as long lists in JSON take a tenth more when compressed. The first country stands for people
    whose own is not known. A text begins with `country|name|calling code|emergency numbers`. Two rows follow for the
    short help (crisis, drugs and alcohol), without the question that they open with, and with the place of a line among
    the lines instead of its name. Then each line has a row: `kind|name|region|call|what to do after calling|
    text~keyword|chat|web|hours|cost|whom it serves|what it is not for|text phone`. `~` parts numbers of one kind.

    Raises:
        DocumentError: a help-line file or `domain.yml` has a fault.
        ValueError: a number cannot be written in short.
    """
    helplines = HelpLines.load()
    words = helplines.of(None).words
    countries = [_country(widget_data(helplines.of(code)), words) for code in helplines.countries]
    # Countries with as many lines have more words in common: side by side, they compress better.
    countries.sort(key=lambda country: country.count("\n"))
    data = {
        "overdose": Responses.load().by_name[OVERDOSE_CARD]["text"],
        "danger": words.danger,
        "local": words.emergency_unknown,
        "or": words.or_,
        "crisis": words.crisis,
        "drugs": words.drug_alcohol,
        "text": words.text,
        "keyword": words.text_keyword,
        "title": words.list_title,
        "unknown": words.list_title_unknown,
        "law": words.list_law_enforcement,
        "kinds": [words.kinds[kind] for kind in Kind],
        "countries": [_country(widget_data(helplines.of(None)), words), *countries],
    }
    return _json(data)


def integrity(script: str) -> str:
    """Return the hash that a page can name in `integrity`, so that a browser runs this script and no other."""
    return f"sha384-{base64.b64encode(hashlib.sha384(script.encode()).digest()).decode()}"


def sizes() -> dict[str, int]:
    """Return in bytes, compressed: the script without the help lines ("module"), and the help lines ("help")."""
    data = help_data()
    return {"module": _gzip_size(module().replace(data, "null")), "help": _gzip_size(data)}


@lru_cache(maxsize=2)
def pages(country: str | None = None) -> dict[str, ServedFile]:
    """Return all that the server hands out, by path; with a country, the full page opens with its help lines.

    Raises:
        DocumentError, ValueError: as `module` does.
    """
    served = {f"/{SCRIPT}": (module().encode(), JAVASCRIPT)}
    for path, name, kind in (
        ("/", "index.html", HTML),
        ("/page.css", "page.css", CSS),
        ("/demo.html", "demo.html", HTML),
        ("/demo.css", "demo.css", CSS),
    ):
        served[path] = ((paths.WEB / name).read_bytes(), kind)
    if country:
        page = _filled(served["/"][0].decode(), FULL_PAGE, f'{FULL_PAGE[:-1]} country="{country}">')
        served["/"] = (page.encode(), HTML)
    return {
        path: ServedFile(content, gzip.compress(content, 9, mtime=0), kind) for path, (content, kind) in served.items()
    }


def _country(data: dict[str, Any], words: HelpLineWords) -> str:
    numbers = [number["display"] for number in (data["emergency"] or {"numbers": []})["numbers"]]
    rows = data["short_help"].split("\n")[1:]
    lead = (words.crisis, words.drug_alcohol)
    short = [
        _short_row(row.removeprefix(opening.format(line="")), data["lines"])
        for row, opening in zip(rows, lead, strict=True)
    ]
    return "\n".join(
        (_row(data["country"], data["name"], _plan(data), _many(numbers)), *short, *map(_line, data["lines"]))
    )


def _short_row(row: str, lines: list[dict[str, Any]]) -> str:
    for place, line in enumerate(lines):
        name = f"{line['name']} ({line['region']})" if line["region"] else line["name"]
        if row.startswith(f"{name}: "):
            return _row(str(place), row.removeprefix(f"{name}: "))
    return row


def _line(line: dict[str, Any]) -> str:
    text = line["text"]
    return _row(
        str(list(Kind).index(Kind(line["kind"]))),
        line["name"],
        line["region"],
        line["call"] and line["call"]["display"],
        line["after_call"],
        text and _many([text["display"], text["keyword"]]),
        line["chat"],
        line["web"],
        line["hours"],
        line["cost"],
        line["serves"],
        line["not_for"],
        line["tty"] and line["tty"]["display"],
    ).rstrip("|")


def _row(*parts: str | None) -> str:
    if any(mark in part for part in parts if part for mark in "|\n"):
        raise ValueError(f"a mark that parts the entries stands in one of {parts}")
    return "|".join(part or "" for part in parts)


def _many(parts: list[str | None]) -> str:
    return "~".join(part for part in parts if part)


def _plan(data: dict[str, Any]) -> str:
    """Return the calling code that full numbers of the country are dialed with, or "" where they are dialed as written.

    Raises:
        ValueError: some numbers need the code and others do not.
    """
    numbers = [line[way] for line in data["lines"] for way in ("call", "text") if line[way]]
    plan = NORTH_AMERICA if any(f":{NORTH_AMERICA}" in number["href"] for number in numbers) else ""
    for number in numbers:
        digits = re.sub(r"\D", "", number["display"])
        expected = plan + digits[-FULL_NUMBER:] if plan and len(digits) >= FULL_NUMBER else digits
        if number["href"].partition(":")[2] != expected:
            raise ValueError(f"{number['display']} is dialed as {number['href']}, not as {expected}")
    return plan


def _short(script: str) -> str:
    """Return a script as it is served: people on slow lines wait for each byte.

    Left out are comments that have rows of their own, indents, and the ends of rows inside brackets and after
    statements. Private names become letters; nothing outside the script can use them. All other names stay, so that
    what runs can be read beside its source.
    """
    script = re.sub(r"^\s*/\*\*.*?\*/\n", "", script, flags=re.DOTALL | re.MULTILINE)
    script = re.sub(r"^\s*//.*\n", "", script, flags=re.MULTILINE)
    script = re.sub(r"^\s+", "", script, flags=re.MULTILINE)
    names = dict.fromkeys(PRIVATE_NAME.findall(script))
    letters = dict(zip(names, map("".join, product(ascii_letters, repeat=2)), strict=False))
    script = PRIVATE_NAME.sub(lambda found: f"#{letters[found[1]]}", script)
    return re.sub(r"(?<=[{(\[,;])\n|\n(?=[)\]}])", "", script)


def _filled(script: str, place: str, content: str) -> str:
    if script.count(place) != 1:
        raise ValueError(f"a file in web/ needs {place!r} exactly once: it is filled in there")
    return script.replace(place, content)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _gzip_size(text: str) -> int:
    return len(gzip.compress(text.encode(), 9, mtime=0))
