"""Tables as Markdown, and what stands in their cells, for both reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from handrail.tools.evaluation.bars import Bar

REACHED: Mapping[bool | None, str] = {True: "reached", False: "**not reached**", None: ""}
BARS_HEADER = ("From", "What", "Found", "95 % interval", "Bar", "")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a Markdown table, and an empty one behind it."""
    for row in (header, ["---"] * len(header), *rows):
        cells = (cell.replace("|", r"\|").strip() for cell in row)
        yield f"| {' | '.join(cells)} |"
    yield ""


def bars_table(bars: Iterable[Bar]) -> Iterator[str]:
    """Yield the lines of the table of bars."""
    rows = ((bar.source, bar.what, bar.found, bar.interval, bar.bar, REACHED[bar.reached]) for bar in bars)
    yield from table(BARS_HEADER, rows)


def bars_as_text(bars: Iterable[Bar]) -> str:
    """Return the table of bars for the terminal."""
    rows = [
        ("", "what", "found", "95 % interval", "bar", ""),
        *((bar.source, bar.what, bar.found, bar.interval, bar.bar, REACHED[bar.reached].strip("*")) for bar in bars),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
