"""Decides whether an everyday word ("ice", "horse", "molly") stands for a drug in a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handrail.lexicon.mentions import Candidate
from handrail.lexicon.words import Word, word_set

# Right before a street name, these say that it is used: "smoking ice", "hooked on h", "an ounce of brown".
USE_WORDS = word_set(
    """
    take takes took taken taking use uses used using doing done try tries tried trying quit quits quitting
    smoke smokes smoked smoking snort snorts snorted snorting shoot shoots shot shooting inject injects injected
    injecting sniff sniffs sniffed sniffing bang banging slam slamming pop pops popped popping drop drops dropped
    dropping drink drinks drinking drank sip sips sipping deal deals dealing sell sells selling sold buy buys buying
    bought score scored scoring
    crush crushing boof boofing rail railing
    """
)
# "She does ice", but not "does ice help".
DO_WORDS = frozenset({"do", "does", "did"})
MAY = (["can"], ["could"], ["will"], ["would"], ["might"])  # "what damage can spice do"
DOERS = word_set("i you he she they we people him her son daughter brother sister husband wife friend kids also to")
# "On" alone is too common ("put it on ice"); it counts after these, or after a person: "she is on ice".
ON_BEFORE = word_set(
    """
    is are was were am im hes shes theyre 's 'm 're be been being get gets got getting go goes went going gone
    hooked addicted dependent high back off relapsed relapse overdose overdosed overdosing od oded od'd tripping
    died him her them someone people stuck start started stay still friend son daughter brother sister husband wife
    """
)
# Before "to", "off", "of", "for", "with": "addicted to speed", "come off ice", "a bag of brown".
PREPOSITIONS = {
    "to": frozenset({"addicted", "addiction", "hooked", "back", "dependent"}),
    "off": frozenset(
        {"come", "coming", "get", "getting", "got", "came", "stay", "high", "stop", "wean", "go", "going"}
    ),
    "of": word_set(
        """
        bag bags baggie gram grams ounce line lines hit hits dose doses overdose overdosed od od'd signs effects
        effect symptoms risks dangers use abuse tab tabs kinds withdrawal
        """
    ),
    "for": frozenset({"rehab", "detox", "treatment", "withdrawal", "craving", "cravings", "test", "positive"}),
    "with": frozenset({"laced", "cut", "spiked", "struggling", "experimenting", "mixed", "problem"}),
}
# What may stand between: "smoking some ice", "took a lot of speed", "did his first line of".
FILLERS = word_set("a an the some any more too much lot lots of his her their my that this street pure bad only just")
# Right after a street name: "ice addiction", "speed withdrawal", "is molly addictive".
AFTER_WORDS = word_set(
    """
    addiction addictive addict addicts withdrawal withdrawals overdose overdoses dealer dealers pipe pipes
    comedown comedowns cravings craving pill pills powder dependence dependency
    """
)
# "is ice dangerous": only with "is" or "how ... is" before it.
QUALITIES = word_set("dangerous addictive bad harmful safe legal illegal toxic deadly lethal")
# A question that ends in the street name: "what is ice?", "tell me about spice", "what about speed".
ASKED = frozenset({"what is", "what 's", "whats", "what are", "about", "called", "same for"})
# Named in many messages that have nothing to do with street drugs: "the beer is on ice".
EVERYDAY = frozenset({"alcohol", "nicotine", "vaping"})
FOUND = frozenset({"find", "found", "finding"})
JOINS = frozenset({"and", "or", ",", "/", "+", "&", "with", "n"})
# Anywhere in a message, these say that it speaks of drugs.
DRUG_WORDS = word_set(
    """
    drug drugs dealer dealers dealing overdose overdosed overdosing addicted addict addicts addiction addictions
    addictive rehab rehabs detox withdrawal withdrawals withdrawing relapse relapsed relapsing snort snorts
    snorted snorting smokes smoked smoking inject injects injected injecting stoned comedown narcotic narcotics
    substance substances needle needles syringe syringes sober sobriety stash baggie baggies naloxone narcan
    """
)
# Words of use that fit nothing but a drug, whatever stands behind them ("smoked" does not: smoked cheese).
SURE_USE_WORDS = word_set(
    """
    smoke smokes smoking snort snorts snorted snorting inject injects injected injecting huff huffs huffing boof boofing
    """
)
# At the end of what is said, and right before the name: "he uses juice", but not "he uses the boat".
LAST_USE_WORDS = frozenset({"use", "uses", "used", "using"})
SURE_ON_BEFORE = word_set("is are was were am im hes shes theyre 's 'm 're be been high tripping overdosed relapsed")
SURELY_ASKED = frozenset({"what is", "what 's", "what are", "me about", "what about", "same for"})
SURELY_ASKED_WORDS = frozenset({"whats", "called"})
# Said alone these are verbs: "done" answers a request, "drank" tells what happened.
VERBS = frozenset({"done", "drank"})
REACH_BACK = 6  # "took a lot of his pure": the verb and the longest run of fillers that people write


@dataclass(frozen=True)
class Setting:
    """What a message says around a doubtful street name.

    Attributes:
        speaks_of_drugs: whether a drug, or drug use, is named beyond doubt.
        drug_starts: the numbers of the words at which a drug begins.
        drug_ends: the numbers of the words right after a drug.
        person_ends: the numbers of the words right after a relationship.
    """

    speaks_of_drugs: bool
    drug_starts: frozenset[int]
    drug_ends: frozenset[int]
    person_ends: frozenset[int]

    @classmethod
    def of(cls, words: Sequence[Word], drugs: Sequence[Candidate], people: Sequence[Candidate]) -> Setting:
        """Return the setting of a message with these words, drugs named beyond doubt, and relationships."""
        return cls(
            speaks_of_drugs=any(drug.entry.id not in EVERYDAY for drug in drugs)
            or any(word.norm in DRUG_WORDS for word in words),
            drug_starts=frozenset(drug.first for drug in drugs),
            drug_ends=frozenset(drug.last for drug in drugs),
            person_ends=frozenset(person.last for person in people),
        )


def is_drug(candidate: Candidate, words: Sequence[Word], setting: Setting) -> bool:
    """Return whether a doubtful street name counts: one that is misspelt, or `in_context`, `after_use` or `asked`."""
    if candidate.first in setting.person_ends:
        return False  # "my daughter Molly"
    before = [word.norm for word in words[max(0, candidate.first - REACH_BACK) : candidate.first]]
    after = words[candidate.last].norm if candidate.last < len(words) else ""
    ends = candidate.last >= len(words) or words[candidate.last].is_mark
    if candidate.role == "asked":
        return _alone(candidate, words) or _surely_used(before) or (ends and _surely_asked(before))
    trusted = candidate.role == "slang" if candidate.guessed else candidate.role == "in_context"
    if setting.speaks_of_drugs and trusted and not candidate.english:
        return True
    return (
        _in_a_list(candidate, words, setting)
        or _asked_about(before, after, ends)
        or (candidate.role == "in_context" and after == "do" and before[-1:] in MAY)
        or after in AFTER_WORDS
        or _used(before)
        or (candidate.role == "in_context" and _found(before))
    )


def _in_a_list(candidate: Candidate, words: Sequence[Word], setting: Setting) -> bool:
    """Return whether a drug is named beside the word: "coke and molly", "meth/g"."""
    before, after = candidate.first - 1, candidate.last
    return (before in setting.drug_ends and words[before].norm in JOINS) or (
        after + 1 in setting.drug_starts and words[after].norm in JOINS
    )


def _asked_about(before: Sequence[str], after: str, ends: bool) -> bool:
    """Return whether the word is what the message asks about: "what is ice?", "is molly addictive", "speed"."""
    if after in QUALITIES:
        return before[-1:] in (["is"], ["are"])
    if after == "do":
        return before[-1:] in (["do"], ["does"])
    return ends and (before in ([], ["and"]) or before[-1] in ASKED or " ".join(before[-2:]) in ASKED)


def _alone(candidate: Candidate, words: Sequence[Word]) -> bool:
    """Return whether the message is the street name and nothing else: "juice?"."""
    named = words[candidate.first : candidate.last]
    rest = [*words[: candidate.first], *words[candidate.last :]]
    return all(word.is_mark for word in rest) and not (len(named) == 1 and named[0].norm in VERBS)


def _surely_asked(before: Sequence[str]) -> bool:
    """Return whether the words before ask for what ends the sentence, or say that it is used: "what is", "he uses"."""
    last = before[-1] if before else ""
    return last in SURELY_ASKED_WORDS or last in LAST_USE_WORDS or " ".join(before[-2:]) in SURELY_ASKED


def _surely_used(before: Sequence[str]) -> bool:
    """Return whether the words before are said of nothing but drugs: "smoking some", "she is on"."""
    is_on = len(before) > 1 and before[-1] == "on" and before[-2] in SURE_ON_BEFORE  # not "is on the boat"
    return is_on or _before_fillers(before)[0] in SURE_USE_WORDS


def _before_fillers(before: Sequence[str]) -> tuple[str, str]:
    """Return the last word before the fillers, and the one before that; empty where there is none."""
    end = len(before)
    while end and before[end - 1] in FILLERS and not _is_preposition(before[:end]):
        end -= 1
    return before[end - 1] if end else "", before[end - 2] if end > 1 else ""


def _used(before: Sequence[str]) -> bool:
    """Return whether the words before say that the drug is used: "smoking some", "addicted to"."""
    last, earlier = _before_fillers(before)
    return (
        last in USE_WORDS
        or _is_preposition([earlier, last])
        or (last == "on" and earlier in ON_BEFORE)
        or (last in DO_WORDS and earlier in DOERS)
    )


def _found(before: Sequence[str]) -> bool:
    """Return whether the words before are "found", "found some" or the like: too weak where the word is also a name."""
    words = [word for word in before if word not in FILLERS]
    return bool(words) and words[-1] in FOUND


def _is_preposition(before: Sequence[str]) -> bool:
    return len(before) > 1 and before[-2] in PREPOSITIONS.get(before[-1], frozenset())
