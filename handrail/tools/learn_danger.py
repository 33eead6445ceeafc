"""`make learn-danger`: the encoder learns anew what a danger sounds like, from `data/danger/` and all examples."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from handrail import paths
from handrail.emergencies.examples import examples
from handrail.emergencies.sentences import DangerSentences
from handrail.intents import EMERGENCY_PREFIX, QUESTION_PREFIX
from handrail.knowledge import emergency_screen
from handrail.nlu.danger_learning import Settings, learn
from handrail.nlu.minilm import weights_folder
from handrail.tools.training_examples import examples_by_intent

FIRST_SEED = 7
EVERY_QUESTION = 2
"""Of the examples of questions in the field one in so many is learned from: they outnumber the dangers by far. All that
is said of other subjects is learned from: nothing there is a danger, however it sounds."""
OF_A_DANGER = frozenset({"check_danger_now", "check_worried"})
"""Answers to "Is this happening now?" that tell neither a danger nor its absence when they stand alone."""


def main(arguments: list[str] | None = None) -> int:
    """Learn, and write what was learned. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="make learn-danger", description=__doc__)
    parser.add_argument("--only", type=int, choices=range(len(paths.LEARNED_DANGER)), help="learn this file alone")
    only = parser.parse_args(arguments).only
    for number, path in enumerate(paths.LEARNED_DANGER):
        if only in (None, number):
            _learn(number, path)
    print("'make evaluate-safety' says what it is worth, and where the bot's bar has to stand (config.yml).")
    return 0


def _learn(number: int, path: Path) -> None:
    started = time.monotonic()
    texts, labels = lessons(number)
    print(f"Learning from {len(texts)} sentences, {sum(labels)} of them dangers: a quarter of an hour ...", flush=True)
    settings = Settings(seed=FIRST_SEED + number)
    learn(texts, labels, weights_folder(), settings, lambda line: print(line, flush=True)).save(path)
    print(f"Learned: {paths.shown(path)} ({time.monotonic() - started:.0f} s)", flush=True)


def lessons(number: int) -> tuple[list[str], list[bool]]:
    """Return the sentences that a net learns from, and whether each tells of a danger that is there now.

    The sentences that prove the emergency patterns are among them: then the net knows what the patterns were made for. Where another list says something of such a sentence, that counts.
    Each net, by its number, reads other questions, so that they do not err alike.
    """
    sentences = DangerSentences.load()
    dangers, ordinary = list(sentences.now), list(sentences.not_now)
    for intent, texts in examples_by_intent().items():
        if intent.startswith(EMERGENCY_PREFIX):
            dangers += texts
        elif intent not in OF_A_DANGER:
            ordinary += (
                texts[number % EVERY_QUESTION :: EVERY_QUESTION] if intent.startswith(QUESTION_PREFIX) else texts
            )
    told = {text.lower() for text in (*dangers, *ordinary)}
    screen = emergency_screen()
    for example in examples(screen):
        if example.text.lower() in told:
            continue
        if example.level:
            dangers.append(example.text)
        elif screen.check(example.text) is None:
            ordinary.append(example.text)
    return [*dangers, *ordinary], [True] * len(dangers) + [False] * len(ordinary)


if __name__ == "__main__":
    sys.exit(main())
