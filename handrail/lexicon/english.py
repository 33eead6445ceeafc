"""English words: none of them is taken for a misspelt street name."""

from __future__ import annotations

from functools import lru_cache

import spacy_lookups_data
import srsly

FORMS, BASES = "lemma_lookup", "lemma_index"


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Return some 120,000 words in small letters, from the tables of spaCy's lemmatizer."""
    forms, bases = (srsly.read_gzip_json(f"{spacy_lookups_data.en[table]}.gz") for table in (FORMS, BASES))
    words = {*forms, *forms.values(), *(word for part in bases.values() for word in part)}
    return frozenset(map(str.lower, words))
