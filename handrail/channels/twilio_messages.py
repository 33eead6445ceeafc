"""Reads what Twilio posts when someone writes by SMS or WhatsApp, and tells a request of Twilio's from a forged one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

import phonenumbers
from multidict import MultiDict
from phonenumbers import PhoneNumberType
from twilio.request_validator import RequestValidator

from handrail.content.channel_words import NotText

WHATSAPP = "whatsapp:"
MOST_FIELDS = 500
"""A message with ten pictures has some 60 fields."""
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
"""What can be answered by SMS. A name or a short code stands for a machine that sends to many."""
_BY_MESSAGE_TYPE = {
    "sticker": NotText.STICKER,
    "contacts": NotText.CONTACT,
    "reaction": NotText.REACTION,
    "location": NotText.LOCATION,
}
"""WhatsApp's own names for what comes without text."""
_STICKER_TYPE = "image/webp"
_BY_MEDIA_TYPE = {
    "audio": NotText.VOICE,
    "image": NotText.PICTURE,
    "video": NotText.PICTURE,
    "text/vcard": NotText.CONTACT,
    "text/x-vcard": NotText.CONTACT,
    "text/directory": NotText.CONTACT,
}
_RECEIVED = frozenset({"", "received", "receiving"})

Form = MultiDict[str]


@dataclass(frozen=True)
class TwilioMessage:
    """A message that someone sent.

    Attributes:
        sid: Twilio's id of it.
        sender: who wrote: a phone number in international form, with `whatsapp:` in front on WhatsApp.
        to: the operator's number that it went to, in the same form.
        service: the operator's Messaging Service, or None.
        text: what was written, unchanged.
        not_text: what came that is not text, or None.
        keyword: `STOP`, `HELP` or `START` when Twilio has answered it with the operator's text, else None.
    """

    sid: str
    sender: str
    to: str
    service: str | None
    text: str
    not_text: NotText | None
    keyword: str | None

    @property
    def can_be_answered(self) -> bool:
        """Say whether there is someone to write back to."""
        return self.sender.startswith(WHATSAPP) or _PHONE.fullmatch(self.sender) is not None


def read_form(body: bytes) -> Form:
    """Return the fields of a request, blank ones too: Twilio's signature covers them.

    Raises:
        ValueError: `body` is no form.
    """
    return MultiDict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS))


def is_genuine(validator: RequestValidator, address: str, form: Form, signature: str | None) -> bool:
    """Say whether Twilio sent `form`.

    Args:
        validator: Twilio's own, with the account's token.
        address: the whole public address that Twilio posted to: it is part of what is signed.
        form: the fields.
        signature: the header `X-Twilio-Signature`.
    """
    return bool(signature and signature.isascii() and validator.validate(address, form, signature))


def is_receipt(form: Form) -> bool:
    """Say whether Twilio reports on a message that the bot has sent, and hands on none."""
    return form.get("SmsStatus", form.get("MessageStatus", "")).lower() not in _RECEIVED


def read_message(form: Form) -> TwilioMessage:
    """Return the message that `form` holds.

    Raises:
        ValueError: there is no sender, no receiver or no id.
    """
    sid, sender, to = form.get("MessageSid", ""), form.get("From", ""), form.get("To", "")
    if not (sid and sender and to) or any(" " in address for address in (sender, to)):
        raise ValueError("this is no message")
    text = form.get("Body", "")
    return TwilioMessage(
        sid=sid,
        sender=sender,
        to=to,
        service=form.get("MessagingServiceSid") or None,
        text=text,
        not_text=_not_text(form) or (None if text.strip() else NotText.OTHER),
        keyword=form.get("OptOutType", "").upper() or None,
    )


def country_of(sender: str) -> str | None:
    """Return the ISO 3166 code of the country that a sender's number belongs to, or None when it tells nothing.

    The number says where the phone was bought, not where the person is: what they say about it has to win.
    """
    try:
        number = phonenumbers.parse(sender.removeprefix(WHATSAPP))
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.number_type(number) is PhoneNumberType.TOLL_FREE:
        return None  # shared by all countries of the North American plan
    region = phonenumbers.region_code_for_number(number)
    return region if region and region.isalpha() else None


def _not_text(form: Form) -> NotText | None:
    by_type = _BY_MESSAGE_TYPE.get(form.get("MessageType", "").lower())
    if by_type is None and form.get("Latitude") and form.get("Longitude"):
        return NotText.LOCATION
    if by_type or form.get("NumMedia", "0") in ("", "0"):
        return by_type
    kind = form.get("MediaContentType0", "").split(";")[0].strip().lower()
    if kind == _STICKER_TYPE and form.get("From", "").startswith(WHATSAPP):
        return NotText.STICKER
    return _BY_MEDIA_TYPE.get(kind) or _BY_MEDIA_TYPE.get(kind.split("/")[0], NotText.FILE)
