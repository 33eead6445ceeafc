"""The secrets of a messaging channel, from environment variables, so that none of them stands in a file."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from rasa.shared.exceptions import RasaException

PUBLIC_URL = "HANDRAIL_PUBLIC_URL"
"""The address under which platforms reach the bot from outside: `https://bot.example.org`. All channels share it."""
_ADDRESS = re.compile(r"https://[^\s/?#@:]+(?::\d{1,5})?(?:/[^\s?#]*)?")


class MissingSetting(RasaException):
    """A channel is switched on, and an environment variable that it cannot do without is missing or wrong.

    Rasa prints the message of such an exception, and ends.
    """


@dataclass(frozen=True)
class Setting:
    """One environment variable of a channel.

    Attributes:
        name: what it is called.
        meaning: what to put in it and where to find that, to fit after "set it to".
        form: what the whole of it must look like, where that is known.
    """

    name: str
    meaning: str
    form: re.Pattern[str] | None = None


PUBLIC = Setting(PUBLIC_URL, "the https address at which the platform reaches this server", _ADDRESS)


def read(channel: str, *settings: Setting, environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the values of `settings`, in their order.

    Raises:
        MissingSetting: some are missing or do not have their form. The message names each, what to set it to, and
            never what it holds.
    """
    values = [environment.get(setting.name, "").strip() for setting in settings]
    faults = [_fault(setting, value) for setting, value in zip(settings, values, strict=True)]
    said = [fault for fault in faults if fault]
    if said:
        raise MissingSetting(
            f"The channel '{channel}' cannot start. {' '.join(said)} "
            f"Or take the channel out of credentials.yml. docs/channels.md says more."
        )
    return values


def _fault(setting: Setting, value: str) -> str | None:
    if not value:
        return f"The environment variable {setting.name} is missing: set it to {setting.meaning}."
    if setting.form and not setting.form.fullmatch(value):
        return f"The environment variable {setting.name} cannot be right: set it to {setting.meaning}."
    return None
