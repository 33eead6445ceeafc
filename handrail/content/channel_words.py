"""The fixed phrases that only messaging apps need, from `data/content/channels.yml`."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from pydantic import validator

from handrail import paths
from handrail.documents import Record, read_yaml, validate


class NotText(str, Enum):
    """What a person can send that is not text."""

    VOICE = "voice"
    PICTURE = "picture"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    FILE = "file"
    REACTION = "reaction"
    EDITED = "edited"
    OTHER = "other"


class Keywords(Record):
    """What is said around STOP, HELP and START. `operator_*` is for Twilio to say; the rest the bot says itself."""

    stopped: str
    stop_using: str
    started: str
    operator_stop: str
    operator_help: str
    operator_start: str


class ChannelWords(Record):
    """Phrases of the messaging channels.

    Attributes:
        not_text: what is said to each kind of message that is not text.
        caption: below the answer to words that came with something that is not text.
        group: below the first answer in a group.
        more: the title of the choice that shows the rest of a long answer.
        notices: by channel name, what the company behind it keeps.
        telegram_commands: what each command in Telegram's menu does.
        keywords: what is said around the words that phone networks keep for themselves.
    """

    not_text: dict[NotText, str]
    caption: str
    group: str
    more: str
    notices: dict[str, str]
    telegram_commands: dict[str, str]
    keywords: Keywords

    @validator("not_text")
    def _whole(cls, not_text: dict[NotText, str]) -> dict[NotText, str]:
        missing = [kind.value for kind in NotText if not not_text.get(kind)]
        if missing:
            raise ValueError(f"add what is said to: {', '.join(missing)}")
        return not_text

    @classmethod
    def load(cls, path: Path = paths.CHANNEL_WORDS) -> ChannelWords:
        """Read the phrases.

        Raises:
            DocumentError: a phrase is missing or one is there that nothing uses.
        """
        return validate(cls, read_yaml(path))
