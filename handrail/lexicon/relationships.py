"""Decides whether a word such as "mother" names the person whom the message is about."""

from __future__ import annotations

from collections.abc import Sequence

from handrail.lexicon.mentions import Candidate
from handrail.lexicon.words import Word

# "I am a mother", "as his wife", "speaking as their dad": the writer, not the person with the problem.
ARTICLES = frozenset(
    {"a", "an", "the", "his", "her", "their", "your", "just", "only", "worried", "single", "concerned"}
)
WRITER = frozenset({"im", "i'm", "as", "being"})
WRITER_PAIRS = frozenset({"i am", "i 'm", "am i"})
# "parents of addicted teens", "for parents": the writer again.
OF_WHOM = frozenset({"of", "to"})
REACH_BACK = 5  # "I am just a worried": how many words back the writer may stand


def is_about(candidate: Candidate, words: Sequence[Word], starts: frozenset[int]) -> bool:
    """Return whether `candidate` is the person whom the message is about.

    Args:
        candidate: a relationship named in the message.
        words: the whole message.
        starts: the numbers of the words at which relationships begin.
    """
    before = [word.norm for word in words[max(0, candidate.first - REACH_BACK) : candidate.first] if word.norm != "\n"]
    while before and before[-1] in ARTICLES:
        before.pop()
    if before and (before[-1] in WRITER or " ".join(before[-2:]) in WRITER_PAIRS):
        return False
    after = [word.norm for word in words[candidate.last : candidate.last + 2]]
    if after and after[0] in OF_WHOM and candidate.entry.id in {"parent", "mother", "father"}:
        return False
    # "my son's girlfriend", "my friends mother": the last one named is the person.
    start = candidate.last + (1 if after[:1] == ["'s"] else 0)
    owns = start > candidate.last or words[candidate.last - 1].norm.endswith("s")
    return not (owns and start in starts)
