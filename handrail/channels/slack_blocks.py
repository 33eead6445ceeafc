"""Writes a message for Slack, with Slack's own models, which refuse what Slack would refuse."""

from __future__ import annotations

from typing import Any

from slack_sdk.models.blocks import ActionsBlock, ButtonElement, PlainTextObject, SectionBlock

from handrail.channels.delivery import Limits
from handrail.channels.outgoing import Part

LIMITS = Limits(text=3_000, buttons=25, title=75, payload=2_000)
"""Of a section, an actions block, a button's label and its value (docs.slack.dev/reference/block-kit/blocks)."""
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""Slack reads these as marks for links and mentions (docs.slack.dev/messaging/formatting-message-text)."""


def message_fields(part: Part) -> dict[str, Any]:
    """Return the fields of `chat.postMessage` that show `part`.

    Nothing in it is read as formatting, and Slack is not to fetch the pages that it names. With buttons, `text` is what
    notifications and screen readers say, and the blocks are what the chat shows.

    Raises:
        SlackObjectFormationError: it is beyond Slack's limits.
    """
    fields: dict[str, Any] = {
        "text": part.text.translate(_ESCAPES),
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }
    if part.buttons:
        buttons = [
            ButtonElement(
                text=PlainTextObject(text=button["title"], emoji=False),
                value=button["payload"],
                action_id=f"choice_{number}",
            )
            for number, button in enumerate(part.buttons, start=1)
        ]
        blocks = [SectionBlock(text=PlainTextObject(text=part.text, emoji=False)), ActionsBlock(elements=buttons)]
        fields["blocks"] = [block.to_dict() for block in blocks]
    return fields
