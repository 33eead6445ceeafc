"""`credentials.yml` as it stands in the project: each channel can be switched on there, and no secret stands in it."""

from __future__ import annotations

import re

import pytest
from rasa.core.run import _create_single_channel

from handrail import paths
from handrail.channels.credentials import MissingSetting
from tests.channels import fake_slack, fake_telegram, fake_twilio
from tests.channels.line_telegram import SECRET
from tests.channels.lines import lines

TEXT = (paths.ROOT / "credentials.yml").read_text(encoding="utf-8")
CHANNELS = re.findall(r"^(#? ?)(handrail\.channels\.[a-z_]+\.[A-Z]\w+):$", TEXT, re.MULTILINE)
VARIABLES = {
    "HANDRAIL_PUBLIC_URL": fake_twilio.PUBLIC_URL,
    "HANDRAIL_TELEGRAM_TOKEN": fake_telegram.TOKEN,
    "HANDRAIL_TELEGRAM_SECRET": SECRET,
    "HANDRAIL_TWILIO_ACCOUNT": fake_twilio.ACCOUNT,
    "HANDRAIL_TWILIO_TOKEN": fake_twilio.TOKEN,
    "HANDRAIL_SLACK_TOKEN": fake_slack.TOKEN,
    "HANDRAIL_SLACK_SECRET": fake_slack.SECRET,
}


def test_credentials_file_names_every_supported_channel_and_opens_the_web_alone() -> None:
    assert [channel for off, channel in CHANNELS if not off] == ["handrail.channels.web.WebInput"]
    assert set(re.findall(r"HANDRAIL_[A-Z_]+", TEXT)) == set(VARIABLES)


def test_credentials_file_switches_each_channel_on_with_its_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    made = [_create_single_channel(channel, None).name() for _, channel in CHANNELS]
    assert sorted(made) == sorted(lines())


@pytest.mark.parametrize("channel", [channel for off, channel in CHANNELS if off])
def test_credentials_file_a_channel_without_any_variable_says_which_to_set(
    channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(MissingSetting) as refused:
        _create_single_channel(channel, None)
    said = str(refused.value)
    assert re.search(
        r"The channel '\w+' cannot start\. The environment variable HANDRAIL_\w+ is missing: set it to ", said
    )
    named = set(re.findall(r"HANDRAIL_[A-Z_]+", said))
    assert named
    assert named <= set(VARIABLES)
