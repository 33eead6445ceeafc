"""Turns what a person typed into plain lower-case words, whatever their keyboard, haste or disguise made of it."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

SENTENCE_END = "."
CLAUSE_END = ","

# Longer messages are read from both ends: the danger stands where a story starts or where it arrives, and a check
# must stay well under the patience of the channel. No channel lets more than this through in one message.
MOST_CHARACTERS = 10_000

_MARKUP = re.compile(r"<[/!a-z][^<>]{0,200}>", re.IGNORECASE)
_ASCII_ONLY_NOISE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*")
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ＇`´′ʹ"), "'")
# One such sign unfolds into up to 18 Arabic letters, and no pattern is Arabic: left in, it only costs time.
_ARABIC_LIGATURES = re.compile("[\ufb50-\ufdff]")
# What stands for a word of the sentence. A face alone says too little, and 💀 is mostly a laugh: as a word it is only
# found where a sentence asks for one ("wants to 💀 himself").
_EMOJI = {
    "💊": " pills ",
    "🔪": " knife ",
    "🗡": " knife ",
    "🪒": " razor ",
    "🔫": " gun ",
    "💉": " needle ",
    "💀": " die ",
    "☠": " die ",
    "⚰": " dead ",
    "🪦": " dead ",
    "🪢": " noose ",
    "👊": " punch ",
    "🤛": " punch ",
    "🤜": " punch ",
    "🥊": " punch ",
    "🪓": " axe ",
    "🔋": " battery ",
    "🩸": " blood ",
    "😴": " asleep ",
    "🔵": " blue ",
    "🆘": " help ",
    "🚑": " ambulance ",
    "🍺": " beer ",
    "🍻": " beer ",
    "🍷": " wine ",
    "🥃": " whisky ",
    "🍾": " wine ",
}
_LOOKALIKES = str.maketrans(
    "абвгдеёзіїјкмнорстухьѕԁһνοαιρτυκ" + "ıłøđ",
    "abbrdee3iijkmhopctyxbsdhvoaiptuk" + "ilod",
)
_DOTTED_LETTERS = re.compile(r"(?<![a-z0-9])(?:[a-z][.\-_*]){2,}[a-z]?(?![a-z0-9])")
_SPLIT_CONTRACTION = re.compile(r"\b(don|can|won|isn|doesn|didn|wasn|aren|couldn|wouldn|shouldn|hasn|haven|ain) t\b")
_TOKEN = re.compile(
    r"(?P<word>[^\W_]+(?:['*@$!|]{1,3}[^\W_]+)*(?:'(?![^\W_]))?)"
    r"|(?P<pause>\.{2,}|…)"
    r"|(?P<end>[.!?]+|\n\n)"
    r"|(?P<clause>[,;:]|\s[-–—]+\s|—)"
)
_NUMBER_AND_UNIT = re.compile(r"(\d+)([a-z]{1,12})")

SUFFIXES = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'s": "is"}

# What hurried people write for one or several words. Only forms that mean the same in every message stand here;
# spellings that matter to one kind of emergency stand in that kind's own file.
SHORT_FORMS = {
    "aint": "is not",
    "arent": "are not",
    "cannot": "can not",
    "cant": "can not",
    "carnt": "can not",
    "cnt": "can not",
    "couldnt": "could not",
    "didnt": "did not",
    "doesnt": "does not",
    "dosent": "does not",
    "doesent": "does not",
    "dosnt": "does not",
    "dont": "do not",
    "dnt": "do not",
    "dunno": "do not know",
    "hadnt": "had not",
    "hasnt": "has not",
    "havent": "have not",
    "isnt": "is not",
    "shouldnt": "should not",
    "wasnt": "was not",
    "werent": "were not",
    "wont": "will not",
    "wouldnt": "would not",
    "hes": "he is",
    "shes": "she is",
    "theyre": "they are",
    "theres": "there is",
    "thats": "that is",
    "its": "it is",
    "whats": "what is",
    "youre": "you are",
    "im": "i am",
    "ii": "i",
    "mee": "me",
    "iam": "i am",
    "ive": "i have",
    "id": "i would",
    "ima": "i am going to",
    "imma": "i am going to",
    "gonna": "going to",
    "gunna": "going to",
    "gona": "going to",
    "oing": "going",
    "finna": "going to",
    "bouta": "about to",
    "boutta": "about to",
    "gon": "going to",
    "wanna": "want to",
    "wana": "want to",
    "wonna": "want to",
    "tryna": "trying to",
    "gotta": "have to",
    "hafta": "have to",
    "idk": "i do not know",
    "idc": "i do not care",
    "idgaf": "i do not care",
    "tonights": "tonight is",
    "theyll": "they will",
    "itll": "it will",
    "youll": "you will",
    "nite": "night",
    "rn": "right now",
    "atm": "right now",
    "asap": "right now",
    "u": "you",
    "ur": "your",
    "r": "are",
    "n": "and",
    "w": "with",
    "b": "be",
    "wat": "what",
    "wot": "what",
    "wht": "what",
    "pls": "please",
    "plz": "please",
    "bc": "because",
    "cuz": "because",
    "coz": "because",
    "cos": "because",
    "cause": "because",
    "tmr": "tomorrow",
    "tmrw": "tomorrow",
    "2day": "today",
    "2nite": "tonight",
    "tonite": "tonight",
    "2moro": "tomorrow",
    "b4": "before",
    "sum1": "someone",
    "some1": "someone",
    "any1": "anyone",
    "every1": "everyone",
    "ppl": "people",
    "anymore": "any more",
    "nomore": "no more",
    "alot": "a lot",
    "thier": "their",
    "cudnt": "could not",
    "wouldve": "would have",
    "hv": "have",
    "hav": "have",
    "jus": "just",
    "jst": "just",
    "nvr": "never",
    "abt": "about",
    "myslf": "myself",
    "meself": "myself",
    "hisself": "himself",
    "themself": "themselves",
    "theirself": "themselves",
    "theirselves": "themselves",
    "frm": "from",
    "wen": "when",
    "mam": "mum",
    "evry": "every",
    "kil": "kill",
    "overdoes": "overdose",
    "hapened": "happened",
    "meds": "medicines",
    "medication": "medicines",
    "medications": "medicines",
    "medicine": "medicines",
}


def plain(text: str) -> str:
    """Return `text` without markup, accents, invisible characters and look-alike letters, in lower case.

    Any string goes in; the result keeps the order of the words and their punctuation. Of more than
    MOST_CHARACTERS only the two ends are kept.
    """
    text = html.unescape(_both_ends(text))
    for emoji, word in _EMOJI.items():
        text = text.replace(emoji, word)
    text = _both_ends(unicodedata.normalize("NFKC", _ARABIC_LIGATURES.sub(" ", text))).translate(_APOSTROPHES)
    if not text.isascii():
        decomposed = unicodedata.normalize("NFD", text)
        text = "".join(sign for sign in decomposed if unicodedata.category(sign) not in {"Mn", "Me", "Cf"})
    text = _MARKUP.sub(" ", text)
    text = text.casefold().translate(_LOOKALIKES)
    text = _ASCII_ONLY_NOISE.sub(" ", text.replace("\r", "\n"))
    text = _BLANK_LINE.sub("\n\n", text)
    text = _DOTTED_LETTERS.sub(lambda found: re.sub(r"[.\-_*]", "", found[0]) + " ", text)
    return _SPLIT_CONTRACTION.sub(r"\1t", text)


def tokens(text: str) -> Iterator[str]:
    """Yield the words of `text` as plain() returns it, with SENTENCE_END and CLAUSE_END between them.

    One line break joins, a blank line ends a sentence: people in panic break lines anywhere.
    """
    for found in _TOKEN.finditer(text):
        word = found["word"]
        if word is not None:
            yield from _number_apart(word)
        elif found["end"] is not None:
            yield SENTENCE_END
        else:
            yield CLAUSE_END


def expand(word: str) -> tuple[str, ...]:
    """Return the full words that a short form stands for: `can't`, `cant` and `cannot` all give `can not`."""
    if "'" not in word:
        return tuple(SHORT_FORMS[word].split()) if word in SHORT_FORMS else (word,)
    bare = word.replace("'", "")
    if bare in SHORT_FORMS:
        return tuple(SHORT_FORMS[bare].split())
    if word.endswith("n't"):
        return (word[:-3], "not")
    stem, mark, ending = word.rpartition("'")
    if stem and mark + ending in SUFFIXES and stem not in {"od", "o"}:
        return (stem.replace("'", ""), SUFFIXES[mark + ending])
    return (bare,)


def _both_ends(text: str) -> str:
    if len(text) <= MOST_CHARACTERS:
        return text
    half = MOST_CHARACTERS // 2
    return f"{text[:half]}\n\n{text[-half:]}"


def _number_apart(word: str) -> tuple[str, ...]:
    """Split `30mg` into `30` and `mg`, but leave `3am`-like and leet words such as `0verdose` to the speller."""
    found = _NUMBER_AND_UNIT.fullmatch(word)
    if found and word not in SHORT_FORMS and found[2] in UNITS:
        return (found[1], found[2])
    return (word,)


UNITS = frozenset({"mg", "mgs", "mcg", "ml", "g", "x", "pills", "tabs", "tablets", "beers", "shots", "bars"})
