"""The sentences that the danger net learns from: each stands there once, on one side."""

from __future__ import annotations

from pathlib import Path

import pytest

from handrail.documents import DocumentError
from handrail.emergencies.sentences import DangerSentences


def written(folder: Path, now: str, not_now: str) -> Path:
    (folder / "now.yml").write_text(f"sentences:\n{now}")
    (folder / "not_now.yml").write_text(f"# of the project\nsentences:\n{not_now}")
    return folder


def test_danger_sentences_are_read_from_both_files(tmp_path: Path) -> None:
    found = DangerSentences.load(written(tmp_path, '  - "mum is blue"\n', '  - "all fine"\n  - "no"\n'))
    assert found == DangerSentences(("mum is blue",), ("all fine", "no"))


@pytest.mark.parametrize("again", ["mum is blue", "Mum  is blue"])
def test_danger_sentences_stand_on_one_side_alone(tmp_path: Path, again: str) -> None:
    with pytest.raises(DocumentError) as caught:
        DangerSentences.load(written(tmp_path, '  - "mum is blue"\n', f'  - "all fine"\n  - "{again}"\n'))
    (problem,) = caught.value.problems
    assert (problem.path.name, problem.line) == ("not_now.yml", 4)
    assert "now.yml:2" in problem.what


def test_danger_sentences_of_the_project_are_in_order() -> None:
    sentences = DangerSentences.load()
    assert len(sentences.now) > 10_000
    assert len(sentences.not_now) > 10_000
