"""Where the project keeps its files."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
TOPICS = DATA / "content" / "topics"
SOURCES = DATA / "content" / "sources.yml"
WORDS = DATA / "content" / "words.yml"
CHANNEL_WORDS = DATA / "content" / "channels.yml"
KNOWN_WORDS = DATA / "content" / "known_words.txt"
NEVER = DATA / "content" / "never.yml"
COVERAGE = DATA / "content" / "coverage.yml"
HELPLINES = DATA / "content" / "helplines"
LEXICON = DATA / "lexicon"
EMERGENCIES = DATA / "emergencies"
DANGER = DATA / "danger"
LEARNED_DANGER = (DANGER / "learned_1.safetensors", DANGER / "learned_2.safetensors")
HARMFUL = DATA / "harmful" / "patterns.yml"
NLU = DATA / "nlu"
RULES = DATA / "rules"
DOMAIN = ROOT / "domain.yml"
MODELS = ROOT / "models"
SPACY_PIPELINE = MODELS / "spacy-en"
DOCS = ROOT / "docs"
CACHE = ROOT / ".cache"
WEB = ROOT / "web"


def shown(path: Path) -> str:
    """Return `path` as people write it: relative to the project when it lies inside."""
    try:
        return path.resolve().relative_to(ROOT).as_posix()
    except ValueError:
        return path.as_posix()
