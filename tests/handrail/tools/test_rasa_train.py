"""What training leaves out does not change what Rasa wires together."""

from __future__ import annotations

import inspect
import subprocess
import sys

from rasa.nlu.utils.spacy_utils import SpacyNLP
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail import paths
from handrail.tools.rasa_train import _unread


def test_rasa_train_leaves_examples_unread_and_the_signature_as_it_was() -> None:
    """Rasa reads from the signature which other components a component is given."""
    original = SpacyNLP.process_training_data
    stand_in = _unread(original)
    data = TrainingData([Message(data={"text": "hello", "intent": "greet"})])
    assert stand_in(None, data, model=None) is data
    assert data.training_examples[0].data == {"text": "hello", "intent": "greet"}
    assert inspect.signature(stand_in) == inspect.signature(original)


def test_rasa_train_leaves_nothing_out_of_a_process_that_only_loads_it() -> None:
    """The tests and `rasa train` share the module: only running it changes Rasa."""
    code = (
        "from rasa.engine.training.hooks import TrainingHook as hook\n"
        "before = hook.on_before_node\n"
        "import handrail.tools.rasa_train as it\n"
        "assert hook.on_before_node is before\n"
        "it.leave_out(); it.leave_out()\n"
        "assert hook.on_before_node is not before\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=paths.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
