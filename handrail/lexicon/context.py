"""Decides whether an everyday word ("ice", "horse", "molly") stands for a drug in a message."""

from __future__ import annotations

from collections.abc import Sequence

from handrail.lexicon.mentions import Candidate
from handrail.lexicon.words import Word

# Right before a street name, these say that it is used: "smoking ice", "hooked on h", "an ounce of brown".
USE_WORDS = frozenset(
    """
    take takes took taken taking use uses used using do does did doing done try tries tried trying
    smoke smokes smoked smoking snort snorts snorted snorting shoot shoots shot shooting inject injects injected
    injecting sniff sniffs sniffed sniffing bang banging slam slamming pop pops popped popping drop drops dropped
    dropping eat eating chew chewing drink drinks drinking sip sips sipping deal deals dealing sell sells selling
    sold buy buys buying bought score scored scoring crush crushing cook cooking boof boofing rail railing
    """.split()
)
# "On" alone is too common ("put it on ice"); it counts after these, or after a person: "she is on ice".
ON_BEFORE = frozenset(
    """
    is are was were am im hes shes theyre 's 'm 're be been being get gets got getting go goes went going gone
    hooked addicted dependent high back off relapsed relapse overdose overdosed overdosing od oded od'd tripping
    died him her them someone people stuck start started stay still friend son daughter brother sister husband wife
    """.split()
)
# Before "to", "off", "of": "addicted to speed", "come off ice", "a bag of brown".
TO_BEFORE = {
    "to": frozenset({"addicted", "addiction", "hooked", "back", "dependent"}),
    "off": frozenset(
        {"come", "coming", "get", "getting", "got", "came", "stay", "high", "stop", "wean", "go", "going"}
    ),
    "of": frozenset(
        """
        bag bags baggie gram grams ounce line lines hit hits dose doses overdose overdosed od od'd signs effects
        effect symptoms risks dangers use abuse tab tabs kinds withdrawal
        """.split()
    ),
    "for": frozenset({"rehab", "detox", "treatment", "withdrawal", "craving", "cravings", "test", "positive"}),
    "with": frozenset({"laced", "cut", "spiked", "struggling", "experimenting", "mixed", "problem"}),
}
# What may stand between: "smoking some ice", "took a lot of speed", "did his first line of".
FILLERS = frozenset(
    "a an the some any more too much lot lots of his her their my that this street pure bad only just".split()
)
# Right after a street name: "ice addiction", "speed withdrawal", "is molly addictive".
AFTER_WORDS = frozenset(
    """
    addiction addictive addict addicts withdrawal withdrawals overdose overdoses dealer dealers pipe pipes
    comedown comedowns cravings craving pill pills powder dependence dependency
    """.split()
)
# "is ice dangerous": only with "is" or "how ... is" before it.
QUALITIES = frozenset("dangerous addictive bad harmful safe legal illegal toxic deadly lethal".split())
# A question that ends in the street name: "what is ice?", "tell me about spice", "what about speed".
ASKED = frozenset(
    {"what is", "what s", "what 's", "whats", "what are", "wat is", "about", "about the", "called", "and", "same for"}
)
# Anywhere in a message, these say that it speaks of drugs.
DRUG_WORDS = frozenset(
    """
    drug drugs dealer dealers dealing overdose overdosed overdosing addicted addict addicts addiction addictions
    addictive rehab rehabs detox withdrawal withdrawals withdrawing relapse relapsed relapsing snort snorts
    snorted snorting smokes smoked smoking inject injects injected injecting stoned comedown narcotic narcotics
    substance substances needle needles syringe syringes sober sobriety stash baggie baggies naloxone narcan
    """.split()
)
REACH_BACK = 4  # "took a lot of", the longest run of fillers that people write


def is_drug(
    candidate: Candidate, words: Sequence[Word], drugs: Sequence[Candidate], people: Sequence[Candidate]
) -> bool:
    """Return whether a doubtful street name counts.

    Args:
        candidate: the street name; its role is `in_context` or `after_use`.
        words: the whole message.
        drugs: substances and medicines named beyond doubt in the message.
        people: relationships named in the message.
    """
    if any(person.last == candidate.first for person in people):
        return False
    if _beside_use(candidate, words):
        return True
    if candidate.role == "after_use":
        return False
    if any(not drug.overlaps(candidate) for drug in drugs):
        return True
    return any(word.norm in DRUG_WORDS for word in words)


def _beside_use(candidate: Candidate, words: Sequence[Word]) -> bool:
    before = [word.norm for word in words[max(0, candidate.first - REACH_BACK - 2) : candidate.first]]
    after = words[candidate.last].norm if candidate.last < len(words) else ""
    ends = candidate.last >= len(words) or words[candidate.last].is_mark
    if (after in AFTER_WORDS) or (ends and not before):
        return True
    if after in QUALITIES and before and before[-1] in {"is", "are"}:
        return True
    if ends and (before[-1] in ASKED or " ".join(before[-2:]) in ASKED):
        return True
    # "smoking weed and ice": what holds for one holds for the next.
    while before and before[-1] in FILLERS and not _is_preposition(before):
        before.pop()
    if not before:
        return False
    if before[-1] in USE_WORDS:
        return True
    if len(before) > 1 and before[-1] == "on":
        return before[-2] in ON_BEFORE
    return _is_preposition(before)


def _is_preposition(before: Sequence[str]) -> bool:
    return len(before) > 1 and before[-2] in TO_BEFORE.get(before[-1], frozenset())
