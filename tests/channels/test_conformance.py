"""Each supported channel, over a strict fake of its platform, keeps the same promises.

Rasa is stood in for here; `test_dialogues.py` runs whole talks with the trained bot through the same lines.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from handrail import knowledge, paths
from handrail.answers import Answerer
from handrail.channels.delivery import EMERGENCY_KINDS
from handrail.channels.guard import PAYLOADS
from handrail.channels.limits import AddressLimit
from handrail.channels.messaging import MESSAGES_PER_SECOND, MessagingInput
from handrail.content.channel_words import NotText
from handrail.content.sms import segments
from handrail.documents import read_yaml
from handrail.helplines import CountryLines, short_help
from handrail.placeholders import placeholders
from tests.channels.lines import Line, Seen, lines, shown
from tests.handrail.channels.stand_ins import Rasa

WORDS, CHANNEL_WORDS = knowledge.words(), knowledge.channel_words()
COUNTRIES = knowledge.helplines().everything
DANGER = "my nephew isnt breathing"
MARKER = "zanzibar"
MESSAGES_PER_CHANNEL = 1_000
PEOPLE = 90
PAYLOAD_SHOWN = re.compile(rf"(?<![\w./])/(?:{'|'.join(sorted(PAYLOADS))}|more_of_this)\b|\{{")
"""What a button sends, or a placeholder: nobody must come to see it."""

ANSWER: dict[str, Any] = {"text": "Methadone is a medicine.", "metadata": {"kind": "answer"}}
BUTTONS = [{"title": "Tell me more", "payload": "/tell_more"}, {"title": "None of these", "payload": "/none_of_these"}]

# The two tests that send thousands of messages take minutes and are not among the fast ones.
each_channel = pytest.mark.parametrize("name", sorted(lines()))


class Speaker(Rasa):
    """Stands in for Rasa, and can be told what to say next."""

    def says(self, *messages: dict[str, Any]) -> None:
        self._messages = messages


@asynccontextmanager
async def opened(name: str, rasa: Any, *, hurried: bool = False) -> AsyncIterator[Line]:
    """Open the line of a channel, and see at the end that the platform was sent nothing that it does not take.

    Unless it is `hurried`, a person may write as fast as tests do; if it is, no time passes between messages.
    """
    async with lines()[name](rasa) as line:
        if isinstance(line.channel, MessagingInput):
            line.channel._pace = AddressLimit(MESSAGES_PER_SECOND if hurried else 1_000_000, lambda: 0.0)
        elif hurried:
            line.channel._desk._clock = lambda: 0.0
        yield line
        assert line.faults == []


def written(line: Line, text: str) -> str:
    """Return `text` in the letters of the channel."""
    return line.style.write(text) if line.style else text


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def help_of(line: Line) -> str:
    """Return the help lines that people on this line are shown, as long as they have named no country."""
    return short_help(knowledge.helplines().of(line.country))


def has_help(line: Line, seen: list[Seen], country: CountryLines | None = None) -> bool:
    words = short_help(country) if country else help_of(line)
    return squeezed(written(line, words)) in squeezed(shown(seen))


# -- Never silent, and help on every turn ----------------------------------------------------------------------------


@each_channel
@pytest.mark.parametrize(
    "rasa",
    [
        pytest.param(lambda: Rasa(ANSWER), id="answers"),
        pytest.param(lambda: Rasa(ANSWER), id="forgets the help line"),
        pytest.param(lambda: Rasa({**ANSWER, "buttons": BUTTONS}), id="offers choices"),
        pytest.param(Rasa, id="says nothing"),
        pytest.param(lambda: Rasa({"text": ""}, {"text": None}), id="says empty messages"),
        pytest.param(lambda: Rasa({"buttons": BUTTONS}), id="says buttons without words"),
        pytest.param(lambda: Rasa({"custom": {"type": "card"}}), id="says what only a page can show"),
        pytest.param(lambda: Rasa({"image": "https://example.org/a.png"}), id="says an image"),
        pytest.param(lambda: Rasa(fails=RuntimeError()), id="fails"),
        pytest.param(lambda: Rasa(ANSWER, fails=RuntimeError()), id="fails after its answer"),
    ],
)
async def test_every_turn_has_help(name: str, rasa: Any) -> None:
    async with opened(name, rasa()) as line:
        for text in ("what is methadone", "", " ", "😀", "/restart", "\x00", "x" * 30_000):
            assert has_help(line, await line.say(text)), text[:20]


@each_channel
async def test_a_turn_that_hangs_gets_its_answer_all_the_same(name: str) -> None:
    release = asyncio.Event()
    async with opened(name, Rasa(release=release)) as line:
        assert has_help(line, await line.say("what is methadone"))
        release.set()


@each_channel
@pytest.mark.parametrize("what", list(NotText))
async def test_what_is_not_text_gets_a_kind_line_and_help(name: str, what: NotText) -> None:
    rasa = Rasa(ANSWER)
    async with opened(name, rasa) as line:
        seen = await line.send(what)
        if seen is None:
            pytest.skip(f"nobody can send this on {name}")
        assert has_help(line, seen)
        assert squeezed(written(line, CHANNEL_WORDS.not_text[what])) in squeezed(shown(seen))
        assert rasa.received == []


@each_channel
async def test_the_first_answer_says_what_the_platform_keeps_and_no_other_does(name: str) -> None:
    if name == "web":
        pytest.skip("there is no platform between the page and the bot")
    async with opened(name, Rasa(ANSWER)) as line:
        notice = squeezed(written(line, CHANNEL_WORDS.notices[name]))
        assert notice in squeezed(shown(await line.say("what is methadone")))
        assert notice not in squeezed(shown(await line.say("what is methadone")))


# -- An emergency comes first and whole ------------------------------------------------------------------------------


@each_channel
@pytest.mark.parametrize("rasa", [Rasa, lambda: Rasa(fails=RuntimeError())], ids=["says nothing", "fails"])
async def test_a_danger_gets_its_card_first_though_rasa_does_not_answer(name: str, rasa: Any) -> None:
    async with opened(name, rasa()) as line:
        seen = await line.say(DANGER)
        assert "Someone will not wake up" in seen[0].text
        assert "Roll them on their side" in seen[0].text
        assert has_help(line, seen)


def emergency_messages() -> Iterator[tuple[str, CountryLines, dict[str, Any]]]:
    """Yield each card of the domain, and each text that follows on one, with the numbers of each country."""
    for name, variations in read_yaml(paths.DOMAIN).data["responses"].items():
        for variation in variations:
            if variation.get("metadata", {}).get("kind") not in EMERGENCY_KINDS:
                continue
            for country in COUNTRIES:
                filled = placeholders(country)
                buttons = [
                    {"title": button["title"], "payload": button["payload"].format(**filled)}
                    for button in variation.get("buttons", [])
                ]
                message = {
                    "text": variation["text"].format(**filled),
                    "buttons": buttons,
                    "metadata": variation["metadata"],
                }
                yield name, country, message


@pytest.mark.server
@each_channel
async def test_all_emergency_cards_come_whole_though_the_platform_fails_twice(name: str) -> None:
    rasa = Speaker()
    async with opened(name, rasa) as line:
        count = 0
        for count, (card, country, message) in enumerate(emergency_messages(), start=1):
            rasa.says(message, {"text": short_help(country), "metadata": {"kind": "help"}})
            line.fail(*((500, 429), (429, 500), (500, 503))[count % 3])
            seen = await line.say("please", person=count % PEOPLE)
            text = squeezed(written(line, message["text"]))
            assert squeezed(seen[0].text) == text, (card, country.country)
            assert name != "sms" or segments(seen[0].text) <= 2, (card, country.country)
            assert has_help(line, seen, country)
            offered = shown(seen) + "".join("".join(one.buttons) for one in seen)
            assert all(written(line, button["title"]) in offered for button in message["buttons"])
        assert count > 1_000


@each_channel
async def test_an_emergency_comes_though_the_platform_takes_no_buttons(name: str) -> None:
    card = {"text": "Call for help now.", "buttons": BUTTONS, "metadata": {"kind": "emergency"}}
    rasa = Rasa(card)
    async with opened(name, rasa) as line:
        line.refuse_buttons()
        seen = await line.say("what is methadone")
        assert seen[0].text == "Call for help now."
        await line.choose("None of these")
        assert rasa.texts[-1] == "/none_of_these"


# -- Nothing is lost, and all within the limits ----------------------------------------------------------------------

PARTS = (
    *("Methadone is a medicine. ", "It’s taken each day – “for long”… ", "\n\n", "\n", "- one\n- two\n", "naïve "),
    *("¡Ayuda! ", "a*b_c [y] <3 & {x} ", "😀", "👩‍👩‍👧", "Помощь ", "\u200f", "€5 ", "^~|\\ ", "x" * 200, "1. "),
    "https://example.org/a_b ",
)


def generated(seed: int) -> str:
    """Return a reply of 1 to some 8,000 characters, of all that could go wrong, with whole phone numbers in it."""
    pick = random.Random(seed)
    numbers = [line.call for country in COUNTRIES for line in country.lines if line.call]
    parts = [
        pick.choice((*PARTS, f"call {pick.choice(numbers)}. "))
        for _ in range(pick.choice((1, 1, 3, 3, 8, 8, 24, 24, 200)))
    ]
    return "".join(parts).strip() or "x"


def numbers_in(text: str) -> list[str]:
    return re.findall(r"call ([+\d][\d ]+\d)\. ", text)


async def everything(line: Line, seen: list[Seen], person: int) -> list[Seen]:
    """Return what a person sees who asks for the rest of an answer until there is none."""
    found, latest = list(seen), seen
    more = written(line, CHANNEL_WORDS.more)
    while any(f"1 {more}" in one.text.splitlines() or more in one.buttons for one in latest):
        latest = await line.choose(more, person=person)
        found += latest
    return found


def without_frame(line: Line, seen: list[Seen]) -> str:
    """Return what a person sees, squeezed, without what the channel itself puts around the words of the bot."""
    said = squeezed(shown(seen))
    more = [f"{WORDS.numbered_choices}{number} {CHANNEL_WORDS.more}" for number in range(1, 10)]
    for other in (help_of(line), CHANNEL_WORDS.notices.get(line.name, "\0"), *more):
        said = said.replace(squeezed(written(line, other)), "")
    return said


@pytest.mark.server
@each_channel
async def test_a_thousand_replies_lose_no_character(name: str) -> None:
    rasa = Speaker()
    async with opened(name, rasa) as line:
        cut = 0
        for number in range(MESSAGES_PER_CHANNEL):
            text = generated(number)
            rasa.says({"text": text, "metadata": {"kind": "answer"}})
            seen = await everything(line, await line.say("what is methadone", person=number % PEOPLE), number % PEOPLE)
            assert without_frame(line, seen) == squeezed(written(line, text)), number
            for phone in numbers_in(text):
                assert any(phone in one.text for one in seen), (number, phone)
            assert all(one.text.strip() for one in seen)
            cut += line.style is not None and len(line.style.pieces(text)) > 1
        assert cut > 50 or line.style is None, "or nothing would be tried"


def all_responses() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield all that the bot can say: each response of the domain and both parts of each topic, with their choices."""
    words = defaultdict(lambda: "it", placeholders(knowledge.helplines().of("US")), help_line="")
    for name, variations in read_yaml(paths.DOMAIN).data["responses"].items():
        for variation in variations:
            buttons = [
                {key: value.format_map(words) for key, value in button.items()}
                for button in variation.get("buttons", [])
            ]
            text = variation["text"].format_map(words).strip()
            if text:
                yield name, {"text": text, "buttons": buttons, "metadata": variation.get("metadata", {})}
    answerer = Answerer.load()
    for topic in answerer.catalogue.topics.values():
        for reply in (answerer.show(topic), answerer.more(topic.id)):
            buttons = [{"title": choice.title, "payload": choice.payload} for choice in reply.choices]
            yield topic.id, {"text": reply.text, "buttons": buttons, "metadata": reply.metadata}


