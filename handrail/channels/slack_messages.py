"""Reads what Slack posts: messages, mentions, buttons and reactions."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any

from handrail.channels.messaging import Received
from handrail.content.channel_words import NotText

WORDS_OF_PEOPLE = (None, "file_share", "thread_broadcast", "me_message")
"""Subtypes of messages that a person wrote. All others are about the channel, or come from machines."""
SLACK_ITSELF = "USLACKBOT"
VOICE_CLIP = "slack_audio"
_PICTURES = frozenset({"image", "video"})
_LINK = re.compile(r"<(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")


@dataclass(frozen=True)
class Address:
    """Where an answer goes.

    Attributes:
        channel: the chat.
        thread: the message whose thread it goes into, or None.
    """

    channel: str
    thread: str | None = None

    def __str__(self) -> str:
        return f"{self.channel} {self.thread or ''}".rstrip()

    @classmethod
    def read(cls, text: str) -> Address:
        """Return the address that `str` has written."""
        channel, _, thread = text.partition(" ")
        return cls(channel, thread or None)


def read_event(body: dict[str, Any]) -> Received | None:
    """Return the message that an event holds, or None when there is nothing to answer.

    A direct chat is always answered. In a channel others talk with one another, often about the bot's own subjects:
    only who names the bot there gets an answer.
    """
    event = _dict(body.get("event"))
    bot = _bot_of(body)
    if event.get("type") == "reaction_added":
        return _reaction(event, bot)
    if event.get("type") not in ("message", "app_mention"):
        return None
    if event.get("subtype") == "message_changed":
        return _edited(event, bot)
    return _message(event, bot)


def read_action(payload: dict[str, Any]) -> Received | None:
    """Return what a button sent, or None when nothing was pressed that this bot has shown."""
    actions = payload.get("actions")
    action = _dict(actions[0]) if isinstance(actions, list) and actions else {}
    user, channel = _text(_dict(payload.get("user")), "id"), _text(_dict(payload.get("channel")), "id")
    value, moment = _text(action, "value"), _text(action, "action_ts")
    if payload.get("type") != "block_actions" or action.get("type") != "button" or not (user and channel and value):
        return None
    message = _dict(payload.get("message"))
    thread = _text(message, "thread_ts") or (None if _is_direct(channel, None) else _text(message, "ts"))
    return Received(
        person=_person(channel, user),
        address=str(Address(channel, thread)),
        message_id=moment or _text(payload, "trigger_id") or None,
        text=value,
        payload=True,
        order=_moment(moment),
        in_group=not _is_direct(channel, None),
    )


def action_payload(form: dict[str, str]) -> dict[str, Any]:
    """Return the payload of a form that Slack posts when a button is pressed; empty when it has none."""
    try:
        payload = json.loads(form.get("payload", "null"))
    except (ValueError, RecursionError):
        return {}
    return _dict(payload)


def plain(text: str, bot: str) -> str:
    """Return what a person typed: links without Slack's brackets, and without the name of the bot."""

    def bare(link: re.Match[str]) -> str:
        target, label = link["target"], link["label"]
        if target.startswith("@") or target.startswith("!"):
            # Other people's ids are of no use here and say who they are; words for a whole channel say nothing.
            return "" if target == f"@{bot}" or not label else label
        if target.startswith("#"):
            return label or ""
        return label or target.removeprefix("mailto:").removeprefix("tel:")

    return html.unescape(_LINK.sub(bare, text)).strip()


def _message(event: dict[str, Any], bot: str) -> Received | None:
    text, files = _text(event, "text"), event.get("files")
    files = files if isinstance(files, list) else []
    if event.get("subtype") not in WORDS_OF_PEOPLE or event.get("hidden") or not _is_for_the_bot(event, text, bot):
        return None
    not_text = _kind_of(_dict(files[0])) if files else None
    said = plain(text, bot)
    return _received(event, event, said, not_text or (None if said else NotText.OTHER))


def _edited(event: dict[str, Any], bot: str) -> Received | None:
    """Return a message that its writer changed. Slack reports previews of links and the bot's changes so, too."""
    message, before = _dict(event.get("message")), _dict(event.get("previous_message"))
    text = _text(message, "text")
    whose = {**event, **message, "channel": event.get("channel"), "channel_type": event.get("channel_type")}
    if "edited" not in message or text == before.get("text") or not _is_for_the_bot(whose, text, bot):
        return None
    moment = _text(_dict(message.get("edited")), "ts")
    received = _received(event, message, plain(text, bot), NotText.EDITED)
    return received and Received(**{**received.__dict__, "message_id": f"{received.message_id} {moment}"})


def _reaction(event: dict[str, Any], bot: str) -> Received | None:
    """Return a reaction in a direct chat. In a channel people react to one another."""
    item = _dict(event.get("item"))
    channel, user = _text(item, "channel"), _text(event, "user")
    if not _is_direct(channel, None) or not user or user in (bot, SLACK_ITSELF):
        return None
    return Received(
        person=_person(channel, user),
        address=str(Address(channel)),
        message_id=f"{_text(item, 'ts')} {_text(event, 'reaction')} {_text(event, 'event_ts')}",
        not_text=NotText.REACTION,
        order=_moment(_text(event, "event_ts")),
    )


def _received(event: dict[str, Any], message: dict[str, Any], text: str, not_text: NotText | None) -> Received | None:
    channel, user, moment = _text(event, "channel"), _text(message, "user"), _text(message, "ts")
    if not (channel and user and moment):
        return None
    direct = _is_direct(channel, event.get("channel_type"))
    thread = _text(message, "thread_ts") or (None if direct else moment)
    return Received(
        person=_person(channel, user),
        address=str(Address(channel, thread)),
        message_id=moment,
        text=text,
        not_text=not_text,
        order=_moment(moment),
        in_group=not direct,
    )


def _is_for_the_bot(event: dict[str, Any], text: str, bot: str) -> bool:
    """Say whether a person speaks to the bot: alone with it, or by its name."""
    user = _text(event, "user")
    if event.get("bot_id") or not user or user in (bot, SLACK_ITSELF):
        return False
    if _is_direct(_text(event, "channel"), event.get("channel_type")):
        return True
    return event.get("type") == "app_mention" or bool(bot and f"<@{bot}" in text)


def _bot_of(body: dict[str, Any]) -> str:
    """Return the user id that the bot has in the workspace."""
    authorizations = body.get("authorizations")
    return _text(_dict(authorizations[0]), "user_id") if isinstance(authorizations, list) and authorizations else ""


def _is_direct(channel: str, kind: object) -> bool:
    """Say whether a chat is between one person and the bot."""
    return kind == "im" if isinstance(kind, str) else channel.startswith("D")


def _kind_of(file: dict[str, Any]) -> NotText:
    kind = _text(file, "mimetype").split("/")[0]
    if kind == "audio" or file.get("subtype") == VOICE_CLIP:
        return NotText.VOICE
    return NotText.PICTURE if kind in _PICTURES else NotText.FILE


def _person(channel: str, user: str) -> str:
    """Return whose conversation it is: each person's in each chat, so that no one reads another's in a channel."""
    return f"{channel} {user}"


def _moment(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
