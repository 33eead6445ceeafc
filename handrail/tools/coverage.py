"""Writes the table of the questions that the bot can answer."""

from __future__ import annotations

import sys

from handrail import paths
from handrail.content import Catalogue
from handrail.content.coverage import coverage_table

TABLE = paths.DOCS / "coverage.md"


def main() -> int:
    """Write `docs/coverage.md`. Returns the exit code."""
    TABLE.write_text(coverage_table(Catalogue.load()), encoding="utf-8")
    print(f"Written: {paths.shown(TABLE)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
