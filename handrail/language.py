"""The project's own English spaCy pipeline: a tokenizer and a lemmatizer from spaCy's lookup tables.

spaCy's trained English models are not published as ordinary packages, so a fresh computer could not install
them. This pipeline needs no download and no training; `SpacyNLP` in `config.yml` loads it from disk.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import spacy
from spacy.language import Language

from handrail import paths


def build_pipeline() -> Language:
    """Return a blank English pipeline with a lookup lemmatizer."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("lemmatizer", config={"mode": "lookup"})
    pipeline.initialize()
    return pipeline


def save_pipeline(folder: Path = paths.SPACY_PIPELINE) -> Path:
    """Write the pipeline to `folder`, in one step so that a half-written one is never loaded."""
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    build_pipeline().to_disk(partial)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    return folder


if __name__ == "__main__":
    print(f"spaCy pipeline: {paths.shown(save_pipeline())}")
