"""Decides which of the places named in a message, if any, is where the person or their loved one is."""

from __future__ import annotations

from collections.abc import Sequence

from handrail.lexicon.mentions import Candidate, longest
from handrail.lexicon.words import ENDS, PAUSE, Word, norms, word_set

# How surely a place is where someone is now. Of two countries in one message the surer wins; a draw gives none.
NOWHERE, ORIGIN, PLACE, NOW = 0, 1, 2, 3

# "we live in Toronto", "she is based in Leeds", "I'm in Scotland", "here in the UK" say where someone is now.
LIVING = word_set(
    """
    live lives living based stay stays staying located reside resides residing settled resident residents
    here now currently am im 'm we're 're hes shes theyre
    """
)
NOW_PAIRS = frozenset(
    {"we are", "i am", "they are", "he is", "she is", "he 's", "she 's", "who is", "who 's", "who are"}
)
MOVED = word_set("moved move moving relocated relocating emigrated immigrated came back")
# "born in Peru", "on holiday in Spain", "decriminalized in Portugal" say something else.
NOT_NOW = word_set(
    """
    was were born raised up lived studied worked holiday holidays vacation vacationing trip visiting visited
    made produced grown legal legalised legalized illegal decriminalised decriminalized invented laws war
    died happened deported believe not 't isnt arent wasnt dont doesnt never
    """
)
IN_WORDS = frozenset({"in", "near", "around", "within", "across", "inside"})
SELF_BEFORE_FROM = frozenset(
    {"im", "i'm", "am", "'m", "'re", "are", "were", "calling", "writing", "messaging", "texting", "chatting"}
)
# "a helpline for Wales", "Ohio rehabs", "UK numbers".
HELP = word_set(
    """
    helpline helplines hotline hotlines number numbers line lines rehab rehabs resident residents citizen based
    meetings resources
    """
)
NAMES_A_COUNTRY = frozenset({"country", "location", "region", "state", "county", "province"})
LINKS = frozenset({"is", "to", ":", "=", "'s", "the"})
# What may stand around a place in a message that says no more than where someone is.
SMALL_TALK = word_set(
    """
    the in from i im am 'm we 're are is it its 's my our country please pls plz thanks thank you hi hello hey yes
    yeah yep ok okay no sorry actually oh just well here now and to change switch set living live based near
    he she they his her
    """
)
USED_TO = "used to"
TOWN = 2  # words in a town's name: "in Ann Arbor, Michigan"
NOT_TOWN = word_set("with about of and or to from the for my our this that a an in is it at by because when where but")
CLAUSE = 12  # words before a place that are looked at
REACH = 3  # how many words back one that makes or undoes a place may stand: "used to live in"


def tied(places: list[Candidate], words: Sequence[Word]) -> list[Candidate]:
    """Return the places that set the country; they are all of one country, or there are none.

    Args:
        places: every place named in the message.
        words: the whole message.
    """
    places = _qualified(longest(places), words)
    alone = _is_alone(places, words)
    strength = {place: NOW if alone else _strength(place, words) for place in places}
    best = max(strength.values(), default=NOWHERE)
    chosen = [place for place in places if strength[place] == best]
    if best == NOWHERE or len({place.entry.id for place in chosen}) != 1:
        return []
    return chosen


def _qualified(places: list[Candidate], words: Sequence[Word]) -> list[Candidate]:
    """Let the wider place speak for the narrower one: "London, Ontario" is in Canada."""
    kept: list[Candidate] = []
    for place in places:
        between = words[kept[-1].last : place.first] if kept else ()
        if kept and not _is_country(kept[-1], words) and all(word.norm in {PAUSE, "in"} for word in between):
            kept.append(Candidate(kept.pop().first, place.last, place.entry, place.role))
        else:
            kept.append(place)
    return kept


def _is_country(place: Candidate, words: Sequence[Word]) -> bool:
    """Return whether this is a country's own name, which its entry gives first, and not a town or region."""
    return tuple(word.norm for word in words[place.first : place.last]) == norms(place.entry.terms[0])


def _is_alone(places: list[Candidate], words: Sequence[Word]) -> bool:
    named = {number for place in places for number in range(place.first, place.last)}
    rest = [word.norm for number, word in enumerate(words) if number not in named and not word.is_mark]
    return "not" not in rest and all(norm in SMALL_TALK for norm in rest)


def _strength(place: Candidate, words: Sequence[Word]) -> int:
    before = _clause_before(place, words)
    after = words[place.last].norm if place.last < len(words) else ""
    if before and before[-1] == "the":
        before.pop()
    last = before[-1] if before else ""
    earlier = before[:-1]
    town = _town(before)
    if town:
        before = before[:-town]
        last, earlier = before[-1], before[:-1]
    if last in IN_WORDS:
        return _strength_in(earlier)
    if last == "from":
        return ORIGIN if earlier and earlier[-1] in SELF_BEFORE_FROM and "moved" not in earlier else NOWHERE
    if last == "for":
        return PLACE if earlier and earlier[-1] in HELP else NOWHERE
    moved = last == "to" and any(word in MOVED for word in earlier[-REACH:])
    lives = last in {"live", "lives", "living", "based"} and "not" not in earlier[-2:]
    if moved or lives or after == "based" or _is_called_country(before):
        return NOW
    return PLACE if after in HELP else NOWHERE


def _town(before: Sequence[str]) -> int:
    """Return how many words name a town between "in" and the place: 1 in "in Springfield, Illinois"."""
    for length in range(1, TOWN + 1):
        if length < len(before) and before[-1 - length] in IN_WORDS and NOT_TOWN.isdisjoint(before[-length:]):
            return length
    return 0


def _strength_in(earlier: Sequence[str]) -> int:
    """Judge "in" by the words before it: "live" makes it sure, "born" undoes it."""
    if list(earlier) == ["were"]:
        return NOW  # "were in Scotland": "we're" in a hurry
    if any(word in NOT_NOW for word in earlier[-REACH:]) or USED_TO in " ".join(earlier[-REACH:]):
        return NOWHERE
    if earlier and (earlier[-1] in LIVING or " ".join(earlier[-2:]) in NOW_PAIRS):
        return NOW
    if len(earlier) > 1 and earlier[-2] in LIVING:
        return NOW
    return PLACE


def _is_called_country(before: Sequence[str]) -> bool:
    """Return whether the words before are "my country is", "change country to" or the like."""
    words = [word for word in before[-REACH:] if word not in LINKS]
    return bool(words) and words[-1] in NAMES_A_COUNTRY


def _clause_before(place: Candidate, words: Sequence[Word]) -> list[str]:
    clause: list[str] = []
    for word in words[max(0, place.first - CLAUSE) : place.first]:
        in_town = not IN_WORDS.isdisjoint(clause[-TOWN - 1 : -1])
        if word.norm in ENDS or (word.norm == PAUSE and not in_town):
            clause = []
        elif word.norm == PAUSE:
            continue
        else:
            clause.append(word.norm)
    return clause
