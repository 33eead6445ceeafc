import random
import re
import time
from pathlib import Path

import pytest

from handrail.documents import DocumentError
from handrail.emergencies.examples import Example, check_examples, examples
from handrail.emergencies.normalise import MOST_CHARACTERS, expand, plain
from handrail.emergencies.patterns import Notation, NotationError
from handrail.emergencies.screen import EmergencyScreen, Finding
from handrail.emergencies.spelling import FEW, MANY, UNKNOWN, YEAR, Speller
from handrail.paths import EMERGENCIES

SCREEN = EmergencyScreen.load()
EXAMPLES = list(examples(SCREEN))
DANGER = "my son is not breathing"

# Slowest allowed time for a message of 10,000 characters. The measured times are a quarter of this or less on two
# cores; a machine that runs other tests at the same time is slower.
SLOWEST_LONG = 0.020
SLOWEST_TYPICAL = 0.001
# A pattern's own words, said again and again: each gap of N words doubles its ways through N times. A whole turn has
# 1.8 s and reads a message twice.
SLOWEST_OF_ITS_OWN_WORDS = 0.6
WIDE_GAPS = 12


def kind(text: str) -> str | None:
    found = SCREEN.check(text)
    return found.kind if found else None


def level(text: str) -> str | None:
    found = SCREEN.check(text)
    return found.level if found else None


@pytest.mark.parametrize("number", ["➎", "❶❷", "⑴", "²", "৪", "五"])
def test_check_reads_a_number_that_is_a_sign(number: str) -> None:
    found = SCREEN.check(f"he took {number} pills and wont wake up")
    assert found is not None
    assert found.level == "emergency"


def fastest(text: str, runs: int) -> float:
    """Return the shortest of several times, in seconds of the processor: what others do meanwhile does not count."""
    times = []
    for _ in range(runs):
        start = time.thread_time()
        SCREEN.check(text)
        times.append(time.thread_time() - start)
    return min(times)


def wide_lines() -> list[tuple[str, str]]:
    """Return the lines of patterns with much room between their words, each with its kind."""
    lines = [
        (file.record.kind, line) for file in SCREEN.files for pattern in file.record.patterns for line in pattern.match
    ]
    return [(kind, line) for kind, line in lines if sum(map(int, re.findall(r"\.\.(\d+)", line))) >= WIDE_GAPS]


@pytest.mark.parametrize(("kind", "line"), wide_lines())
def test_a_pattern_reads_its_own_words_again_and_again_in_time(kind: str, line: str) -> None:
    chance = random.Random(line)
    notation = Notation({name: entries for file in SCREEN.files for name, entries in file.record.words.items()})
    steps = [sorted(step.words) for step in notation.pattern(line)[0] if step.words and not step.optional]
    words = [word for step in steps for word in chance.sample(step, min(3, len(step))) if word.isalpha()]
    for _ in range(3):
        bomb = " ".join(chance.choice(words) for _ in range(60))
        assert any(fastest(bomb, 1) < SLOWEST_OF_ITS_OWN_WORDS for _ in range(3))


def a_file(**changes: str) -> str:
    """Return a small, right emergency file with some of its parts replaced."""
    parts = {
        "kind": "fire",
        "intent": "emergency_fire",
        "order": "1",
        "extra": "",
        "words": "  thing: [house, car]\n",
        "contexts": '  denied:\n    - "not ..1 *"\n',
        "pattern": "  - id: burning\n    level: emergency\n    unless: [denied]\n"
        '    match:\n      - "{thing} ..2 (burning|on fire)"\n',
        **changes,
    }
    must = "".join(f'    - "the house is on fire {number}"\n' for number in range(60))
    must_not = "".join(f'  - "the house is fine {number}"\n' for number in range(60))
    return (
        f"kind: {parts['kind']}\nintent: {parts['intent']}\norder: {parts['order']}\nfacts: [X-1]\n{parts['extra']}"
        "review:\n  written: 2026-11-22\n  clinical_review: pending\n"
        f"words:\n{parts['words']}contexts:\n{parts['contexts']}patterns:\n{parts['pattern']}"
        f"must_match:\n  emergency:\n{must}must_not_match:\n{must_not}"
    )


def load(tmp_path: Path, **changes: str) -> EmergencyScreen:
    (tmp_path / "fire.yml").write_text(a_file(**changes), encoding="utf-8")
    return EmergencyScreen.load(tmp_path)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one.file.record.kind}-{one.level}-{one.text[:60]}")