@pytest.mark.server
@pytest.mark.parametrize(
    ("name", "refuses_buttons"),
    [*((name, False) for name in sorted(lines())), ("slack", True), ("telegram", True)],
)
async def test_all_that_the_bot_can_say_comes_whole_and_shows_no_payload(name: str, refuses_buttons: bool) -> None:
    rasa = Speaker()
    async with opened(name, rasa) as line:
        if refuses_buttons:
            line.refuse_buttons()
        count = 0
        for count, (what, message) in enumerate(all_responses(), start=1):
            rasa.says(message, {"text": help_of(line), "metadata": {"kind": "help"}})
            person = count % PEOPLE
            seen = await everything(line, await line.say("please", person=person), person)
            text = squeezed(written(line, message["text"]))
            assert without_frame(line, seen).startswith(text), what
            if message["metadata"].get("kind") in EMERGENCY_KINDS:
                assert squeezed(seen[0].text) == text, what
            assert has_help(line, seen), what
            offered = shown(seen) + "".join("".join(one.buttons) for one in seen)
            assert all(written(line, button["title"]) in offered for button in message["buttons"]), what
            assert not PAYLOAD_SHOWN.search(shown(seen)), what
        assert count > 500


@each_channel
@pytest.mark.parametrize("count", [1, 2, 5, 6, 9, 12, 30])
@pytest.mark.parametrize("length", [4, 20, 45, 200])
async def test_choices_of_any_number_and_length_can_be_chosen(name: str, count: int, length: int) -> None:
    buttons = [
        {"title": f"{number} {'about it ' * 30}"[:length].strip(), "payload": '/show_topic{"topic": "overdose/signs"}'}
        for number in range(1, count + 1)
    ]
    buttons[-1] = {"title": f"Z {buttons[-1]['title']}", "payload": "/none_of_these"}
    rasa = Rasa({**ANSWER, "buttons": buttons})
    async with opened(name, rasa) as line:
        seen = await line.say("what is methadone")
        offered = squeezed(shown(seen) + "".join("".join(one.buttons) for one in seen))
        assert all(squeezed(written(line, button["title"])) in offered for button in buttons)
        if count <= 12 and length <= 45:
            await line.choose(written(line, buttons[-1]["title"]))
            assert rasa.texts[-1] == "/none_of_these"


