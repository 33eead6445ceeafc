"""Training takes the same data from the project's files as Rasa's own importers do."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from handrail import paths
from handrail.tools import training_examples
from handrail.tools.training_importer import load_importer

CONFIG = str(paths.ROOT / "config.yml")
SOME = ("ask_cost.yml", "greet.yml", "out_of_scope.yml", "emergency_overdose.yml")


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A few files of examples, and all rules: the rest is of the same form."""
    for name in SOME:
        copy = tmp_path / "nlu" / name
        copy.parent.mkdir(exist_ok=True)
        copy.write_text((paths.NLU / name).read_text())
    examples = training_examples.examples_by_intent(tmp_path / "nlu")
    monkeypatch.setattr("handrail.tools.training_importer.examples_by_intent", lambda: examples)
    return tmp_path / "nlu"


@pytest.fixture
def rasas(data: Path) -> TrainingDataImporter:
    return TrainingDataImporter.load_from_config(CONFIG, str(paths.DOMAIN), [str(data), str(paths.RULES)])


@pytest.fixture
def own(data: Path) -> TrainingDataImporter:
    return load_importer(CONFIG, str(paths.DOMAIN))


def written(data: TrainingData) -> list[tuple[str, str]]:
    return [(one.get(TEXT), one.get(INTENT)) for one in data.training_examples if one.get(TEXT)]


def named(data: TrainingData) -> set[Message]:
    return {one for one in data.training_examples if not one.get(TEXT)}


def test_training_importer_gives_rasas_examples(own: TrainingDataImporter, rasas: TrainingDataImporter) -> None:
    assert len(written(own.get_nlu_data())) > 500
    assert written(own.get_nlu_data()) == written(rasas.get_nlu_data())
    assert own.get_nlu_data().fingerprint() == rasas.get_nlu_data().fingerprint()


def test_training_importer_names_rasas_intents_and_actions(
    own: TrainingDataImporter, rasas: TrainingDataImporter
) -> None:
    assert named(own.get_nlu_data()) == named(rasas.get_nlu_data())


def test_training_importer_gives_rasas_domain_and_rules(own: TrainingDataImporter, rasas: TrainingDataImporter) -> None:
    assert own.get_domain().fingerprint() == rasas.get_domain().fingerprint()
    assert own.get_stories().fingerprint() == rasas.get_stories().fingerprint()
    assert own.get_config() == rasas.get_config()


def test_training_importer_reads_the_files_once(own: TrainingDataImporter) -> None:
    assert own.get_nlu_data() is own.get_nlu_data("en")
    assert own.get_stories() is own.get_stories()
