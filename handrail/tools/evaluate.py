"""Says how many answers of `ask` are about the right thing."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def main(arguments: list[str] | None = None) -> int:
    """Print the shares for a file of questions and its answers. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path, help="JSON lines with `gold` and `gold_also`: the right areas")
    parser.add_argument("answers", type=Path, help="what `ask` wrote for it")
    parser.add_argument("--misses", action="store_true", help="count the pairs of right area and given topic")
    given = parser.parse_args(arguments)
    questions, answers = _rows(given.questions), _rows(given.answers)
    if len(questions) != len(answers):
        print(f"{len(questions)} questions but {len(answers)} answers", file=sys.stderr)
        return 1
    print(report(questions, answers))
    if given.misses:
        for (gold, topic), count in _misses(questions, answers).most_common():
            print(f"{count:4} {gold} -> {topic}")
    return 0


def is_right(question: Row, answer: Row) -> bool:
    """Say whether the answer's topic is about one of the question's areas."""
    return bool(_wanted(question) & set(answer["areas"]))


def is_offered(question: Row, answer: Row) -> bool:
    """Say whether a clarifying question offers a topic about one of the question's areas."""
    areas = {area for choice in answer["choices"] for area in choice["areas"]}
    return answer["kind"] == "clarify" and bool(_wanted(question) & areas)


def report(questions: Sequence[Row], answers: Sequence[Row]) -> str:
    """Return the shares as text."""
    pairs = list(zip(questions, answers, strict=True))
    right = sum(is_right(*pair) for pair in pairs)
    offered = sum(is_offered(*pair) for pair in pairs)
    kinds = Counter(answer["kind"] for answer in answers)
    return "\n".join(
        [
            f"answered on the right area:        {_share(right, len(pairs))}",
            f"the same, or offered as a choice:  {_share(right + offered, len(pairs))}",
            "kinds of reply: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()),
        ]
    )


def _share(count: int, total: int) -> str:
    return f"{count}/{total} ({count / total:.1%})" if total else "0/0"


def _wanted(question: Row) -> set[str]:
    return {question["gold"], *question.get("gold_also", [])}


def _misses(questions: Sequence[Row], answers: Sequence[Row]) -> Counter[tuple[str, str]]:
    return Counter(
        (question["gold"], answer["topic"] or answer["kind"])
        for question, answer in zip(questions, answers, strict=True)
        if not is_right(question, answer) and not is_offered(question, answer)
    )


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    sys.exit(main())