def test_example_sentence(example: Example) -> None:
    fault = example.fault(SCREEN)
    assert fault is None, fault


def test_example_sentences_stand_once() -> None:
    texts = [(one.file.record.kind, one.text) for one in EXAMPLES]
    assert len(texts) == len(set(texts))


def test_check_examples_finds_no_problem_in_the_project() -> None:
    assert check_examples(SCREEN) == []


@pytest.mark.parametrize(
    "text",
    [
        "My son isn't breathing",
        "My son isn’t breathing",
        "my son isnt breathing",
        "my son isn t breathing",
        "MY SON IS NOT BREATHING",
        "my  son \t is\nnot breathing",
        "My. Son. Is. Not. Breathing.",
        "my son is not breathin",
        "my son is not breathhhing",
        "my son is not breahting",
        "my son is not br3ath1ng",
        "my son is not b r e a t h i n g",
        "my son is not br\u200bea\u200bthing",
        "my son is not brеаthing",
        "mу sоn is nоt breathing",
        "ｍｙ ｓｏｎ ｉｓ ｎｏｔ ｂｒｅａｔｈｉｎｇ",
        "my son is not bréathing",
        "my son is <b>not</b> breathing",
        "<script>my son is not breathing</script>",
        "/greet my son is not breathing",
        '{"text": "my son is not breathing"}',
        "**my son is not breathing**",
        "my son is not breathing😭😭😭",
        "my son isn&#39;t breathing",
        "hi. i have a question about rehab. we live far away. my son is not breathing",
        "ok so " * 200 + "my son is not breathing",
        "We talked for hours. " * 400 + DANGER,
        DANGER + ". " + "We talked for hours. " * 400,
        "x" * 30_000 + " " + DANGER,
    ],
)
def test_check_finds_danger_however_it_is_written(text: str) -> None:
    assert SCREEN.check(text) == Finding("overdose", "emergency", "not_breathing")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n\n",
        ".",
        "...?!",
        "🙂",
        "💊",
        "\x00\x01",
        "\ud83d",
        "<<<>>>",
        "[[[((({{{",
        "*" * 500,
        "^ $ # ## {x}",
        "١٢٣",
        "²",
        "𝟚",
        "%d",
        "ms",
    ],
)
def test_check_survives_text_without_words(text: str) -> None:
    assert SCREEN.check(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("he took all the 💊💊💊 and wont wake up", "overdose"),
        ("found him with a 💉 in his arm", "overdose"),
        ("🔫 to my head", "suicide_self"),
        ("going to 🔪 my wrists", "suicide_self"),
        ("i want to 💀", "suicide_self"),
        ("he wants to ☠️ himself", "suicide_other"),
        ("his lips are 🔵", "overdose"),
        ("my husband 👊 me in the face", "violence"),
        ("he 🤜 my mum tonight", "violence"),
        ("the baby swallowed a 🔋", "child_danger"),
    ],
)
def test_check_reads_emoji_that_stand_for_words(text: str, expected: str) -> None:
    assert kind(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "that meme 💀💀💀",
        "i am dead 💀 lol",
        "💊 for my headache",
        "cooking dinner 🔪",
        "😴",
        "🍷🍺",
        "you rock 👊",
        "🤜🤛",
    ],
)
def test_check_takes_no_emoji_alone_for_danger(text: str) -> None:
    assert SCREEN.check(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i wanna unaliv3 myself", "suicide_self"),
        ("su1cide tonight", "suicide_self"),
        ("thinking about sewerslide", "suicide_self"),
        ("gonna ctb tonight", "suicide_self"),
        ("i want to k**l myself", "suicide_self"),
        ("k-i-l-l myself", "suicide_self"),
        ("iwanttokillmyself", "suicide_self"),
        ("ill be gone by tomorrow, ill be dead", "suicide_self"),
        ("i cant fucking do this anymore", "suicide_self"),
        ("help hesnotbreathing", "overdose"),
        ("he 0verd0sed help", "overdose"),
        ("999 is on the way what now", "overdose"),
    ],
)
def test_check_sees_through_disguise_and_haste(text: str, expected: str) -> None:
    assert kind(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "he is nto breathing",
        "he wont wkae up",
        "my son is unresponsibe",
        "i watn to die",
        "i want to kil myself",
        "i want to did my wife and kill myslef",
        "she swallowwed all her pils",
    ],
)
def test_check_forgives_a_slip_of_the_finger(text: str) -> None:
    assert level(text) == "emergency"


