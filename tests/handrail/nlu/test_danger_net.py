"""The danger net gives each message its share, reads long ones part by part, and sets no intent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from handrail import paths
from handrail.documents import read_yaml
from handrail.emergencies import Finding
from handrail.intents import DANGER_SHARE
from handrail.nlu import danger_net
from handrail.nlu.danger import danger_in, is_certain
from handrail.nlu.danger_net import DangerNet
from handrail.nlu.learned_danger import LearnedDanger, WrongLearned
from handrail.nlu.lexicon_entities import CANONICAL_TEXT
from handrail.nlu.message_parts import PARTS

CONFIG = DangerNet.get_default_config()
MARGIN = CONFIG["part_margin"]


class Reader:
    """Stands in for the encoder: each text has the share that a test gives it."""

    def __init__(self, shares: Mapping[str, float]) -> None:
        self._shares = shares
        self.read: list[str] = []

    def shares(self, texts: Sequence[str]) -> list[float]:
        self.read += texts
        return [self._shares.get(text, 0.0) for text in texts]

    def quick_share(self, text: str) -> float:
        return self._shares.get(text, 0.0)


def processed(monkeypatch: pytest.MonkeyPatch, shares: Mapping[str, float], **data: object) -> tuple[Message, Reader]:
    reader = Reader(shares)
    monkeypatch.setattr(danger_net, "shared_reader", lambda: reader)
    (message,) = DangerNet.create(CONFIG, None, None, None).process([Message(data=data)])
    return message, reader


def parts(*texts: str) -> list[SimpleNamespace]:
    return [SimpleNamespace(canonical=text) for text in texts]


def test_danger_net_reads_the_text_under_the_names_of_the_lexicon(monkeypatch: pytest.MonkeyPatch) -> None:
    message, reader = processed(monkeypatch, {"fentanyl": 0.4}, **{TEXT: "fenty", CANONICAL_TEXT: "fentanyl"})
    assert reader.read == ["fentanyl"]
    assert message.get(DANGER_SHARE) == 0.4


@pytest.mark.parametrize(
    ("whole", "in_part", "share"),
    [(0.0, 0.9, 0.9 - MARGIN), (0.5, 0.9, 0.9 - MARGIN / 2), (1.0, 0.95, 1.0), (0.3, 0.2, 0.3)],
)
def test_danger_net_finds_the_danger_in_one_part_of_a_story(
    monkeypatch: pytest.MonkeyPatch, whole: float, in_part: float, share: float
) -> None:
    shares = {"a story": whole, "an end": in_part}
    message, _ = processed(monkeypatch, shares, **{TEXT: "a story", PARTS: parts("a start", "an end")})
    assert message.get(DANGER_SHARE) == pytest.approx(share)


def test_danger_net_reports_its_share_and_sets_no_intent(monkeypatch: pytest.MonkeyPatch) -> None:
    message, _ = processed(monkeypatch, {"some words": 0.9}, **{TEXT: "some words"})
    assert DANGER_SHARE in message.as_dict(only_output_properties=True)
    assert message.get("intent") is None


@pytest.mark.parametrize("text", [None, "", "??", "\U0001f622"])
def test_danger_net_says_nothing_of_what_holds_no_letter(monkeypatch: pytest.MonkeyPatch, text: str | None) -> None:
    message, reader = processed(monkeypatch, {}, **{TEXT: text})
    assert message.get(DANGER_SHARE) is None
    assert not reader.read


CERTAIN = "my son is on the kitchen floor and he is not breathing at all please help me"
TERSE = "my son is not breathing"
DOUBT = CONFIG["doubt"]


@pytest.mark.parametrize(
    ("text", "share", "level"),
    [(CERTAIN, DOUBT - 0.01, "check"), (CERTAIN, DOUBT, "emergency"), (TERSE, DOUBT - 0.01, "emergency")],
)
def test_danger_net_asks_where_a_card_is_unlike_any_danger(
    monkeypatch: pytest.MonkeyPatch, text: str, share: float, level: str
) -> None:
    message, reader = processed(monkeypatch, {text: share}, **{TEXT: text})
    assert danger_in(message) == Finding("overdose", level, danger_in(Message(data={TEXT: text})).pattern)
    assert is_certain(message) == (level == "emergency")
    assert bool(reader.read) == (level == "check")


def test_danger_net_never_takes_a_question_back(monkeypatch: pytest.MonkeyPatch) -> None:
    message, _ = processed(monkeypatch, {}, **{TEXT: "i cant do this anymore"})
    assert danger_in(message).level == "check"


def test_danger_net_that_fails_keeps_no_card_back(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails() -> Reader:
        raise RuntimeError(CERTAIN)

    monkeypatch.setattr(danger_net, "shared_reader", dict)
    net = DangerNet.create(CONFIG, None, None, None)
    monkeypatch.setattr(danger_net, "shared_reader", fails)
    (message,) = net.process([Message(data={TEXT: CERTAIN})])
    assert is_certain(message)
    assert "danger_net.failed" in caplog.text
    assert CERTAIN not in caplog.text
    with pytest.raises(RuntimeError):
        net.process([Message(data={TEXT: "what is methadone"})])


def test_danger_net_needs_a_new_model_when_something_else_was_learned(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = DangerNet.fingerprint_addon(CONFIG)
    (tmp_path / "learned").write_bytes(b"something else")
    monkeypatch.setattr(paths, "LEARNED_DANGER", (tmp_path / "learned",))
    assert DangerNet.fingerprint_addon(CONFIG) != before


def test_danger_net_does_not_start_without_what_it_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> LearnedDanger:
        return LearnedDanger.load(Path("nowhere"))

    monkeypatch.setattr(danger_net, "shared_reader", missing)
    with pytest.raises(WrongLearned, match="make learn-danger"):
        DangerNet.create(CONFIG, None, None, None)


def test_danger_net_is_set_up_as_the_pipeline_says() -> None:
    (found,) = (one for one in read_yaml(paths.ROOT / "config.yml").data["pipeline"] if "DangerNet" in one["name"])
    assert 0 <= found["part_margin"] < 1
    assert 0 <= found["doubt"] < 0.05
    assert found["doubt_words"] >= 15
