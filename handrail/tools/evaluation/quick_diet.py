"""Rasa's DIETClassifier, trained with less padding and with its weights kept along the way: for the comparison alone.

Rasa pads each batch to its longest message. Here one message in twenty is a long post, so that nearly each batch holds
one and nine tenths of the work is padding (measured: 1.07 s of processor time for a step of 64 messages, against 0.23 s
when none is longer than 10 words). Padding counts for nothing in the result, so it may be left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.diet_classifier import DIET, DIETClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.utils.tensorflow.constants import (
    DROP_SMALL_LAST_BATCH,
    ENTITY_RECOGNITION,
    MASKED_LM,
    SENTENCE,
    SEQUENCE,
)
from rasa.utils.tensorflow.model_data import RasaModelData

ENDS = (1 / 2, 13 / 16, 15 / 16, 1.0)
"""Shares of a batch, shortest messages first, that are padded together: 64 messages in groups of 32, 20, 8 and 4."""
WEIGHTS_KEPT, WEIGHTS_FOLDER = "weights_kept", "weights_folder"
"""Settings: the epochs (numbers from 1) after which the weights are kept, and the folder that they are kept in."""


def weights_prefix(folder: Path, epoch: int) -> Path:
    """Return what the names of the files with the weights after `epoch` begin with."""
    return folder / f"epoch{epoch}"


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR],
    is_trainable=True,
)
class QuickDIETClassifier(DIETClassifier):
    """`DIETClassifier` with its own defaults, for training data without entities.

    Batches, loss and optimiser are Rasa's. A last batch of less than half the size is left out, by Rasa's own setting:
    fewer than 32 of some 35,000 messages of an epoch. Once trained it is Rasa's own model.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return Rasa's defaults, and where weights are kept along the way: nowhere."""
        return {
            **DIETClassifier.get_default_config(),
            DROP_SMALL_LAST_BATCH: True,
            WEIGHTS_KEPT: [],
            WEIGHTS_FOLDER: None,
        }

    def _instantiate_model_class(self, model_data: RasaModelData) -> DIET:
        return _QuickDIET(
            data_signature=model_data.get_signature(),
            label_data=self._label_data,
            entity_tag_specs=self._entity_tag_specs,
            config=self.component_config,
        )


class _QuickDIET(DIET):
    def fit(self, *arguments: Any, callbacks: Sequence[tf.keras.callbacks.Callback] = (), **options: Any) -> Any:
        """Train as Rasa does, and keep the weights after the epochs that the settings name."""
        if self.config[WEIGHTS_KEPT]:
            callbacks = [*callbacks, _KeepWeights(self.config[WEIGHTS_KEPT], Path(self.config[WEIGHTS_FOLDER]))]
        return super().fit(*arguments, callbacks=callbacks, **options)

    def batch_loss(self, batch_in: Any) -> tf.Tensor:
        """Return the loss of a batch: Rasa's, with the messages padded in groups of like length.

        Raises:
            ValueError: the data hold entities, or words are to be masked: both need the padded whole.
        """
        if self.config[ENTITY_RECOGNITION] or self.config[MASKED_LM]:
            raise ValueError("This needs examples without entities, and no masked words.")
        data = self.batch_to_model_data_format(batch_in, self.data_signature)
        lengths = self._get_sequence_feature_lengths(data, TEXT)
        order = tf.argsort(lengths, stable=True)
        place = tf.math.invert_permutation(order)
        count = tf.shape(lengths)[0]
        ends = [tf.cast(tf.cast(count, tf.float32) * end, tf.int32) for end in ENDS]
        vectors = [
            self._sentence_vectors(data, tf.gather(lengths, order[start:end]), place, start, end)
            for start, end in zip([tf.constant(0), *ends[:-1]], ends, strict=True)
        ]
        # The loss takes the vector of each message's sentence and nothing else of its text: here they are one "token".
        whole = tf.expand_dims(tf.gather(tf.concat(vectors, axis=0), place), axis=1)
        return self._batch_loss_intent(tf.ones([count], tf.int32), whole, data)

    def _sentence_vectors(
        self, data: Any, lengths: tf.Tensor, place: tf.Tensor, start: tf.Tensor, end: tf.Tensor
    ) -> tf.Tensor:
        """Return the vectors of the messages whose places by length are from `start` to before `end`."""
        words = [_rows(one, place, start, end, tf.reduce_max(lengths)) for one in data[TEXT][SEQUENCE]]
        sentences = [_rows(one, place, start, end, 1) for one in data[TEXT][SENTENCE]]
        transformed, *_ = self._tf_layers[f"sequence_layer.{self.text_name}"](
            (words, sentences, lengths), training=self._training
        )
        return self._last_token(transformed, lengths + 1)


def _rows(
    features: tf.SparseTensor, place: tf.Tensor, start: tf.Tensor, end: tf.Tensor, longest: tf.Tensor | int
) -> tf.SparseTensor:
    """Return the rows (message x word x feature) whose places are from `start` to before `end`, in that order."""
    rows = tf.gather(place, features.indices[:, 0])
    own = (rows >= start) & (rows < end)
    others = tf.boolean_mask(features.indices[:, 1:], own)
    first = tf.cast(tf.boolean_mask(rows, own) - start, tf.int64)
    shape = [tf.cast(end - start, tf.int64), tf.cast(longest, tf.int64), features.shape[-1]]
    values = tf.boolean_mask(features.values, own)
    found = tf.sparse.reorder(tf.SparseTensor(tf.concat([first[:, tf.newaxis], others], axis=1), values, shape))
    # Once more with the shape of which TensorFlow knows the last figure: the layers need it.
    return tf.SparseTensor(found.indices, found.values, shape)


class _KeepWeights(tf.keras.callbacks.Callback):
    def __init__(self, epochs: Sequence[int], folder: Path) -> None:
        super().__init__()
        self._epochs = frozenset(epochs)
        self._folder = folder

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if epoch + 1 in self._epochs:
            self.model.save(str(weights_prefix(self._folder, epoch + 1)))
