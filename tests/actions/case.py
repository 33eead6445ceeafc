"""Lets the test of an action read as a specification: what was said, what the bot says, what it remembers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import answerer
from handrail import paths
from handrail.answers import Answerer
from handrail.content import Words
from handrail.documents import read_yaml
from tests.handrail.small_content import small_answerer

TELL_MORE = "/tell_more"


def said(
    intent: str | None,
    *,
    subjects: Sequence[str] = (),
    relationships: Sequence[str] = (),
    topic: str | None = None,
    ranking: Sequence[tuple[str | None, float]] = (),
) -> dict[str, Any]:
    """Return a message as Rasa parses it."""
    named = [
        *(("subject", value) for value in subjects),
        *(("relationship", value) for value in relationships),
        *((("topic", topic),) if topic else ()),
    ]
    return {
        "text": "the words do not matter here",
        "intent": {"name": intent, "confidence": 0.9},
        "entities": [{"entity": entity, "value": value} for entity, value in named],
        "intent_ranking": [{"name": name, "confidence": confidence} for name, confidence in ranking],
    }


def choice(topic: str) -> str:
    """Return what the button of a topic sends."""
    return f'/show_topic{{"topic": "{topic}"}}'


class ActionTestCase:
    """Base of the tests of one action, on the small content. Name the action in `action`."""

    action: type[Action]

    @pytest.fixture(autouse=True)
    def _on_the_small_content(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        small = small_answerer(tmp_path)
        monkeypatch.setattr(Answerer, "load", lambda: small)
        answerer.cache_clear()
        self.words: Words = small.words
        yield
        answerer.cache_clear()

    def when(self, *messages: dict[str, Any], **slots: Any) -> None:
        """Run the action after `messages`, the latest last, with these slots set."""
        names = ("subject", "country", "relationship", "last_intent", "last_topic", "asked")
        tracker = Tracker(
            sender_id="a chat",
            slots={**dict.fromkeys(names), **slots},
            latest_message=messages[-1] if messages else {},
            events=[{"event": "user", "parse_data": message} for message in messages],
            paused=False,
            followup_action=None,
            active_loop={},
            latest_action_name="action_listen",
        )
        dispatcher = CollectingDispatcher()
        self.events = self.action().run(dispatcher, tracker, {})
        self.messages = dispatcher.messages

    def assert_says_topic(self, topic: str) -> None:
        """Expect one message that is the answer of `topic`."""
        (message,) = self.messages
        assert message["metadata"]["topic"] == topic
        assert message["text"]

    def assert_says(self, text: str, kind: str) -> None:
        """Expect one message of these words and this kind, on no topic."""
        (message,) = self.messages
        assert message["text"] == text
        assert message["metadata"]["kind"] == kind
        assert message["metadata"]["topic"] is None

    def assert_says_nothing(self) -> None:
        """Expect that Rasa is left to speak."""
        assert self.messages == []

    def assert_offers(self, *payloads: str) -> None:
        """Expect buttons that send these, in this order."""
        (message,) = self.messages
        assert [button["payload"] for button in message["buttons"]] == list(payloads)
        assert all(button["title"] for button in message["buttons"])

    def assert_offers_places_to_start(self) -> None:
        """Expect the buttons for someone who has nothing to choose from."""
        self.assert_offers(*map(choice, self.words.starting_points))

    def assert_remembers(self, **slots: Any) -> None:
        """Expect that exactly these slots are set."""
        assert all(event["event"] == "slot" for event in self.events)
        assert {event["name"]: event["value"] for event in self.events} == slots

    def assert_is_in_the_domain(self) -> None:
        """Expect that Rasa knows the action by its name."""
        assert self.action().name() in read_yaml(paths.DOMAIN).data["actions"]
