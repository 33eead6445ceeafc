"""Cross-validation of the project's own classifier on the training examples."""

from __future__ import annotations

import random
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handrail import paths
from handrail.intents import RANKING
from handrail.tools.evaluation.measures import Spread, macro_f1

FOLDS = 5
SEED = 2026
TOP = 3
CLASSIFIER = "TunedLogisticRegression"
CACHE = paths.CACHE / "evaluation.npz"
"""Vectors of the training examples, apart from those that training keeps."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Examples:
    """The training examples: text, intent and unit vector of each."""

    texts: Sequence[str]
    intents: Sequence[str]
    vectors: Vectors


@dataclass(frozen=True)
class Prediction:
    """What a fold's model said to an example that it had not seen.

    Attributes:
        place: the example's place among all.
        fold: the fold that it was held out in.
        ranking: the likeliest intents, best first; empty when the model could not read it.
    """

    place: int
    fold: int
    ranking: tuple[str, ...]


@dataclass(frozen=True)
class CrossValidation:
    """The figures of all folds, and every prediction."""

    accuracy: Spread
    top: Spread
    macro_f1: Spread
    predictions: Sequence[Prediction]


def folds(labels: Sequence[str], count: int = FOLDS, seed: int = SEED) -> list[int]:
    """Return the fold of each example: every class is dealt out evenly, in an order drawn by `seed`."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        places[label].append(place)
    chance = random.Random(seed)
    found = [0] * len(labels)
    dealt = 0  # goes on from class to class, so that small classes do not all begin in the same fold
    for label in sorted(places):
        for place in chance.sample(places[label], len(places[label])):
            found[place] = dealt % count
            dealt += 1
    return found


def summarise(intents: Sequence[str], predictions: Sequence[Prediction]) -> CrossValidation:
    """Return the mean over the folds of each figure, with its spread."""
    by_fold: dict[int, list[Prediction]] = defaultdict(list)
    for prediction in predictions:
        by_fold[prediction.fold].append(prediction)
    accuracies, tops, scores = [], [], []
    for own in by_fold.values():
        pairs = [(intents[one.place], one.ranking[0] if one.ranking else "") for one in own]
        accuracies.append(sum(gold == given for gold, given in pairs) / len(own))
        tops.append(sum(intents[one.place] in one.ranking[:TOP] for one in own) / len(own))
        scores.append(macro_f1(pairs))
    return CrossValidation(Spread.of(accuracies), Spread.of(tops), Spread.of(scores), predictions)


def encode(by_intent: Mapping[str, Sequence[str]], cache: Path = CACHE) -> Examples:
    """Give each training example its vector, under the lexicon's names, as messages are read."""
    from handrail.knowledge import lexicon  # noqa: PLC0415  (needed by this step alone)
    from handrail.nlu.minilm import SHA256, shared_encoder  # noqa: PLC0415  (loads the encoder)
    from handrail.nlu.vector_cache import VectorCache  # noqa: PLC0415

    pairs = [(text, intent) for intent, texts in by_intent.items() for text in texts]
    canonical = [lexicon().canonical(text, lexicon().find(text)) for text, _ in pairs]
    vectors = VectorCache(cache, SHA256).encode(canonical, shared_encoder().encode)
    return Examples([text for text, _ in pairs], [intent for _, intent in pairs], vectors)


def cross_validate(examples: Examples, settings: Mapping[str, Any], count: int = FOLDS) -> CrossValidation:
    """Train and test the pipeline's own classifier `count` times, each time on the other folds."""
    dealt = folds(examples.intents, count)
    predictions = []
    for fold in range(count):
        trained = [place for place, own in enumerate(dealt) if own != fold]
        held_out = [place for place, own in enumerate(dealt) if own == fold]
        rankings = _predict(examples, trained, held_out, settings)
        predictions += [Prediction(place, fold, ranking) for place, ranking in zip(held_out, rankings, strict=True)]
    return summarise(examples.intents, predictions)


def _predict(
    examples: Examples, trained: Sequence[int], held_out: Sequence[int], settings: Mapping[str, Any]
) -> list[tuple[str, ...]]:
    """Train on some examples and return the ranking of the others, with the component that the bot uses."""
    from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: PLC0415  (seconds to import)
    from rasa.engine.storage.resource import Resource  # noqa: PLC0415
    from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: PLC0415

    from handrail.nlu.intent_classifier import TunedLogisticRegression  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        classifier = TunedLogisticRegression.create(
            {**TunedLogisticRegression.get_default_config(), **settings},
            LocalModelStorage(Path(folder)),
            Resource("classifier"),
            SimpleNamespace(node_name="classifier"),
        )
        classifier.train(TrainingData([_message(examples, place) for place in trained]))
        # Without its intent: the ranking has to come from the text.
        messages = classifier.process([_message(examples, place, with_intent=False) for place in held_out])
    return [tuple(entry["name"] for entry in message.get(RANKING) or []) for message in messages]


def _message(examples: Examples, place: int, with_intent: bool = True) -> Any:
    from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT  # noqa: PLC0415
    from rasa.shared.nlu.training_data.features import Features  # noqa: PLC0415
    from rasa.shared.nlu.training_data.message import Message  # noqa: PLC0415

    from handrail.nlu.lexicon_entities import LexiconEntities  # noqa: PLC0415

    message = Message({TEXT: examples.texts[place], **({INTENT: examples.intents[place]} if with_intent else {})})
    LexiconEntities().process([message])
    message.add_features(
        Features(examples.vectors[place][np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, "SentenceEncoder")
    )
    return message