@pytest.mark.parametrize("text", ["he is bot breathing", "my son ants to die", "he has no purse and is blue and cod"])
def test_check_asks_where_a_slip_made_a_real_word(text: str) -> None:
    assert level(text) == "check"


@pytest.mark.parametrize(
    "text",
    [
        "is CBT good for cocaine",
        "my partner is gay and sober",
        "he is homeless and uses heroin",
        "is gabapentin habit forming",
        "i am proud of myself",
        "he was ill last week",
        "hii my husband is home again",
        "my son needs help with rides and forms",
        "I found my son's old medal",
        "he had a fit as a child",
        "the goose in her closet is a toy",
        "what should we write in a greeting to a girl in rehab",
    ],
)
def test_check_takes_no_right_word_for_a_slip(text: str) -> None:
    assert SCREEN.check(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "my son is on the roohf and wants to die",
        "the gun is inq my mouth and i want to die",
        "my roommate is trying to kilhl himself",
        "s u i cc i d e tonight",
        "he won'g open his eyes",
        "II overdosed",
        "my on just overdosed",
        "i took too may pills",
    ],
)
def test_check_finds_danger_behind_a_letter_too_many_or_lost(text: str) -> None:
    assert SCREEN.check(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "what does one do if somebody stops breathing? this is happening now",
        "this is happening right now. what are you to do when someone will not wake up",
        "how do i help a person who is blue, it is happening as i type",
        "what would you do if somebody tries to kill himself. this is not a drill",
        "what do people do if someone is having a seizure. happening now",
    ],
)
def test_check_takes_a_question_for_told_where_another_sentence_says_that_it_is_now(text: str) -> None:
    assert level(text) == "emergency"


@pytest.mark.parametrize(
    "text",
    [
        "what does one do if somebody stops breathing",
        "what are the signs of an overdose? i need to know right now",
        "what is happening now in the opioid crisis",
        "how do i use naloxone? i am with my son right now and he is fine",
    ],
)
def test_check_leaves_a_question_a_question_where_nothing_happens_now(text: str) -> None:
    assert level(text) != "emergency"


def test_check_puts_overdose_before_suicide() -> None:
    assert kind("i want to die. i took all my pills") == "overdose"
    assert kind("i took all my pills because i want to die") == "overdose"


def test_check_puts_any_emergency_before_any_check() -> None:
    assert SCREEN.check("my brother keeps nodding out and i want to kill myself").kind == "suicide_self"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i want to kill myself", "suicide_self"),
        ("he wants to kill himself", "suicide_other"),
        ("my mum wants to die", "suicide_other"),
        ("i dont want to live", "suicide_self"),
        ("he doesnt want to live", "suicide_other"),
    ],
)
def test_check_tells_who_is_in_danger(text: str, expected: str) -> None:
    assert kind(text) == expected


def test_a_past_story_does_not_hide_the_present() -> None:
    assert level("he overdosed last year") is None
    assert level("he overdosed last year and tonight he is not breathing") == "emergency"


@pytest.mark.parametrize(
    "text",
    [
        "overdose " * 1111,
        "die " * 2500,
        "not " * 2500,
        "took " * 2000,
        "a " * 5000,
        "a" * 10_000,
        "." * 10_000,
        "x." * 5000,
        "*" * 10_000,
        "a*" * 5000,
        "<" * 10_000,
        "k.i.l.l." * 1250,
        "i'" * 5000,
        "1" * 10_000,
        "he took his pills " * 555,
        "what are the signs of an overdose ",
        "i want to stop drinking and " * 370,
        "iwanttostopdrinking" * 526,
        "\u200b" * 10_000,
        "é" * 10_000,
        "\ufdfa" * 10_000,
    ],
    ids=lambda text: f"{text[:24]!r}",
)
def test_check_is_fast_on_ten_thousand_characters(text: str) -> None:
    assert fastest(text[:MOST_CHARACTERS], runs=5) < SLOWEST_LONG


@pytest.mark.parametrize("seed", range(3))
def test_check_is_fast_on_random_words(seed: int) -> None:
    chance = random.Random(seed)
    letters = "".join(chance.choice("abcdefghijklmnopqrstuvwxyz    ") for _ in range(MOST_CHARACTERS))
    assert fastest(letters, runs=5) < SLOWEST_LONG


