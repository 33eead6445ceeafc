"""The talks of `tests/scenarios/`, with the trained bot, through every supported channel."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from rasa.core.channels import console
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from handrail import knowledge, paths
from handrail.channels.delivery import EMERGENCY_KINDS
from handrail.channels.limits import AddressLimit
from handrail.channels.web import WebInput
from handrail.documents import read_yaml
from handrail.helplines import short_help
from handrail.placeholders import placeholders
from handrail.stores import erase
from handrail.tools.in_process import rasa_agent
from tests.channels.lines import Line, Seen, lines, shown
from tests.channels.test_conformance import PAYLOAD_SHOWN, everything, help_of, squeezed, written

pytestmark = [pytest.mark.model, pytest.mark.asyncio(loop_scope="module")]

SCENARIOS = sorted((paths.ROOT / "tests" / "scenarios").glob("*.yml"))
ARE_YOU_HUMAN = (
    "are you human",
    "are you a real person",
    "am i talking to a real person or a computer",
    "is this a bot",
    "are you a robot",
    "is there a person there",
    "are you an ai",
    "is someone real answering me",
    "am i writing to a machine",
    "who am i talking to",
    "are you a real human being",
    "is this automated",
    "u real?",
    "is this a chatbot",
    "are you a counselor or a computer",
    "am i chatting with software",
    "are you alive",
    "is a human typing this",
    "bot or human",
    "are you a nurse",
)
UNHURRIED_SECONDS = 60.0
"""A loaded machine must not make the guard answer in place of the bot: its own tests are elsewhere."""
FORGOTTEN = "i have forgotten this chat"
PEOPLE_WHO_ASK_WHAT_IT_IS = range(60, 80)
NAMES_NO_COUNTRY = "nobody_knows_the_country"

WHAT_FAILS = ((429,), (500,), (), (500, 429), (503, 500))
"""What the platform answers before it takes the first message of a turn; the turns of a talk go through these."""
COUNTRIES = knowledge.helplines().everything

each_channel = pytest.mark.parametrize("name", sorted(lines()))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def agent(trained_model: None) -> AsyncIterator[Any]:
    """The trained bot in this process."""
    async with rasa_agent() as ready:
        # The first message is slow, as the encoder is compiled with it.
        await ready.handle_message(UserMessage("hello", sender_id="warm up"))
        yield ready


@asynccontextmanager
async def opened(name: str, agent: Any, told: list[str] | None = None) -> AsyncIterator[Line]:
    """Open the line of a channel; at its end is the trained bot, which knows nobody. `told` gets each text it says."""
    for conversation in list(await agent.tracker_store.keys()):
        erase(agent.tracker_store, conversation)
    async with lines()[name](agent.handle_message, agent) as line:
        channel: Any = line.channel
        guard = channel._desk._guard if isinstance(channel, WebInput) else channel._guard
        if not isinstance(channel, WebInput):
            channel._pace = AddressLimit(1_000_000)
        guard._answer_seconds = guard._emergency_seconds = UNHURRIED_SECONDS
        answer = guard.answer

        async def heard(*of: Any, **more: Any) -> Any:
            turn = await answer(*of, **more)
            if told is not None:
                told.extend(message["text"] for message in turn.messages)
            return turn

        guard.answer = heard
        yield line
        assert line.faults == []


def emergency_texts(line: Line) -> set[str]:
    """Return every emergency text in the letters of the channel, with any numbers in it."""
    return {
        squeezed(written(line, variation["text"].format(**placeholders(country))))
        for variations in read_yaml(paths.DOMAIN).data["responses"].values()
        for variation in variations
        if variation.get("metadata", {}).get("kind") in EMERGENCY_KINDS
        for country in COUNTRIES
    }


def without_frame(line: Line, text: str) -> str:
    """Return the words of the bot, squeezed, without what may come between two parts of a long answer."""
    said, words = squeezed(written(line, text)), knowledge.words()
    more = [f"{words.numbered_choices}{number} {knowledge.channel_words().more}" for number in range(1, 10)]
    for other in (*map(short_help, COUNTRIES), words.introduction, *more):
        said = said.replace(squeezed(written(line, other)), "")
    return said


async def said(line: Line, turn: dict[str, Any], person: int) -> list[Seen]:
    if "payload" in turn:
        seen = await line.send_payload(turn["payload"], person=person)
    else:
        seen = await line.say(turn["user"], person=person)
    return await everything(line, seen, person)


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        *((name, "") for name in sorted(lines())),
        *((name, "platform fails") for name in sorted(lines()) if name != "web"),
        *((name, "no buttons") for name in ("slack", "telegram")),
    ],
)
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
async def test_dialogue(name: str, trouble: str, path: Path, agent: Any) -> None:
    scenario, person, told = read_yaml(path).data, SCENARIOS.index(path), list[str]()
    async with opened(name, agent, told) as line:
        if path.stem == NAMES_NO_COUNTRY and line.country:
            pytest.skip("the number of the phone says the country")
        if trouble == "no buttons":
            line.refuse_buttons()
        cards, names_country = emergency_texts(line), "country" in scenario
        for number, turn in enumerate(scenario["turns"]):
            if names_country:
                await line.send_payload('/change_country{"country": "' + scenario["country"] + '"}', person=person)
            told.clear()
            if trouble == "platform fails":
                line.fail(*WHAT_FAILS[number % len(WHAT_FAILS)])
            seen = await said(line, turn, person)
            words = shown(seen).lower()
            # Who is forgotten has to say it again.
            names_country = "country" in scenario and FORGOTTEN in words
            where = f"{path.name}, turn {number + 1} on {name}: {seen}"
            assert all(written(line, word).lower() in words for word in turn.get("says", [])), where
            assert not any(word.lower() in words for word in turn.get("says_not", [])), where
            assert all(written(line, word).lower() in words for word in turn.get("help", [])), where
            assert re.search("In danger now|Someone in danger now", shown(seen)), where
            if turn.get("kind") in EMERGENCY_KINDS:
                assert any(squeezed(seen[0].text) == card for card in cards), where
            whole = without_frame(line, shown(seen))
            assert all(without_frame(line, text) in whole for text in told), where
            assert told, where
            assert not PAYLOAD_SHOWN.search(shown(seen)), where
            assert line.identity(person) not in shown(seen), where


@each_channel
async def test_are_you_human(name: str, agent: Any) -> None:
    async with opened(name, agent) as line:
        understood = 0
        for person, text in zip(PEOPLE_WHO_ASK_WHAT_IT_IS, ARE_YOU_HUMAN, strict=True):
            seen = await said(line, {"user": text}, person)
            understood += "computer program" in shown(seen)
            assert squeezed(written(line, help_of(line))) in squeezed(shown(seen))
        assert understood == len(ARE_YOU_HUMAN), understood


async def test_are_you_human_in_the_shell(agent: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for number, text in enumerate(ARE_YOU_HUMAN):
        output = CollectingOutputChannel()
        await agent.handle_message(UserMessage(text, output, f"shell {number}", input_channel="cmdline"))
        assert "buttons" not in output.messages[-1], "the shell would show a menu in place of the words"
        for message in output.messages:
            console._print_bot_output(deepcopy(message))
        said = capsys.readouterr().out
        assert "computer program" in said, text
        assert squeezed(short_help(knowledge.helplines().international)) in squeezed(said), text
        assert not PAYLOAD_SHOWN.search(said.split("Buttons:")[0]), text


@each_channel
async def test_forget_me_leaves_no_event_in_the_store(name: str, agent: Any) -> None:
    async with opened(name, agent) as line:
        before = set(await agent.tracker_store.keys())
        await line.say("what is naloxone", person=89)
        (conversation,) = set(await agent.tracker_store.keys()) - before
        assert line.identity(89) not in conversation
        assert "forgotten" in shown(await line.say("forget me", person=89))
        assert conversation not in await agent.tracker_store.keys()
        assert await agent.tracker_store.retrieve(conversation) is None