# -- The platform fails ----------------------------------------------------------------------------------------------


@each_channel
@pytest.mark.parametrize("statuses", [(429,), (500,), (500, 503), (429, 429, 500)], ids=str)
async def test_an_answer_comes_though_the_platform_fails(name: str, statuses: tuple[int, ...]) -> None:
    async with opened(name, Rasa({**ANSWER, "buttons": BUTTONS})) as line:
        line.fail(*statuses)
        seen = await line.say("what is methadone")
        assert shown(seen).count(ANSWER["text"]) == 1
        assert has_help(line, seen)


@each_channel
async def test_an_answer_and_its_choices_come_though_the_platform_takes_no_buttons(name: str) -> None:
    rasa = Rasa({**ANSWER, "buttons": BUTTONS})
    async with opened(name, rasa) as line:
        line.refuse_buttons()
        seen = await line.say("what is methadone")
        assert shown(seen).count(ANSWER["text"]) == 1
        assert has_help(line, seen)
        await line.choose("Tell me more")
        assert rasa.texts[-1] == "/tell_more"


@each_channel
async def test_the_next_turn_is_answered_though_one_could_not_be_sent(name: str) -> None:
    if name == "web":
        pytest.skip("there is no platform that could fail")
    async with opened(name, Rasa(ANSWER)) as line:
        line.fail(*[500] * 12)
        assert await line.say("what is methadone") == []
        assert has_help(line, await line.say("what is methadone"))