def test_check_is_fast_on_typical_messages() -> None:
    harmless = [one.text for one in EXAMPLES if one.level is None]
    slowest = sorted(fastest(text, runs=5) for text in harmless)
    assert slowest[len(slowest) // 2] < SLOWEST_TYPICAL


def test_check_keeps_no_word_of_a_message() -> None:
    marker = "zyxwvmarker"
    SCREEN.check(f"{marker} my son is not breathing {marker}")
    assert marker not in SCREEN._vocab.strings


# ---------------------------------------------------------------------------------------------- data files


def test_load_reads_a_right_file(tmp_path: Path) -> None:
    screen = load(tmp_path)
    assert screen.check("our car is burning") == Finding("fire", "emergency", "burning")
    assert screen.check("our car is not burning") is None
    assert check_examples(screen) == []


@pytest.mark.parametrize(
    ("changes", "line", "words"),
    [
        ({"extra": "colour: red\n"}, 5, "'colour' is not known"),
        ({"intent": "fire"}, 2, "emergency_fire"),
        ({"kind": "flood", "intent": "emergency_flood"}, 1, "name of the file"),
        ({"pattern": "  - id: burning\n    level: loud\n    match: [fire]\n"}, 15, "level"),
        (
            {"pattern": '  - id: burning\n    level: check\n    match:\n      - "{things} burn"\n'},
            17,
            "word set 'things'",
        ),
        ({"pattern": '  - id: burning\n    level: check\n    match:\n      - "(burn"\n'}, 17, "lacks a ')'"),
        ({"pattern": '  - id: burning\n    level: check\n    match:\n      - "[burn]"\n'}, 17, "nothing at all"),
        (
            {"pattern": "  - id: burning\n    level: check\n    unless: [deny]\n    match: [burn]\n"},
            16,
            "context 'deny'",
        ),
        ({"contexts": '  denied:\n    - "* not *"\n'}, 12, "around the match"),
        ({"words": "  thing: ['{thing}', car]\n"}, 18, "contains itself"),
    ],
)
def test_load_names_file_line_and_mend(tmp_path: Path, changes: dict[str, str], line: int, words: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load(tmp_path, **changes)
    told = str(caught.value)
    assert f"fire.yml:{line}: " in told
    assert words in told


def test_load_refuses_two_files_with_one_order(tmp_path: Path) -> None:
    (tmp_path / "fire.yml").write_text(a_file(), encoding="utf-8")
    other = a_file(kind="flood", intent="emergency_flood").replace("thing", "item").replace("denied", "refused")
    (tmp_path / "flood.yml").write_text(other, encoding="utf-8")
    with pytest.raises(DocumentError, match="the order '1' stands in"):
        EmergencyScreen.load(tmp_path)


def test_load_refuses_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no kind of emergency"):
        EmergencyScreen.load(tmp_path)


def test_load_refuses_too_few_examples(tmp_path: Path) -> None:
    text = a_file().replace('    - "the house is on fire 59"\n', "").replace('  - "the house is fine 59"\n', "")
    (tmp_path / "fire.yml").write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        EmergencyScreen.load(tmp_path)
    assert len(caught.value.problems) == 2


def test_check_examples_names_the_line_of_a_wrong_sentence(tmp_path: Path) -> None:
    text = (
        a_file()
        .replace('the house is on fire 7"', 'the house is cold"')
        .replace('the house is fine 3"', 'the house is burning"')
    )
    (tmp_path / "fire.yml").write_text(text, encoding="utf-8")
    problems = check_examples(EmergencyScreen.load(tmp_path))
    lines = text.split("\n")
    assert [lines[problem.line - 1].strip() for problem in problems] == [
        '- "the house is cold"',
        '- "the house is burning"',
    ]


def test_every_file_of_the_project_is_loaded_worst_first() -> None:
    assert {file.document.path for file in SCREEN.files} == set(EMERGENCIES.glob("*.yml"))
    assert [file.record.kind for file in SCREEN.files][:2] == ["overdose", "suicide_self"]


# ---------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("word", "full"),
    [
        ("can't", ("can", "not")),
        ("cant", ("can", "not")),
        ("won't", ("will", "not")),
        ("he's", ("he", "is")),
        ("mustn't", ("must", "not")),
        ("they'll", ("they", "will")),
        ("wanna", ("want", "to")),
        ("od'd", ("odd",)),
        ("bread", ("bread",)),
    ],
)
def test_expand_writes_short_forms_out(word: str, full: tuple[str, ...]) -> None:
    assert expand(word) == full


def test_plain_takes_off_disguise() -> None:
    assert plain("Ｈé’S <i>О</i>K\u200d").split() == ["he's", "o", "k"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("k1ll", ["kill"]),
        ("k*ll", ["kill"]),
        ("kiiiill", ["kill"]),
        ("k i l l", ["kill"]),
        ("k.i.l.l", ["kill"]),
        ("killpain", ["kill", "pain"]),
        ("breathin", ["breathing"]),
        ("braething", ["breathing"]),
        ("breaking", [UNKNOWN]),
        ("3 pills 30 pills 2019", [FEW, "pills", MANY, "pills", YEAR]),
        ("30pills", [MANY, "pills"]),
        ("hill", [UNKNOWN]),
    ],
)
def test_speller_finds_the_word_meant(text: str, words: list[str]) -> None:
    speller = Speller(known=["kill", "pain", "breathing", "pills"], fuzzy=["breathing"], real=["breaking"])
    assert speller.sentences(text) == [words]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("klil", ["kill"]),
        ("kll", ["kill"]),
        ("kiill", ["kill"]),
        ("jill", ["kill"]),
        ("hill", [UNKNOWN]),
        ("kxll", [UNKNOWN]),
        ("breathxing", ["breathing"]),
        ("nto", ["not"]),
        ("cnat", ["can", "not"]),
        ("mill", [UNKNOWN]),
    ],
)
def test_speller_reads_one_slip(written: str, words: list[str]) -> None:
    speller = Speller(known=["kill", "breathing", "not", "can"], fuzzy=[], english={"mill"})
    assert speller.sentences(written) == [words]


