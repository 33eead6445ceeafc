"""What a person sees of what Rasa says: words first, buttons with them, nothing empty."""

from __future__ import annotations

from typing import Any

import pytest

from handrail.channels.delivery import CollectedReply

BUTTON = {"title": "Tell me more", "payload": "/tell_more"}


async def collected(*messages: dict[str, Any]) -> list[dict[str, Any]]:
    reply = CollectedReply("web")
    for message in messages:
        await reply.send_response("a chat", message)
    return reply.messages


async def test_delivery_keeps_the_messages_in_order() -> None:
    assert [message["text"] for message in await collected({"text": "one"}, {"text": "two"})] == ["one", "two"]


async def test_delivery_keeps_buttons_and_metadata_and_nothing_else() -> None:
    (message,) = await collected(
        {
            "text": " hello ",
            "buttons": [{**BUTTON, "type": "postback"}],
            "metadata": {"kind": "answer"},
            "timestamp": 5,
            "image": None,
            "utter_action": "utter_greet",
        }
    )
    assert message == {"text": "hello", "buttons": [BUTTON], "metadata": {"kind": "answer"}}


async def test_delivery_takes_quick_replies_for_buttons() -> None:
    (message,) = await collected({"text": "hello", "quick_replies": [BUTTON]})
    assert message["buttons"] == [BUTTON]


@pytest.mark.parametrize("message", [{}, {"text": None}, {"text": ""}, {"text": " \n"}, {"buttons": [BUTTON]}])
async def test_delivery_drops_a_message_without_words(message: dict[str, Any]) -> None:
    assert await collected(message) == []


async def test_delivery_metadata_is_always_there() -> None:
    assert await collected({"text": "hello", "metadata": None}) == [{"text": "hello", "metadata": {}}]


async def test_delivery_takes_nothing_once_it_is_closed() -> None:
    reply = CollectedReply("web")
    reply.close()
    await reply.send_response("a chat", {"text": "too late"})
    assert reply.messages == []


def test_delivery_has_the_name_of_its_channel() -> None:
    assert CollectedReply("telegram").name() == "telegram"