# -- Who may speak, and what is told apart ---------------------------------------------------------------------------


@each_channel
async def test_forged_requests_are_refused_and_never_read(name: str) -> None:
    rasa = Rasa(ANSWER)
    async with opened(name, rasa) as line:
        statuses = await line.forge()
        assert statuses
        assert set(statuses) <= {401, 403}
        assert rasa.received == []


@each_channel
async def test_a_message_that_comes_again_is_answered_once(name: str) -> None:
    rasa = Rasa(ANSWER)
    async with opened(name, rasa) as line:
        assert await line.say("what is methadone")
        assert await line.say("what is methadone", again=True) == []
        assert len(rasa.received) == 1


@each_channel
@pytest.mark.parametrize(
    "text", ["/restart", "/session_start", '/ask_dose{"subject": "heroin"}', "/emergency_overdose"]
)
async def test_no_command_of_rasas_gets_in(name: str, text: str) -> None:
    rasa = Rasa(ANSWER)
    async with opened(name, rasa) as line:
        await line.say(text)
        assert not rasa.texts[0].startswith("/")


@each_channel
async def test_people_are_told_apart_and_their_ids_do_not_reach_rasa(name: str) -> None:
    rasa = Rasa({**ANSWER, "buttons": BUTTONS})
    async with opened(name, rasa) as line:
        await line.say("what is methadone", person=31)
        await line.say("2", person=27)
        assert rasa.texts == ["what is methadone", "2"]
        ids = [message.sender_id for message in rasa.received]
        assert len(set(ids)) == 2
        kept = " ".join([*ids, *(str(message.metadata) for message in rasa.received)])
        assert line.identity(31) not in kept
        assert line.identity(27) not in kept
        await line.choose("None of these", person=31)
        assert rasa.texts[-1] == "/none_of_these"
        assert rasa.received[-1].sender_id == ids[0]