def test_speller_offers_what_a_real_word_may_be_a_slip_of() -> None:
    speller = Speller(known=["kill", "pills"], fuzzy=[], real=["bill"], english={"mill", "bill"}, weights={"kill": 1})
    mill, bill = speller.read("mill bill")[0]
    assert speller.others(mill) == [["kill"]]
    assert speller.others(bill) == []


def test_speller_offers_nothing_with_a_letter_from_afar_for_a_word_of_the_language() -> None:
    speller = Speller(known=["foams"], fuzzy=[], english={"forms"}, weights={"foams": 1})
    forms, fozms = speller.read("forms fozms")[0]
    assert speller.others(forms) == []
    assert fozms.text == "foams"


def test_speller_offers_nothing_for_a_right_word_drawn_out() -> None:
    speller = Speller(known=["hit"], fuzzy=[], real=["hi"], weights={"hit": 1})
    hii, hir = speller.read("hii hir")[0]
    assert speller.others(hii) == []
    assert hir.text == "hit"


def test_speller_leaves_emergency_numbers_as_they_are() -> None:
    speller = Speller(known=["911", "on", "the", "way"], fuzzy=[])
    assert speller.sentences("911 on the way 912") == [["911", "on", "the", "way", MANY]]


def test_speller_ends_a_sentence_at_a_stop_and_a_blank_line() -> None:
    speller = Speller(known=["he", "is", "here"], fuzzy=[])
    assert speller.sentences("he is. here he is\n\nis he?") == [["he", "is"], ["here", "he", "is"], ["is", "he"]]


def test_notation_unfolds_alternatives_and_options() -> None:
    notation = Notation({"who": ["he", "my son"]})
    assert len(notation.pattern("{who} [is|was not] (asleep|awake)")) == 6
    assert len(notation.pattern("a [b] (c|d)")) == 1


@pytest.mark.parametrize("text", ["(a", "a)", "[a", "{nobody} a", "..3", "a * b", "[a] ..2"])
def test_notation_refuses_what_it_cannot_read(text: str) -> None:
    with pytest.raises(NotationError):
        Notation({}).pattern(text)


@pytest.mark.parametrize(
    ("text", "excused"),
    [
        ("I would die without her", True),
        ("I don't want to die", True),
        ("how do i know if someone is overdosing", True),
        ("he was not breathing", True),
        ("what is methadone", False),
        ("", False),
    ],
)
def test_screen_says_what_sounds_like_a_danger_whatever_stands_around_it(text: str, excused: bool) -> None:
    assert SCREEN.is_excused(text) is excused
