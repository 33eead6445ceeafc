"""What the lexicon finds in a message, and what it must leave alone."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.util import registry

from handrail.documents import DocumentError
from handrail.lexicon import Lexicon
from handrail.lexicon.records import Entry
from handrail.lexicon.spelling import Spelling, edits
from handrail.lexicon.words import norms, split

LEXICON = Lexicon.load()
ENTRIES: list[Entry] = list(LEXICON)


def ids(text: str, entity: str) -> list[str]:
    return [mention.id for mention in LEXICON.find(text) if mention.entity == entity]


# Names, street names and misspellings -------------------------------------------------------------------------------

PLAIN = [
    (entry.id, term)
    for entry in ENTRIES
    if entry.kind not in {"country", "relationship"}
    for role in ("terms", "slang", "misspelt", "as_written", "exact")
    for term in getattr(entry, role)
]


@pytest.mark.parametrize(("entry_id", "term"), PLAIN)
def test_find_knows_each_plain_name_of_each_subject(entry_id: str, term: str) -> None:
    assert entry_id in ids(f"what about {term} then", "subject")


DOUBTFUL = [(entry.id, term) for entry in ENTRIES for role in ("in_context", "after_use") for term in getattr(entry, role)]


@pytest.mark.parametrize(("entry_id", "term"), DOUBTFUL)
def test_find_knows_each_doubtful_street_name_right_after_a_word_of_use(entry_id: str, term: str) -> None:
    assert entry_id in ids(f"she keeps smoking {term} all day", "subject")


@pytest.mark.parametrize(("entry_id", "term"), DOUBTFUL)
def test_find_leaves_each_doubtful_street_name_alone_in_an_everyday_sentence(entry_id: str, term: str) -> None:
    assert entry_id not in ids(f"we saw the {term} over there yesterday", "subject")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my son is on herion", ["heroin"]),
        ("heroine", ["heroin"]),
        ("fentynal", ["fentanyl"]),
        ("phentanyl and fentanal", ["fentanyl", "fentanyl"]),
        ("oxycodine", ["oxycodone"]),
        ("hydrocodon", ["hydrocodone"]),
        ("tramadoll", ["tramadol"]),
        ("morphin", ["morphine"]),
        ("codiene", ["codeine"]),
        ("xannax", ["benzodiazepines"]),
        ("clonazapam", ["benzodiazepines"]),
        ("benzodiazapines", ["benzodiazepines"]),
        ("cocain", ["cocaine"]),
        ("cociane", ["cocaine"]),
        ("methamphetimine", ["methamphetamine"]),
        ("amphetmine", ["amphetamine"]),
        ("marajuana", ["cannabis"]),
        ("marijuanna", ["cannabis"]),
        ("weeeeed", ["cannabis"]),
        ("ecstacy", ["mdma"]),
        ("alchohol", ["alcohol"]),
        ("alcahol", ["alcohol"]),
        ("he is an alchoholic", ["alcohol"]),
        ("methadon", ["methadone"]),
        ("mehtadone", ["methadone"]),
        ("suboxen", ["buprenorphine"]),
        ("subxone", ["buprenorphine"]),
        ("buprenorphin", ["buprenorphine"]),
        ("buprinorphine", ["buprenorphine"]),
        ("nalaxone", ["naloxone"]),
        ("narcane", ["naloxone"]),
        ("naltrexon", ["naltrexone"]),
        ("naltrexzone", ["naltrexone"]),
        ("vivatrol", ["naltrexone"]),
        ("antibuse", ["disulfiram"]),
        ("gabapentine", ["gabapentinoids"]),
        ("nicotene", ["nicotine"]),
        ("ketamin", ["ketamine"]),
        ("xylazene", ["xylazine"]),
        ("contingancy managment", ["contingency_management"]),
        ("motivational interveiwing", ["motivational_interviewing"]),
        ("counsilling", ["counselling"]),
        ("HEROIN", ["heroin"]),
        ("Héroin", ["heroin"]),
        ("heroin/fentanyl,xanax.weed", ["heroin", "fentanyl", "benzodiazepines", "cannabis"]),
    ],
)
def test_find_reads_misspellings(text: str, expected: list[str]) -> None:
    assert ids(text, "subject") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("he smokes ice", ["methamphetamine"]),
        ("what is ice?", ["methamphetamine"]),
        ("what does ice do to you", ["methamphetamine"]),
        ("is ice addictive", ["methamphetamine"]),
        ("we put it on ice", []),
        ("I put the beer on ice", ["alcohol"]),
        ("he likes ice cream and is in rehab", ["rehab"]),
        ("we went ice skating", []),
        ("shooting h", ["heroin"]),
        ("on h", []),
        ("he is on h", ["heroin"]),
        ("he's hooked on horse", ["heroin"]),
        ("she rides a horse and is in rehab", ["rehab"]),
        ("doing coke and molly", ["cocaine", "mdma"]),
        ("my daughter is on molly", ["mdma"]),
        ("my daughter Molly is on drugs", []),
        ("my friend Tina uses", []),
        ("how do I help Crystal, my sister", []),
        ("everything is black and white", []),
        ("speed", ["amphetamine"]),
        ("and speed?", ["amphetamine"]),
        ("driving at high speed", []),
        ("addicted to speed", ["amphetamine"]),
        ("he came home with a bag of brown", ["heroin"]),
        ("we eat brown rice", []),
        ("he takes xanax bars", ["benzodiazepines"]),
        ("he takes bars", ["benzodiazepines"]),
        ("he goes to bars with drug dealers", []),
        ("she is drinking lean", ["codeine"]),
        ("can I lean on him", []),
        ("he drinks methadone", ["methadone"]),
        ("drinking water helps", []),
        ("he drinks too much", ["alcohol"]),
        ("is binge drinking bad", ["alcohol"]),
        ("how do I quit smoking weed", ["cannabis"]),
        ("how do I quit smoking", ["nicotine"]),
        ("my kid is vaping thc", ["cannabis"]),
        ("my kid is vaping", ["vaping"]),
        ("I drink diet coke", ["alcohol"]),
        ("pot of tea", []),
        ("he smokes pot", ["cannabis"]),
        ("fresh herb garden", []),
        ("cold turkey", []),
        ("china white", ["fentanyl"]),
        ("folic acid", []),
        ("dropping acid", ["lsd"]),
        ("crack of dawn", []),
        ("he smokes crack in the bathroom", ["crack"]),
        ("crack cocaine", ["crack"]),
        ("rock bottom", []),
        ("he is clean and not using drugs", []),
        ("fentanyl test strips", ["fentanyl"]),
        ("taking strips", ["buprenorphine"]),
    ],
)
def test_find_tells_street_names_from_everyday_words(text: str, expected: list[str]) -> None:
    assert ids(text, "subject") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("al anon, Al-Anon or alanon", ["al_anon", "al_anon", "al_anon"]),
        ("alcoholics anonymous", ["aa"]),
        ("is AA any good", ["aa"]),
        ("na", []),
        ("NA", ["na"]),
        ("where are na meetings", ["na"]),
        ("NARCOTICS ANONYMOUS NA HELP", ["na"]),
        ("I met her pal", []),
        ("what is MI and MET?", ["motivational_interviewing", "motivational_interviewing"]),
        ("he is smart", []),
        ("is SMART good", ["smart_recovery"]),
        ("smart recovery family & friends", ["smart_family_friends"]),
        ("a craft beer", ["alcohol"]),
        ("what is CRAFT", ["craft"]),
        ("sober living homes", ["recovery_housing"]),
        ("does he live in an Oxford House", ["recovery_housing"]),
    ],
)
def test_find_knows_groups_and_treatments(text: str, expected: list[str]) -> None:
    assert ids(text, "subject") == expected


# What must never be taken for something else --------------------------------------------------------------------------

# They stand in for a drug that they are nearly spelled like; the person who writes them means that drug.
MEANT = {"heroine": "heroin", "cocain": "cocaine"}
COMMON = -17.0  # log probability: about the 150,000 commonest of a million word forms


def english_words() -> set[str]:
    tables = registry.lookups.get("en")
    lemmas = spacy.blank("en").vocab  # loads nothing; keeps the language data beside its name
    assert lemmas.lang == "en"
    from spacy.lookups import load_lookups

    prob = load_lookups("en", ["lexeme_prob"]).get_table("lexeme_prob")
    lookup = load_lookups("en", ["lemma_lookup"]).get_table("lemma_lookup")
    strings = spacy.strings.StringStore(list(tables) if tables else [])
    del strings
    words = set(prob_words(prob)) & (lookup_words(lookup))
    return words
