"""What is masked before a message is stored or logged, what stays, and that nothing the nets read is ever hidden."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

import phonenumbers
import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from handrail import knowledge, paths, redaction
from handrail.emergencies.examples import examples
from handrail.helplines import allowed_numbers
from handrail.helplines.lines import numbers_of
from handrail.redaction import GIVEN_NAMES, MASKS, REGIONS, find, redact
from handrail.tools.training_examples import examples_by_intent

SCREEN = knowledge.emergency_screen()
LEXICON = knowledge.lexicon()
HELPLINES = knowledge.helplines()


def _redacted(*cases: tuple[str, str] | tuple[str, str, str]) -> list[tuple[str, str, str | None]]:
    return [(case[0], case[1], case[2] if len(case) > 2 else None) for case in cases]


# What is masked -----------------------------------------------------------------------------------------------------

PHONES = _redacted(
    ("call me on 020 7946 0958", "call me on [telephone]"),
    ("my cell is (415) 555-2671 ok", "my cell is [telephone] ok"),
    ("415.555.2671", "[telephone]"),
    ("1-415-555-2671", "[telephone]"),
    ("+1 415 555 2671", "[telephone]"),
    ("+44 (0)7911 123456", "[telephone]"),
    ("0044 7911 123456", "[telephone]"),
    ("07911123456", "[telephone]"),
    ("his dealer's number: 0412 345 678", "his dealer's number: [telephone]", "AU"),
    ("my number is 555-0123", "my number is [telephone]"),
    ("06 12 34 56 78", "[telephone]", "FR"),
    ("22 40 12 34", "[telephone]", "NO"),
    ("98765 43210", "[telephone]"),
    ("ring 020 7946 0958 ext 12 please", "ring [telephone] please"),
    ("０７９１１ １２３４５６", "[telephone]"),
    ("07911\N{NO-BREAK SPACE}123456", "[telephone]"),
    ("07911\N{EN DASH}123456", "[telephone]"),
    ("07911 123456 3 days ago", "[telephone] 3 days ago"),
    ("234 555 0123 and 988", "[telephone] and 988", "US"),
    ("call 07911 123456 or 988", "call [telephone] or 988"),
)
EMAILS = _redacted(
    ("write to dan.smith+help@example.co.uk.", "write to [mail address]."),
    ("DAN@EXAMPLE.ORG", "[mail address]"),
    ("dan at gmail dot com", "[mail address]"),
    ("dan.smith (at) yahoo.co.uk", "[mail address]"),
    ("dan＠example.org", "[mail address]"),
)
WEB_ADDRESSES = _redacted(
    ("see https://www.facebook.com/dan.smith?x=1.", "see [web address]."),
    ("(www.dansmith.me)", "([web address])"),
    ("facebook.com/dan.smith is him", "[web address] is him"),
    ("https://988lifeline.org/?me=dan", "[web address]"),
)
ACCOUNTS = _redacted(
    ("@dansmith", "[account]"),
    ("dm @dan_smith99!", "dm [account]!"),
    ("my insta is dan_99", "my insta is [account]"),
    ("discord: dan#1234", "discord: [account]"),
)
PLACES = _redacted(
    ("we are at 51.5033, -0.1276", "we are at [location]"),
    ("51°30'12\"N 0°7'39\"W", "[location]"),
    ("///filled.count.soap", "[location]"),
)
CARDS = _redacted(
    ("4111 1111 1111 1111", "[payment number]"),
    ("my card 5555555555554444 ok", "my card [payment number] ok"),
    ("3782 822463 10005", "[payment number]"),
)
IDS = _redacted(
    ("ssn 123-45-6789", "ssn [identity number]"),
    ("078 05 1120", "[identity number]"),
    ("my social is 123456789", "my social is [number]"),
    ("social security number 123456789", "social security number [identity number]"),
    ("AB 12 34 56 C", "[identity number]"),
    ("ab123456c", "[identity number]"),
    ("my nhs number is 943 476 5919", "my nhs number is [identity number]"),
    ("943 476 5919", "[identity number]", "GB"),
    ("my sin is 130 692 544", "my sin is [identity number]"),
    ("130 692 544", "[identity number]", "CA"),
    ("passport 925665416", "passport [identity number]"),
    ("the case is 20261234567890123456", "the case is [number]"),
)
BIRTHS = _redacted(
    ("dob 12/03/1990", "dob [birthdate]"),
    ("D.O.B.: 1990-03-12", "D.O.B.: [birthdate]"),
    ("born on 3 May 1984 in Leeds", "born on [birthdate] in Leeds"),
    ("his birthday is June 5th, 1999", "his birthday is [birthdate]"),
)
ADDRESSES = _redacted(
    ("12 Oak Street, Leeds LS1 4AB", "[address], Leeds [postcode]"),
    ("i live at 12 oak street", "i live at [address]"),
    ("flat 3, 45b Park Road", "[address]"),
    ("1600 Pennsylvania Ave. now", "[address] now"),
    ("PO Box 1234", "[address]"),
    ("sw1a 1aa", "[postcode]"),
    ("K1A 0B6", "[postcode]"),
    ("Beverly Hills, CA 90210-1234", "Beverly Hills, CA [postcode]"),
    ("zip code: 90210", "zip code: [postcode]"),
    ("Sydney NSW 2000", "Sydney NSW [postcode]"),
)
NAMES = _redacted(
    ("my name is Dan Smith and I drink", "my name is [name] and I drink"),
    ("my name is dan smith", "my name is [name]"),
    ("my name’s Zoë", "my name’s [name]"),
    ("my name is Siobhán O'Brien", "my name is [name]"),
    ("MY NAME IS DAN AND I NEED HELP", "MY NAME IS [name] AND I NEED HELP"),
    ("my name is Will", "my name is [name]"),
    ("my brother's name is Tom", "my brother's name is [name]"),
    ("his name is Xavier", "his name is [name]"),
    ("her name was grace", "her name was [name]"),
    ("im called priya", "im called [name]"),
    ("a girl named Kowalska", "a girl named [name]"),
    ("call me Bob", "call me [name]"),
    ("this is John speaking", "this is [name] speaking"),
    ("hello, I'm Sarah.", "hello, I'm [name]."),
    ("my son Jake is using", "my son [name] is using"),
    ("my son jake is using", "my son [name] is using"),
    ("my friend Dan's mum", "my friend [name]'s mum"),
    ("Thanks, Dan", "Thanks, [name]"),
    ("please help\n- Sarah", "please help\n- [name]"),
    ("Dr Patel said no", "Dr [name] said no"),
    ("my name is dan smith DAN@EXAMPLE.ORG", "my name is [name] [mail address]"),
)
MASKED = [
    *(PHONES + EMAILS + WEB_ADDRESSES + ACCOUNTS + PLACES),
    *(CARDS + IDS + BIRTHS + ADDRESSES + NAMES),
]


@pytest.mark.parametrize(("text", "expected", "country"), MASKED)
def test_personal_detail_is_masked(text: str, expected: str, country: str | None) -> None:
    assert redact(text, country) == expected


@pytest.mark.parametrize(("text", "expected", "country"), MASKED)
def test_masked_text_stays_as_it_is(text: str, expected: str, country: str | None) -> None:
    assert redact(expected, country) == expected


# What stays ---------------------------------------------------------------------------------------------------------

STAYS = [
    "he took 30 mg of M30s and 2C-B",
    "10 20 30 40 50 mg",
    "250 500 1000 mg",
    "gabapentin 100 300 600",
    "0.5 0.25 1.5 2.0",
    "co-codamol 30/500",
    "his bp is 140/90",
    "call 988, 911, 999, 112 or 116 123",
    "988 0800 1111",
    "call 911 988 999",
    "call 1-800-662-HELP",
    "text 741741",
    "since 2019, from 2016 - 2024, in 1998",
    "2026-11-22 and 22.11.2026",
    "at 16:00, 9.30-17.30, 24/7",
    "I am 58, she is 27F, a 12 yr old",
    "the 12 step program, 90 in 90, step 4",
    "$1,000,000 or £5000, 1000000 people",
    "he owes them $12345678",
    "1 2 3 4 5 6 7",
    "5-4-3-2-1",
    "I'm on day 1234567",
    "F10.20",
    "an M30 2hr ago, his M30 2nd time",
    "give me 10 20 30 a day",
    "spent 3 nights on the street",
    "10 blue street pills",
    "two grams street heroin, 5 grams street",
    "it is a 20 minute drive",
    "I was born in 1971",
    "born addicted",
    "he r@ped.my sister knows",
    "drinking @work and @lone",
    "is drugs.com reliable",
    "https://988lifeline.org/",
    "he left.me too",
    "my name is not important",
    "my name is on the list",
    "does this chat know my name",
    "what's the name of the rehab",
    "his real name is alcohol",
    "my name is alchoholic",
    "my name is Molly",
    "my name is jack and coke",
    "I'm Scared",
    "I'm Irish",
    "I'm called lazy and stupid",
    "they call me a junkie",
    "call me back",
    "call me an ambulance",
    "this is urgent here",
    "this is Narcan",
    "my son will die",
    "My Son Will Die Tonight",
    "MY SON OVERDOSED",
    "I promised my daughter I'd stop",
    "my sister's girlfriend",
    "thanks mate",
    "Thanks, Mum",
    "love hurts",
    "a bag of weed - what now",
]


@pytest.mark.parametrize("text", STAYS)
@pytest.mark.parametrize("country", [None, "US", "GB", "CA", "AU"])
def test_what_is_not_personal_stays(text: str, country: str | None) -> None:
    assert redact(text, country) == text


def test_country_is_read_in_any_case_and_an_unknown_one_does_no_harm() -> None:
    assert redact("06 12 34 56 78", "fr") == "[telephone]"
    assert redact("call 07911 123456", "no such country") == "call [telephone]"


def test_finds_are_in_order_and_apart() -> None:
    text = "my name is Dan, dan@example.org, 07911 123456"
    found = find(text)
    assert [text[one.start : one.end] for one in found] == ["Dan", "dan@example.org", "07911 123456"]
    assert found == sorted(found, key=lambda one: one.start)


# The nets -----------------------------------------------------------------------------------------------------------


def _sentences() -> list[str]:
    """Return every sentence that the project has: emergencies, training examples, held-out cases."""
    held_out = [
        case["text"]
        for path in sorted((paths.ROOT / "tests" / "cases").glob("*.yml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]
    ]
    trained_on = [text for texts in examples_by_intent().values() for text in texts]
    return list(dict.fromkeys([*(one.text for one in examples(SCREEN)), *trained_on, *map(str, held_out)]))


SENTENCES = _sentences()
EMERGENCIES = [one.text for one in examples(SCREEN) if one.level]


def _nets(text: str) -> tuple[object, list[tuple[str, str]]]:
    """Return what the screen and the lexicon find in `text`."""
    return SCREEN.check(text), [(mention.entity, mention.id) for mention in LEXICON.find(text)]


# Of all the sentences, those that hold a personal detail: a name, each time.
MOST_CHANGED = 12


def test_the_nets_find_the_same_before_and_after() -> None:
    changed = [text for text in SENTENCES if redact(text) != text]
    assert [text for text in changed if _nets(redact(text)) != _nets(text)] == []
    assert len(changed) <= MOST_CHANGED, "\n".join(changed)


@pytest.mark.parametrize("country", ["US", "GB", "CA", "AU"])
def test_no_country_changes_more(country: str) -> None:
    changed = [text for text in SENTENCES[::4] if redact(text, country) != redact(text)]
    assert changed == []


FRAMES = [
    "my name is {name}. {text}",
    "my name is {name} {text}",
    "{text}. call me on 07911 123456",
    "{text} call me on 07911 123456",
    "im {name} {text}",
    "{text}\nThanks, {name}",
    "{text}, 12 Oak Street, LS1 4AB",
    "i am at dan@example.org {text}",
]


@pytest.mark.parametrize("frame", FRAMES)
def test_an_emergency_beside_a_personal_detail_is_found_all_the_same(frame: str) -> None:
    lost = []
    # Every sentence has its turn, in one of the frames: the screen takes a millisecond for each.
    for one in EMERGENCIES[FRAMES.index(frame) :: len(FRAMES)]:
        text = frame.format(name="John", text=one)
        # A detail can raise a false alarm of its own: "a pill, 12 Oak Street" sounds like 12 pills.
        masked, wanted = SCREEN.check(redact(text)), (SCREEN.check(text), SCREEN.check(_stand_in(text)))
        if masked not in wanted:
            lost.append((redact(text), masked, wanted))
    assert lost == []


def _stand_in(text: str) -> str:
    """Return `text` with a word that means nothing in the place of each detail."""
    for found in reversed(find(text)):
        text = f"{text[: found.start]}zzqx{text[found.end :]}"
    return text


@pytest.mark.parametrize("mask", MASKS)
def test_masks_mean_nothing_to_the_nets(mask: str) -> None:
    for text in EMERGENCIES[::25]:
        for frame in ("{mask} {text}", "{text} {mask}"):
            masked, neutral = frame.format(mask=mask, text=text), frame.format(mask="zzqx", text=text)
            assert _nets(masked) == _nets(neutral)


def test_no_word_of_the_lexicon_is_taken_for_a_name() -> None:
    hidden = [
        (term, redact(text))
        for entry in LEXICON
        for _, _, term in entry.by_role()
        for text in (f"my name is {term}", f"call me {term.title()}", f"my son {term.title()} did it")
        if redact(text) != text and _nets(text) != _nets(redact(text))
    ]
    assert hidden == []


# The help lines -----------------------------------------------------------------------------------------------------

OWN = [
    (number, lines.country) for lines in HELPLINES.everything if lines.country for _, number in numbers_of(lines.record)
]


@pytest.mark.parametrize(("number", "country"), OWN)
def test_number_of_a_help_line_stays(number: str, country: str) -> None:
    for text in (f"I called {number} and nobody answered", f"is {number} free?", number):
        for person in (None, country, "US"):
            assert redact(text, person) == text


@given(st.lists(st.sampled_from(sorted({number for number, _ in OWN})), min_size=1, max_size=4), st.sampled_from(",;"))
def test_numbers_of_help_lines_in_a_list_stay(numbers: list[str], joint: str) -> None:
    text = f"{joint} ".join(numbers)
    assert redact(text) == text


# Properties ---------------------------------------------------------------------------------------------------------

SLOW = settings(max_examples=200, deadline=None)
COUNTRIES = st.sampled_from([None, *sorted(phonenumbers.SUPPORTED_REGIONS)])


@SLOW
@given(st.text(max_size=300), COUNTRIES)
def test_any_text_can_be_redacted_once_and_for_all(text: str, country: str | None) -> None:
    once = redact(text, country)
    assert redact(once, country) == once
    assert len(once) <= len(text) + 12 * len(find(text, country))


PIECES = st.sampled_from(
    [text for text, _, _ in MASKED]
    + STAYS
    + [" ", ".", ",", "+", "-", "/", "(", "@", "\n", "1", "12", "mg", "Dan", "x"]
)


@SLOW
@given(st.lists(PIECES, max_size=8).map(" ".join), COUNTRIES)
def test_pieces_of_messages_are_redacted_once_and_for_all(text: str, country: str | None) -> None:
    once = redact(text, country)
    assert redact(once, country) == once


@given(st.text(st.characters(blacklist_categories=["Nd", "Cs"], blacklist_characters="@＠/°"), max_size=200))
def test_text_without_digits_and_signs_is_changed_by_a_name_or_a_site_only(text: str) -> None:
    assert {found.mask for found in find(text)} <= {"[name]", "[web address]", "[mail address]"}


@given(
    st.lists(
        st.sampled_from(["the", "cat", "sat", "there", "we", "saw", "rain", "and", "some", "bread", "went", "off"])
    ).map(" ".join)
)
def test_plain_words_are_unchanged(text: str) -> None:
    assert redact(text) == text


@st.composite
def phone_numbers(draw: st.DrawFn) -> tuple[str, str | None]:
    """Give a valid number as people write it, and the country of the person who writes it, or None."""
    region = draw(st.sampled_from(REGIONS))
    kind = draw(st.sampled_from([PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE]))
    number = phonenumbers.example_number_for_type(region, kind)
    assert number is not None
    digits = str(number.national_number)
    last = draw(st.text("0123456789", min_size=4, max_size=4))
    number.national_number = int(digits[:-4] + last)
    assume(phonenumbers.is_valid_number(number))
    way = draw(
        st.sampled_from([PhoneNumberFormat.NATIONAL, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164]),
    )
    written = phonenumbers.format_number(number, way)
    change: Callable[[str], str] = draw(
        st.sampled_from([str, lambda one: one.replace(" ", "-"), lambda one: one.replace(" ", "").replace("-", "")])
    )
    assume("".join(filter(str.isdigit, written)) not in allowed_numbers(HELPLINES))
    return change(written), draw(st.sampled_from([None, region, "US"]))


@SLOW
@given(phone_numbers(), st.sampled_from(["call me on {}", "{}", "it is {} thanks", "me:{}.", "({})", "{}, at night"]))
def test_valid_phone_number_is_masked(number: tuple[str, str | None], sentence: str) -> None:
    written, country = number
    masked = redact(sentence.format(written), country)
    assert not any(character.isdigit() for character in masked), masked


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_number_of_every_country_is_masked(region: str) -> None:
    for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE):
        number = phonenumbers.example_number_for_type(region, kind)
        if number is None or len(str(number.national_number)) < 7:
            continue  # on a few islands numbers are shorter than 7 digits
        for way, country in (
            (PhoneNumberFormat.NATIONAL, region),
            (PhoneNumberFormat.INTERNATIONAL, None),
            (PhoneNumberFormat.E164, "US"),
        ):
            assert redact(f"it is {phonenumbers.format_number(number, way)} ok", country) == "it is [telephone] ok"


@given(st.emails(), st.sampled_from(["write to {} please", "{}", "me: {}.", "<{}>"]))
def test_email_is_masked(address: str, sentence: str) -> None:
    assume("\\" not in address and '"' not in address)
    local, _, host = address.rpartition("@")
    assume(not redaction._is_disguised_word(local, host))  # "s@c.": sac
    text = sentence.format(address)
    assert "@" not in redact(text)


@given(st.sampled_from(sorted(GIVEN_NAMES)), st.sampled_from([str, str.title, str.upper]))
def test_given_name_is_masked_in_its_frame(name: str, case: Callable[[str], str]) -> None:
    assert redact(f"hi my name is {case(name)}") == "hi my name is [name]"


@pytest.mark.parametrize(
    "noise", ["\ud800", "\x00", "\N{ZERO WIDTH SPACE}", "\N{COMBINING ACUTE ACCENT}", "٣", "½", "²"]
)
def test_noise_is_kept_and_does_no_harm(noise: str) -> None:
    assert redact(noise) == noise
    assert redact(f"{noise} call 07911 123456 {noise}") == f"{noise} call [telephone] {noise}"


# Cost ---------------------------------------------------------------------------------------------------------------

LONG = 20_000
HOSTILE = [
    "1",
    "1 ",
    "1-",
    "10 ",
    "415 ",
    "020 7946 0958 ",
    "+1",
    "@",
    "a@",
    "a@a.",
    "a",
    "A-",
    "a'",
    "my name is ",
    "im ",
]
HOSTILE += [
    "12 oak ",
    "1, ",
    "(1",
    "51.1234, ",
    "51°1",
    "born 1/",
    "fb : ",
    "a.com/",
    "http",
    "LS1 ",
    "4111 ",
    "\n- ",
    "é1",
]


def _seconds(text: str) -> float:
    start = time.thread_time()
    redact(text)
    return time.thread_time() - start


@pytest.mark.parametrize("unit", HOSTILE)
def test_cost_grows_with_the_length_and_no_faster(unit: str) -> None:
    whole = (unit * LONG)[:LONG]
    redact(whole[:100])
    # The least of three: a collection of garbage may fall into one of them.
    quarter, full = (min(_seconds(text) for _ in range(3)) for text in (whole[: LONG // 4], whole))
    assert full < 8 * quarter + 0.05


def test_a_message_costs_less_than_a_millisecond() -> None:
    texts = [text for text in SENTENCES if 180 <= len(text) <= 220]
    redact("my name is Dan 1")
    assert median(min(_seconds(text) for _ in range(3)) for text in texts) < 0.001


def test_rasa_is_not_needed() -> None:
    code = "import sys, handrail.redaction; sys.exit('rasa' in sys.modules or 'rasa_sdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=paths.ROOT).returncode == 0
