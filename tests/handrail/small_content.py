"""A small set of topics, sources, words and lexicon entries, so that the tests do not hang on the real texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from handrail.answers import Answerer
from handrail.content import Catalogue
from handrail.knowledge import words
from handrail.lexicon import Lexicon
from handrail.lexicon.records import Entry

SOURCES = """\
nhs:
  organisation: NHS
  title: Getting help
  address: https://www.nhs.uk/getting-help
  checked: 2026-11-02
who:
  organisation: World Health Organization
  title: Opioid overdose
  address: https://www.who.int/overdose
  checked: 2026-10-21
"""


def topic_file(
    topic_id: str,
    answers: Sequence[str],
    *,
    kind: str = "answer",
    related: Sequence[str] = (),
    sources: Sequence[str] = ("nhs",),
    more: str = "There is more to tell.",
) -> str:
    """Return a right topic file. Each of `answers` is an intent, then a subject, then a relationship."""
    questions = ""
    for answer in answers:
        for key, value in zip(("intent", "subject", "relationship"), answer.split(), strict=False):
            if value != "-":
                questions += f"  {'- ' if key == 'intent' else '  '}{key}: {value}\n"
    name = topic_id.rsplit("/", maxsplit=1)[-1].replace("_", " ")
    text = (
        f"---\nid: {topic_id}\ntitle: The topic {name}\nkind: {kind}\nanswers:\n{questions}"
        f"areas: [signs]\nrelated: [{', '.join(related)}]\nsources: [{', '.join(sources)}]\nfacts: [C-1]\n"
        f"review:\n  written: 2026-11-22\n  clinical_review: pending\n---\nThe point of {name}.\n"
        f"\n## What you can do\n- First step.\n- Second step.\n"
    )
    return text + (f"\n## Tell me more\n{more}\n" if more else "")


TOPICS = {
    "drugs/opioids": topic_file("drugs/opioids", ["ask_what_is opioids", "ask_signs opioids"]),
    "drugs/heroin": topic_file(
        "drugs/heroin", ["ask_what_is heroin"], related=["drugs/opioids", "family/talk"], sources=["who", "nhs"]
    ),
    "drugs/alcohol": topic_file("drugs/alcohol", ["ask_what_is alcohol", "ask_signs alcohol"]),
    "drugs/any": topic_file("drugs/any", ["ask_what_is"]),
    "signs/general": topic_file("signs/general", ["ask_signs"], related=["family/talk"]),
    "family/talk": topic_file("family/talk", ["ask_how_to_talk"], related=["signs/general"]),
    "family/talk_to_mother": topic_file("family/talk_to_mother", ["ask_how_to_talk - mother"]),
    "refusals/dose": topic_file("refusals/dose", ["ask_dose"], kind="refusal", sources=[], more=""),
}

ENTRIES = [
    Entry(id="opioids", name="opioids", terms=["opioids"]),
    Entry(id="heroin", name="heroin", terms=["heroin"], parent="opioids"),
    Entry(id="alcohol", name="alcohol", terms=["alcohol"]),
    Entry(id="ketamine", name="ketamine", terms=["ketamine"]),
    Entry(id="mother", name="mother", terms=["mother"], kind="relationship"),
]


def write_content(folder: Path, topics: dict[str, str] | None = None, sources: str = SOURCES) -> tuple[Path, Path]:
    """Write topics and sources below `folder`. Returns the folder of the topics and the file of the sources."""
    below = folder / "topics"
    for topic_id, text in (TOPICS if topics is None else topics).items():
        path = below / f"{topic_id}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    below.mkdir(exist_ok=True)
    file = folder / "sources.yml"
    file.write_text(sources, encoding="utf-8")
    return below, file


def small_answerer(folder: Path) -> Answerer:
    """Return an answerer that knows the small content, with the project's own words around it."""
    phrases = words().copy(update={"starting_points": ["family/talk", "signs/general"]})
    return Answerer(catalogue=Catalogue.load(*write_content(folder)), lexicon=Lexicon(ENTRIES), words=phrases)
