"""DIET with less padding is the same DIET."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tensorflow as tf
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.diet_classifier import DIET, DIETClassifier
from rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer import CountVectorsFeaturizer
from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils.tensorflow.data_generator import RasaDataGenerator

from handrail.tools.evaluation.quick_diet import QuickDIETClassifier, weights_prefix

TEXT = "what is methadone and how do i get it for my son who has been using heroin since spring"
EPOCHS = 2


def component(kind: Any, folder: Path, **settings: Any) -> Any:
    """Return a component of Rasa as it is before training."""
    config = {**kind.get_default_config(), **settings}
    context = SimpleNamespace(node_name=kind.__name__, is_finetuning=False)
    if kind is WhitespaceTokenizer:
        return kind(config)
    return kind.create(config, LocalModelStorage(folder), Resource(kind.__name__), context)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    """Messages of 1 to 18 words, of two intents, featurised."""
    messages = [
        Message({"text": " ".join(TEXT.split()[: count % 18 + 1]), "intent": "odd" if count % 2 else "even"})
        for count in range(40)
    ]
    data = TrainingData(messages)
    folder = tmp_path_factory.mktemp("features")
    data = component(WhitespaceTokenizer, folder).process_training_data(data)
    words = component(CountVectorsFeaturizer, folder)
    words.train(data)
    return words.process_training_data(data)


@pytest.fixture
def diet(examples: TrainingData, tmp_path: Path) -> tuple[Any, Any]:
    """The model before training, and a batch of all examples."""
    classifier = component(QuickDIETClassifier, tmp_path, epochs=EPOCHS, random_seed=1, constrain_similarities=True)
    data = classifier.preprocess_train_data(examples)
    model = classifier._instantiate_model_class(data)
    return model, [tf.constant(one) for one in RasaDataGenerator.prepare_batch(data.data)]


def test_loss_of_a_batch_is_that_of_rasa(diet: tuple[Any, Any]) -> None:
    model, batch = diet
    model._training = False  # without dropout, which is drawn anew each time
    model.batch_loss(batch)  # makes the layers, by chance too
    losses = []
    for batch_loss in (DIET.batch_loss, type(model).batch_loss, DIET.batch_loss):
        tf.random.set_seed(1)  # for the wrong labels that the loss draws
        losses.append(float(batch_loss(model, batch)))
    assert losses[1] == pytest.approx(losses[0], rel=1e-5)
    assert losses[2] == losses[0]


def test_entities_are_refused(diet: tuple[Any, Any]) -> None:
    model, batch = diet
    model.config["entity_recognition"] = True
    with pytest.raises(ValueError, match="without entities"):
        model.batch_loss(batch)


def test_training_keeps_the_weights_that_were_asked_for(examples: TrainingData, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    classifier = component(
        QuickDIETClassifier, tmp_path, epochs=EPOCHS, weights_kept=[1], weights_folder=str(kept), run_eagerly=True
    )
    classifier.train(examples)
    assert weights_prefix(kept, 1).with_suffix(".index").exists()
    assert not weights_prefix(kept, 2).with_suffix(".index").exists()
    assert type(classifier)._load_model_class.__func__ is DIETClassifier._load_model_class.__func__
    assert classifier.model_class() is DIET