@each_channel
async def test_personal_details_are_masked_before_rasa_reads_them(name: str) -> None:
    rasa = Rasa(ANSWER)
    async with opened(name, rasa) as line:
        await line.say("write to ada.lovelace@example.org please")
        assert "ada.lovelace" not in rasa.texts[0]


@each_channel
async def test_nothing_that_a_person_writes_is_logged(name: str, caplog: pytest.LogCaptureFixture) -> None:
    rasa = Speaker(fails=RuntimeError(MARKER))
    async with opened(name, rasa) as line:
        for statuses in ((), (500,), (429,), (500,) * 12):
            line.fail(*statuses)
            await line.say(f"what is {MARKER}")
            rasa.says({**ANSWER, "text": f"It is {MARKER}.", "buttons": BUTTONS})
        line.refuse_buttons()
        await line.say(f"{MARKER} {DANGER}")
        await line.forge()
        for _ in range(30):
            await line.say(MARKER)
    assert caplog.records
    own = [record.getMessage() for record in caplog.records if record.name.startswith("handrail")]
    assert own
    assert MARKER not in " ".join(own)
    assert "secret" not in " ".join(own).replace("reason=secret", "")


@each_channel
async def test_a_flood_is_told_so_and_a_danger_in_it_gets_its_card(name: str) -> None:
    rasa = Rasa(ANSWER)
    async with opened(name, rasa, hurried=True) as line:
        seen = [await line.say("hello") for _ in range(60)]
        assert len(rasa.received) < 60
        assert any(squeezed(written(line, WORDS.too_many)) in squeezed(shown(one)) for one in seen)
        assert "Someone will not wake up" in shown(await line.say(DANGER))


def test_every_messaging_channel_has_its_notice() -> None:
    assert {name for name in lines() if name != "web"} == set(CHANNEL_WORDS.notices)
