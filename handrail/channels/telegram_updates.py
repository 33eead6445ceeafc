"""Reads what Telegram sends: which of it is for the bot, who wrote, and what it is if it is not text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from handrail.channels.messaging import Received
from handrail.content.channel_words import NotText

KINDS_OF_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "message_reaction")
"""All that Telegram is asked to send. Posts in channels, polls and the like are not for the bot."""
COMMANDS: Mapping[str, str] = MappingProxyType(
    {"start": "/start_again", "country": "/change_country", "forget": "/forget_me"}
)
"""What each command of the menu stands for. Any other is read as the words that it is made of."""
_COMMAND = re.compile(r"/(?P<command>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?=\s|$)")

_KINDS: Mapping[str, NotText] = MappingProxyType(
    {
        "voice": NotText.VOICE,
        "audio": NotText.VOICE,
        "video_note": NotText.VOICE,
        "photo": NotText.PICTURE,
        "live_photo": NotText.PICTURE,
        "video": NotText.PICTURE,
        # An animation comes with a document beside it, so it stands before that.
        "animation": NotText.PICTURE,
        "story": NotText.PICTURE,
        "sticker": NotText.STICKER,
        "dice": NotText.STICKER,
        "venue": NotText.LOCATION,
        "location": NotText.LOCATION,
        "contact": NotText.CONTACT,
        "document": NotText.FILE,
        "paid_media": NotText.PICTURE,
        "poll": NotText.OTHER,
        "game": NotText.OTHER,
        "checklist": NotText.OTHER,
        "invoice": NotText.OTHER,
        "gift": NotText.OTHER,
    }
)
_NO_CONTENT = frozenset(
    """message_id message_thread_id from sender_chat sender_boost_count sender_business_bot date business_connection_id
    chat forward_origin is_topic_message is_automatic_forward reply_to_message external_reply quote reply_to_story
    via_bot edit_date has_protected_content is_from_offline media_group_id author_signature reply_markup forward_from
    forward_date""".split()  # noqa: SIM905  (one name a line would fill the page)
)
"""Fields that say something about a message and are none of what it holds."""
_OF_THE_CHAT = re.compile(
    r"new_chat_|left_chat_|delete_chat_|pinned_|message_auto_delete_|migrate_|forum_|general_forum_|video_chat_|giveaway|"
    r"proximity_|boost_|chat_|write_access_|users_shared|connected_website|group_chat_created|supergroup_chat_created|"
    r"channel_chat_created|successful_payment|refunded_payment|passport_data|web_app_data"
)
"""Fields by which Telegram tells that something happened to the chat. Nobody spoke."""
LARGEST_NUMBER = 2**63
"""Telegram counts updates far below this. JSON can hold what no number of this machine can."""
BLOCKED = "kicked"
"""What Telegram calls the state of a bot that a person has blocked."""


@dataclass(frozen=True)
class Bot:
    """Who the bot is on Telegram.

    Attributes:
        id: the number in front of its token.
        name: its user name without the @, or None as long as Telegram has not told it.
    """

    id: int
    name: str | None = None


@dataclass(frozen=True)
class Update:
    """What an update asks for; of one that is not for the bot, nothing is set.

    Attributes:
        received: a message to answer.
        pressed: the id of a press of a button, which Telegram wants a receipt for.
        left: the person who blocked the bot.
    """

    received: Received | None = None
    pressed: str | None = None
    left: str | None = None


NOT_FOR_THE_BOT = Update()


def read(update: object, bot: Bot) -> Update:
    """Return what `update`, any JSON, asks for. Never raises: Telegram would send it again and again."""
    if not isinstance(update, dict):
        return NOT_FOR_THE_BOT
    number = update.get("update_id")
    number = number if isinstance(number, int) and abs(number) <= LARGEST_NUMBER else None
    found = NOT_FOR_THE_BOT
    if message := _object(update, "message"):
        found = Update(received=_message(message, number, bot))
    elif message := _object(update, "edited_message"):
        # A place that moves is told again and again as an edit of the first message.
        if "location" not in message:
            found = Update(received=_message(message, number, bot, NotText.EDITED))
    elif press := _object(update, "callback_query"):
        found = _press(press, number)
    elif reaction := _object(update, "message_reaction"):
        found = Update(received=_reaction(reaction, number))
    elif change := _object(update, "my_chat_member"):
        chat = _object(change, "chat")
        if _is_private(chat) and _object(change, "new_chat_member").get("status") == BLOCKED:
            found = Update(left=_id(chat))
    return found


def _message(message: dict[str, Any], number: int | None, bot: Bot, edited: NotText | None = None) -> Received | None:
    chat, sender = _object(message, "chat"), _object(message, "from")
    if sender.get("is_bot") is True:
        # Who writes in the name of a group or a channel stands behind a bot of Telegram's.
        sender = _object(message, "sender_chat")
        if not sender:
            return None
    chat_id, person = _id(chat), _id(sender)
    if chat_id is None:
        return None
    text = _text(message)
    kind = edited or _not_text(message)
    if kind is None and "text" in message and not text.strip():
        kind = NotText.OTHER
    if kind is None and not text:
        return None
    private = _is_private(chat)
    if not private:
        if person is None or not _is_addressed(message, text, bot):
            return None
        text = _without_mention(text, bot)
    text, payload = _command(text)
    album = message.get("media_group_id")
    # The pictures of an album come one by one, and are one message to the person who sent them.
    once = f"album {album}" if album and not text else number
    return Received(
        person=chat_id if private else f"{chat_id}/{person}",
        address=chat_id if private else f"{chat_id}/{_id(message, 'message_id') or ''}",
        message_id=None if once is None else str(once),
        text=text,
        payload=payload,
        not_text=kind,
        order=float(number or 0),
        in_group=not private,
    )


def _press(press: dict[str, Any], number: int | None) -> Update:
    sender, message = _object(press, "from"), _object(press, "message")
    chat = _object(message, "chat")
    person = _id(sender)
    if person is None:
        return NOT_FOR_THE_BOT
    private = not chat or _is_private(chat)
    data, pressed = press.get("data"), press.get("id")
    received = Received(
        person=person if private else f"{_id(chat)}/{person}",
        address=person if private else f"{_id(chat)}/{_id(message, 'message_id') or ''}",
        message_id=None if number is None else str(number),
        text=data if isinstance(data, str) else "",
        payload=True,
        order=float(number or 0),
        in_group=not private,
    )
    return Update(received=received, pressed=pressed if isinstance(pressed, str) else None)


def _reaction(reaction: dict[str, Any], number: int | None) -> Received | None:
    """Return a reaction as a message when it is new and nobody else is there; one taken back says nothing."""
    chat, new, old = _object(reaction, "chat"), reaction.get("new_reaction"), reaction.get("old_reaction")
    chat_id = _id(chat)
    if chat_id is None or not _is_private(chat) or not isinstance(new, list):
        return None
    if len(new) <= (len(old) if isinstance(old, list) else 0):
        return None
    return Received(
        person=chat_id,
        address=chat_id,
        message_id=None if number is None else str(number),
        not_text=NotText.REACTION,
        order=float(number or 0),
    )


def _text(message: dict[str, Any]) -> str:
    for name in ("text", "caption"):
        if isinstance(message.get(name), str):
            return str(message[name])
    return ""


def _not_text(message: dict[str, Any]) -> NotText | None:
    """Return what the message holds that is not text, or None. Of what is not known yet, that it is something else."""
    for name, kind in _KINDS.items():
        if message.get(name):
            return kind
    if isinstance(message.get("text"), str) or any(_OF_THE_CHAT.match(name) for name in message):
        return None
    return NotText.OTHER if set(message) - _NO_CONTENT else None


def _command(text: str) -> tuple[str, bool]:
    """Return what a text asks for, and whether that is what a button would send."""
    found = _COMMAND.match(text)
    if not found:
        return text, False
    payload = COMMANDS.get(found["command"].lower())
    if payload:
        return payload, True
    return f"{found['command'].replace('_', ' ')}{text[found.end() :]}", False


def _is_addressed(message: dict[str, Any], text: str, bot: Bot) -> bool:
    """Say whether a message in a group is for the bot: it names the bot, or replies to it."""
    if _object(_object(message, "reply_to_message"), "from").get("id") == bot.id:
        return True
    return bot.name is not None and bool(_mention(bot.name).search(text))


def _without_mention(text: str, bot: Bot) -> str:
    return _mention(bot.name).sub("", text).strip() if bot.name else text


def _mention(name: str) -> re.Pattern[str]:
    return re.compile(rf"@{re.escape(name)}(?!\w)", re.IGNORECASE)


def _is_private(chat: dict[str, Any]) -> bool:
    return chat.get("type") == "private"


def _object(of: dict[str, Any], name: str) -> dict[str, Any]:
    value = of.get(name)
    return value if isinstance(value, dict) else {}


def _id(of: dict[str, Any], name: str = "id") -> str | None:
    value = of.get(name)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
