"""Conversations are kept in memory for a while, come back as they were, and go at once when they are to go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rasa.core.tracker_store import AwaitableTrackerStore, FailSafeTrackerStore, InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from handrail import paths, stores
from handrail.settings import settings
from handrail.stores import FORGET_INTENT, KEEP_EVENTS, MAX_EVENTS, ForgettingTrackerStore, erase
from tests.handrail.channels.stand_ins import Clock

DOMAIN = Domain.from_file(str(paths.DOMAIN))
MINUTES = 5
LISTEN = ActionExecuted("action_listen")


@pytest.fixture(autouse=True)
def idle_minutes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HANDRAIL_IDLE_MINUTES", str(MINUTES))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> ForgettingTrackerStore:
    return ForgettingTrackerStore(DOMAIN, clock=clock)


def message(text: str, intent: str = "ask_what_is") -> UserUttered:
    return UserUttered(text, intent={"name": intent, "confidence": 0.9})


def one_turn(text: str, intent: str = "ask_what_is") -> list[Event]:
    return [
        message(text, intent),
        ActionExecuted("action_answer"),
        BotUttered(f"about {text}", data={"buttons": [{"title": "More", "payload": "/tell_more"}]}),
        ActionExecuted("utter_help_line"),
        BotUttered("Call someone.", metadata={"utter_action": "utter_help_line"}),
        LISTEN,
    ]


def a_tracker(*events: Event, conversation: str = "a chat") -> DialogueStateTracker:
    return DialogueStateTracker.from_events(
        conversation, [SessionStarted(), LISTEN, *events], slots=DOMAIN.slots, domain=DOMAIN
    )


async def test_stores_give_a_conversation_back_as_it_was(store: ForgettingTrackerStore) -> None:
    tracker = a_tracker(*one_turn("methadone"), SlotSet("country", "GB"), SlotSet("subject", "methadone"))
    await store.save(tracker)
    again = await store.retrieve("a chat")
    assert again is not None
    assert list(again.events) == list(tracker.events)
    assert again.current_slot_values() == tracker.current_slot_values()
    assert again.latest_message == tracker.latest_message
    assert again.latest_action_name == tracker.latest_action_name


def test_stores_alone_decide_when_a_chat_is_over() -> None:
    # Rasa would begin a chat anew by a clock of its own, which knows nothing of the operator's limit.
    assert not DOMAIN.session_config.are_sessions_enabled()


async def test_stores_know_no_conversation_that_was_never_there(store: ForgettingTrackerStore) -> None:
    assert await store.retrieve("nobody") is None
    assert store.erase("nobody") is False


async def test_stores_keep_what_was_saved_and_not_what_was_only_thought(store: ForgettingTrackerStore) -> None:
    await store.save(a_tracker(*one_turn("methadone")))
    first = await store.retrieve("a chat")
    assert first is not None
    first.update(SlotSet("country", "GB"), DOMAIN)
    second = await store.retrieve("a chat")
    assert second is not None
    assert second.get_slot("country") is None


async def test_stores_keep_conversations_apart(store: ForgettingTrackerStore) -> None:
    await store.save(a_tracker(SlotSet("country", "GB"), conversation="one"))
    await store.save(a_tracker(SlotSet("country", "AU"), conversation="two"))
    one, two = await store.retrieve("one"), await store.retrieve("two")
    assert one is not None
    assert two is not None
    assert (one.get_slot("country"), two.get_slot("country")) == ("GB", "AU")


# -- Forgetting ------------------------------------------------------------------------------------------------


async def test_stores_erase_one_conversation_at_once(store: ForgettingTrackerStore) -> None:
    await store.save(a_tracker(conversation="one"))
    await store.save(a_tracker(conversation="two"))
    assert store.erase("one") is True
    assert await store.retrieve("one") is None
    assert await store.keys() == ["two"]


async def test_stores_forget_when_the_person_says_so(store: ForgettingTrackerStore) -> None:
    await store.save(a_tracker(*one_turn("methadone")))
    await store.save(a_tracker(*one_turn("methadone"), *one_turn("forget me", FORGET_INTENT)))
    assert await store.retrieve("a chat") is None


async def test_stores_keep_what_is_said_after_forget_me(store: ForgettingTrackerStore) -> None:
    await store.save(a_tracker(*one_turn("forget me", FORGET_INTENT)))
    await store.save(a_tracker(*one_turn("methadone")))
    assert await store.retrieve("a chat") is not None


@pytest.mark.parametrize(("idle", "there"), [(0, True), (MINUTES * 60, True), (MINUTES * 60 + 1, False)])
async def test_stores_forget_a_conversation_that_is_idle(
    store: ForgettingTrackerStore, clock: Clock, idle: float, there: bool
) -> None:
    await store.save(a_tracker(*one_turn("methadone")))
    clock.now += idle
    assert (await store.retrieve("a chat") is not None) is there
    assert bool(await store.keys()) is there


async def test_stores_count_the_idle_time_from_the_latest_message(store: ForgettingTrackerStore, clock: Clock) -> None:
    await store.save(a_tracker(conversation="one"))
    await store.save(a_tracker(conversation="two"))
    clock.now += MINUTES * 60
    await store.save(a_tracker(conversation="one"))
    clock.now += 1
    assert await store.keys() == ["one"]


async def test_stores_hold_no_more_conversations_than_they_may(
    store: ForgettingTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "MAX_CONVERSATIONS", 3)
    for name in ("one", "two", "three"):
        await store.save(a_tracker(conversation=name))
    await store.save(a_tracker(conversation="one"))
    await store.save(a_tracker(conversation="four"))
    assert await store.keys() == ["three", "one", "four"]


# -- Long conversations ----------------------------------------------------------------------------------------


async def test_stores_keep_the_latest_turns_and_the_slots_of_a_long_conversation(
    store: ForgettingTrackerStore,
) -> None:
    turns = [event for number in range(MAX_EVENTS) for event in one_turn(f"question {number}")]
    tracker = a_tracker(SlotSet("country", "GB"), SlotSet("subject", "heroin"), *turns)
    await store.save(tracker)
    again = await store.retrieve("a chat")
    assert again is not None
    assert len(again.events) <= KEEP_EVENTS + len(DOMAIN.slots)
    assert again.current_slot_values() == tracker.current_slot_values()
    assert again.latest_message == tracker.latest_message
    assert list(again.events)[-50:] == list(tracker.events)[-50:]


async def test_stores_cut_a_long_conversation_between_two_turns(store: ForgettingTrackerStore) -> None:
    turns = [event for number in range(MAX_EVENTS) for event in one_turn(f"question {number}")]
    await store.save(a_tracker(*turns))
    again = await store.retrieve("a chat")
    assert again is not None
    kept = [event for event in again.events if not isinstance(event, SlotSet)]
    assert kept[:1] == [LISTEN]
    assert isinstance(kept[1], UserUttered)


async def test_stores_keep_every_event_of_a_short_conversation(store: ForgettingTrackerStore) -> None:
    turns = [event for number in range(10) for event in one_turn(f"question {number}")]
    tracker = a_tracker(*turns)
    assert len(tracker.events) <= MAX_EVENTS
    await store.save(tracker)
    again = await store.retrieve("a chat")
    assert again is not None
    assert len(again.events) == len(tracker.events)


async def test_stores_hold_a_conversation_bounded_however_often_it_goes_on(store: ForgettingTrackerStore) -> None:
    await store.save(a_tracker(SlotSet("country", "GB")))
    for number in range(MAX_EVENTS):
        tracker = await store.retrieve("a chat")
        assert tracker is not None
        assert len(tracker.events) <= MAX_EVENTS
        assert tracker.get_slot("country") == "GB"
        for event in one_turn(f"question {number}"):
            tracker.update(event, DOMAIN)
        await store.save(tracker)


# -- As Rasa wraps it ------------------------------------------------------------------------------------------


async def test_stores_erase_reaches_the_store_that_rasa_wraps(store: ForgettingTrackerStore) -> None:
    wrapped = FailSafeTrackerStore(AwaitableTrackerStore(store))
    await wrapped.save(a_tracker())
    assert erase(wrapped, "a chat") is True
    assert erase(wrapped, "a chat") is False
    assert await store.retrieve("a chat") is None


def test_stores_erase_refuses_a_store_that_cannot() -> None:
    with pytest.raises(TypeError, match="erase"):
        erase(FailSafeTrackerStore(InMemoryTrackerStore(DOMAIN)), "a chat")
